"""README.md, whose numbers stand between marks (`corpus.publishing.evidence.marks`), as in the notebooks.

A mark names a cell of a table to cite, a claim, or a count of the project (``project.notebooks``). A table between
``<!--table NAME-->`` and ``<!--/table-->`` is made as a whole.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from corpus.errors import CorpusError
from corpus.field.data_files import load_measurements
from corpus.publishing.evidence.cited_tables import look_up_in, table_folders
from corpus.publishing.evidence.claims import CLAIMS_FILE, Claim, read_claims
from corpus.publishing.evidence.marks import LookUp, Value, fill_marks, wrong_marks
from corpus.publishing.writing.manifest import Difference
from corpus.publishing.writing.whole_files import write_whole

README = "README.md"

REMEDY = "corpus reproduce writes the current values in"

_TABLE = re.compile(r"(?P<head><!--table (?P<name>[a-z-]{1,40})-->\n)(?P<rows>(?:\|[^\n]*\n)*)(?P<end><!--/table-->)")
_VERSION = re.compile(r"Programming Language :: Python :: (3\.\d+)")


def known_claims(root: Path, registered: Mapping[str, Claim] | None = None) -> dict[str, Claim]:
    """Return what README.md may state: the register, and the counts that the project itself shows.

    These are ``project.notebooks``, ``project.appendices``, ``project.figures``, and the lowest and highest version of
    Python that the packages are pinned for, ``project.python-least`` and ``project.python-most``.

    Parameters
    ----------
    root : Path
        Of a checkout.
    registered : mapping of str to Claim, optional
        Those of ``notebooks/claims.json`` if not given.
    """
    notebooks = root / "notebooks"
    claims = dict(read_claims(notebooks / CLAIMS_FILE) if registered is None else registered)
    names = [path.stem for path in notebooks.glob("*.ipynb")]
    versions = _python_versions(root / "pyproject.toml")
    counted: dict[str, tuple[Value, str]] = {
        "notebooks": (sum(name[0].isdigit() for name in names), "notebooks"),
        "appendices": (sum(not name[0].isdigit() for name in names), "notebooks"),
        "figures": (len(list((notebooks / "figures").glob("*/caption.md"))), "figures"),
        "python-least": (versions[0], "version"),
        "python-most": (versions[-1], "version"),
    }
    for name, (value, unit) in counted.items():
        claims[f"project.{name}"] = Claim(value, unit, None, README, None, {}, ())
    return claims


def check_readme(root: Path, registered: Mapping[str, Claim] | None = None) -> Iterator[Difference]:
    """Yield the marks of a checkout's README.md that say something else than what they name."""
    text = read_readme(root)
    if not text:
        return
    for wrong in wrong_marks(text, _look_up(root, registered), remedy=REMEDY):
        yield _difference(text, wrong.start, wrong.what)
    for match in _TABLE.finditer(text):
        if _rows(match) != match["rows"]:
            yield _difference(text, match.start(), f"the table {match['name']} is not as measured; {REMEDY}")


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
    text = _TABLE.sub(lambda match: match["head"] + _rows(match) + match["end"], text)
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


def without_tables(text: str) -> str:
    """Return a README with the rows of the tables left empty that are made from data; the lines stay where they are."""
    return _TABLE.sub(lambda match: match["head"] + "\n" * match["rows"].count("\n") + match["end"], text)


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


def _look_up(root: Path, registered: Mapping[str, Claim] | None = None) -> LookUp:
    """Return what says for a mark of README.md what stands there."""
    claims = known_claims(root, registered)

    def look_up(name: str, form: str | None) -> str:
        if name not in claims:
            raise CorpusError(f"no claim is called {name!r}; notebooks/{CLAIMS_FILE} lists those that there are")
        try:
            return claims[name].written(form)
        except ValueError as error:
            raise CorpusError(f"claim {name!r} cannot be written as {form!r} ({error})") from None

    return look_up_in(table_folders(root / "notebooks"), look_up)


def _rows(match: re.Match[str]) -> str:
    if match["name"] not in _TABLES:
        raise CorpusError(f"{README}: no table is called {match['name']!r}; there are: {', '.join(_TABLES)}")
    return _TABLES[match["name"]]()


def _costs() -> str:
    """Return what finding shared passages costs, from the newest measurement in data/validation."""
    lines = ["| reports | method | CPU s | MB | recall | precision | plagdet |", f"|{' ---: |'} --- |{' ---: |' * 5}"]
    for row in load_measurements("reuse"):
        cells = (
            f"{int(row['n_reports']):,}",
            "**find_reuse**" if row["method"] == "corpus" else row["method"],
            f"{float(row['cpu_seconds']):.1f}",
            f"{int(row['memory_mb']):,}",
            *(f"{float(row[name]):.3f}" for name in ("recall", "precision", "plagdet")),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "".join(f"{line}\n" for line in lines)


_TABLES: dict[str, Callable[[], str]] = {"costs": _costs}
