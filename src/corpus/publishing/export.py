"""The notebooks as pages that open in any browser, with a page of all figures."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

from corpus.publishing.figure_folders import read_figures
from corpus.publishing.files import write_whole
from corpus.publishing.gallery import gallery
from corpus.publishing.markup import document
from corpus.publishing.notebooks import FIGURES
from corpus.publishing.series import read_notebook
from corpus.values import CorpusError

_GALLERY = "figures.html"
_TAGS = re.compile(r"<[^<>]*>")


def export_html(folder: Path, out: Path) -> list[Path]:
    """Write a page for each notebook of a folder, one of all figures, and their files, and return the pages.

    Code that the notebooks fold is left out. The pages load nothing from elsewhere.

    Raises
    ------
    CorpusError
        If there is no notebook, or the place cannot be written.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CorpusError(f"{folder}: holds no notebook")
    if out.resolve() == folder.resolve():
        raise CorpusError(f"{out}: holds the notebooks themselves; choose another folder with --out")
    names = [path.stem for path in notebooks]
    pages = {f"{path.stem}.html": _page(path, names) for path in notebooks}
    pages_by_name = {name: f"{name}.html" for name in names}
    pages[_GALLERY] = gallery(read_figures(folder), files_at=FIGURES, notebooks=pages_by_name)
    for source in sorted(path for path in (folder / FIGURES).glob("*/*") if path.is_file()):
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
