"""Rows of a table that are pieces of one report, put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.errors import CorpusError
from corpus.loading.files.limits import MAX_FILE_BYTES, MIB
from corpus.loading.files.tables.guessed_columns import YEAR, Columns, Row
from corpus.report.values import Notice, Problem


def joining_columns(join: Sequence[str], columns: Columns, names: Iterable[str], file: str) -> tuple[str, ...]:
    """Return the table's columns in which the rows of one report agree; ``join`` has our names or the table's.

    Raises
    ------
    CorpusError
        If there is no such column.
    """
    there = list(names)
    found = []
    for name in join:
        theirs = columns.by_name.get(name) or columns.by_name.get("year_reviewed" if name == YEAR else name) or name
        if theirs not in there:
            raise CorpusError(f"{file}: no column holds {name!r} to join rows by; there are {', '.join(there)}")
        found.append(theirs)
    return tuple(found)


def join_rows(rows: Iterable[tuple[Row, tuple[str, ...]] | Problem], file: str) -> Iterator[Row | Problem]:
    """Yield one row for all that agree in some values, their texts under each other in the order of the table.

    What the other columns say counts where no two rows of a report differ, and is left out and named where they do.
    A row that lacks one of the values stands alone, with a notice.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for item in rows:
        if isinstance(item, Problem):
            yield item
            continue
        row, values = item
        if all(values):
            groups.setdefault(values, []).append(row)
        else:
            lone = Notice("not-joined", f"row {row.number} has no value in a column that rows are joined by")
            groups[("row", str(row.number))] = [_with_notices(row, (lone,))]
    for members in groups.values():
        size = sum(len(row.text) + 1 for row in members)
        if size > MAX_FILE_BYTES:
            message = f"its {len(members)} rows together are longer than {MAX_FILE_BYTES / MIB:,.0f} Mi characters"
            yield Problem(file, f"row {members[0].number}", "too-large", message, "join fewer rows")
        else:
            yield members[0] if len(members) == 1 else _joined(members)


def _joined(rows: Sequence[Row]) -> Row:
    starts, place = [], 0
    for row in rows:
        starts.append((place, f"row {row.number}"))
        place += len(row.text) + 1
    facts, differing = _agreed([row.facts for row in rows])
    years = {row.year for row in rows if row.year is not None}
    notices = [notice for row in rows for notice in row.notices]
    if differing:
        told = ", ".join(differing)
        notices.append(
            Notice("rows-differ", f"the {len(rows)} rows of this report differ in {told}, which is left out")
        )
    text = "\n".join(row.text for row in rows)
    year = next(iter(years)) if len(years) == 1 else None
    return Row(rows[0].number, rows[0].report_id, text, facts, year, tuple(dict.fromkeys(notices)), tuple(starts))


def _agreed(given: Sequence[Mapping[str, str | int]]) -> tuple[dict[str, str | int], list[str]]:
    names = list(dict.fromkeys(name for facts in given for name in facts))
    values = {name: {facts[name] for facts in given if name in facts} for name in names}
    agreed = {name: next(iter(found)) for name, found in values.items() if len(found) == 1}
    return agreed, [name for name in names if name not in agreed]


def _with_notices(row: Row, notices: tuple[Notice, ...]) -> Row:
    return Row(row.number, row.report_id, row.text, row.facts, row.year, (*row.notices, *notices))
