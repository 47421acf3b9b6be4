"""What the commands answer as JSON: facts, spans and measures, with offsets that the file alone can check."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus.cli.checking import Findings
from corpus.report.reports import Report, Reports
from corpus.report.values import FACTS, ORIGINS, Fact, Problem, Span

if TYPE_CHECKING:
    import pandas as pd

_SIGNIFICANT = 10
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def as_json(facts: Any) -> str:
    """Return an answer as JSON, in which characters that a screen obeys or cannot show are written as escapes."""
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(facts, ensure_ascii=False, indent=1))


def report_answer(report: Report) -> dict[str, Any]:
    """Return everything that was found in a report. Offsets count code points of ``raw``, end exclusive."""
    return {
        "report_id": report.report_id,
        "file": report.source.file,
        "sha256": report.source.sha256,
        "encoding": report.source.encoding,
        **{name: _fact(report.facts[name]) for name in FACTS},
        "salutation": _span(report.layout.salutation),
        "signature": _span(report.layout.signature),
        "body": _span(report.layout.body),
        "clutter": [_span(span) for span in report.layout.clutter],
        "set_aside": [_fields(stretch, "start", "end", "reason") for stretch in report.layout.set_aside],
        "parts": [_fields(part, "role", "start", "end", "headed") for part in report.parts],
        "headings": [
            _fields(heading, "depth", "label", "text", "start", "end", "run_in", "role") for heading in report.headings
        ],
        "changes": [_fields(change, "name", "start", "end", "before", "after") for change in report.changes],
        "warnings": _notices(report),
    }


def check_answer(reports: Reports, findings: Findings) -> dict[str, Any]:
    """Return which reports load, with what should be known of each, and which do not, and why.

    ``genre`` is what the collection consists of where that is no reports on law-based government, else empty;
    ``to_check`` has the codes that `corpus check` prints, with what stands in brackets behind them.
    """
    return {
        "genre": findings.genre,
        "reports": [
            {
                "report_id": report.report_id,
                "file": report.source.file,
                "sha256": report.source.sha256,
                "encoding": report.source.encoding,
                "reader": report.source.reader,
                "characters": len(report.raw),
                "title": report.title,
                "issuer": report.issuer,
                "place": report.place,
                "level": report.level,
                "year_reviewed": report.year_reviewed,
                "published": report.value("published"),
                "body": _span(report.layout.body),
                "warnings": _notices(report),
                "to_check": [{"code": code, "about": about} for code, about in findings.by_report[report.report_id]],
            }
            for report in reports
        ],
        "problems": [_problem(problem) for problem in reports.problems],
    }


def comparison_answer(
    a: Report,
    b: Report,
    *,
    measures: Mapping[str, Any],
    reference: tuple[str, Sequence[str]],
    passages: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return the measures of two reports and the passages that they share.

    Parameters
    ----------
    a, b : Report
    measures : mapping of str to number
        A row of `corpus.compare_reports` with ``minimum_edit``, without the names of the reports.
    reference : (str, sequence of str)
        What the collection is called that words are weighted by, and the ids of its reports.
    passages : iterable of mappings
        Rows of `corpus.find_reuse`.
    """
    return {
        "a": a.report_id,
        "b": b.report_id,
        "measures": {name: _number(value) for name, value in measures.items()},
        "reference": {"name": reference[0], "reports": list(reference[1])},
        "passages": [
            {
                "a": [int(row["start_a"]), int(row["end_a"])],
                "b": [int(row["start_b"]), int(row["end_b"])],
                "text_a": row["text_a"],
                "text_b": row["text_b"],
                "matched_chars": int(row["matched_chars"]),
                "similarity": _number(row["similarity"]),
            }
            for row in passages
        ],
    }


def boilerplate_answer(
    shares: pd.DataFrame, measures: pd.DataFrame, *, passages: pd.DataFrame, formulas: pd.DataFrame
) -> dict[str, Any]:
    """Return how much of each report is everybody's by every measure, and where each passage comes from.

    Parameters
    ----------
    shares : DataFrame
        From `corpus.trace_origins` by report. These shares are not rounded, so that they add up to 1 exactly.
    measures : DataFrame
        From `corpus.analysis.boilerplate.boilerplate_measures.tabulate_measures`.
    passages : DataFrame
        From `corpus.trace_origins` by passage, with specificity.
    formulas : DataFrame
        From `corpus.find_formulas`.
    """
    by_report = {report_id: own.drop(columns="report_id") for report_id, own in measures.groupby("report_id")}
    df = {"n_issuers": "df"}
    listed = formulas[["template", "n_issuers", "dispersion"]].rename(columns=df)
    return {
        "reports": [
            {
                "report_id": row["report_id"],
                "n_key_chars": row["n_key_chars"],
                "measures": records(by_report[row["report_id"]]),
                "origins": {origin: _or_none(row[f"share_{origin}"]) for origin in ORIGINS},
            }
            for row in shares.to_dict("records")
        ],
        "passages": records(
            passages[["report_id", "start", "end", "origin", "n_issuers", "specificity"]].rename(columns=df)
        ),
        "formulas": [
            row | {"places": [_place(*place) for place in places]}
            for row, places in zip(records(listed), formulas["places"], strict=True)
        ],
    }


def _place(report_id: str, start: int, end: int) -> dict[str, Any]:
    return {"report_id": report_id, "start": int(start), "end": int(end)}


def _or_none(share: float) -> float | None:
    return None if share != share else share


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, with None for what is missing and ten significant digits of a fraction."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(name): _number(value) for name, value in row.items()} for row in rows]


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "value": fact.value,
        "basis": fact.basis,
        "evidence": _span(fact.evidence),
        "readings": list(fact.readings),
    }


def _notices(report: Report) -> list[dict[str, Any]]:
    return [
        {"code": notice.code, "message": notice.message, "evidence": _span(notice.evidence)}
        for notice in report.warnings
    ]


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _fields(value: object, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _problem(problem: Problem) -> dict[str, Any]:
    return _fields(problem, "file", "place", "code", "message", "remedy")


def _number(value: Any) -> Any:
    """Return a number of Python, a float with 10 significant digits; what has no value as None."""
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, float):
        return value
    return None if value != value else float(f"{value:.{_SIGNIFICANT}g}")
