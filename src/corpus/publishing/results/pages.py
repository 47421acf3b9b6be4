"""The notebooks, and all figures with their data and references, as pages that open in any browser."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape, unescape
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image

from corpus.errors import CorpusError
from corpus.publishing.evidence.cited_tables import TABLES
from corpus.publishing.readers.html_page import attribute, document
from corpus.publishing.results.saved_results import Figure, read_figures
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.publishing.writing.text_width import count
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.html_view import as_html, ruled_table

_LONGEST_CELL, _FIRST_ROWS = 40, 3


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
    sentence, gbt_7714 = figure.references
    facts = ruled_table(("", ""), _facts(figure, files_at), label=f"About {figure.name}")
    return (
        f'<section id="{figure.name}"><h3>{figure.name}</h3><figure class="whole">'
        f'<img src="data:image/png;base64,{_picture(figure)}" alt="{attribute(figure.alt)}"'
        f' style="width:{width}rem;max-width:100%;background:#fff">'
        f"<figcaption>{words}</figcaption></figure>{facts}{_data(figure)}"
        f'<h4>How to cite</h4><p>{escape(sentence)}</p><p lang="zh">{escape(gbt_7714)}</p>'
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
    links = (f'<a href="{files_at}/{figure.name}/{path.name}">{path.name}</a>' for path in figure.files)
    yield "Files", " · ".join(links)
    yield "Size in print", figure.size
    yield "Rests on", as_html(figure.rests_on)
    for name, values in figure.parameters.items():
        yield f"<code>{escape(name)}</code>", escape(", ".join(map(str, values)))
    yield "What stands behind it", f"<code>corpus explain {figure.name}</code>"


def _data(figure: Figure) -> str:
    heads, *rows = figure.rows
    held = f"{count(len(rows), 'row')}, {count(len(heads), 'column')}, what is plotted"
    first = rows[:_FIRST_ROWS]
    styles = {
        number: f"white-space:nowrap{';text-align:right' if all(map(_is_number, cells)) else ''}"
        for number, cells in enumerate(zip(*first, strict=False))
    }
    shown = ruled_table(
        list(map(as_html, heads)),
        ([as_html(_short(cell)) for cell in row] for row in first),
        styles=styles,
        label=f"Data of {figure.name}",
        names_rows=False,
    )
    more = "; the first rows" if len(rows) > len(first) else ""
    return f"<h4>Data</h4><p><code>data.csv</code>: {held}{more}:</p>{shown}"


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).removeprefix("-").isdecimal()


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


_GALLERY = "figures.html"
_TAGS = re.compile(r"<[^<>]*>")


def export_html(folder: Path, out: Path) -> list[Path]:
    """Write a page for each notebook of a folder, one of all figures, and their files, and return the pages.

    Code that the notebooks fold is left out. The pages load nothing from elsewhere.

    Raises
    ------
    CorpusError
        If there is no notebook, the place cannot be written, or another run writes there.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CorpusError(f"{folder}: holds no notebook")
    if out.resolve() == folder.resolve():
        raise CorpusError(f"{out}: holds the notebooks themselves; choose another folder with --out")
    names = [path.stem for path in notebooks]
    figures = read_figures(folder)
    with hold_folder(out):
        pages = {f"{path.stem}.html": _page(path, names) for path in notebooks}
        pages_by_name = {name: f"{name}.html" for name in names}
        pages[_GALLERY] = gallery(figures, files_at=FIGURES, notebooks=pages_by_name)
        saved = (path for kind in (FIGURES, TABLES) for path in (folder / kind).glob("*/*"))
        for source in sorted(path for path in saved if path.is_file()):
            write_whole(out / source.relative_to(folder), source.read_bytes())
        for file, page in pages.items():
            write_whole(out / file, page.encode("utf-8"))
    return [out / file for file in pages]


def _page(path: Path, names: list[str]) -> str:
    from nbconvert.exporters import HTMLExporter
    from nbformat import reads

    notebook = reads(json.dumps(read_notebook(path).content), as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["transient"] = {"remove_source": True}
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    others = " · ".join(
        f"<b>{name}</b>" if name == path.stem else f'<a href="{name}.html">{name}</a>' for name in names
    )
    links = f'<nav class="only-screen" aria-label="Notebooks">{others} · <a href="{_GALLERY}">figures</a></nav>'
    content = f'{links}<div id="text">{body}</div>'
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    named = f"{unescape(_TAGS.sub('', title[1])).strip()} ({path.stem})" if title else path.stem
    return document(named, content, skip_to="text", skip_label="To the text", pictures=True)
