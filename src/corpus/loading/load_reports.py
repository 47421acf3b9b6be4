"""From files to reports: reading, normalising, layout, headings, parts, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading.archived_reports import is_archive, load_archive
from corpus.loading.files.documents import Reading
from corpus.loading.files.table_rows import read_frame
from corpus.loading.gathering import (
    Member,
    assemble_document,
    assemble_portion,
    gather,
    list_files,
    member_of,
    portion_out,
)
from corpus.processes import share_out
from corpus.report.reports import Reports
from corpus.report.values import ELSEWHERE, IN_MEMORY, Problem

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded from one place.

    Attributes
    ----------
    origin : str
        ``data`` or a path below it for what the project carries, else `ELSEWHERE` or `IN_MEMORY`.
    reports : tuple of Member
    problems : tuple of Problem
        What was left out.
    """

    origin: str
    reports: tuple[Member, ...]
    problems: tuple[Problem, ...]

    @property
    def digest(self) -> str:
        """One sha256 for all of it: of a line for each report, then one for each thing left out."""
        lines = [f"{member.sha256} {member.settled}  {member.report_id}\n" for member in self.reports]
        lines += [f"{problem.code}  {problem.file} {problem.place}\n" for problem in self.problems]
        return sha256("".join(lines).encode("utf-8")).hexdigest()


_reports: dict[str, dict[Member, None]] = {}
_problems: dict[str, dict[Problem, None]] = {}


def remember(reports: Reports, *, origin: str, members: Iterable[Member] | None = None) -> Reports:
    """Take down what was loaded, each report and problem of a place once, and return it."""
    _reports.setdefault(origin, {}).update(dict.fromkeys(map(member_of, reports) if members is None else members))
    _problems.setdefault(origin, {}).update(dict.fromkeys(reports.problems))
    return reports


def recall() -> tuple[Loaded, ...]:
    """Return what was loaded, in the order in which a place was first loaded from."""
    return tuple(Loaded(origin, tuple(_reports[origin]), tuple(_problems[origin])) for origin in _reports)


__all__ = ["Reports", "load_reports"]

_IN_MEMORY = "table"
_AT_ONCE, _LEAST_PORTIONS = 64, 8


def load_reports(
    path: str | PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    join: Sequence[str] = (),
    jobs: int | None = None,
) -> Reports:
    """Load the reports of a file, a folder, an archive or a table.

    Parameters
    ----------
    path : path or DataFrame, optional
        A folder, with or without a ``catalogue.csv``; a text file, saved web page (.html), Word file (.docx) or PDF
        with a text layer; a zip archive of such files; an archive that ``corpus pack`` made, of which a report is read
        when it is asked for; or a table with a report in each row, as a file (.csv, .tsv, .jsonl, .json, packed with
        gzip or not) or in memory, where the name of its file is ``table``. Without it the bundled reports are loaded.
        Facts of a catalogue or a table win over what the text says; a disagreement is one of the report's warnings.
    encoding : str, optional
        Python's name of the encoding of text files and web pages without a byte order mark. By default the page's own
        declaration and strict UTF-8 are tried first, then GB18030, Big5 and UTF-16 are compared.
    columns : mapping of str to str, optional
        For a table: our name (``report_id``, ``text``, ``year``, or that of a fact) and the table's. What is not given
        is guessed from the table's names. ``year`` is a year of which the table does not say whether it is the one
        reviewed or that of delivery: what the texts of the table say decides.
    join : sequence of str, optional
        For a table in which a report is spread over several rows: the columns in which these agree, by our names or
        the table's, as ``["issuer", "year"]``. Their texts are put under each other in the order of the table.
    jobs : int, optional
        How many processes read them. By default one a core for what is more than some hundred reports.

    Returns
    -------
    Reports
        Ordered by year reviewed, then report_id; reports of an unknown year come last. What could not be loaded is
        listed in ``problems``.

    Raises
    ------
    CorpusError
        If there is nothing at ``path``, its catalogue cannot be read at all, or a table has no column of text or
        none that ``join`` names.

    Examples
    --------
    >>> import corpus
    >>> corpus.load_reports()[0]
    <Report zaozhuang-2019: 枣庄市科学技术局, 2019>
    """
    joined = (join,) if isinstance(join, str) else tuple(join)
    if path is not None and not isinstance(path, str | PathLike):
        return _load_frame(path, columns, joined)
    root = data_path() if path is None else Path(path)
    reading = Reading(encoding, columns, joined)
    if not is_archive(root):
        return remember(_load(root, reading, jobs), origin=_origin(root))
    if reading != Reading():
        raise CorpusError(f"{root}: how reports are read is said when they are packed: corpus pack them again")
    reports, members = load_archive(root, jobs=jobs)
    return remember(reports, origin=_origin(root), members=members)


def _load_frame(frame: pd.DataFrame, columns: Mapping[str, str] | None, join: Sequence[str]) -> Reports:
    rows = read_frame(frame, _IN_MEMORY, columns, join)
    return remember(gather(assemble_document(row, {}) for row in rows), origin=IN_MEMORY)


def _load(root: Path, reading: Reading, jobs: int | None) -> Reports:
    listing = list_files(root)
    portions = portion_out(listing, reading, _AT_ONCE)
    made = share_out(assemble_portion, portions, jobs=jobs, least=_LEAST_PORTIONS)
    return gather((outcome for portion in made for file in portion for outcome in file), listing.problems)


def _origin(root: Path) -> str:
    """Return where reports come from in words that are the same on any machine."""
    project = data_path().resolve()
    place = root.resolve()
    if not place.is_relative_to(project):
        return ELSEWHERE
    return (PurePosixPath(project.name) / place.relative_to(project).as_posix()).as_posix()
