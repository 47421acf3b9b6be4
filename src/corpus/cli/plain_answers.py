"""What the commands answer to a person: aligned plain text, in which a Chinese character takes two columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus.publishing.writing.language import say, speaks_chinese
from corpus.publishing.writing.text_width import (
    columns,
    count,
    cut,
    fit,
    pad,
    printable,
    screen_columns,
    table_lines,
    wrap,
)
from corpus.report.reports import Report, Reports
from corpus.report.values import CATALOGUE_FACTS, FACTS, Fact, Heading, Span

if TYPE_CHECKING:
    from corpus.publishing.results.explain import Explanation

_LEAST_CONTEXT = 12
_INDENT = "  "
_WIDEST_ID = 14
_MOST_SPECIFIC = 10
_ORIGINS = {
    "skeleton": ("skeleton", "prescribed headings, and the words that announce the report"),
    "formula": ("formula", "3 issuers or more have it"),
    "shared": ("shared", "2 issuers have it"),
    "carried_over": ("carried", "no other issuer has it, but this one in the year before"),
    "own_or_carried": ("own?", "no other issuer has it; the year before is not at hand"),
    "own": ("own", "no other issuer has it, nor the year before"),
}
"""What each origin is called in a table of a terminal, and what it means."""


def report_lines(report: Report) -> list[str]:
    """Tell what was found in a report, each fact with the words that show it."""
    source, layout = report.source, report.layout
    heads = _heads_of_facts()
    known = [(name, report.facts[name]) for name in FACTS if report.facts[name].basis != "absent"]
    added = [(heads[name], report.value(name)) for name in CATALOGUE_FACTS if report.value(name) is not None]
    absent = [heads[name] for name in FACTS if report.facts[name].basis == "absent"]
    places = [("body", layout.body), ("salutation", layout.salutation), ("signature", layout.signature)]
    set_aside = [(stretch.reason, Span(stretch.start, stretch.end)) for stretch in layout.set_aside]
    facts = [(heads[name], say(fact.basis), _value(fact), *_evidence(report, fact.evidence)) for name, fact in known]
    parts = [(_range(part), say(part.role or "-"), "" if part.headed else say("no heading")) for part in report.parts]
    told = say(
        "{file}, {encoding}, {n} characters", file=source.file, encoding=source.encoding, n=f"{len(report.raw):,}"
    )
    return [
        f"{report.report_id}: {told}, sha256 {source.sha256}",
        *_block("facts", facts),
        *_block("from the catalogue alone", added),
        *_block("not stated", [(", ".join(absent),)] if absent else []),
        *_block("layout", [(say(name), *_evidence(report, span)) for name, span in places if span is not None]),
        *_block("set aside", [(say(reason), *_evidence(report, span)) for reason, span in set_aside]),
        *_block("parts", parts),
        *_block("headings", [_heading(heading) for heading in report.headings]),
        *_block("changes", [(_range(item), item.name, f"{item.before!r} → {item.after!r}") for item in report.changes]),
        *_block("warnings", [(item.code, item.message, *_evidence(report, item.evidence)) for item in report.warnings]),
    ]


def _heads_of_facts() -> dict[str, str]:
    """Return what each fact is called: by the name of its column, or by the Chinese head that is declared for it."""
    names = {name: name for name in (*FACTS, *CATALOGUE_FACTS)}
    if not speaks_chinese():
        return names
    from corpus.report.table_columns import declared_tables

    declared = {column.name: column.head_zh for columns in declared_tables().values() for column in columns}
    return {name: declared.get(name) or say(name) for name in names}


def comparison_lines(
    a: Report,
    b: Report,
    *,
    measures: Mapping[str, Any],
    reference: tuple[str, Sequence[str]],
    passages: Sequence[Mapping[str, Any]],
    heads: Mapping[str, str],
) -> list[str]:
    """Tell how alike two reports are, and quote the passages that they share, the longest first.

    ``heads`` gives what measures are called, where that is not the name of their column.
    """
    lines = [f"a  {a.report_id}  {a.issuer or ''}".rstrip(), f"b  {b.report_id}  {b.issuer or ''}".rstrip()]
    lines += _block("measures", [(heads.get(name, name), _measure(value)) for name, value in measures.items()])
    name, reports = reference
    weighted = heads.get("cosine_tfidf", "cosine_tfidf")
    counted = f"how common a word is was counted in {name} and the two ({len(reports)} in all)"
    missing = "not computed, since the two come from no collection of 5 reports or more; name one with --reference"
    lines += [f"{_INDENT}{weighted}: {counted if reports else missing}"]
    lines += ["", f"{count(len(passages), 'shared passage')}"]
    for row in sorted(passages, key=lambda row: (-row["matched_chars"], row["start_a"], row["start_b"])):
        lines.append(f"{_INDENT}{row['matched_chars']} characters")
        lines += [
            f"{_INDENT * 2}{side} {row[f'start_{side}']}:{row[f'end_{side}']}  {_one_line(row[f'text_{side}'])}"
            for side in "ab"
        ]
    return lines


def years_lines(
    successions: Sequence[Mapping[str, Any]],
    shares: Sequence[Mapping[str, Any]],
    *,
    n_new: Mapping[str, tuple[int, int]],
    heads: Mapping[str, str],
) -> list[str]:
    """Tell how much each report took from its predecessor, and which reports have none and why.

    ``n_new`` gives for a report how many of its passages are new for its issuer alone and for everybody, ``heads`` what
    stands above columns in another language.
    """
    names = ("kept", "renumbered", "reworded", "new", "dropped", "moved")
    plain = {"issuer": "issuer", "year_later": "year", "year_earlier": "after", "later": "report"}
    above = {**plain, **{f"share_{name}": name for name in names}}
    rows = [(*(heads.get(column, head) for column, head in above.items()), "new for everybody")]
    for row in shares:
        measures = (f"{row[f'share_{name}']:.1%}" for name in names)
        alone, everybody = n_new.get(row["later"], (0, 0))
        told = f"{everybody} of {alone + everybody}" if alone + everybody else "-"
        years = (str(row["year_later"]), str(row["year_earlier"]))
        rows.append((row["issuer"], *years, row["later"], *measures, told))
    lines = ["No issuer has reports on two years that follow each other: nothing can be aligned."]
    if shares:
        lines = ["Shares of key characters: of the later report, but dropped of the earlier.", *table_lines(rows)]
    alone_rows = [(row["report_id"], row["note"]) for row in successions if row["note"]]
    lines += _block("without a predecessor, or across a gap", alone_rows)
    return [*lines, "", f"{count(len(successions), 'report')}, {count(len(shares), 'pair')} aligned"]


def explanation_lines(told: Explanation, *, most: int) -> list[str]:
    """Tell what stands behind a figure, a table or a cell, with at most so many rows and sentences."""
    where = f"notebook {told.notebook}, cell {told.cell}" if told.cell else "made outside of a notebook"
    lines = [f"{told.kind} {told.name}: {where}"]
    if caption := told.facts.get("caption"):
        lines += ["", *caption.split("\n\n")]
    if told.kind == "cell":
        lines += _block("value", [(name, _told(value)) for name, value in told.facts.items() if name != "caption"])
    else:
        facts = [(name, _told(told.facts[name])) for name in ("functions", "parameters", "versions")]
        lines += _block("drawn with" if told.kind == "figure" else "made with", facts)
        lines += _block("reports", _inputs(told.facts["inputs"], most))
    lines += ["", "cell", *(f"{_INDENT}{printable(line)}" for line in told.code.splitlines())] if told.code else []
    if told.rows:
        lines += ["", f"data.csv, {count(len(told.rows), 'row')}{_shown(len(told.rows), most)}"]
        rows = [list(told.rows[0]), *(list(row.values()) for row in told.rows[:most])]
        lines += [f"{_INDENT}{line}" for line in table_lines([[_short(cell) for cell in row] for row in rows])]
    if told.evidence:
        lines += ["", f"words that it rests on, {count(len(told.evidence), 'place')}{_shown(len(told.evidence), most)}"]
        for item in told.evidence[:most]:
            place = f"bytes {item.bytes[0]}:{item.bytes[1]}" if item.bytes else item.landmark
            lines.append(f"{_INDENT}{item.report_id} {item.start}:{item.end}  {item.file}, {place}")
            lines.append(f"{_INDENT * 2}{_marked(item.sentence, item.quote)}")
    lines += _block("does not fit", [(note,) for note in told.notes])
    return [*lines, "", f"to make it again: {told.rebuild}"]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_told(item)}" for name, item in value.items()) or "-"
    if isinstance(value, list | tuple):
        return ", ".join(map(_told, value)) or "-"
    return "-" if value is None else printable(str(value))


_LOADED = {"memory": "made by the notebook", "elsewhere": "of your own"}


def _inputs(inputs: Mapping[str, Any], most: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for collection in inputs["collections"]:
        origin = _LOADED.get(collection["origin"], collection["origin"])
        rows.append((origin, "", count(collection["n_reports"], "report")))
        listed = collection.get("reports")
        if listed is None:
            rows.append(("", "", f"sha256 of their list {collection['sha256'][:16]}…"))
        for report in (listed or ())[:most]:
            rows.append((report["report_id"], report["file"], f"sha256 {report['sha256'][:16]}…"))
        if listed and len(listed) > most:
            rows.append(("…", "", f"{len(listed) - most:,} more; --all shows them"))
        rows += [("left out", problem["file"], problem["code"]) for problem in collection["excluded"]]
    return rows


def _shown(number: int, most: int) -> str:
    return f", the first {most}" if number > most else ""


def _short(cell: str) -> str:
    room = 24
    words = _one_line(cell)
    return words if columns(words) <= room else f"{cut(words, room - 1, keep='start')}…"


def _marked(sentence: str, quote: str) -> str:
    """Return a sentence with the quoted words in 【】, where they lie within it."""
    place = sentence.find(quote)
    if place < 0 or sentence == quote:
        return f"【{_one_line(quote)}】"
    before, after = sentence[:place], sentence[place + len(quote) :]
    return f"{_one_line(before)}【{_one_line(quote)}】{_one_line(after)}"


def concordance_lines(hits: Sequence[Mapping[str, Any]]) -> list[str]:
    """Show each hit of `corpus.find_terms` on a line, the terms below each other, between their contexts."""
    places = table_lines([(row["report_id"], f"{row['start']}:{row['end']}", row["role"] or "-") for row in hits])
    widest = max(map(columns, places), default=0)
    longest = max((columns(_one_line(row["hit"])) for row in hits), default=0)
    room = max(_LEAST_CONTEXT, (screen_columns() - widest - longest - 4) // 2)
    lines = []
    for place, row in zip(places, hits, strict=True):
        before = cut(_one_line(row["before"]), room, keep="end")
        after = cut(_one_line(row["after"]), room, keep="start")
        lines.append(f"{pad(place, widest)}  {pad(before, room, right=True)} {_one_line(row['hit'])} {after}".rstrip())
    return [*lines, count(len(hits), "hit")]


def spread_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Show a table of words or terms: how often each stands, in how many reports, how evenly spread."""
    shown = [
        [f"{cell:.2f}" if isinstance(cell, float) else _one_line(str(cell)) for cell in row.values()] for row in rows
    ]
    return [*table_lines([list(rows[0]), *shown]), count(len(rows), "row")] if rows else ["nothing found"]


def trend_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Show each term on a line: its rate in each year, and in how many of the reports on the year it stands."""
    by_term: dict[str, list[str]] = {}
    for row in rows:
        rate = f"{row['year_reviewed']}: {row['per_10000_chars']:.1f} ({row['n_reports']}/{row['n_reports_in_year']})"
        by_term.setdefault(row["term"], []).append(rate)
    lines = table_lines([[term, "  ".join(own)] for term, own in by_term.items()]) if by_term else []
    return [*lines, "places per 10,000 characters (reports that have it / reports on the year)"]


def leftover_lines(reports: Reports, rows: Sequence[Mapping[str, Any]], *, unjudged: Sequence[str]) -> list[str]:
    """Show each place of `corpus.find_leftovers` in its sentence, the words between 【 and 】, with the reason."""
    lines: list[str] = []
    for row in rows:
        report = reports[row["report_id"]]
        start, end = row["start"], row["end"]
        before = _one_line(report.quote(min(row["sentence_start"], start), start))
        after = _one_line(report.quote(end, max(row["sentence_end"], end)))
        words = f"【{_one_line(row['quote'])}】"
        room = max(2 * _LEAST_CONTEXT, screen_columns() - columns(words) - 2 * len(_INDENT))
        before = _shortened(before, max(room // 2, room - columns(after)), keep="end")
        after = _shortened(after, room - columns(before), keep="start")
        lines += [
            f"{row['report_id']} {start}:{end}  {row['kind']} ({row['strength']}): {row['why']}",
            f"{_INDENT * 2}{before}{words}{after}",
        ]
    lines += [f"{report_id}: its year or place is not known, so not all could be judged" for report_id in unjudged]
    return [*lines, f"{count(len(rows), 'place')} to look at in {count(len(reports), 'report')}"]


def plan_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Show each row of `corpus.follow_plans` with its outcome, then how often there was each."""
    lines: list[str] = []
    room = screen_columns() - 4 * len(_INDENT)
    for row in rows:
        found = row["outcome"] != "not-found"
        sure = f" ({row['similarity']:.2f}, {row['certainty']}{', another base' * row['other_base']})" if found else ""
        lines += [
            f"{row['earlier']} {row['start_earlier']}:{row['end_earlier']}  {row['outcome']}{sure}",
            f"{_INDENT * 2}{_shortened(_one_line(row['text']), room, keep='start')}",
        ]
        if found:
            lines += [
                f"{_INDENT}{row['later']} {int(row['start_later'])}:{int(row['end_later'])}  {row['part_later']}",
                f"{_INDENT * 2}{_shortened(_one_line(row['text_later']), room, keep='start')}",
            ]
    counts = Counter(str(row["outcome"]) for row in rows)
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.most_common())
    return [*lines, f"{count(len(rows), 'row')} of plans and shortcomings{': ' * bool(told)}{told}"]


def boilerplate_lines(
    shares: Sequence[Mapping[str, Any]],
    passages: Sequence[Mapping[str, Any]],
    *,
    ranges: Mapping[str, tuple[float, float]],
    heads: Mapping[str, str],
) -> list[str]:
    """Tell where the characters of each report come from, and quote what no other issuer has, the most specific.

    ``ranges`` gives for a report the lowest and the highest share that is boilerplate under any setting,
    ``heads`` what stands above columns in another language.
    """
    present = [name for name in _ORIGINS if any(row[f"share_{name}"] > 0 for row in shares)]
    above = {name: heads.get(f"share_{name}", _ORIGINS[name][0]) for name in present}
    report, chars = heads.get("report_id", "report"), heads.get("n_key_chars", "chars")
    rows = [(report, chars, *above.values(), "range")]
    for row in shares:
        low, high = ranges.get(row["report_id"], (math.nan, math.nan))
        parts = [_percent(row[f"share_{name}"]) for name in present]
        spread = "-" if math.isnan(low) else f"{100 * low:.0f}-{100 * high:.0f}"
        rows.append((fit(row["report_id"], _WIDEST_ID), f"{row['n_key_chars']:,}", *parts, spread))
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    told = [
        *((above[name], _ORIGINS[name][1]) for name in present),
        ("range", "the share that is boilerplate, lowest and highest of all definitions"),
    ]
    return [
        *wrap(
            "",
            "Where the characters of each body come from, in %. What others have counts from 12 characters on.",
        ),
        *(f"{_INDENT}{line}" for line in table_lines(told)),
        "",
        *(
            "  ".join(pad(cell, width, right=at > 0) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        ),
        *_particular_lines(passages),
    ]


def _particular_lines(passages: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [row for row in passages if not row["is_heading"]]
    alone = [row for row in told if row["origin"] in ("own", "own_or_carried") and row["share_origin"] == 1]
    alone.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    best = list({row["report_id"]: row for row in reversed(alone)}.values())
    best.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    lines = [
        "",
        f"Of {count(len(told), 'passage')} besides headings, {len(alone):,} share no such stretch with another issuer.",
    ]
    first = f", the first {_MOST_SPECIFIC}" if len(best) > _MOST_SPECIFIC else ""
    if best:
        lines += [f"The most specific of each report{first}:"]
    for row in best[:_MOST_SPECIFIC]:
        lines.append(f"{_INDENT}{row['report_id']} {row['start']}:{row['end']}  specificity {row['specificity']:.2f}")
        lines += wrap(
            _INDENT * 2, fit(printable(" ".join(row["text"].split())), 3 * (screen_columns() - 2 * len(_INDENT)))
        )
    return lines


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}"


def _block(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    return ["", say(title), *(f"{_INDENT}{line}" for line in table_lines(rows))]


def _value(fact: Fact) -> str:
    if fact.value is not None:
        return str(fact.value)
    return " or ".join(map(str, fact.readings)) or "-"


def _measure(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _heading(heading: Heading) -> tuple[str, ...]:
    text = f"{_INDENT * (heading.depth - 1)}{heading.label}{heading.text}"
    return _range(heading), say(heading.role or "-"), say("run-in") if heading.run_in else "", text


def _shortened(text: str, width: int, *, keep: str) -> str:
    """Return a text, or as much of its ``start`` or ``end`` as has room, with … where the rest was cut off."""
    if columns(text) <= width:
        return text
    kept = cut(text, max(width - 1, 0), keep=keep)
    return f"{kept}…" if keep == "start" else f"…{kept}"


def _evidence(report: Report, span: Span | None) -> tuple[str, str]:
    """Return where a span is, and its words, shortened to what a line has room for."""
    if span is None:
        return "", ""
    words = _one_line(report.quote(*span))
    room = max(20, screen_columns() // 3)
    if columns(words) > room:
        words = f"{cut(words, room // 2, keep='start')} … {cut(words, room // 2 - 3, keep='end')}"
    return _range(span), words


def _range(value: Any) -> str:
    return f"{value.start}:{value.end}"


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))
