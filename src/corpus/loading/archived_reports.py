"""An archive: a folder of what loading made of files, so that it need not be made again.

``archive.json`` names its segments and the hash of each file; the collection (``collection-HASH.jsonl``) has a line for
all reports together, then one for each in their order. What was made by the rules of another version of the library is
made anew.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, load_lexicon
from corpus.loading.archive_segments import (
    ArchivedReport,
    Hashes,
    Origin,
    Segment,
    damage_named,
)
from corpus.loading.archived_values import FROM_JSON, json_line, to_json
from corpus.loading.files.documents import Reading
from corpus.loading.gathering import Member, Outcome, gather
from corpus.processes import share_out
from corpus.report.reports import Report, Reports
from corpus.report.values import Problem

LIST, COLLECTION, SEGMENTS = "archive.json", "collection", "segments"
_FORMAT = 2
NOT_RULES = frozenset(
    {f"loading/archive{name}.py" for name in ("_segments", "d_reports", "d_values")}
    | {"loading/load_reports.py"}
    | {f"report/{name}.py" for name in ("succession", "table_columns")}
)
"""Modules of the rooms that make reports on which no text and no fact of a report depends."""
_AT_ONCE, _LEAST_PORTIONS = 64, 8

Run = tuple[str, int, int]
"""A segment, and from which of its documents up to which."""


@dataclass(slots=True)
class Kept:
    """What an archive lists.

    Attributes
    ----------
    root : str
        The file or folder that it was made of, as seen from the archive.
    reading : Reading
    library, rules : str
        The version of the library that made the collection, and a hash of all that reports are made by.
    segments : dict
        By the name of each: the rules that it was made by, and the hashes of its files.
    collection : str or None
        The sha256 of the collection's file; None before an archive is whole for the first time.
    """

    root: str
    reading: Reading = field(default_factory=Reading)
    library: str = ""
    rules: str = ""
    segments: dict[str, tuple[str, Hashes]] = field(default_factory=dict)
    collection: str | None = None

    def as_json(self) -> bytes:
        told = {name: to_json(getattr(self, name)) for name in self.__slots__}
        return json.dumps({"format": _FORMAT, **told}, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @property
    def collection_file(self) -> str:
        return f"{COLLECTION}-{str(self.collection)[:16]}.jsonl"

    def origin(self, archive: Path) -> Origin:
        return Origin((archive / self.root).resolve(), self.reading)

    def open(self, archive: Path, name: str) -> Segment:
        """Return one of the segments."""
        return Segment(archive / SEGMENTS / name, self.segments[name][1], self.origin(archive))


class Collection(NamedTuple):
    """All documents of an archive together: the problems known before any was read, and the runs of documents."""

    known: tuple[Problem, ...]
    runs: tuple[Run, ...]


@cache
def rules_of_today() -> str:
    """Return a hash of the code and the tables that reports are made by."""
    package = Path(corpus.__file__).resolve().parent
    rooms = [path for room in ("loading", "report", "field") for path in (package / room).rglob("*.py")]
    code = [path for path in rooms if path.relative_to(package).as_posix() not in NOT_RULES]
    tables = [path for room in ("lexicons", "places") for path in data_path(room).glob("*.csv")]
    found = sha256(corpus.__version__.encode())
    for path in sorted([*code, *tables], key=lambda path: path.name):
        found.update(path.read_bytes())
    return found.hexdigest()


def is_archive(folder: Path) -> bool:
    """Tell whether a folder is an archive, as `corpus pack` makes it."""
    return (folder / LIST).is_file()


def folder_of(path: Path) -> Path:
    """Return the file or folder that an archive was made of; of anything else the path itself."""
    return read_list(path).origin(path).root if is_archive(path) else path


def file_of(report: Report) -> str:
    """Return the name of the file that a report is of; an archive has it at hand without its source."""
    return report.member.file if isinstance(report, ArchivedReport) else report.source.file


def read_list(archive: Path) -> Kept:
    """Return what an archive lists.

    Raises
    ------
    CorpusError
        If the list is damaged, or of a form that this version of the library does not know.
    """
    with damage_named(archive / LIST):
        told = json.loads((archive / LIST).read_text("utf-8", "surrogatepass"))
        if told.pop("format") != _FORMAT:
            raise ValueError("it is of a form that this version of the library does not know")
        encoding, columns, join = told.pop("reading")
        kept = Kept(**told, reading=Reading(encoding, columns, tuple(join)))
        kept.segments = {name: (rules, hashes) for name, (rules, hashes) in kept.segments.items()}
        return kept


def load_archive(archive: Path, *, jobs: int | None) -> tuple[Reports, list[Member] | None]:
    """Return the reports of an archive, and what is taken down of them where that is kept too.

    Raises
    ------
    CorpusError
        If a file of the archive is damaged, with its name, or packing was not finished.
    """
    kept = read_list(archive)
    if kept.collection is None:
        raise CorpusError(f"{archive}: packing was not finished; corpus pack again goes on where it stopped")
    with damage_named(archive / kept.collection_file):
        content = (archive / kept.collection_file).read_bytes()
        if sha256(content).hexdigest() != kept.collection:
            raise ValueError("its sha256 is another")
    lines = content.splitlines()
    head = json.loads(lines[0])
    runs = [tuple(run) for run in head["runs"]]
    for name in {run[0] for run in runs}:
        for file, (size, _) in kept.segments[name][1].items():
            path = archive / SEGMENTS / name / file
            with damage_named(path):
                if path.stat().st_size != size:
                    raise ValueError(f"it has {path.stat().st_size:,} bytes, not {size:,}")
    if kept.rules != rules_of_today():
        return _made_anew(archive, kept, Collection(_problems(head["known"]), tuple(runs)), jobs), None
    segments = {name: kept.open(archive, name) for name in kept.segments}
    reports, members = [], []
    for line in lines[1:]:
        segment, at, changes, *member = json.loads(line)
        changes = {name: FROM_JSON[name](told) for name, told in changes.items()}
        members.append(Member(*member))
        reports.append(segments[segment].report(at, members[-1], changes))
    return Reports(tuple(reports), _problems(head["problems"]), load_lexicon()), members


def _problems(told: Iterable[list[str]]) -> tuple[Problem, ...]:
    return tuple(Problem(*one) for one in told)


def _made_anew(archive: Path, kept: Kept, collection: Collection, jobs: int | None) -> Reports:
    warnings.warn(
        f"{archive} was packed by {kept.library}, by other rules than those of fazhi-workbook {corpus.__version__}: its"
        " reports are made anew, as they are of the folder; corpus pack it again to spare that",
        stacklevel=4,
    )
    portions = (
        (name, start, min(start + _AT_ONCE, last))
        for name, first, last in collection.runs
        for start in range(first, last, _AT_ONCE)
    )
    made = share_out(partial(_remake, archive, kept), portions, jobs=jobs, least=_LEAST_PORTIONS)
    return gather((outcome for some in made for outcome in some), collection.known)


def _remake(archive: Path, kept: Kept, run: Run) -> list[Outcome]:
    name, first, last = run
    segment = kept.open(archive, name)
    return [segment.remake(at) for at in range(first, last)]


def gather_archive(archive: Path, kept: Kept, collection: Collection) -> tuple[Reports, bytes]:
    """Return the reports of some runs of documents, and the file that says which these are."""
    segments = {name: kept.open(archive, name) for name in kept.segments}
    outcomes = (segments[name].outcome(at) for name, first, last in collection.runs for at in range(first, last))
    reports = gather(outcomes, collection.known)
    head = {"known": collection.known, "problems": reports.problems, "runs": collection.runs}
    return reports, b"".join(_lines(head, reports))


def _lines(head: Mapping[str, Any], reports: Iterable[Report]) -> Iterator[bytes]:
    yield json_line(head)
    for report in reports:
        assert isinstance(report, ArchivedReport)
        yield json_line([*report.kept_at(), *report.member])
