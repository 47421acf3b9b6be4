"""The commands that tell of one report, and of two beside each other."""

from __future__ import annotations

import argparse
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import corpus
from corpus.cli import asking
from corpus.loading.load_reports import load_reports
from corpus.publishing.writing.screen import (
    block,
    count,
    fit,
    one_line,
    say,
    screen_columns,
    speaks_chinese,
)
from corpus.report.reports import Report, Reports
from corpus.report.values import CATALOGUE_FACTS, FACTS, Fact, Heading, Span

if TYPE_CHECKING:
    import pandas as pd

_INDENT = "  "
_WIDEST_QUOTE = 400
_MOST_OF_A_REFERENCE = 500


def run_show(options: argparse.Namespace) -> int:
    report = asking.find_report(options.report, load_reports(), options, _held(options))
    if options.raw is not None:
        from corpus.publishing.writing.whole_files import write_new

        content = report.raw.encode("utf-8")
        write_new(Path(options.raw), content)
        told = f"{len(report.raw):,} characters of {report.report_id}, sha256 {sha256(content).hexdigest()}"
        asking.print_lines([f"{options.raw}: {told}"])
    else:
        asking.answer(options, lambda: _facts_of(report), lambda: _lines_of(report))
    return asking.FINE


def _held(options: argparse.Namespace) -> Reports | None:
    """Return the reports of the PATH that was named."""
    return None if options.path is None else asking.load_and_name_problems(options.path, options)


def _facts_of(report: Report) -> dict[str, Any]:
    """Return everything that was found in a report. Offsets count code points of ``raw``, end exclusive."""
    layout = report.layout
    return {
        "report_id": report.report_id,
        "file": report.source.file,
        "sha256": report.source.sha256,
        "encoding": report.source.encoding,
        **{name: report.facts[name] for name in FACTS},
        "salutation": layout.salutation,
        "signature": layout.signature,
        "body": layout.body,
        "clutter": layout.clutter,
        "set_aside": [stretch._asdict() for stretch in layout.set_aside],
        "parts": report.parts,
        "headings": report.headings,
        "changes": report.changes,
        "warnings": report.warnings,
    }


def _lines_of(report: Report) -> list[str]:
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
        *block("facts", facts),
        *block("from the catalogue alone", added),
        *block("not stated", [(", ".join(absent),)] if absent else []),
        *block("layout", [(say(name), *_evidence(report, span)) for name, span in places if span is not None]),
        *block("set aside", [(say(reason), *_evidence(report, span)) for reason, span in set_aside]),
        *block("parts", parts),
        *block("headings", [_heading(heading) for heading in report.headings]),
        *block("changes", [(_range(item), item.name, f"{item.before!r} → {item.after!r}") for item in report.changes]),
        *block("warnings", [(item.code, item.message, *_evidence(report, item.evidence)) for item in report.warnings]),
    ]


def _heads_of_facts() -> dict[str, str]:
    """Return what each fact is called: by the name of its column, or by the Chinese head that is declared for it."""
    from corpus.report.table_columns import declared_tables

    tables = declared_tables().values() if speaks_chinese() else ()
    declared = {column.name: column.head_zh for columns in tables for column in columns}
    return {name: declared.get(name) or say(name) for name in (*FACTS, *CATALOGUE_FACTS)}


def _value(fact: Fact) -> str:
    return " or ".join(map(str, fact.readings)) or "-" if fact.value is None else str(fact.value)


def _heading(heading: Heading) -> tuple[str, ...]:
    text = f"{_INDENT * (heading.depth - 1)}{heading.label}{heading.text}"
    return _range(heading), say(heading.role or "-"), say("run-in") if heading.run_in else "", text


def _evidence(report: Report, span: Span | None) -> tuple[str, str]:
    """Return where a span is, and its words, shortened to what a line has room for."""
    if span is None:
        return "", ""
    return _range(span), fit(one_line(report.quote(*span)), max(20, screen_columns() // 3))


def _range(value: Any) -> str:
    return f"{value.start}:{value.end}"


def run_compare(options: argparse.Namespace) -> int:
    from corpus.analysis.alignment.passage_pairs import tell_order

    bundled, held = load_reports(), _held(options)
    a, b = (asking.find_report(name, bundled, options, held) for name in (options.a, options.b))
    if a.report_id == b.report_id:
        again = " (again)" * (options.a == options.b)
        a, b = a.revise(report_id=options.a), b.revise(report_id=f"{options.b}{again}")
    named, reference = _thinned(*_reference_of(a, b, bundled, held, options))
    is_whole = options.reference is None or reference is None or not reference.problems
    both = replace(bundled, items=(a, b))
    found = corpus.find_reuse(both, min_chars=options.min_chars)
    if options.html is not None:
        _write_comparison(a, b, Path(options.html), reference=reference, passages=found)
        return asking.FINE if is_whole else asking.INCOMPLETE
    pair = corpus.compare_reports(both, pairs="all", reference=reference, edits="word")
    measures = pair.loc[:, "containment_a_in_b":"minimum_edit"]
    counted = pair.attrs["reference"] if reference is not None else []
    # As on the page: what lies within longer passages, in both reports, adds no words.
    passages = found[tell_order(found) != "within"]

    def facts() -> dict[str, Any]:
        return {
            "a": a.report_id,
            "b": b.report_id,
            "measures": asking.records(measures)[0],
            "reference": {"name": named, "reports": counted},
            "passages": [
                {
                    **{side: [row[f"start_{side}"], row[f"end_{side}"]] for side in "ab"},
                    **{name: row[name] for name in ("text_a", "text_b", "matched_chars", "similarity")},
                }
                for row in asking.records(passages)
            ],
        }

    def lines() -> list[str]:
        heads = asking.heads_of(options, pair)
        weighted = heads.get("cosine_tfidf", "cosine_tfidf")
        how = f"how common a word is was counted in {named} and the two ({len(counted)} in all)"
        if not counted:
            how = "not computed, since the two come from no collection of 5 reports or more; name one with --reference"
        shown = [(heads.get(name, name), _measure(measures[name].item())) for name in measures.columns]
        lines = [f"a  {a.report_id}  {a.issuer or ''}".rstrip(), f"b  {b.report_id}  {b.issuer or ''}".rstrip()]
        lines += ["Both texts have the same Chinese characters, letters and digits."] * (a.key == b.key)
        lines += [*block("measures", shown), f"{_INDENT}{weighted}: {how}"]
        lines += ["", f"{count(len(passages), 'shared passage')}, by characters without punctuation"]
        order = passages.sort_values(["matched_chars", "start_a", "start_b"], ascending=[False, True, True])
        for row in order.to_dict("records"):
            lines.append(f"{_INDENT}{row['matched_chars']} characters")
            for side in "ab":
                place = f"{side} {row[f'start_{side}']}:{row[f'end_{side}']}"
                lines.append(f"{_INDENT * 2}{place}  {fit(one_line(row[f'text_{side}']), _WIDEST_QUOTE)}")
        return lines

    return asking.give(asking.Answer(lines, passages, facts, is_whole=is_whole), options)


def _measure(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _reference_of(
    a: Report, b: Report, bundled: Reports, held: Reports | None, options: argparse.Namespace
) -> tuple[str, Reports | None]:
    """Return the collection that words are weighed by, and its name: the one asked for, else the one both come from."""
    from corpus.analysis.comparison.report_pairs import MIN_REFERENCE

    if options.reference is not None:
        return options.reference, asking.load_and_name_problems(options.reference, options)
    texts = {report.raw for report in bundled}
    if {a.raw, b.raw} <= texts:
        return "the bundled reports", bundled
    if held is not None and len({report.raw for report in (*held, a, b)}) >= MIN_REFERENCE:
        return options.path, held
    folders = {Path(name).resolve().parent for name in (options.a, options.b) if Path(name).is_file()}
    if len(folders) == 1 and not {a.raw, b.raw} & texts:
        folder = folders.pop()
        reference = asking.load_asked(folder, options)
        if len({report.raw for report in (*reference, a, b)}) >= MIN_REFERENCE:
            return str(folder), reference
    return "", None


def _thinned(named: str, reference: Reports | None) -> tuple[str, Reports | None]:
    """Return every second report of a large collection, or every third: to cut all into words takes minutes."""
    step = 1 if reference is None else -(-len(reference) // _MOST_OF_A_REFERENCE)
    if reference is None or step == 1:
        return named, reference
    return f"one report in {step} of {named}", reference[::step]


def _write_comparison(a: Report, b: Report, path: Path, *, reference: Reports | None, passages: pd.DataFrame) -> None:
    from corpus.publishing.readers.side_by_side import show_comparison
    from corpus.publishing.writing.whole_files import write_new

    comparison = show_comparison(a, b, reference=reference, passages=passages)
    write_new(path, comparison.page().encode("utf-8", "backslashreplace"))
    told = count(len(comparison.passages), "shared passage")
    asking.print_lines([f"{path}: {a.report_id} and {b.report_id} side by side, {told}"])
