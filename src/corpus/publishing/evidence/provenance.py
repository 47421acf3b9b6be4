"""What stands behind a figure: cell, parameters, inputs, versions, and how it is cited."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from corpus import __version__
from corpus.field.data_files import data_path
from corpus.loading.loaded import Loaded, recall

TITLE = "fazhi-workbook: a research workbook that turns Chinese government reports into evidence"
AUTHORS = ("fazhi-workbook maintainers",)

# BibTeX passes over what stands outside an entry.
_UNRELEASED = "Before the release there is no year, doi and url; from then on CITATION.cff has them: add them here."
_SPECIAL = re.compile(r"[#$%&_]")


def figure_entry(name: str, *, notebook: str, data_sha256: str) -> str:
    """Return the BibTeX entry of a figure, which BibLaTeX reads too.

    The sha256 of its data says which state of the figure was cited: it stands in ``sha256sum data.csv`` too.

    Parameters
    ----------
    name : str
        Of the figure: small letters, digits and hyphens.
    notebook : str
        The notebook that drew it, without suffix; empty outside one.
    data_sha256 : str
        Of the figure's ``data.csv``.
    """
    made_in = f" of notebook {_SPECIAL.sub(_escaped, notebook)}" if notebook else ""
    authors = " and ".join(f"{{{author}}}" for author in AUTHORS)
    lines = (
        f"  author = {{{authors}}},",
        f"  title = {{{{{TITLE}}}}},",
        f"  note = {{Version {__version__}, figure {name}{made_in}, data.csv with sha256 {data_sha256}}},",
    )
    return "\n".join((_UNRELEASED, f"@misc{{fazhi-workbook-{name},", *lines, "}", ""))


def _escaped(special: re.Match[str]) -> str:
    return f"\\{special[0]}"


PROVENANCE = "provenance.json"
"""The file in a figure's folder that `tell_provenance` writes."""

_DRAWN_BY = ("matplotlib", "numpy", "pandas", "pillow", "wordcloud", "jieba")
# What every load and every drawing reads besides the reports themselves.
_DATA = ("catalogue.csv", "corrections.csv", "lexicons", "places", "fonts")
_DATA_SUFFIXES = frozenset({".csv", ".ttf"})
# A list of more reports than a person reads is told by its number and its hash.
_MOST_LISTED = 200


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


def tell_provenance(
    name: str,
    *,
    notebook: str,
    claims: Mapping[str, Mapping[str, Any]],
    look: Mapping[str, Any],
    files: Mapping[str, bytes],
) -> bytes:
    """Return ``provenance.json`` of a figure.

    Parameters
    ----------
    name : str
    notebook : str
        Name of the notebook without suffix, empty outside one.
    claims : mapping of str to mapping
        The claims that the caption prints, each with its parameters.
    look : mapping of str to str, int or float
        The language of the labels, dots an inch, and the width of the drawing.
    files : mapping of str to bytes
        What the bundle holds besides.

    Returns
    -------
    bytes
        JSON: figure, notebook, cell; code: sha256 of the cell's source and the functions that it draws with; look;
        claims and their parameters; inputs: the collections that were loaded when it was saved, with their reports
        (id, file, sha256), what was left out of them and why, and the project's data; versions; files with their
        sha256.
    """
    cell, source = running_cell()
    told = {
        "figure": name,
        "notebook": notebook,
        "cell": cell,
        "code": {"sha256": code_sha256(source), "functions": _functions(source)},
        "look": dict(look),
        "claims": sorted(claims),
        "parameters": _merged(claims.values()),
        "inputs": {"collections": list(map(_collection, recall())), "data": data_hashes()},
        "versions": {"fazhi-workbook": __version__, **{package: version(package) for package in _DRAWN_BY}},
        "files": {file: sha256(files[file]).hexdigest() for file in sorted(files)},
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()


def _functions(source: str) -> list[str]:
    """Return the functions that a cell calls whose names begin as those that draw do."""
    try:
        calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # a line magic, which is not Python
        return []
    names = (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls)
    return sorted({called for called in names if called.startswith("draw_")})


def _merged(parameters: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return each parameter with all values that the claims have for it."""
    merged: dict[str, list[Any]] = {}
    for mapping in parameters:
        for key, value in mapping.items():
            values = merged.setdefault(key, [])
            if value not in values:
                values.append(value)
    return {key: sorted(merged[key], key=repr) for key in sorted(merged)}


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
