"""A segment of an archive on disk: what came of some documents, as arrays and lines of JSON that are read in place.

=================  ==================================================================================================
``texts.npy``      ``raw``, and ``text`` where it is another, in UTF-16
``keys.npy``       ``key``, in UTF-16
``maps.npy``       the runs of ``text_map`` and ``key_map``
``facts.jsonl``    facts
``pages.jsonl``    layout, headings, parts, changes, warnings
``sources.jsonl``  the source, what a table or a catalogue says, or why there is no report
``bounds.npy``     where in the others each document lies, and its body in ``key`` and ``keys.npy``
``units.json``     which documents came of which file
=================  ==================================================================================================

Nothing is unpickled, and each file is compared with its hash before anything is taken from it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from corpus.errors import CorpusError
from corpus.loading.archived_values import FROM_JSON, json_line, read_notice
from corpus.loading.catalogue import Entry
from corpus.loading.collecting import Candidate
from corpus.loading.files.decoding import Document
from corpus.loading.files.documents import Reading, read_documents
from corpus.loading.gathering import Member, Outcome, assemble_document, list_files, member_of
from corpus.report.reports import Report
from corpus.report.values import OffsetMap, Problem, Role, Source, offset_type

_FILE_OF = {
    "raw": "texts.npy",
    "text": "texts.npy",
    "key": "keys.npy",
    "text_map": "maps.npy",
    "key_map": "maps.npy",
    "facts": "facts.jsonl",
    "pages": "pages.jsonl",
    "sources": "sources.jsonl",
}
_DTYPES = {"texts.npy": "<u2", "keys.npy": "<u2", "maps.npy": "<u4"}
_NUMBERS = {column: number for number, column in enumerate(_FILE_OF)}
_MOST_KEPT = 1024
Hashes = Mapping[str, tuple[int, str]]
"""The size and the sha256 of each file of a segment."""


class Origin(NamedTuple):
    """The file or folder that an archive was made of, and how it was read."""

    root: Path
    reading: Reading


class Unit(NamedTuple):
    """Which documents of a segment came of one file, or of a portion of its rows.

    ``print`` stands for all that they depend on: the file's bytes, and what the catalogue says of it.
    """

    file: str
    print: str
    number: int
    is_last: bool
    first: int
    n_documents: int


def write_segment(folder: Path, units: Sequence[Unit], outcomes: Iterable[Outcome]) -> tuple[str, Hashes]:
    """Write what came of some documents below a folder, whole or not at all; return its name and hashes.

    The name is made of the hashes, so that the same documents give the same segment.
    """
    pieces: dict[str, list[Any]] = {file: [] for file in _FILE_OF.values()}
    ends = dict.fromkeys(pieces, 0)
    bounds = []
    for outcome in outcomes:
        for file, piece in zip(_FILE_OF.values(), _pieces(outcome), strict=True):
            pieces[file].append(piece)
            bounds += [ends[file], ends[file] + len(piece)]
            ends[file] += len(piece)
        bounds += _body(outcome.found, ends["keys.npy"])
    contents = {
        # Nothing can be mapped of an empty file.
        file: _npy(np.concatenate([*some, np.zeros(1, _DTYPES[file])])) if file in _DTYPES else b"".join(some)
        for file, some in pieces.items()
    }
    contents["bounds.npy"] = _npy(np.array(bounds, dtype=np.int64).reshape(-1, len(_FILE_OF) + 2, 2))
    contents["units.json"] = json_line(units)
    hashes = {file: (len(content), sha256(content).hexdigest()) for file, content in contents.items()}
    name = sha256(json_line(hashes)).hexdigest()[:16]
    part = folder / f".{name}.{os.getpid()}"
    part.mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        with (part / file).open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    shutil.rmtree(folder / name, ignore_errors=True)
    part.rename(folder / name)
    return name, hashes


def _body(found: Report | Problem, end: int) -> tuple[int, int, int, int]:
    """Return where the body lies in ``key``, and in the file of keys, of which ``end`` are written with this one."""
    if isinstance(found, Problem):
        return 0, 0, end, end
    [(first, last)] = found.key_regions()
    last_unit = end - len(found.key_utf16(last)) // 2
    return first, last, last_unit - len(found.key_utf16(first, last)) // 2, last_unit


def _npy(values: npt.NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()


def _pieces(outcome: Outcome) -> list[npt.NDArray[Any] | bytes]:
    """Return what is written of a document, in the order of the columns."""
    report, document = outcome.found, outcome.document
    told: dict[str, Any] = {**outcome._asdict(), "found": None, "document": None, "member": None}
    if document is not None:
        source = document.source
        told["document"] = [
            *(source.file, source.sha256, source.encoding, source.bom.hex(), source.kept_bytes is not None),
            *(source.reader, source.text_sha256, source.landmarks, document.notices, document.facts, document.notes),
        ]
    none = np.zeros(0, "<u2")
    if isinstance(report, Problem):
        told["found"] = report
        raw = none if document is None else _utf16(document.raw)
        return [raw, none, none, none.astype("<u4"), none.astype("<u4"), b"", b"", json_line(told)]
    told["member"] = member_of(report)
    return [
        _utf16(report.raw),
        none if report.text == report.raw else _utf16(report.text),
        _utf16(report.key),
        _numbers(report.text_map),
        _numbers(report.key_map),
        json_line(report.facts),
        json_line({name: getattr(report, name) for name in FROM_JSON if name != "facts"}),
        json_line(told),
    ]


def _utf16(text: str) -> npt.NDArray[Any]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _numbers(offsets: OffsetMap) -> npt.NDArray[Any]:
    derived, source = offsets.runs
    widths = [number for pair in offsets.widths.items() for number in pair]
    return np.array([offsets.length, offsets.source_length, len(derived), *derived, *source, *widths], dtype="<u4")


class Segment:
    """A segment that is read in place; the hashes of its files are those of the archive's list."""

    def __init__(self, folder: Path, hashes: Hashes, origin: Origin) -> None:
        self.folder, self.hashes, self.origin = folder, hashes, origin
        self._opened: dict[str, npt.NDArray[Any]] = {}

    def open(self, file: str) -> npt.NDArray[Any]:
        """Return a file as an array on disk, or its bytes.

        Raises
        ------
        CorpusError
            If it is not the file that was written.
        """
        found = self._opened.get(file)
        if found is None:
            path = self.folder / file
            with damage_named(path):
                with path.open("rb") as stream:
                    if file_digest(stream, "sha256").hexdigest() != self.hashes[file][1]:
                        raise ValueError("its sha256 is another")
                found = np.load(path, mmap_mode="r") if file.endswith(".npy") else np.memmap(path, mode="r")
            # A plain view is a third faster to take from.
            found = self._opened[file] = found.view(np.ndarray)
        return found

    def units(self) -> list[Unit]:
        """Return which documents came of which file."""
        return [Unit(*row) for row in json.loads(self.open("units.json").tobytes())]

    def piece(self, at: int, column: str) -> npt.NDArray[Any]:
        """Return what is kept of a document in a column."""
        first, last = self.open("bounds.npy")[at, _NUMBERS[column]].tolist()
        return self.open(_FILE_OF[column])[first:last]

    def body(self, at: int) -> tuple[int, int, int, int]:
        """Return where a document's body begins and ends in ``key``, and in the file of keys."""
        (first, last), (first_unit, last_unit) = self.open("bounds.npy")[at, len(_FILE_OF) :].tolist()
        return first, last, first_unit, last_unit

    def told(self, at: int, column: str) -> Any:
        """Return what is kept of a document in lines of JSON."""
        return json.loads(self.piece(at, column).tobytes())

    def string(self, at: int, column: str) -> str:
        """Return a text of a report."""
        return self.piece(at, column).tobytes().decode("utf-16-le", "surrogatepass")

    def report(self, at: int, member: Member, changes: dict[str, Any]) -> Any:
        """Return the report of a document, of which nothing is read yet; ``changes`` go before what is kept."""
        report = object.__new__(ArchivedReport)
        own = {"_segment": self, "_at": at, "_changes": changes, "member": member}
        for name, value in {"report_id": member.report_id, **changes, **own}.items():
            object.__setattr__(report, name, value)
        return report

    def outcome(self, at: int) -> Outcome:
        """Return what came of a document by the rules of then; a report of it is read when it is asked for."""
        told = self.told(at, "sources")
        problem, member, year = told["found"], told.pop("member"), told["year"]
        found = self.report(at, Member(*member), {}) if problem is None else Problem(*problem)
        return Outcome(**{**told, "found": found, "year": year and tuple(year), "document": None})

    def remake(self, at: int) -> Outcome:
        """Return what comes of a document by the rules of today, from its text as it was read."""
        told = self.told(at, "sources")
        if told["document"] is None:
            return Outcome(Problem(*told["found"]))
        *source, notices, facts, notes = told["document"]
        report_id, file, given, year = (told[name] for name in ("report_id", "file", "given", "year"))
        read = _source(source, self.origin), tuple(map(read_notice, notices)), facts, year and tuple(year), notes
        entry = {file: Entry(report_id, file, "", given)} if given else {}
        return assemble_document(Document(report_id, self.string(at, "raw"), *read), entry)


class ArchivedReport(Report):
    """A report of an archive: what it holds is read from there when it is asked for."""

    __slots__ = ("_at", "_changes", "_segment", "member")
    _at: int
    _changes: dict[str, Any]
    _segment: Segment
    member: Member

    def __getattr__(self, name: str) -> Any:
        if name not in _FIELDS:
            raise AttributeError(name)
        value = _read(self._segment, self._at, name)
        if name == "facts":  # small, and asked for by whatever tells reports from each other
            object.__setattr__(self, name, value)
        return value

    def revise(self, **changes: Any) -> Self:
        """Return the report with some fields changed; the others stay where they are."""
        member = self.member._replace(report_id=changes.pop("report_id", self.report_id))
        return self._segment.report(self._at, member, self._changes | changes)  # type: ignore[no-any-return]

    @property
    def sha256(self) -> str:
        return self.member.sha256

    def key_regions(self, role: Role | None = None) -> list[tuple[int, int]]:
        if role is not None or "layout" in self._changes:
            return super().key_regions(role)
        return [self._segment.body(self._at)[:2]]

    def key_utf16(self, start: int = 0, end: int | None = None) -> bytes:
        if (start, end) == (0, None):
            return self._segment.piece(self._at, "key").tobytes()
        first, last, *units = self._segment.body(self._at)
        if (start, end) != (first, last):
            return super().key_utf16(start, end)
        found: bytes = self._segment.open("keys.npy")[slice(*units)].tobytes()
        return found

    def kept_at(self) -> tuple[str, int, Mapping[str, Any]]:
        """Return the name of the segment, the number of the document in it, and which fields were changed since."""
        return self._segment.folder.name, self._at, self._changes


class ArchivedSource(Source):
    """The source of a report whose file is kept where it lies."""

    __slots__ = ("_origin",)
    _origin: Origin

    def __getattr__(self, name: str) -> Any:
        if name != "kept_bytes":
            raise AttributeError(name)
        root, reading = self._origin
        for candidate in _candidates(root):
            if candidate.file == self.file or self.file.startswith(f"{candidate.file}/"):
                for document in read_documents(candidate.path, candidate.file, "", reading):
                    if isinstance(document, Document) and document.source.sha256 == self.sha256:
                        return document.source.kept_bytes
        raise CorpusError(f"{root}: {self.file} is not there as it was; put it back, or pack the archive again")


@lru_cache(maxsize=1)
def _candidates(root: Path) -> tuple[Candidate, ...]:
    return tuple(list_files(root).candidates)


_FIELDS = frozenset(field.name for field in fields(Report))


@lru_cache(maxsize=_MOST_KEPT)
def _read(segment: Segment, at: int, name: str) -> Any:
    """Return a field of a report."""
    if name in ("raw", "key"):
        return segment.string(at, name)
    if name == "text":  # kept where it is another than raw
        return segment.string(at, name) or _read(segment, at, "raw")
    if name in ("text_map", "key_map"):
        return _map(segment.piece(at, name))
    if name == "source":
        return _source(segment.told(at, "sources")["document"][:-3], segment.origin)
    if name == "facts":
        return FROM_JSON[name](segment.told(at, name))
    return FROM_JSON[name](segment.told(at, "pages")[name])


def _map(numbers: npt.NDArray[Any]) -> OffsetMap:
    length, source_length, n_runs = numbers[:3].tolist()
    code = offset_type(source_length)
    derived, source = (array(code, runs.astype(code).tobytes()) for runs in numbers[3 : 3 + 2 * n_runs].reshape(2, -1))
    widths = numbers[3 + 2 * n_runs :].tolist()
    pairs = dict(zip(widths[::2], widths[1::2], strict=True))
    return OffsetMap(derived, source, length=length, source_length=source_length, widths=pairs)


def _source(told: Sequence[Any], origin: Origin) -> Source:
    file, digest, encoding, bom, is_kept, reader, text_sha256, landmarks = told
    marks = tuple((place, mark) for place, mark in landmarks)
    kind = ArchivedSource if is_kept else Source
    source = kind(file, digest, encoding, bytes.fromhex(bom), None, reader, text_sha256, marks)
    if is_kept:
        object.__delattr__(source, "kept_bytes")
        object.__setattr__(source, "_origin", origin)
    return source


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Say of a file of an archive that cannot be read which it is, and what helps.

    Raises
    ------
    CorpusError
        In place of what the reading raised.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CorpusError(f"{path}: this file of an archive is damaged ({reason}); pack the archive again") from error
