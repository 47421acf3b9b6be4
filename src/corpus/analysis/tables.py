"""One row a report, one row a passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from corpus.report import Report, Reports
from corpus.values import Role, Unit

_REPORT_COLUMNS = {
    "report_id": "",
    "issuer": "",
    "place": "",
    "province": "",
    "prefecture": "",
    "county": "",
    "adcode": "",
    "level": "",
    "year_reviewed": "Int64",
    "published": "datetime64[s]",
    "signed": "datetime64[s]",
    "title": "",
    "length_chars": "int64",
    "length_key_chars": "int64",
    "n_paragraphs": "int64",
    "n_sentences": "int64",
    "n_headings": "int64",
    "n_changes": "int64",
    "n_warnings": "int64",
    "file": "",
    "encoding": "",
}
_PASSAGE_COLUMNS = {
    "report_id": "",
    "start": "int64",
    "end": "int64",
    "text": "",
    "section": "",
    "role": "",
    "is_heading": "bool",
    "length_chars": "int64",
}


def build_table(rows: Iterable[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a table with these columns and types, the same for no rows at all.

    Parameters
    ----------
    rows : iterable of sequence
        One value a column.
    columns : mapping of str to str
        Name of each column and its dtype; an empty dtype leaves what pandas makes of the values.
    """
    table = pd.DataFrame(list(rows), columns=list(columns))
    return table.astype({name: dtype for name, dtype in columns.items() if dtype})


def join_columns(values: Iterable[Sequence[Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return columns as a table: as `build_table`, for tables too long to be made row by row.

    Parameters
    ----------
    values : iterable of sequence
        The values of each column, all of the same length.
    columns : mapping of str to str
        Name of each column and its dtype; an empty dtype leaves what pandas makes of the values.
    """
    table = pd.DataFrame(dict(zip(columns, values, strict=True)))
    return table.astype({name: dtype for name, dtype in columns.items() if dtype})


def tabulate_reports(reports: Reports) -> pd.DataFrame:
    """Return one row a report, in the order of the reports.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        report_id; issuer, place, province, prefecture, county, adcode, level, year_reviewed, published, signed,
        title: what the report's facts say, empty where a fact is absent or ambiguous; length_chars: characters of
        the body in ``text``; length_key_chars: Han characters, letters and digits among them; n_paragraphs and
        n_sentences of the body; n_headings; n_changes (faithful fixes, the whole file); n_warnings; file, encoding.
    """
    return build_table((_report_row(report) for report in reports), _REPORT_COLUMNS)


def _report_row(report: Report) -> tuple[Any, ...]:
    facts = ("province", "prefecture", "county", "adcode", "level", "year_reviewed", "published", "signed", "title")
    body = report.layout.body
    key_start, key_end = report.key_span(*body)
    return (
        report.report_id,
        report.issuer,
        report.place,
        *(report.value(name) for name in facts),
        len(report.quote(*body)),
        key_end - key_start,
        len(report.passages("paragraph")),
        len(report.passages("sentence")),
        len(report.headings),
        len(report.changes),
        len(report.warnings),
        report.source.file,
        report.source.encoding,
    )


def tabulate_passages(reports: Reports, unit: Unit = "sentence", *, role: Role | None = None) -> pd.DataFrame:
    """Return one row a passage of the bodies, in reading order.

    Parameters
    ----------
    reports : Reports
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        `corpus.passages.split_text` says where each ends.
    role : str, optional
        Only the passages of parts with this role.

    Returns
    -------
    DataFrame
        report_id; start, end: code points of ``raw``, end exclusive; text: the words as in ``report.text``;
        section: the innermost heading above; role; is_heading; length_chars: characters of ``text``.

    Raises
    ------
    CorpusError
        If the unit or the role is none of these.
    """
    return build_table(
        (
            (report.report_id, p.start, p.end, p.text, p.section, p.role, p.is_heading, len(p.text))
            for report in reports
            for p in report.passages(unit, role=role)
        ),
        _PASSAGE_COLUMNS,
    )
