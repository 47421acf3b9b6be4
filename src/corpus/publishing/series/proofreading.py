"""The marks in the prose of the series and of README.md: each says what the cell of a table that it names says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.errors import CorpusError
from corpus.publishing.evidence.marks import MARK, LookUp, WrongMark, fill_marks, wrong_marks
from corpus.publishing.evidence.saved_results import look_up_in, table_folders
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.writing.whole_files import Difference, write_whole

README = "README.md"

_REMEDY = "corpus reproduce writes the current values in"


def proofread(root: Path) -> list[Difference]:
    """Return the wrong marks in the notebooks and the README.md of a checkout.

    Each names the file, the cell with its id, the line and what is wrong. A file that cannot be read is named with the
    reason.
    """
    look_up = look_up_in(table_folders(root / "notebooks"))
    found: list[Difference] = []
    try:
        found += check_readme(root)
    except CorpusError as error:
        found.append(Difference(README, str(error)))
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
        if is_bundled:
            found = list(wrong_marks(text, look_up, remedy=_REMEDY))
        else:
            told = "a mark stands in a cell that is not tagged bundled, so it would speak of any reports; tag the cell"
            found = [WrongMark(mark.start(), told) for mark in MARK.finditer(text)]
        for wrong in found:
            yield f"{notebook.cell_name(index)}, line {_line(text, wrong.start)}: {wrong.what}"


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def check_readme(root: Path, *, tables_in: Path | None = None) -> Iterator[Difference]:
    """Yield the marks of a checkout's README.md that say something else than what they name.

    The tables are those of a folder of notebooks; of the checkout's own if not given.
    """
    if text := _read(root):
        for wrong in wrong_marks(text, look_up_in(table_folders(tables_in or root / "notebooks")), remedy=_REMEDY):
            yield Difference(README, f"line {_line(text, wrong.start)}: {wrong.what}")


def write_readme(root: Path) -> bool:
    """Write the values of all marks into a checkout's README.md and return whether that changed it.

    Raises
    ------
    CorpusError
        If a mark names nothing that there is, or asks for a form that its value does not have.
    """
    text = _read(root)
    return bool(text) and write_whole(
        root / README, fill_marks(text, look_up_in(table_folders(root / "notebooks"))).encode("utf-8")
    )


def _read(root: Path) -> str:
    """Return the text of a checkout's README.md, which is empty where there is none."""
    path = root / README
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); restore the file") from None
