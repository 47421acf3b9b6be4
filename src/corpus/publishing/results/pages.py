"""The notebooks as pages that open in any browser, with the files of their figures and tables beside them."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from corpus.errors import CorpusError
from corpus.publishing.evidence.cited_tables import TABLES
from corpus.publishing.readers.html_page import document
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.publishing.writing.whole_files import hold_folder, write_whole

_TAGS = re.compile(r"<[^<>]*>")


def export_html(folder: Path, out: Path) -> list[Path]:
    """Write a page for each notebook of a folder, and the files of figures and tables, and return the pages.

    The pages load nothing from elsewhere.

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
    with hold_folder(out):
        pages = {f"{path.stem}.html": _page(path, names) for path in notebooks}
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
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    others = " · ".join(
        f"<b>{name}</b>" if name == path.stem else f'<a href="{name}.html">{name}</a>' for name in names
    )
    links = f'<nav class="only-screen" aria-label="Notebooks">{others}</nav>'
    content = f'{links}<div id="text">{body}</div>'
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    named = f"{unescape(_TAGS.sub('', title[1])).strip()} ({path.stem})" if title else path.stem
    return document(named, content, skip_to="text", skip_label="To the text", pictures=True)
