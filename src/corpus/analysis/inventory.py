"""The inventory of formulas as tables to read and to draw: only the longest phrases, a row for each report."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.report import Reports

_COLUMNS = {
    "template": "",
    "length_chars": "int64",
    "n_reports": "int64",
    "report_id": "",
    "report_label": "",
    "n_places": "int64",
    "places": "object",
}

_KINDS = {
    "law": "law or plan",
    "regulation": "law or plan",
    "plan": "law or plan",
    "organ": "organ",
    "meeting": "organ",
    "slogan": "slogan",
    "campaign": "slogan",
}
_OTHER_TERM = "term"
PHRASE = "phrase"
"""A formula that is not, for the most part, names and terms that are known."""


def keep_longest(formulas: pd.DataFrame) -> pd.DataFrame:
    """Return the formulas that lie in no longer formula of the same reports, in their order.

    法治政府建设 is left out where 法治政府建设工作 stands in the same reports, though not at all the same places.

    Parameters
    ----------
    formulas : DataFrame
        As `corpus.find_formulas` returns it.
    """
    longer: dict[tuple[str, ...], list[str]] = {}
    kept = []
    by_length = formulas.sort_values("length_chars", ascending=False, kind="stable")
    for index, key, reports in zip(by_length.index, by_length["key"], by_length["reports"], strict=True):
        known = longer.setdefault(tuple(reports), [])
        if not any(key in other for other in known):
            known.append(key)
            kept.append(index)
    return formulas.loc[sorted(kept)].reset_index(drop=True)


def describe_formulas(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return the formulas with what they are and where they live: names and slogans told from phrases.

    Parameters
    ----------
    reports : Reports
        Their ``lexicon.kinds`` says what terms are.
    formulas : DataFrame
        As `corpus.find_formulas` returns it, from the same reports.

    Returns
    -------
    DataFrame
        The rows of ``formulas`` with the columns kind: ``law or plan``, ``organ`` (and meetings), ``slogan`` (and
        campaigns) or ``term`` (other terms of the lexicon), if terms of that sort make up half of its key characters
        or more, and ``phrase`` if none does; roles: of the parts in which its places begin, the most frequent first.
    """
    kinds = {"".join(filter(str.isalnum, term)): kind for term, kind in reports.lexicon.kinds.items()}
    kinds = dict(sorted(kinds.items(), key=lambda item: (-len(item[0]), item[0])))
    parts = {report.report_id: [(part.start, str(part.role or "none")) for part in report.parts] for report in reports}
    roles = []
    for places in formulas["places"]:
        found: Counter[str] = Counter()
        for report_id, start, _ in places:
            own = parts[report_id]
            at = bisect_right(own, start, key=lambda part: part[0]) - 1
            found[own[at][1] if at >= 0 else "none"] += 1
        roles.append(", ".join(role for role, _ in found.most_common()))
    return formulas.assign(kind=[_kind_of(key, kinds) for key in formulas["key"]], roles=roles)


def _kind_of(key: str, kinds: Mapping[str, str]) -> str:
    """Return what most of a formula is, the longest terms first, each character counted once."""
    rest, counts = key, Counter[str]()
    for term, kind in kinds.items():
        if term and term in rest:
            counts[_KINDS.get(kind, _OTHER_TERM)] += len(term) * rest.count(term)
            rest = rest.replace(term, "|")
    kind, n_chars = max(counts.items(), key=lambda item: item[1], default=(PHRASE, 0))
    return kind if 2 * n_chars >= len(key) else PHRASE


def spread_formulas(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return one row a formula and report, whether the report has it or not.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        As `corpus.find_formulas` returns it, from the same reports.

    Returns
    -------
    DataFrame
        In the order of the formulas, then of the reports: template, in one line; length_chars; n_reports: how many
        reports have it; report_id; report_label; n_places: how often it stands in this report, 0 or more; places:
        list of (report_id, start, end), code points of ``raw``.
    """
    rows = []
    columns = (formulas[name] for name in ("template", "length_chars", "n_reports", "places"))
    for template, length, n_reports, places in zip(*columns, strict=True):
        words = "".join(template.split())
        for report in reports:
            own = [place for place in places if place[0] == report.report_id]
            rows.append((words, length, n_reports, report.report_id, report.label, len(own), own))
    return build_table(rows, _COLUMNS)
