"""What stands behind a figure or a table to cite: cell, parameters, inputs, versions, and how it is cited."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corpus import __version__
from corpus.errors import CorpusError
from corpus.field.data_files import NOTEBOOK, data_path
from corpus.loading.collecting import SAVED_WITH
from corpus.publishing.writing.whole_files import write_whole

if TYPE_CHECKING:
    import pandas as pd

    from corpus.loading.load_reports import Loaded

TITLE = "fazhi-workbook: a research workbook that turns Chinese government reports into evidence"
AUTHORS = ("fazhi-workbook maintainers",)

# BibTeX passes over what stands outside an entry.
_UNRELEASED = "Before the release there is no year, doi and url; from then on CITATION.cff has them: add them here."
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SPECIAL = re.compile(r"[#$%&_]")
# No brace or backslash of a name may open or close a field.
_UNSAFE = str.maketrans(dict.fromkeys("{}\\"))

PROVENANCE, DATA, CAPTION, CITATION = SAVED_WITH, "data.csv", "caption.md", "cite.bib"
"""Files in the folder of each figure and each table."""

COLUMNS, PLACES = "columns.csv", "places.csv"
"""Files in the folder of a table: what its columns hold, and the words that its rows were counted from."""

FIGURES, TABLES = "figures", "tables"
"""The folders beside the notebooks that hold them."""

Kind = Literal["figure", "table"]

_COUNTED_BY = ("numpy", "pandas", "jieba")
DRAWN_BY = ("matplotlib", "numpy", "pandas", "pillow", "wordcloud", "jieba")
# What every load and every drawing reads besides the reports themselves.
_DATA = ("catalogue.csv", "corrections.csv", "lexicons", "places", "fonts")
_DATA_SUFFIXES = frozenset({".csv", ".ttf"})
# A list of more reports than a person reads is told by its number and its hash.
_MOST_LISTED = 200
SIGNIFICANT = "%.10g"


def save_result(
    folder: str | Path,
    name: str,
    kind: Kind,
    *,
    table: pd.DataFrame,
    captions: Iterable[str],
    files: Mapping[str, bytes],
    told: Mapping[str, Any],
    by: str = "",
) -> Path:
    """Write a figure or a table to a folder of its own, ``FOLDER/NAME/``, and return that.

    Parameters
    ----------
    folder : path
    name : str
        Small letters, digits and hyphens.
    kind : {"figure", "table"}
    table : DataFrame
        For ``data.csv``.
    captions : iterable of str
        Paragraphs of ``caption.md``.
    files : mapping of str to bytes
        What the folder holds besides these two, ``cite.bib`` and ``provenance.json``.
    told : mapping of str to values of JSON
        What ``provenance.json`` tells of this kind alone: of a figure its look and the parameters of its caption, of a
        table what names its rows. It has besides the notebook and the cell with the sha256 of its source, the functions
        that the cell draws with, or asks for a table; the collections that were loaded by then, with their reports (id,
        file, sha256), what was left out of them and why, and the project's data; versions; all files with their sha256.
    by : str
        Who made it with the workbook; empty for what the series itself makes.

    Raises
    ------
    CorpusError
        If a file cannot be written, or the table not as one.
    """
    from corpus.loading.load_reports import recall

    notebook = running_notebook()
    whole = {
        **files,
        DATA: csv_bytes(table, named=f"{kind} {name}"),
        CAPTION: ("\n\n".join(dict.fromkeys(filter(None, captions))) + "\n").encode(),
    }
    digest = sha256(whole[DATA]).hexdigest()
    whole[CITATION] = _bibtex_entry(name, kind, notebook=notebook, data_sha256=digest, by=by).encode()
    cell, source = running_cell()
    packages = DRAWN_BY if kind == "figure" else _COUNTED_BY
    provenance = {
        kind: name,
        "notebook": notebook,
        "cell": cell,
        "code": {"sha256": code_sha256(source), "functions": _functions(source)},
        **told,
        "inputs": {"collections": list(map(_collection, recall())), "data": data_hashes()},
        "versions": {"fazhi-workbook": __version__, **{package: version(package) for package in packages}},
        "files": {file: sha256(whole[file]).hexdigest() for file in sorted(whole)},
    }
    whole[PROVENANCE] = f"{json.dumps(provenance, ensure_ascii=False, indent=1)}\n".encode()
    place = Path(folder) / name
    for file, content in whole.items():
        write_whole(place / file, content)
    return place


def check_name(name: str, kind: Kind) -> None:
    """Refuse what cannot be the name of a figure or a table, and so of its folder.

    Raises
    ------
    CorpusError
        If it is not made of small letters, digits and hyphens.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(f"no name for a {kind}: {name!r}; write small letters, digits and hyphens: closest-pairs")


def link_files(folder: str, name: str, files: Mapping[str, str]) -> str:
    """Return links to files of a figure or table, by the words that lead to them, as HTML.

    Outside a run of the series nothing is saved that they could lead to: nothing is returned.
    """
    if not running_notebook():
        return ""
    links = (f'<a href="{folder}/{name}/{file}" title="{name}: {file}">{word}</a>' for word, file in files.items())
    return " " + " · ".join(links)


def csv_bytes(table: pd.DataFrame, *, named: str) -> bytes:
    """Return a table as comma-separated values: the same bytes for the same values, floats with ten significant digits.

    The index is written where it has a name. By the byte order mark Excel knows that the characters are UTF-8.

    Raises
    ------
    CorpusError
        If the index holds values and has no name; the message begins with what the table is ``named``.
    """
    has_name = any(level is not None for level in table.index.names)
    if not has_name and table.index.dtype.kind not in "iu":
        raise CorpusError(f"{named}: the index of the table holds values but has no name; name it or reset it")
    # float_format reaches columns of floats only, not floats among other values.
    mixed = {column: table[column].map(_rounded) for column in table.columns if table[column].dtype == object}
    written = table.assign(**mixed).to_csv(index=has_name, lineterminator="\n", float_format=SIGNIFICANT)
    return written.encode("utf-8-sig")


def _rounded(value: object) -> object:
    return float(SIGNIFICANT % value) if isinstance(value, float) else value


def _bibtex_entry(name: str, kind: Kind, *, notebook: str, data_sha256: str, by: str) -> str:
    """Return the BibTeX entry of a figure or a table, which BibLaTeX reads too.

    The sha256 of its data says which state of it was cited: it stands in ``sha256sum data.csv`` too.
    """
    if by:
        author = _SPECIAL.sub(r"\\\g<0>", " ".join(by.translate(_UNSAFE).split()))
        title = f"{kind.capitalize()} {name}"
        note = f"Made with fazhi-workbook, version {__version__}, {DATA} with sha256 {data_sha256}"
        opening = f"@misc{{{name},"
    else:
        made_in = _SPECIAL.sub(r"\\\g<0>", f" of notebook {notebook}" if notebook else "")
        author, title = " and ".join(f"{{{author}}}" for author in AUTHORS), TITLE
        note = f"Version {__version__}, {kind} {name}{made_in}, {DATA} with sha256 {data_sha256}"
        opening = f"{_UNRELEASED}\n@misc{{fazhi-workbook-{name},"
    return f"{opening}\n  author = {{{author}}},\n  title = {{{{{title}}}}},\n  note = {{{note}}},\n}}\n"


def gbt_7714_reference(name: str, kind: Kind, *, notebook: str, data_sha256: str, made_with: str) -> str:
    """Return the reference to a figure or a table by GB/T 7714-2015.

    A figure is cited as part of a program ([CP/OL]), a table as a set of data ([DS/OL]).
    """
    mark, what = ("CP/OL", "图") if kind == "figure" else ("DS/OL", "表")
    made_in = f"笔记本 {notebook}，" if notebook else ""
    return (
        f"{', '.join(AUTHORS)}. {TITLE}[{mark}]. 版本 {made_with}. "
        f"{what} {name}（{made_in}data.csv 的 sha256 为 {data_sha256[:12]}…）."
    )


def running_cell() -> tuple[str | None, str]:
    """Return the id and the source of the notebook cell that runs; None and nothing outside a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or not hasattr(shell, "get_parent"):
        return None, ""
    request = shell.get_parent()
    cell = request.get("metadata", {}).get("cellId")
    return (cell if isinstance(cell, str) else None), str(request.get("content", {}).get("code", ""))


def code_sha256(source: str) -> str | None:
    """Return the sha256 of a cell's source, None where there is none."""
    return sha256(source.encode("utf-8")).hexdigest() if source else None


def running_notebook() -> str:
    """Return the name of the notebook that a run of the series runs in this process; nothing anywhere else."""
    return os.environ.get(NOTEBOOK, "")


def _functions(source: str) -> list[str]:
    """Return the functions of `corpus` and `corpus.figures` that a cell calls, besides the one that shows a table."""
    try:
        calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # a line magic, which is not Python
        return []
    attributes = [func for func in calls if isinstance(func, ast.Attribute)]
    ours = {func.attr for func in attributes if ast.unparse(func.value) in ("corpus", "corpus.figures")}
    return sorted(ours - {"show"})


def _collection(loaded: Loaded) -> dict[str, Any]:
    told: dict[str, Any] = {"origin": loaded.origin, "n_reports": len(loaded.reports), "sha256": loaded.digest}
    if len(loaded.reports) <= _MOST_LISTED:
        told["reports"] = [
            {"report_id": member.report_id, "file": member.file, "sha256": member.sha256}
            | ({"catalogue_sha256": member.settled} if member.settled else {})
            for member in loaded.reports
        ]
    listed = ({"file": problem.file, "place": problem.place, "code": problem.code} for problem in loaded.problems)
    return {**told, "excluded": list(listed)[:_MOST_LISTED], "n_excluded": len(loaded.problems)}


@lru_cache(maxsize=1)
def data_hashes() -> dict[str, str]:
    """Return the sha256 of the files of the project that loading and drawing read, and of jieba's dictionary."""
    from corpus.analysis.words.segmentation import DICTIONARY_SHA256

    root = data_path()
    paths = (data_path(part) for part in _DATA)
    found = (file for path in paths for file in ([path] if path.is_file() else path.rglob("*")))
    files = sorted(file for file in found if file.suffix in _DATA_SUFFIXES)
    hashes = {file.relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}
    return {**hashes, "jieba/dict.txt": DICTIONARY_SHA256}
