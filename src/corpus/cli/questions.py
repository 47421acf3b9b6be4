"""The commands that ask for words, passages and measures of a collection."""

from __future__ import annotations

import argparse
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.cli.asking import finish, heads_of, load_and_name_problems, records
from corpus.publishing.writing.screen import (
    block,
    columns,
    count,
    cut,
    fit,
    one_line,
    pad,
    screen_columns,
    shorten,
    table_lines,
    wrap,
)
from corpus.report.reports import Reports
from corpus.report.values import ORIGINS

if TYPE_CHECKING:
    import pandas as pd

_INDENT = "  "
_LEAST_CONTEXT = 12
_WIDEST_ID = 14
_MOST_SPECIFIC = 10
_MOST_ROWS = 40
"""Words and candidates that are shown where no file is written."""
_ORIGINS = {
    "skeleton": ("skeleton", "prescribed headings, and the words that announce the report"),
    "formula": ("formula", "3 issuers or more have it"),
    "shared": ("shared", "2 issuers have it"),
    "carried_over": ("carried", "no other issuer has it, but this one in the year before"),
    "own_or_carried": ("own?", "no other issuer has it; the year before is not at hand"),
    "own": ("own", "no other issuer has it, nor the year before"),
}
"""What each origin is called in a table of a terminal, and what it means."""


def run_find(options: argparse.Namespace) -> int:
    from corpus.analysis.words.concordance import find_hits, find_terms
    from corpus.report.table_columns import build_table

    reports = load_and_name_problems(options.path, options)
    asked = {"role": options.role, "regex": options.regex}
    if options.by != "place":
        table = find_terms(reports, options.terms, by=options.by, **asked)
        return _tell_words(options, reports, table, _trends if options.by == "year" else _spread)
    hits = find_hits(reports, options.terms, **asked)
    if options.sort is not None:
        # By what is read next: behind the term from it on, before it backwards.
        hits.sort(key=lambda hit: _words_of(hit.after) if options.sort == "after" else _words_of(hit.before)[::-1])
    rows = [hit._asdict() for hit in hits]
    written = build_table(hits, "find_terms") if options.csv is not None else None
    return finish(options, reports, facts=lambda: rows, lines=lambda: _concordance(rows), table=written)


def run_words(options: argparse.Namespace) -> int:
    from corpus.analysis.words.word_tables import tabulate_words

    reports = load_and_name_problems(options.path, options)
    table = tabulate_words(reports, by="word", dictionary=options.dictionary, stop_words=options.stop_words)

    def lines(words: pd.DataFrame) -> list[str]:
        told = words[~words["is_stop_word"] & ~words["is_number"]].head(_MOST_ROWS)
        return _spread(told.iloc[:, [0, 3, 4, 5, 6]])

    return _tell_words(options, reports, table, lines)


def run_lexicon(options: argparse.Namespace) -> int:
    from corpus.analysis.words.word_tables import tabulate_words

    reports = load_and_name_problems(options.path, options)
    table = tabulate_words(reports, by="candidate", dictionary=options.dictionary).assign(accept="")
    return _tell_words(options, reports, table, lambda words: _spread(words.head(_MOST_ROWS).drop(columns="accept")))


_SHOWN_OF_PANEL = ["issuer", "year_reviewed", "n_key_chars", "share_flagged", "share_specific", "share_kept", "n_plans"]


def run_panel(options: argparse.Namespace) -> int:
    from corpus.analysis.panel_for_regression import tabulate_panel
    from corpus.publishing.writing.whole_files import write_new
    from corpus.report.table_columns import codebook

    reports = load_and_name_problems(options.path, options)
    panel = tabulate_panel(reports)
    if options.csv is not None:
        meanings = codebook("tabulate_panel").to_csv(index=False, lineterminator="\n")
        write_new(Path(options.csv).with_name("columns.csv"), meanings.encode("utf-8-sig"))
    return _tell_words(options, reports, panel, lambda table: _spread(table[_SHOWN_OF_PANEL]))


def _tell_words(
    options: argparse.Namespace, reports: Reports, table: pd.DataFrame, lines: Callable[[pd.DataFrame], list[str]]
) -> int:
    facts = partial(table.to_dict, "records")
    return finish(options, reports, facts=facts, lines=lambda: lines(table), table=table)


def _words_of(context: str) -> str:
    """Return what of a context sorts: letters, digits and Han characters."""
    return "".join(filter(str.isalnum, context))


def _concordance(hits: Sequence[dict[str, Any]]) -> list[str]:
    """Show each hit on a line, the terms below each other, between their contexts."""
    places = table_lines([(row["report_id"], f"{row['start']}:{row['end']}", row["role"] or "-") for row in hits])
    widest = max(map(columns, places), default=0)
    longest = max((columns(one_line(row["hit"])) for row in hits), default=0)
    room = max(_LEAST_CONTEXT, (screen_columns() - widest - longest - 4) // 2)
    lines = []
    for place, row in zip(places, hits, strict=True):
        before = cut(one_line(row["before"]), room, keep="end")
        after = cut(one_line(row["after"]), room, keep="start")
        lines.append(f"{pad(place, widest)}  {pad(before, room, right=True)} {one_line(row['hit'])} {after}".rstrip())
    return [*lines, count(len(hits), "hit")]


def _spread(table: pd.DataFrame) -> list[str]:
    """Show words or terms: how often each stands, in how many reports, how evenly spread."""
    rows = table.to_dict("records")
    shown = [
        [f"{cell:.2f}" if isinstance(cell, float) else one_line(str(cell)) for cell in row.values()] for row in rows
    ]
    return [*table_lines([list(table.columns), *shown]), count(len(rows), "row")] if rows else ["nothing found"]


def _trends(table: pd.DataFrame) -> list[str]:
    """Show each term on a line: its rate in each year, and in how many of the reports on the year it stands."""
    by_term: dict[str, list[str]] = {}
    for row in table.to_dict("records"):
        rate = f"{row['year_reviewed']}: {row['per_10000_chars']:.1f} ({row['n_reports']}/{row['n_reports_in_year']})"
        by_term.setdefault(row["term"], []).append(rate)
    lines = table_lines([[term, "  ".join(own)] for term, own in by_term.items()]) if by_term else []
    return [*lines, "places per 10,000 characters (reports that have it / reports on the year)"]


def run_years(options: argparse.Namespace) -> int:
    from corpus.analysis.years.changes import align_years, share_revisions

    reports = load_and_name_problems(options.path, options)
    asked = {"max_gap": options.max_gap}
    successions = align_years(reports, by="report", **asked)
    revisions = align_years(reports, unit=options.unit, edits=bool(options.json or options.csv), **asked)
    shares = share_revisions(reports, revisions)
    told = {"reports": successions, "shares": shares, "passages": revisions}
    return finish(
        options,
        reports,
        facts=lambda: {name: records(table) for name, table in told.items()},
        lines=lambda: _year_lines(successions, shares, revisions, heads_of(options, shares)),
        table=revisions,
    )


def _year_lines(
    successions: pd.DataFrame, shares: pd.DataFrame, revisions: pd.DataFrame, heads: Mapping[str, str]
) -> list[str]:
    """Tell how much each report took from its predecessor, and which reports have none and why."""
    names = ("kept", "renumbered", "reworded", "new", "dropped", "moved")
    plain = {"issuer": "issuer", "year_later": "year", "year_earlier": "after", "later": "report"}
    above = {**plain, **{f"share_{name}": name for name in names}}
    rows = [(*(heads.get(column, head) for column, head in above.items()), "new for everybody")]
    new_for = {str(later): Counter(found) for later, found in revisions.groupby("later")["new_for"]}
    for row in shares.to_dict("records"):
        measures = (f"{row[f'share_{name}']:.1%}" for name in names)
        alone, everybody = (new_for.get(row["later"], Counter())[whom] for whom in ("issuer", "everybody"))
        told = f"{everybody} of {alone + everybody}" if alone + everybody else "-"
        rows.append((*(str(row[name]) for name in plain), *measures, told))
    lines = ["No issuer has reports on two years that follow each other: nothing can be aligned."]
    if len(shares):
        lines = ["Shares of key characters: of the later report, but dropped of the earlier.", *table_lines(rows)]
    noted = successions[successions["note"] != ""]
    lines += block("without a predecessor, or across a gap", [*zip(noted["report_id"], noted["note"], strict=True)])
    return [*lines, "", f"{count(len(successions), 'report')}, {count(len(shares), 'pair')} aligned"]


def run_plans(options: argparse.Namespace) -> int:
    from corpus.analysis.years.plans import follow_plans

    reports = load_and_name_problems(options.path, options)
    plans = follow_plans(reports, max_gap=options.max_gap)
    return finish(options, reports, facts=lambda: records(plans), lines=lambda: _plan_lines(plans), table=plans)


def _plan_lines(plans: pd.DataFrame) -> list[str]:
    """Show each plan with its outcome, then how often there was each."""
    lines: list[str] = []
    room = screen_columns() - 4 * len(_INDENT)
    for row in plans.to_dict("records"):
        found = row["outcome"] != "not-found"
        sure = f" ({row['similarity']:.2f}, {row['certainty']}{', another base' * row['other_base']})" if found else ""
        lines += [
            f"{row['earlier']} {row['start_earlier']}:{row['end_earlier']}  {row['outcome']}{sure}",
            f"{_INDENT * 2}{shorten(one_line(row['text']), room)}",
        ]
        if found:
            lines += [
                f"{_INDENT}{row['later']} {int(row['start_later'])}:{int(row['end_later'])}  {row['part_later']}",
                f"{_INDENT * 2}{shorten(one_line(row['text_later']), room)}",
            ]
    counts = Counter(map(str, plans["outcome"]))
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.most_common())
    return [*lines, f"{count(len(plans), 'row')} of plans and shortcomings{': ' * bool(told)}{told}"]


def run_leftovers(options: argparse.Namespace) -> int:
    from corpus.analysis.leftovers.leftovers import find_leftovers

    reports = load_and_name_problems(options.path, options)
    found = find_leftovers(reports, typos=options.typos)
    told = found[["report_id", "start", "end", "kind", "strength", "quote", "why"]]
    return finish(
        options, reports, facts=lambda: records(told), lines=lambda: _leftover_lines(reports, found), table=found
    )


def _leftover_lines(reports: Reports, found: pd.DataFrame) -> list[str]:
    """Show each place in its sentence, the words between 【 and 】, with the reason."""
    lines: list[str] = []
    for row in found.to_dict("records"):
        report = reports[row["report_id"]]
        start, end = row["start"], row["end"]
        before = one_line(report.quote(min(row["sentence_start"], start), start))
        after = one_line(report.quote(end, max(row["sentence_end"], end)))
        words = f"【{one_line(row['quote'])}】"
        room = max(2 * _LEAST_CONTEXT, screen_columns() - columns(words) - 2 * len(_INDENT))
        before = shorten(before, max(room // 2, room - columns(after)), keep="end")
        after = shorten(after, room - columns(before))
        lines += [
            f"{row['report_id']} {start}:{end}  {row['kind']} ({row['strength']}): {row['why']}",
            f"{_INDENT * 2}{before}{words}{after}",
        ]
    unjudged = found.attrs["excluded"]
    lines += [f"{report_id}: its year or place is not known, so not all could be judged" for report_id in unjudged]
    return [*lines, f"{count(len(found), 'place')} to look at in {count(len(reports), 'report')}"]


def run_boilerplate(options: argparse.Namespace) -> int:
    from corpus.analysis.boilerplate.origins import trace_origins
    from corpus.analysis.particulars.specificity import find_particulars

    reports = load_and_name_problems(options.path, options)
    origins = trace_origins(reports)
    shares = trace_origins(reports, by="report", runs=origins)
    scores = find_particulars(reports, by=options.unit)
    told = scores[["report_id", "start", "end", "specificity", "is_heading", "text"]]
    by_passage = trace_origins(reports, by="passage", unit=options.unit, runs=origins)
    passages = by_passage.merge(told, on=["report_id", "start", "end"])
    return finish(
        options,
        reports,
        facts=lambda: _boilerplate_facts(reports, shares, scores, passages, unit=options.unit),
        lines=lambda: _boilerplate_lines(reports, shares, passages, heads_of(options, shares)),
        table=passages,
        parts=(by_passage, scores),
    )


def _boilerplate_facts(
    reports: Reports, shares: pd.DataFrame, scores: pd.DataFrame, passages: pd.DataFrame, *, unit: Any
) -> dict[str, Any]:
    """Return how much of each report is everybody's by every measure, and where each passage comes from.

    Shares of origins are not rounded, so that they add up to 1 exactly.
    """
    from corpus.analysis.boilerplate.boilerplate_measures import tabulate_measures
    from corpus.analysis.boilerplate.formulas import find_formulas
    from corpus.analysis.boilerplate.origins import MIN_ISSUERS

    formulas = find_formulas(reports)
    formulas = formulas[formulas["n_issuers"] >= MIN_ISSUERS]
    measures = tabulate_measures(reports, scores, unit=unit)
    by_report = {report_id: own.drop(columns="report_id") for report_id, own in measures.groupby("report_id")}
    df = {"n_issuers": "df"}
    return {
        "reports": [
            {
                "report_id": row["report_id"],
                "n_key_chars": row["n_key_chars"],
                "measures": records(by_report[row["report_id"]]),
                "origins": {origin: row[f"share_{origin}"] for origin in ORIGINS},
            }
            for row in shares.to_dict("records")
        ],
        "passages": records(
            passages[["report_id", "start", "end", "origin", "n_issuers", "specificity"]].rename(columns=df)
        ),
        "formulas": [
            row | {"places": [dict(zip(("report_id", "start", "end"), place, strict=True)) for place in places]}
            for row, places in zip(
                records(formulas[["template", "n_issuers", "dispersion"]].rename(columns=df)),
                formulas["places"],
                strict=True,
            )
        ],
    }


def _boilerplate_lines(
    reports: Reports, shares: pd.DataFrame, passages: pd.DataFrame, heads: Mapping[str, str]
) -> list[str]:
    """Tell where the characters of each report come from, and quote what no other issuer has, the most specific."""
    from corpus.analysis.boilerplate.boilerplate_measures import tabulate_shares

    ranges = tabulate_shares(reports).groupby("report_id")["share_common"].agg(["min", "max"])
    present = [name for name in _ORIGINS if (shares[f"share_{name}"] > 0).any()]
    above = {name: heads.get(f"share_{name}", _ORIGINS[name][0]) for name in present}
    rows = [(heads.get("report_id", "report"), heads.get("n_key_chars", "chars"), *above.values(), "range")]
    for row in shares.to_dict("records"):
        report_id = row["report_id"]
        spread = "-"
        if report_id in ranges.index:
            low, high = ranges.loc[report_id]
            spread = f"{100 * low:.0f}-{100 * high:.0f}"
        parts = (
            "-" if math.isnan(share) else f"{100 * share:.1f}" for share in (row[f"share_{name}"] for name in present)
        )
        rows.append((fit(report_id, _WIDEST_ID), f"{row['n_key_chars']:,}", *parts, spread))
    told = [
        *((above[name], _ORIGINS[name][1]) for name in present),
        ("range", "the share that is boilerplate, lowest and highest of all definitions"),
    ]
    opening = "Where the characters of each body come from, in %. What others have counts from 12 characters on."
    return [
        *wrap("", opening),
        *(f"{_INDENT}{line}" for line in table_lines(told)),
        "",
        *table_lines(rows, right=True),
        *_particular_lines(passages),
    ]


def _particular_lines(passages: pd.DataFrame) -> list[str]:
    told = passages[~passages["is_heading"].astype(bool)]
    alone = told[told["origin"].isin(("own", "own_or_carried")) & (told["share_origin"] == 1)]
    best = alone.sort_values(["specificity", "n_key_chars"], ascending=[False, True]).drop_duplicates("report_id")
    lines = [
        "",
        f"Of {count(len(told), 'passage')} besides headings, {len(alone):,} share no such stretch with another issuer.",
    ]
    if len(best):
        first = f", the first {_MOST_SPECIFIC}" if len(best) > _MOST_SPECIFIC else ""
        lines += [f"The most specific of each report{first}:"]
    for row in best.head(_MOST_SPECIFIC).to_dict("records"):
        lines.append(f"{_INDENT}{row['report_id']} {row['start']}:{row['end']}  specificity {row['specificity']:.2f}")
        lines += wrap(_INDENT * 2, fit(one_line(row["text"]), 3 * (screen_columns() - 2 * len(_INDENT))))
    return lines
