"""The commands that ask for words, passages and measures of a collection."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import corpus
from corpus.cli.asking import Answer, name_apart, question, records, told_rows, write_csv
from corpus.publishing.writing import screen
from corpus.publishing.writing.screen import count, one_line
from corpus.report.reports import Reports
from corpus.report.values import ORIGINS

if TYPE_CHECKING:
    import pandas as pd

_INDENT = "  "
_LEAST_CONTEXT = 12
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
_SHOWN_OF_PANEL = ["issuer", "year_reviewed", "n_key_chars", "share_flagged", "share_specific", "share_kept", "n_plans"]
_OF_PATTERNS = re.compile(r"[][.(){}|^$+?\\]")
_HINT = "a regular expression is searched with --regex"
_NO_PAIRS = "No issuer has reports on two years that follow each other: nothing can be aligned."
_CHANGES = ("kept", "renumbered", "reworded", "new", "dropped", "moved")


@question
def run_find(reports: Reports, options: argparse.Namespace) -> Answer:
    from corpus.analysis.words.concordance import find_hits
    from corpus.report.table_columns import build_table

    asked = {"role": options.role, "regex": options.regex}
    if options.by != "place":
        table = corpus.find_terms(reports, options.terms, by=options.by, **asked)
        return Answer(lambda: _trends(table) if options.by == "year" else _spread(table), table)
    hits = find_hits(reports, options.terms, **asked)
    if options.sort is not None:
        # By what is read next: behind the term from it on, before it backwards.
        hits.sort(key=lambda hit: _words_of(hit.after) if options.sort == "after" else _words_of(hit.before)[::-1])
    rows = [hit._asdict() for hit in hits]
    written = None if options.csv is None else build_table(hits, "find_terms")
    hint = [] if hits or options.regex or not any(map(_OF_PATTERNS.search, options.terms)) else [_HINT]
    return Answer(lambda: [*_concordance(rows), *hint], written, lambda: rows)


def _words_of(context: str) -> str:
    """Return what of a context sorts: letters, digits and Han characters."""
    return "".join(filter(str.isalnum, context))


def _concordance(hits: Sequence[dict[str, Any]]) -> list[str]:
    """Show each hit on a line, the terms below each other, between their contexts."""
    places = screen.table_lines(
        [(row["report_id"], f"{row['start']}:{row['end']}", row["role"] or "-") for row in hits]
    )
    widest = max(map(screen.columns, places), default=0)
    longest = max((screen.columns(one_line(row["hit"])) for row in hits), default=0)
    room = max(_LEAST_CONTEXT, (screen.screen_columns() - widest - longest - 4) // 2)
    lines = []
    for place, row in zip(places, hits, strict=True):
        before = screen.cut(one_line(row["before"]), room, keep="end")
        after = screen.cut(one_line(row["after"]), room, keep="start")
        opening = f"{screen.pad(place, widest)}  {screen.pad(before, room, right=True)}"
        lines.append(f"{opening} {one_line(row['hit'])} {after}".rstrip())
    return [*lines, count(len(hits), "hit")]


def _trends(table: pd.DataFrame) -> list[str]:
    """Show each term on a line: its rate in each year, and in how many of the reports on the year it stands."""
    rate = "{year_reviewed}: {per_10000_chars:.1f} ({n_reports}/{n_reports_in_year})"
    rates = [
        (str(term), "  ".join(rate.format_map(row) for row in own.to_dict("records")))
        for term, own in table.groupby("term", sort=False)
    ]
    return [*screen.table_lines(rates), "places per 10,000 characters (reports that have it / reports on the year)"]


def _spread(table: pd.DataFrame, most: int | None = None) -> list[str]:
    """Show words or terms: how often each stands, in how many reports, how evenly spread; the first so many."""
    rows = table.head(most) if most else table
    shown = [
        ["-" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else one_line(str(cell)) for cell in row]
        for row in rows.astype(object).where(rows.notna(), None).itertuples(index=False)
    ]
    told = count(len(table), "row")
    if len(rows) < len(table):
        told = f"the first {len(rows)} of {told}; --csv FILE writes all"
    return [*screen.table_lines([list(table.columns), *shown]), told] if shown else ["nothing found"]


@question
def run_words(reports: Reports, options: argparse.Namespace) -> Answer:
    table = corpus.tabulate_words(reports, by="word", dictionary=options.dictionary, stop_words=options.stop_words)
    told = table[~table["is_stop_word"] & ~table["is_number"]]
    return Answer(lambda: _spread(told.iloc[:, [0, 3, 4, 5, 6]], _MOST_ROWS), table)


@question
def run_lexicon(reports: Reports, options: argparse.Namespace) -> Answer:
    table = corpus.tabulate_words(reports, by="candidate", dictionary=options.dictionary)
    return Answer(lambda: _spread(table, _MOST_ROWS), table.assign(accept=""))


@question
def run_panel(reports: Reports, options: argparse.Namespace) -> Answer:
    from corpus.publishing.writing.whole_files import write_new
    from corpus.report.table_columns import codebook

    panel = corpus.tabulate_panel(reports)
    if options.csv is not None:
        write_csv(panel, options)
        meanings = codebook("tabulate_panel").to_csv(index=False, lineterminator="\n")
        write_new(Path(options.csv).with_name("columns.csv"), meanings.encode("utf-8-sig"))
    return Answer(lambda: _spread(panel[_SHOWN_OF_PANEL]), None, lambda: records(panel))


@question
def run_years(reports: Reports, options: argparse.Namespace) -> Answer:
    from corpus.analysis.years.changes import share_revisions

    asked = {"max_gap": options.max_gap}
    successions = corpus.align_years(reports, by="report", **asked)
    revisions = corpus.align_years(reports, unit=options.unit, edits=bool(options.json or options.csv), **asked)
    shares = share_revisions(reports, revisions)
    told = {"reports": successions, "shares": shares, "passages": revisions}
    return Answer(
        lambda: _year_lines(options, successions, shares, revisions),
        revisions,
        lambda: {name: records(table) for name, table in told.items()},
    )


def _year_lines(
    options: argparse.Namespace, successions: pd.DataFrame, shares: pd.DataFrame, revisions: pd.DataFrame
) -> list[str]:
    """Tell how much each report took from its predecessor, and which reports have none and why."""
    lines = [_NO_PAIRS]
    if len(shares):
        new = revisions[revisions["new_for"].isin(("issuer", "everybody"))].groupby("later")["new_for"]
        new_for = {later: f"{(found == 'everybody').sum()} of {len(found)}" for later, found in new}
        shown = {"issuer": "issuer", "year_later": "year", "year_earlier": "after", "later": "report"}
        forms = {column: (head, "{}") for column, head in shown.items()}
        forms |= {f"share_{name}": (name, "{:.1%}") for name in _CHANGES} | {"new": ("new for everybody", "{}")}
        rows = told_rows(options, shares.assign(new=shares["later"].map(new_for)), forms)
        lines = [
            "Shares of key characters: of the later report, but dropped of the earlier.",
            *screen.table_lines(rows),
        ]
    noted = successions[successions["note"] != ""]
    lines += screen.block(
        "without a predecessor, or across a gap", [*zip(noted["report_id"], noted["note"], strict=True)]
    )
    return [*lines, "", f"{count(len(successions), 'report')}, {count(len(shares), 'pair')} aligned"]


@question
def run_plans(reports: Reports, options: argparse.Namespace) -> Answer:
    from corpus.report.succession import find_successions

    plans = corpus.follow_plans(reports, max_gap=options.max_gap)
    nothing = [] if find_successions(reports, max_gap=options.max_gap) else [_NO_PAIRS]
    return Answer(lambda: [*nothing, *_plan_lines(plans)], plans)


def _plan_lines(plans: pd.DataFrame) -> list[str]:
    """Show each plan with its outcome, then how often there was each, by report where there are several."""
    lines: list[str] = []
    room = screen.screen_columns() - 4 * len(_INDENT)
    for row in plans.to_dict("records"):
        found = row["outcome"] != "not-found"
        sure = f" ({row['similarity']:.2f}, {row['certainty']}{', another base' * row['other_base']})" if found else ""
        lines += [
            f"{row['earlier']} {row['start_earlier']}:{row['end_earlier']}  {row['outcome']}{sure}",
            f"{_INDENT * 2}{screen.shorten(one_line(row['text']), room)}",
        ]
        if found:
            lines += [
                f"{_INDENT}{row['later']} {int(row['start_later'])}:{int(row['end_later'])}  {row['part_later']}",
                f"{_INDENT * 2}{screen.shorten(one_line(row['text_later']), room)}",
            ]
    if plans["other_base"].any():
        lines += ["", "another base: what came back counts several years together, or all that there is"]
    counts = Counter(map(str, plans["outcome"]))
    by_report = plans.groupby(["later", "outcome"], sort=False, observed=True).size().unstack(fill_value=0)
    if len(by_report) > 1:
        outcomes = [outcome for outcome, _ in counts.most_common()]
        names = name_apart(by_report.index.tolist())
        rows = [[names[report_id], *map(str, own)] for report_id, *own in by_report[outcomes].itertuples()]
        lines += ["", *screen.table_lines([["a year later", *outcomes], *rows], right=True), ""]
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in counts.most_common())
    return [*lines, f"{count(len(plans), 'row')} of plans and shortcomings{': ' * bool(told)}{told}"]


@question
def run_leftovers(reports: Reports, options: argparse.Namespace) -> Answer:
    found = corpus.find_leftovers(reports, typos=options.typos)
    told = found[["report_id", "start", "end", "kind", "strength", "quote", "why"]]
    return Answer(lambda: _leftover_lines(reports, found), found, lambda: records(told))


def _leftover_lines(reports: Reports, found: pd.DataFrame) -> list[str]:
    """Show each place in its sentence, the words between 【 and 】, with the reason."""
    lines: list[str] = []
    for row in found.to_dict("records"):
        report = reports[row["report_id"]]
        start, end = row["start"], row["end"]
        before = one_line(report.quote(min(row["sentence_start"], start), start))
        after = one_line(report.quote(end, max(row["sentence_end"], end)))
        words = f"【{one_line(row['quote'])}】"
        room = max(2 * _LEAST_CONTEXT, screen.screen_columns() - screen.columns(words) - 2 * len(_INDENT))
        before = screen.shorten(before, max(room // 2, room - screen.columns(after)), keep="end")
        after = screen.shorten(after, room - screen.columns(before))
        lines += [
            f"{row['report_id']} {start}:{end}  {row['kind']} ({row['strength']}): {row['why']}",
            f"{_INDENT * 2}{before}{words}{after}",
        ]
    unjudged = found.attrs["excluded"]
    lines += [f"{report_id}: its year or place is not known, so not all could be judged" for report_id in unjudged]
    return [*lines, f"{count(len(found), 'place')} to look at in {count(len(reports), 'report')}"]


@question
def run_boilerplate(reports: Reports, options: argparse.Namespace) -> Answer:
    origins = corpus.trace_origins(reports)
    shares = corpus.trace_origins(reports, by="report", runs=origins)
    scores = corpus.find_particulars(reports, by=options.unit)
    told = scores[["report_id", "start", "end", "specificity", "is_heading", "text"]]
    by_passage = corpus.trace_origins(reports, by="passage", unit=options.unit, runs=origins)
    passages = by_passage.merge(told, on=["report_id", "start", "end"])
    return Answer(
        lambda: _boilerplate_lines(options, shares, passages),
        passages,
        lambda: _boilerplate_facts(reports, shares, scores, passages, unit=options.unit),
        (by_passage, scores),
    )


def _boilerplate_facts(
    reports: Reports, shares: pd.DataFrame, scores: pd.DataFrame, passages: pd.DataFrame, *, unit: Any
) -> dict[str, Any]:
    """Return how much of each report is everybody's by every measure, and where each passage comes from.

    Shares of origins are not rounded, so that they add up to 1 exactly.
    """
    from corpus.analysis.boilerplate.boilerplate_measures import tabulate_measures
    from corpus.analysis.boilerplate.origins import MIN_ISSUERS

    formulas = corpus.find_formulas(reports)
    formulas = formulas[formulas["n_issuers"] >= MIN_ISSUERS]
    named = ("report_id", "start", "end")
    places = [[dict(zip(named, place, strict=True)) for place in own] for own in formulas["places"]]
    measures = dict(list(tabulate_measures(reports, scores, unit=unit).groupby("report_id")))
    df = {"n_issuers": "df"}
    told = passages[[*named, "origin", "n_issuers", "specificity"]]
    return {
        "reports": [
            {
                "report_id": row["report_id"],
                "n_key_chars": row["n_key_chars"],
                "measures": records(measures[row["report_id"]].drop(columns="report_id")),
                "origins": {origin: row[f"share_{origin}"] for origin in ORIGINS},
            }
            for row in shares.to_dict("records")
        ],
        "passages": records(told.rename(columns=df)),
        "formulas": records(formulas[["template", "n_issuers", "dispersion"]].rename(columns=df).assign(places=places)),
    }


def _boilerplate_lines(options: argparse.Namespace, shares: pd.DataFrame, passages: pd.DataFrame) -> list[str]:
    """Tell where the characters of each report come from, and quote what no other issuer has, the most specific."""
    present = [name for name in _ORIGINS if (shares[f"share_{name}"] > 0).any()]
    percent = {f"share_{name}": 100 * shares[f"share_{name}"] for name in present}
    names = name_apart(shares["report_id"].tolist())
    told = shares.assign(**percent, report_id=shares["report_id"].map(names))
    forms = {"report_id": ("report", "{}"), "n_key_chars": ("chars", "{:,}")}
    forms |= {f"share_{name}": (_ORIGINS[name][0], "{:.1f}") for name in present}
    rows = told_rows(options, told, forms)
    meanings = [_ORIGINS[name][1] for name in present]
    opening = "Where the characters of each body come from, in %. What others have counts from 12 characters on."
    return [
        *screen.wrap("", opening),
        *(f"{_INDENT}{line}" for line in screen.table_lines(zip(rows[0][2:], meanings, strict=True))),
        "",
        *screen.table_lines(rows, right=True),
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
        lines += screen.wrap(
            _INDENT * 2, screen.fit(one_line(row["text"]), 3 * (screen.screen_columns() - 2 * len(_INDENT)))
        )
    return lines
