"""README.md, whose numbers stand between marks (`corpus.publishing.evidence.marks`), as in the notebooks.

A mark names a cell of a table to cite, or a count of the project (``project.notebooks``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import CorpusError
from corpus.publishing.evidence.cited_tables import look_up_in, table_folders
from corpus.publishing.evidence.marks import LookUp, Value, fill_marks, write_value, wrong_marks
from corpus.publishing.writing.manifest import Difference
from corpus.publishing.writing.whole_files import write_whole

README = "README.md"

REMEDY = "corpus reproduce writes the current values in"

_VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def project_counts(root: Path) -> dict[str, Value]:
    """Return what the project itself shows, by the names of marks.

    These are ``project.notebooks``, ``project.appendices``, ``project.figures``, and the lowest and highest version of
    Python that the packages are pinned for, ``project.python-least`` and ``project.python-most``.

    Parameters
    ----------
    root : Path
        Of a checkout.
    """
    notebooks = root / "notebooks"
    names = [path.stem for path in notebooks.glob("*.ipynb")]
    versions = _python_versions(root / "pyproject.toml")
    counted: dict[str, Value] = {
        "notebooks": sum(name[0].isdigit() for name in names),
        "appendices": sum(not name[0].isdigit() for name in names),
        "figures": len(list((notebooks / "figures").glob("*/caption.md"))),
        "python-least": versions[0],
        "python-most": versions[-1],
    }
    return {f"project.{name}": value for name, value in counted.items()}


def check_readme(root: Path, *, tables_in: Path | None = None) -> Iterator[Difference]:
    """Yield the marks of a checkout's README.md that say something else than what they name.

    The tables are those of a folder of notebooks; of the checkout's own if not given.
    """
    text = read_readme(root)
    if not text:
        return
    for wrong in wrong_marks(text, _look_up(root, tables_in), remedy=REMEDY):
        yield _difference(text, wrong.start, wrong.what)


def write_readme(root: Path) -> bool:
    """Write the values of all marks into a checkout's README.md and return whether that changed it.

    Raises
    ------
    CorpusError
        If a mark names nothing that there is, or asks for a form that its value does not have.
    """
    text = read_readme(root)
    if not text:
        return False
    text = fill_marks(text, _look_up(root))
    return write_whole(root / README, text.encode("utf-8"))


def read_readme(root: Path) -> str:
    """Return the text of a checkout's README.md, which is empty where there is none.

    Raises
    ------
    CorpusError
        If it cannot be read.
    """
    path = root / README
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); restore the file") from None


def _python_versions(path: Path) -> list[str]:
    """Return the versions of Python that the project's classifiers name, lowest first."""
    try:
        classifiers = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["classifiers"]
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(f"{path}: its classifiers cannot be read ({error}); restore the file") from None
    named = [match[1] for match in map(_VERSION.fullmatch, classifiers) if match]
    if not named:
        raise CorpusError(f"{path}: no classifier names a version of Python; restore the file")
    return sorted(named, key=lambda version: int(version.partition(".")[2]))


def _difference(text: str, start: int, what: str) -> Difference:
    line = text.count("\n", 0, start) + 1
    return Difference(README, f"line {line}: {what}")


def _look_up(root: Path, tables_in: Path | None = None) -> LookUp:
    """Return what says for a mark of README.md what stands there."""
    counts = project_counts(root)

    def look_up(name: str, form: str | None) -> str:
        if name not in counts:
            raise CorpusError(f"{name}: no table and no count of the project is called so; corpus tables lists them")
        try:
            return write_value(counts[name], "", form)
        except ValueError as error:
            raise CorpusError(f"{name} cannot be written as {form!r} ({error})") from None

    return look_up_in(table_folders(root / "notebooks" if tables_in is None else tables_in), look_up)
