"""All figures on one page: each with its caption, its data, what stands behind it and how to cite it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from io import BytesIO
from itertools import groupby

from PIL import Image

from corpus.publishing.figure_folders import Figure
from corpus.publishing.markup import attribute, document
from corpus.publishing.terminal import count
from corpus.ruled import ruled_table
from corpus.values import CorpusError
from corpus.view import as_html

_LONGEST_CELL = 40


def gallery(figures: list[Figure], *, files_at: str, notebooks: Mapping[str, str] | None = None) -> str:
    """Return a page with all figures that stands alone, by notebook.

    Parameters
    ----------
    figures : list of Figure
        By notebook.
    files_at : str
        Where the folder of figures lies, seen from the page; the links to data and pictures lead there.
    notebooks : mapping of str to str, optional
        Pages of notebooks by their name, seen from the page.
    """
    lists, sections = [], []
    for notebook, group in groupby(figures, key=lambda figure: figure.notebook):
        drawn = list(group)
        asked = escape(drawn[0].question)
        page = (notebooks or {}).get(notebook)
        named = f'<a href="{escape(page)}">{escape(notebook)}</a>' if page else escape(notebook)
        listed = "".join(
            f'<li><a href="#{figure.name}">{figure.name}</a>: {escape(figure.first_sentence)}</li>' for figure in drawn
        )
        lists.append(f"<p><b>{named or 'in no notebook'}</b> {asked}</p><ul>{listed}</ul>")
        sections.append(f"<h2>{asked or escape(notebook)}</h2>{''.join(_section(f, files_at) for f in drawn)}")
    content = (
        f"<h1>Figures</h1><p>{count(len(figures), 'figure')}. Each stands in a folder of its own with the data that it "
        f'plots.</p><nav id="figures" aria-label="Figures">{"".join(lists)}</nav>{"".join(sections)}'
    )
    return document(
        "Figures of the fazhi workbook", content, skip_to="figures", skip_label="To the list of figures", pictures=True
    )


def _section(figure: Figure, files_at: str) -> str:
    width = round(figure.size_mm[0] / 183 * 62, 1)
    paragraphs = figure.caption.split("\n\n")
    languages = ["", *(' lang="zh-Hans"' for _ in paragraphs[1:])]
    words = "".join(
        f"<p{language}>{escape(paragraph)}</p>" for language, paragraph in zip(languages, paragraphs, strict=True)
    )
    facts = ruled_table(("", ""), _facts(figure, files_at), label=f"About {figure.name}")
    return (
        f'<section id="{figure.name}"><h3>{figure.name}</h3><figure class="whole">'
        f'<img src="data:image/png;base64,{_picture(figure)}" alt="{attribute(figure.alt)}"'
        f' style="width:{width}rem;max-width:100%;background:#fff">'
        f"<figcaption>{words}</figcaption></figure>{facts}{_data(figure)}"
        f"<h4>How to cite</h4><p>{escape(figure.sentence)}</p>"
        f'<pre style="white-space:pre-wrap">{escape(figure.citation)}</pre>'
        '<p class="only-screen"><a href="#figures">All figures</a></p></section>'
    )


def _picture(figure: Figure) -> str:
    """Return the picture with a palette, a third as large as its file, so that the page can be mailed."""
    stream = BytesIO()
    try:
        with Image.open(figure.folder / f"{figure.name}.png") as picture:
            palette = picture.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    except OSError as error:
        raise CorpusError(f"{figure.folder}: its picture cannot be read ({error})") from None
    palette.save(stream, "PNG")
    return b64encode(stream.getvalue()).decode("ascii")


def _facts(figure: Figure, files_at: str) -> Iterator[tuple[str, str]]:
    links = (f'<a href="{files_at}/{figure.name}/{file}">{file}</a>' for file in figure.files)
    yield "Files", " · ".join(links)
    yield "Size in print", figure.size
    yield "Rests on", as_html(figure.rests_on)
    for name, values in figure.parameters.items():
        yield f"<code>{escape(name)}</code>", escape(", ".join(map(str, values)))
    yield "What stands behind it", f"<code>corpus explain {figure.name}</code>"


def _data(figure: Figure) -> str:
    data = figure.data
    held = f"{count(data.n_rows, 'row')}, {count(len(data.columns), 'column')}, what is plotted"
    first = "; the first rows:" if data.n_rows > len(data.first_rows) else ":"
    rows = ([as_html(_short(cell)) for cell in row] for row in data.first_rows)
    styles = {
        number: f"white-space:nowrap{';text-align:right' if all(map(_is_number, cells)) else ''}"
        for number, cells in enumerate(zip(*data.first_rows, strict=False))
    }
    shown = ruled_table(
        list(map(as_html, data.columns)), rows, styles=styles, label=f"Data of {figure.name}", names_rows=False
    )
    return f"<h4>Data</h4><p><code>data.csv</code>: {held}{first if data.first_rows else '.'}</p>{shown}"


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).removeprefix("-").isdecimal()


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"
