"""The commands that ask something of reports."""

from __future__ import annotations

import argparse
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.cli import checking, json_answers, plain_answers
from corpus.cli.asking import (
    FINE,
    INCOMPLETE,
    answer,
    complain,
    find_report,
    heads_of,
    load_asked,
    name_problems,
    print_lines,
    rows_of,
    write_csv,
)
from corpus.loading.load_reports import load_reports
from corpus.publishing.writing import text_width
from corpus.publishing.writing.language import say
from corpus.report.reports import Report, Reports

if TYPE_CHECKING:
    import pandas as pd


_MOST_ROWS = 40
"""Words and candidates that are shown where no file is written."""


def run_check(options: argparse.Namespace) -> int:
    reports = load_asked(options.path, options)
    findings = checking.find_in_collection(reports)
    doubtful = options.strict and checking.n_to_check(findings) > 0
    incomplete = bool(reports.problems or not reports or doubtful)
    lines = checking.check_lines(reports, findings, status=INCOMPLETE if incomplete else FINE)
    answer(options, json_answers.check_answer(reports, findings), lines)
    if not reports:
        told = "{path}: there is no report here; put text files, web pages, Word files or PDFs there"
        complain(say(told, path=options.path))
    return INCOMPLETE if incomplete else FINE


def run_show(options: argparse.Namespace) -> int:
    report = find_report(options.report, load_reports(), options)
    if options.raw is not None:
        _write_raw(report, Path(options.raw))
        return FINE
    answer(options, json_answers.report_answer(report), plain_answers.report_lines(report))
    return FINE


def _write_raw(report: Report, path: Path) -> None:
    from corpus.publishing.writing.whole_files import write_new

    content = report.raw.encode("utf-8")
    write_new(path, content)
    print_lines([f"{path}: {len(report.raw):,} characters of {report.report_id}, sha256 {sha256(content).hexdigest()}"])


def run_compare(options: argparse.Namespace) -> int:
    from corpus.analysis.alignment.passage_pairs import tell_order
    from corpus.analysis.comparison.report_pairs import compare_reports
    from corpus.analysis.comparison.shared_passages import find_reuse

    bundled = load_reports()
    a, b = (find_report(name, bundled, options) for name in (options.a, options.b))
    if a.report_id == b.report_id:
        a, b = replace(a, report_id=options.a), replace(b, report_id=options.b)
    named, reference = _reference_of(a, b, bundled, options)
    both = replace(bundled, items=(a, b))
    found = find_reuse(both, min_chars=options.min_chars)
    incomplete = options.reference is not None and reference is not None and bool(reference.problems)
    if options.html is not None:
        _write_comparison(a, b, Path(options.html), reference=reference, passages=found)
        return INCOMPLETE if incomplete else FINE
    pair = compare_reports(both, pairs="all", reference=reference, edits="word")
    measures = rows_of(pair.loc[:, "containment_a_in_b":"minimum_edit"])[0]
    # As on the page: what lies within longer passages, in both reports, adds no words.
    passages = found[tell_order(found) != "within"]
    if options.csv is not None:
        write_csv(passages, options)
    parts: dict[str, Any] = {
        "measures": measures,
        "reference": (named, pair.attrs["reference"] if reference is not None else []),
        "passages": rows_of(passages),
    }
    heads = heads_of(options, pair)
    answer(
        options,
        json_answers.comparison_answer(a, b, **parts),
        plain_answers.comparison_lines(a, b, heads=heads, **parts),
    )
    return INCOMPLETE if incomplete else FINE


def _reference_of(a: Report, b: Report, bundled: Reports, options: argparse.Namespace) -> tuple[str, Reports | None]:
    """Return the collection that words are weighed by, and its name: the one asked for, else the one both come from."""
    from corpus.analysis.comparison.report_pairs import MIN_REFERENCE

    if options.reference is not None:
        reference = load_asked(options.reference, options)
        name_problems(reference)
        return options.reference, reference
    texts = {report.raw for report in bundled}
    if {a.raw, b.raw} <= texts:
        return "the bundled reports", bundled
    folders = {Path(name).resolve().parent for name in (options.a, options.b) if Path(name).is_file()}
    if len(folders) == 1 and not {a.raw, b.raw} & texts:
        folder = folders.pop()
        reference = load_asked(folder, options)
        if len({report.raw for report in (*reference, a, b)}) >= MIN_REFERENCE:
            return str(folder), reference
    return "", None


def _write_comparison(a: Report, b: Report, path: Path, *, reference: Reports | None, passages: pd.DataFrame) -> None:
    from corpus.publishing.readers.side_by_side import show_comparison
    from corpus.publishing.writing.whole_files import write_new

    comparison = show_comparison(a, b, reference=reference, passages=passages)
    write_new(path, comparison.page().encode("utf-8", "backslashreplace"))
    told = text_width.count(len(comparison.passages), "shared passage")
    print_lines([f"{path}: {a.report_id} and {b.report_id} side by side, {told}"])


def run_find(options: argparse.Namespace) -> int:
    from corpus.analysis.words.concordance import find_hits, find_terms

    reports = load_asked(options.path, options)
    name_problems(reports)
    if options.by != "place":
        table = find_terms(reports, options.terms, by=options.by, role=options.role, regex=options.regex)
        lines = plain_answers.trend_lines if options.by == "year" else plain_answers.spread_lines
        return _answer_table(options, reports, table, lines(rows_of(table)))
    hits = find_hits(reports, options.terms, role=options.role, regex=options.regex)
    if options.sort is not None:
        # By what is read next: behind the term from it on, before it backwards.
        hits.sort(key=lambda hit: _words_of(hit.after) if options.sort == "after" else _words_of(hit.before)[::-1])
    rows = [hit._asdict() for hit in hits]
    if options.csv is not None:
        from corpus.report.table_columns import build_table

        write_csv(build_table(hits, "find_terms"), options)
    answer(options, rows, plain_answers.concordance_lines(rows))
    return INCOMPLETE if reports.problems else FINE


def run_words(options: argparse.Namespace) -> int:
    from corpus.analysis.words.word_tables import tabulate_words

    reports = load_asked(options.path, options)
    name_problems(reports)
    own = {"dictionary": options.dictionary, "stop_words": options.stop_words}
    table = tabulate_words(reports, by="word", **own)
    told = table[~table["is_stop_word"] & ~table["is_number"]].head(_MOST_ROWS)
    return _answer_table(options, reports, table, plain_answers.spread_lines(rows_of(told.iloc[:, [0, 3, 4, 5, 6]])))


def run_lexicon(options: argparse.Namespace) -> int:
    from corpus.analysis.words.word_tables import tabulate_words

    reports = load_asked(options.path, options)
    name_problems(reports)
    table = tabulate_words(reports, by="candidate", dictionary=options.dictionary)
    lines = plain_answers.spread_lines(rows_of(table.head(_MOST_ROWS)))
    return _answer_table(options, reports, table.assign(accept=""), lines)


def _answer_table(options: argparse.Namespace, reports: Reports, table: pd.DataFrame, lines: list[str]) -> int:
    if options.csv is not None:
        write_csv(table, options)
    answer(options, rows_of(table) if options.json else [], lines)
    return INCOMPLETE if reports.problems else FINE


def _words_of(context: str) -> str:
    """Return what of a context sorts: letters, digits and Han characters."""
    return "".join(filter(str.isalnum, context))


def run_years(options: argparse.Namespace) -> int:
    from corpus.analysis.years.changes import align_years, share_revisions

    reports = load_asked(options.path, options)
    name_problems(reports)
    successions = align_years(reports, by="report", max_gap=options.max_gap)
    revisions = align_years(
        reports, unit=options.unit, max_gap=options.max_gap, edits=bool(options.json or options.csv)
    )
    shares = share_revisions(reports, revisions)
    if options.csv is not None:
        write_csv(revisions, options)
    n_new = {
        str(later): (int((found == "issuer").sum()), int((found == "everybody").sum()))
        for later, found in revisions.groupby("later")["new_for"]
    }
    told = {"reports": successions, "shares": shares, "passages": revisions}
    answer(
        options,
        {name: json_answers.records(table) for name, table in told.items()} if options.json else {},
        plain_answers.years_lines(rows_of(successions), rows_of(shares), n_new=n_new, heads=heads_of(options, shares)),
    )
    return INCOMPLETE if reports.problems else FINE


def run_plans(options: argparse.Namespace) -> int:
    from corpus.analysis.years.plans import follow_plans

    reports = load_asked(options.path, options)
    name_problems(reports)
    plans = follow_plans(reports, max_gap=options.max_gap)
    if options.csv is not None:
        write_csv(plans, options)
    rows = rows_of(plans)
    answer(options, json_answers.records(plans), plain_answers.plan_lines(rows))
    return INCOMPLETE if reports.problems else FINE


def run_boilerplate(options: argparse.Namespace) -> int:
    from corpus.analysis.boilerplate.boilerplate_measures import tabulate_measures, tabulate_shares
    from corpus.analysis.boilerplate.formulas import find_formulas
    from corpus.analysis.boilerplate.origins import MIN_ISSUERS, trace_origins
    from corpus.analysis.particulars.specificity import find_particulars

    reports = load_asked(options.path, options)
    name_problems(reports)
    origins = trace_origins(reports)
    shares = trace_origins(reports, by="report", runs=origins)
    scores = find_particulars(reports, by=options.unit)
    told = scores[["report_id", "start", "end", "specificity", "is_heading", "text"]]
    by_passage = trace_origins(reports, by="passage", unit=options.unit, runs=origins)
    passages = by_passage.merge(told, on=["report_id", "start", "end"])
    if options.csv is not None:
        write_csv(passages, options, by_passage, scores)
    if options.json:
        formulas = find_formulas(reports)
        formulas = formulas[formulas["n_issuers"] >= MIN_ISSUERS]
        measures = tabulate_measures(reports, scores, unit=options.unit)
        answer(options, json_answers.boilerplate_answer(shares, measures, passages=passages, formulas=formulas), ())
    else:
        curve = tabulate_shares(reports).groupby("report_id")["share_common"].agg(["min", "max"])
        ranges = {str(report_id): (low, high) for report_id, low, high in curve.itertuples()}
        heads = heads_of(options, shares)
        lines = plain_answers.boilerplate_lines(rows_of(shares), rows_of(passages), ranges=ranges, heads=heads)
        answer(options, {}, lines)
    return INCOMPLETE if reports.problems else FINE


def run_leftovers(options: argparse.Namespace) -> int:
    from corpus.analysis.leftovers.leftovers import find_leftovers

    reports = load_asked(options.path, options)
    name_problems(reports)
    found = find_leftovers(reports, typos=options.typos)
    if options.csv is not None:
        write_csv(found, options)
    rows, unjudged = rows_of(found), found.attrs["excluded"]
    told = found[["report_id", "start", "end", "kind", "strength", "quote", "why"]]
    answer(options, json_answers.records(told), plain_answers.leftover_lines(reports, rows, unjudged=unjudged))
    return INCOMPLETE if reports.problems else FINE
