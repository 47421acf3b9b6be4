"""Does the series still make what is committed? All of it is made again elsewhere and compared byte for byte.

And do the marks in the prose of the series and of README.md say what the cells of tables that they name say?
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from platform import machine
from time import monotonic
from typing import Any, TextIO

from corpus.errors import CorpusError
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.evidence.marks import MARK, LookUp, fill_marks, wrong_marks
from corpus.publishing.evidence.provenance import FIGURES, PROVENANCE, TABLES
from corpus.publishing.evidence.saved_results import look_up_in, table_folders
from corpus.publishing.series.bundled_series import Notebook, Series, read_notebook
from corpus.publishing.series.running import reproduce
from corpus.publishing.writing.whole_files import MANIFEST, Difference, check_manifest, scratch_folder, write_whole

README = "README.md"
_REMEDY = "corpus reproduce writes the current values in"

# Others draw other bytes: pixels differ between matplotlib 3.10 and 3.11, the PDF between 3.11.0 and 3.11.2.
DRAWN_WITH = "matplotlib 3.11.2 on linux x86_64"

_PICTURES = frozenset({".png", ".svg", ".pdf"})
_EMBEDDED = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]*")
_SHOWN_PICTURES = ("image/png", "image/svg+xml", "application/pdf")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found.

    Attributes
    ----------
    differences : tuple of Difference
        Empty where everything is as committed.
    n_files : int
        How many files were compared.
    note : str
        What was not compared, and why; else empty.
    seconds : float
    causes : tuple of str
        What probably makes the difference: inputs, code, libraries, the font or the dictionary, where they are not
        those that the committed figures were made from.
    """

    differences: tuple[Difference, ...]
    n_files: int
    note: str
    seconds: float
    causes: tuple[str, ...] = ()


def verify(series: Series, *, jobs: int = 2, progress: TextIO | None = None) -> Verdict:
    """Run the series in a temporary folder and compare everything it makes with what stands beside the notebooks.

    Nothing is written outside that folder. Where matplotlib is not of the version that drew the committed figures, or
    on another system, pictures are left out, and the tables beside them stand for them.

    Parameters
    ----------
    series : Series
        On the bundled reports; or that of a folder that `reproduce` wrote, whose notebooks name their reports.
    jobs : int
        Notebooks that run at a time.
    progress : text stream, optional
        See `corpus.publishing.series.running.reproduce`.

    Raises
    ------
    CorpusError
        If the series cannot be run.
    """
    here = f"matplotlib {version('matplotlib')} on {sys.platform} {machine()}"
    pictures = here == DRAWN_WITH
    note = "" if pictures else f"pictures are not compared: drawn with {DRAWN_WITH}, here is {here}"
    with scratch_folder() as temporary:
        made = temporary / "made"
        run = reproduce(series, made, jobs=jobs, progress=progress)
        committed, new = _files(series.folder, pictures), _files(made, pictures)
        differences = [Difference(f"{failure.notebook}.ipynb", failure.told) for failure in run.failures]
        for file in sorted(committed.keys() | new.keys()):
            if file not in new and run.failures:
                continue  # what a notebook did not live to make is no difference of its own
            whats = _compare(committed.get(file), new.get(file), pictures=pictures)
            differences += [Difference(file, what) for what in whats]
        if is_checkout() and not run.failures and series.folder.resolve() == notebooks_path().resolve():
            differences += check_readme(series.folder.parent, tables_in=made)
        if is_checkout():
            causes = tuple(dict.fromkeys(_causes(series.folder, made))) if differences else ()
    return Verdict(tuple(differences), len(committed), note, run.seconds, causes)


def verify_quickly(root: Path) -> Verdict:
    """Compare the files of a checkout and jieba's dictionary with what they should be.

    The files are those of ``MANIFEST.sha256``. Marks in the prose of the notebooks and of README.md that
    say something else than their tables are named (`proofread`). Nothing is run.

    Raises
    ------
    CorpusError
        If the library does not run from a checkout, or the manifest cannot be read.
    """
    if not is_checkout():
        raise CorpusError(f"{MANIFEST} lists the files of a checkout; in an installed wheel use corpus verify")
    from corpus.analysis.words.segmentation import check_dictionary

    started = monotonic()
    differences, n_files = check_manifest(root)
    try:
        check_dictionary()
    except CorpusError as error:
        differences.append(Difference("jieba/dict.txt", str(error)))
    differences += proofread(root)
    return Verdict(tuple(differences), n_files, "", monotonic() - started)


def _causes(committed: Path, new: Path) -> Iterator[str]:
    """Yield in what the making of the committed files and that of the new ones differ."""
    if is_checkout() and (committed.parent / MANIFEST).is_file():
        for difference in check_manifest(committed.parent)[0]:
            kind = {"data": "input", "src": "code"}.get(difference.file.split("/")[0])
            if kind is not None:
                yield f"{kind} {difference}"
    for path in sorted(path for kind in (FIGURES, TABLES) for path in (committed / kind).glob(f"*/{PROVENANCE}")):
        other = new / path.relative_to(committed)
        if other.is_file():
            try:
                then, now = _made_from(path), _made_from(other)
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                yield f"{path.relative_to(committed).as_posix()}: cannot be read as provenance"
                continue
            for name in dict.fromkeys((*then, *now)):
                if then.get(name) != now.get(name):
                    yield f"{name}: {then.get(name, 'none')} then, {now.get(name, 'none')} now"


def _made_from(path: Path) -> dict[str, str]:
    """Return the libraries by version, and the data and the reports by hash, that a figure or table was made from."""
    told = json.loads(path.read_text(encoding="utf-8"))
    reports = (report for collection in told["inputs"]["collections"] for report in collection.get("reports", ()))
    return {
        **{f"library {name}": version for name, version in told["versions"].items()},
        **{f"data {file}": f"{digest[:12]}…" for file, digest in told["inputs"]["data"].items()},
        **{f"report {report['file']}": f"{report['sha256'][:12]}…" for report in reports},
    }


def _files(folder: Path, pictures: bool) -> dict[str, Path]:
    figures = list((folder / FIGURES).rglob("*"))
    if not pictures:  # the provenance of a figure tells the hashes of its pictures and the version that drew them
        figures = [path for path in figures if path.suffix not in _PICTURES and path.name != PROVENANCE]
    found = (path for path in (*folder.glob("*.ipynb"), *figures, *(folder / TABLES).rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in found}


def _compare(committed: Path | None, new: Path | None, *, pictures: bool) -> Iterator[str]:
    if committed is None:
        yield "is made now, and is not committed"
    elif new is None:
        yield "is committed, and is not made any more"
    elif (was := committed.read_bytes()) != (now := new.read_bytes()):
        if committed.suffix == ".ipynb":
            try:
                yield from _compare_notebooks(read_notebook(committed), read_notebook(new), pictures)
            except CorpusError as error:
                yield str(error)
        else:
            pairs = enumerate(zip(was, now, strict=False))
            place = next((place for place, (old, other) in pairs if old != other), min(len(was), len(now)))
            yield f"differs from byte {place} on"


def _compare_notebooks(committed: Notebook, new: Notebook, pictures: bool) -> Iterator[str]:
    old_cells, new_cells = (_without_pictures(each.cells, pictures) for each in (committed, new))
    if {**committed.content, "cells": []} != {**new.content, "cells": []}:
        yield "its metadata differ"
    elif old_cells == new_cells and pictures:
        yield "says the same in other bytes; corpus reproduce writes it anew"
    if len(old_cells) != len(new_cells):
        yield f"has {len(old_cells)} cells, and would have {len(new_cells)}"
    for index, (old, now) in enumerate(zip(old_cells, new_cells, strict=False)):
        marks = (MARK.finditer("".join(cell["source"])) for cell in (old, now))
        for mark, value in zip(*marks, strict=False):
            if mark["name"] == value["name"] and mark["shown"] != value["shown"]:
                yield f"{new.cell_name(index)}: {mark['name']} is {value['shown']!r}, not {mark['shown']!r}"
        parts = [part for part in sorted(old.keys() | now.keys()) if old.get(part) != now.get(part)]
        if parts:
            yield f"{new.cell_name(index)}: differs in {', '.join(parts)}"


def _without_pictures(cells: list[dict[str, Any]], pictures: bool) -> list[dict[str, Any]]:
    """Return cells without the pictures of their outputs, if these are not compared."""
    if pictures:
        return cells
    plain = json.loads(
        json.dumps(cells), object_hook=lambda held: {k: held[k] for k in held if k not in _SHOWN_PICTURES}
    )
    bare: list[dict[str, Any]] = json.loads(_EMBEDDED.sub("", json.dumps(plain)))
    return bare


def proofread(root: Path) -> list[Difference]:
    """Return the wrong marks in the README.md and the notebooks of a checkout.

    Each names the file, the cell with its id, the line and what is wrong. A file that cannot be read is named with the
    reason.
    """
    look_up = look_up_in(table_folders(root / "notebooks"))
    found = check_readme(root)
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        file = path.relative_to(root).as_posix()
        try:
            found += [Difference(file, what) for what in proofread_notebook(path, look_up)]
        except CorpusError as error:
            found.append(Difference(file, str(error)))
    return found


def proofread_notebook(path: Path, look_up: LookUp | None = None) -> Iterator[str]:
    """Yield the wrong marks in the Markdown of a notebook.

    Parameters
    ----------
    path : Path
    look_up : callable, optional
        Says what stands where a mark leads; the tables beside the notebook if not given.

    Raises
    ------
    CorpusError
        If it is no notebook.
    """
    notebook = read_notebook(path)
    look_up = look_up or look_up_in(table_folders(path.parent))
    for index, text, is_bundled in notebook.prose:
        found = wrong_marks(text, look_up, remedy=_REMEDY)
        if not is_bundled and MARK.search(text):
            found = iter(["a mark would speak of any reports here; tag the cell bundled, or say it without"])
        yield from (f"{notebook.cell_name(index)}, {told}" for told in found)


def check_readme(root: Path, *, tables_in: Path | None = None) -> list[Difference]:
    """Return the marks of a checkout's README.md that say something else than what they name.

    The tables are those of a folder of notebooks; of the checkout's own if not given.
    """
    look_up = look_up_in(table_folders(tables_in or root / "notebooks"))
    try:
        return [Difference(README, told) for told in wrong_marks(_read(root), look_up, remedy=_REMEDY)]
    except CorpusError as error:
        return [Difference(README, str(error))]


def write_readme(root: Path) -> bool:
    """Write the values of all marks into a checkout's README.md and return whether that changed it.

    Raises
    ------
    CorpusError
        If a mark names nothing that there is, or asks for a form that its value does not have.
    """
    text = _read(root)
    filled = fill_marks(text, look_up_in(table_folders(root / "notebooks")))
    return bool(text) and write_whole(root / README, filled.encode("utf-8"))


def _read(root: Path) -> str:
    """Return the text of a checkout's README.md, which is empty where there is none."""
    path = root / README
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); restore the file") from None
