"""The inventory of formulas: phrases that several reports have word for word."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.ngrams import row_of_keys
from corpus.analysis.phrases import find_phrases
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import CorpusError, Role

_COLUMNS = {
    "template": "",
    "key": "",
    "length_chars": "int64",
    "n_reports": "int64",
    "n_places": "int64",
    "reports": "object",
    "places": "object",
}
_SHORTEST = 2


def find_formulas(
    reports: Reports, *, min_reports: int = 3, min_chars: int = 6, role: Role | None = None
) -> pd.DataFrame:
    """Return the phrases that stand in several reports, each as long as it can be.

    A phrase is a stretch of ``key``, so that punctuation, its width and quotes do not count; it may cross the end
    of a sentence. It is left out if one longer phrase stands around it at all its places: 法治政府建 is, where it is
    followed by 设 each time; 法治政府建设 is not, where it is followed by 工作 or by 情况.

    Parameters
    ----------
    reports : Reports
    min_reports : int
        Least number of reports, 2 or more. Three distinguishes what is common from what two reports share.
    min_chars : int
        Least number of key characters, 2 or more. The default, 6, is about three words: shorter ones are mostly
        terms.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        By n_reports and length_chars, both falling, then key. template: the phrase as printed in the first report
        that has it; key; length_chars: its key characters; n_reports: how many reports have it (document
        frequency); n_places: how often it stands in all; reports: list of their ids; places: list of (report_id,
        start, end), each a span of code points of ``raw``, end exclusive, in the order of the reports.

    Raises
    ------
    CorpusError
        If ``min_reports`` or ``min_chars`` is below 2, the role is none of the roles, or the phrases stand at
        more places than a table can list.
    """
    if min_reports < 2:
        raise CorpusError(f"min_reports={min_reports}: a formula stands in 2 reports or more")
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would list single characters; it must be {_SHORTEST} or more")
    row = row_of_keys(reports, [report.regions(role) for report in reports])
    rows = []
    for phrase in find_phrases(row, min_chars, min_reports=min_reports):
        places = []
        for place in phrase.places.tolist():
            report, start = reports[int(row.owners[place])], int(row.places[place])
            places.append((report.report_id, *report.raw_span(start, start + phrase.length)))
        first = reports[int(row.owners[phrase.places[0]])]
        key_start = int(row.places[phrase.places[0]])
        key = first.key[key_start : key_start + phrase.length]
        template = first.quote(*places[0][1:])
        holders = list(dict.fromkeys(report_id for report_id, _, _ in places))
        rows.append((template, key, phrase.length, phrase.n_reports, len(places), holders, places))
    rows.sort(key=lambda row: (-row[3], -row[2], row[1]))
    return build_table(rows, _COLUMNS)
