"""Packing: from a folder of files to an archive, and again for what is new, changed or gone."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

import corpus
from corpus.errors import CorpusError
from corpus.loading.archive_segments import Hashes, Unit, write_segment
from corpus.loading.archived_reports import (
    COLLECTION,
    LIST,
    SEGMENTS,
    Collection,
    Kept,
    Run,
    gather_archive,
    is_archive,
    read_list,
    rules_of_today,
)
from corpus.loading.collecting import Candidate
from corpus.loading.files.documents import Reading
from corpus.loading.gathering import Listing, Portion, assemble_portion, list_files, portion_out
from corpus.processes import share_out
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.reports import Reports

_AT_ONCE, _LEAST_PORTIONS = 256, 2
_Units = dict[tuple[str, str], dict[int, tuple[Unit, str]]]


class Packed(NamedTuple):
    """What an archive holds, and how many files were read for it, taken from before, and gone since."""

    reports: Reports
    n_read: int
    n_kept: int
    n_gone: int
    note: str


def pack(root: Path, archive: Path, *, reading: Reading | None = None, jobs: int | None = None) -> Packed:
    """Make an archive of the reports of a file or folder, or bring one up to date.

    Each file is compared with its hash, and read where it is new, where the catalogue says something else of it, or
    where the archive was made by other rules. A run that was killed is gone on with. Until it is whole, an archive is
    loaded as it was before.

    Parameters
    ----------
    root : Path
        As for `corpus.load_reports`.
    archive : Path
        A folder outside of it, made if it is not there.
    reading : Reading, optional
        By default as before.
    jobs : int, optional
        How many processes; see `corpus.processes.share_out`.

    Raises
    ------
    CorpusError
        If there is nothing to pack, the archive lies in the folder, or another folder stands in its place.
    """
    if archive.resolve().is_relative_to(root.resolve()):
        raise CorpusError(f"{archive}: an archive cannot lie in the folder that it is made of; choose another place")
    if archive.exists() and not is_archive(archive) and any(archive.iterdir()):
        raise CorpusError(f"{archive}: there is something else here; choose another place")
    listing = list_files(root)
    with hold_folder(archive):
        before = read_list(archive) if is_archive(archive) else Kept("")
        kept, note = _begin(before, root, archive, reading)
        prints = {one.file: _print(one, listing, kept.reading) for one in listing.candidates}
        units = _known_units(archive, kept, prints)
        new = [one for one in listing.candidates if not _is_whole(units.get((one.file, prints[one.file]), {}))]
        portions = _to_do(listing._replace(candidates=new), kept.reading, prints, units)
        packing = partial(_pack_portion, archive / SEGMENTS, prints)
        for made, name, hashes in share_out(packing, portions, jobs=jobs, least=_LEAST_PORTIONS):
            kept.segments[name] = (rules_of_today(), hashes)
            write_whole(archive / LIST, kept.as_json())
            for unit in made:
                units[unit.file, unit.print][unit.number] = (unit, name)
        runs = tuple(_runs(listing, prints, units))
        reports, content = gather_archive(archive, kept, Collection(tuple(listing.problems), runs))
        kept.collection = sha256(content).hexdigest()
        write_whole(archive / kept.collection_file, content)
        kept.library, kept.rules = f"fazhi-workbook {corpus.__version__}", rules_of_today()
        kept.segments = {name: segment for name, segment in kept.segments.items() if name in {run[0] for run in runs}}
        write_whole(archive / LIST, kept.as_json())
        _remove_unused(archive, kept)
    gone = {file for file, _ in units} - prints.keys()
    return Packed(reports, len(new), len(listing.candidates) - len(new), len(gone), note)


def _begin(before: Kept, root: Path, archive: Path, reading: Reading | None) -> tuple[Kept, str]:
    """Return the list to go on with, and what has to be said of it."""
    kept = replace(before, root=Path(os.path.relpath(root.resolve(), archive.resolve())).as_posix())
    kept.reading = reading or before.reading
    if before.collection is not None and kept.reading != before.reading:
        return kept, "read in another way than before: all is made anew"
    if before.collection is not None and before.rules != rules_of_today():
        return kept, f"packed by {before.library}, by other rules than those of today: all is made anew"
    return kept, ""


def _print(candidate: Candidate, listing: Listing, reading: Reading) -> str:
    """Return a hash of all that the reports of a file depend on, besides the rules; empty if it cannot be read."""
    try:
        with candidate.path.open("rb") as stream:
            digest = file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
    told = repr((digest, candidate.report_id, listing.entries.get(candidate.file), reading, listing.is_folder))
    return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _known_units(archive: Path, kept: Kept, prints: dict[str, str]) -> _Units:
    """Return which files are in the archive by the rules of today, but for segments of which less than half is left."""
    units: _Units = defaultdict(dict)
    for name, (rules, _) in kept.segments.items():
        if rules != rules_of_today():
            continue
        own = kept.open(archive, name).units()
        left = [unit for unit in own if prints.get(unit.file) == unit.print]
        is_full = 2 * sum(unit.n_documents for unit in left) >= sum(unit.n_documents for unit in own)
        for unit in own if is_full else (unit for unit in own if unit not in left):
            units[unit.file, unit.print][unit.number] = (unit, name)
    return units


def _is_whole(portions: dict[int, tuple[Unit, str]]) -> bool:
    last = next((number for number, (unit, _) in portions.items() if unit.is_last), None)
    return last is not None and portions.keys() >= set(range(last + 1))


def _to_do(listing: Listing, reading: Reading, prints: dict[str, str], units: _Units) -> Iterator[Portion]:
    """Yield the portions that are not in the archive yet."""
    for portion in portion_out(listing, reading, _AT_ONCE):
        file = portion.candidates[0].file
        if portion.documents is None or portion.number not in units.get((file, prints[file]), {}):
            yield portion


def _pack_portion(segments: Path, prints: dict[str, str], portion: Portion) -> tuple[list[Unit], str, Hashes]:
    """Write a segment of a portion."""
    made, units, first = assemble_portion(portion), [], 0
    for candidate, outcomes in zip(portion.candidates, made, strict=True):
        file = candidate.file
        units.append(Unit(file, prints[file], portion.number, portion.is_last, first, len(outcomes)))
        first += len(outcomes)
    return units, *write_segment(segments, units, [outcome for outcomes in made for outcome in outcomes])


def _runs(listing: Listing, prints: dict[str, str], units: _Units) -> Iterator[Run]:
    """Yield the documents of all files in their order, those that follow each other in a segment as one run."""
    name, first, last = "", 0, 0
    for candidate in listing.candidates:
        for _, (unit, segment) in sorted(units[candidate.file, prints[candidate.file]].items()):
            if (segment, unit.first) != (name, last):
                if last > first:
                    yield name, first, last
                name, first = segment, unit.first
            last = unit.first + unit.n_documents
    if last > first:
        yield name, first, last


def _remove_unused(archive: Path, kept: Kept) -> None:
    for folder in (archive / SEGMENTS).glob("*"):
        if folder.name not in kept.segments:
            shutil.rmtree(folder, ignore_errors=True)
    for path in archive.glob(f"{COLLECTION}-*"):
        if path.name != kept.collection_file:
            path.unlink(missing_ok=True)
