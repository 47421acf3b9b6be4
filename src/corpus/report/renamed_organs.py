"""Organs that were renamed, or whose county became a district: which reports are of one issuer all the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from corpus.field.divisions import Divisions
from corpus.report.record import Record
from corpus.report.values import Fact, Notice, Span

_PLACE_FACTS = ("province", "prefecture", "county", "township", "adcode", "level")
_MOST_CHANGES = 5
_Organ = tuple[str, str]


def join_names(
    records: Sequence[Record], organs: Iterable[Mapping[str, str]], divisions: Divisions
) -> dict[str, tuple[dict[str, Fact], Notice]]:
    """Return, for each report of an organ that bears another name later, its facts under that name, and a notice.

    Two names are of one organ where they stand in a row of the table, in one place, and every report under the old name
    is on an earlier year than any under the new one; where several organs became one, none is chosen. A place keeps its
    organs when it gets a new code: a county that became a district.

    Parameters
    ----------
    records : sequence of Record
    organs : iterable of mapping
        Rows with the columns ``old``, ``new`` (several names separated by ``|``), ``from_year`` and ``act``.
    divisions : Divisions

    Returns
    -------
    dict
        By report_id. The issuer is ``inferred``, with the printed name as its evidence.
    """
    held: dict[_Organ, list[Record]] = defaultdict(list)
    for record in records:
        if record.issuer and record.year_reviewed is not None and record.value("adcode"):
            place = _present_code(str(record.value("adcode")), divisions)
            held[place, f"{record.value('township') or ''}{record.office}"].append(record)
    later, acts = _successors(held, list(organs))
    joined: dict[_Organ, list[_Organ]] = defaultdict(list)
    for organ in held:
        last = organ
        while last in later:
            last = later[last]
        joined[last].append(organ)
    found = {}
    for last, members in joined.items():
        newest = max(held[last], key=_year)
        for organ in members:
            for record in held[organ]:
                if record.issuer != newest.issuer:
                    why = acts.get(organ, "the same office of the same place")
                    message = f"printed as {record.issuer}; joined with {newest.issuer}: {why}"
                    found[record.report_id] = (_under(record, newest), Notice("renamed", message, _printed(record)))
    return found


def _year(record: Record) -> int:
    return record.year_reviewed or 0


def _printed(record: Record) -> Span | None:
    return record.facts["issuer"].evidence


def _under(record: Record, newest: Record) -> dict[str, Fact]:
    facts = dict(record.facts)
    facts["issuer"] = Fact(newest.issuer, "inferred", record.facts["issuer"].evidence)
    for name in _PLACE_FACTS:
        value = newest.facts[name].value
        if value != facts[name].value:
            facts[name] = Fact(value, "inferred" if value is not None else "absent")
    return facts


def _successors(
    held: Mapping[_Organ, Sequence[Record]], organs: Sequence[Mapping[str, str]]
) -> tuple[dict[_Organ, _Organ], dict[_Organ, str]]:
    """Return the one organ that each old one became, and the act, where no other organ at hand became it too."""
    found: dict[_Organ, dict[_Organ, str]] = defaultdict(dict)
    by_old = {row["old"]: row for row in organs}
    for place, office in held:
        row = by_old.get(office)
        for new in row["new"].split("|") if row else ():
            if row is None or (place, new) not in held:
                continue
            first = min(map(_year, held[place, new]))
            if max(map(_year, held[place, office])) < first and first >= int(row["from_year"]):
                found[place, office][place, new] = row["act"]
    single = {old: next(iter(news)) for old, news in found.items() if len(news) == 1}
    became = Counter(single.values())
    later = {old: one for old, one in single.items() if became[one] == 1}
    return later, {old: found[old][one] for old, one in later.items()}


def _present_code(code: str, divisions: Divisions) -> str:
    """Return the code that a place has now: that of the only place that took its place, and so on."""
    for _ in range(_MOST_CHANGES):
        rows = [row for row in divisions.rows if row.code == code]
        if not rows or any(row.valid_until is None for row in rows) or len(rows[-1].successor_codes) != 1:
            return code
        code = rows[-1].successor_codes[0]
    return code
