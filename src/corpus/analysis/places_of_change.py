"""Where in a report what was kept, changed, new and dropped stands: by its parts and by tenths of its length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from corpus.analysis.revisions import CHANGES
from corpus.analysis.tables import build_table, join_columns
from corpus.passages import Outline
from corpus.report import Report, Reports
from corpus.values import ROLES

Place = Literal["part", "tenth"]

NO_ROLE = "none"
"""What stands for the role of a part that has none."""

_SIDE_COLUMNS = ("n_key_chars", "begins", "ends", "role")
_COLUMNS = {
    "issuer": "",
    "earlier": "",
    "later": "",
    "label_earlier": "",
    "label_later": "",
    "change": "",
    "moved": "bool",
    "start_earlier": "Int64",
    "end_earlier": "Int64",
    "n_key_chars_earlier": "int64",
    "begins_earlier": "float64",
    "ends_earlier": "float64",
    "role_earlier": "",
    "start_later": "Int64",
    "end_later": "Int64",
    "n_key_chars_later": "int64",
    "begins_later": "float64",
    "ends_later": "float64",
    "role_later": "",
}
_PLACE_COLUMNS = {
    "place": "",
    "change": "",
    "n_key_chars": "int64",
    "share": "float64",
    "n_passages": "int64",
    "n_pairs": "int64",
}


def locate_changes(reports: Reports, revisions: pd.DataFrame) -> pd.DataFrame:
    """Return where each passage of a revision stands in either report.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame
        From `corpus.align_years` of these reports.

    Returns
    -------
    DataFrame
        The rows of ``revisions`` in their order: issuer; earlier, later: report ids; label_earlier, label_later: place
        (else issuer) and year; change; moved; and for both sides start and end (of ``raw``); n_key_chars: key
        characters; begins, ends: the same place as a share of the key characters of all passages of that report, 0 to
        1; role: of the part that the passage begins in, or ``none``. What stands on one side only has 0 characters,
        NaN and an empty role on the other.
    """
    columns: dict[str, Any] = {name: revisions[name] for name in _COLUMNS if name in revisions.columns}
    for side in ("earlier", "later"):
        labels = {name: _label(reports[name]) for name in revisions[side].unique()}
        columns[f"label_{side}"] = revisions[side].map(labels)
        columns |= {f"{name}_{side}": values for name, values in _place_side(reports, revisions, side).items()}
    return join_columns([columns[name] for name in _COLUMNS], _COLUMNS)


def _label(report: Report) -> str:
    return report.label if report.place else f"{report.issuer} {report.year_reviewed}"


def _place_side(reports: Reports, revisions: pd.DataFrame, side: str) -> Mapping[str, Any]:
    n_rows = len(revisions)
    n_chars, roles = np.zeros(n_rows, dtype=np.int64), np.full(n_rows, "", dtype=object)
    begins, ends = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    starts, stops = (
        revisions[f"{edge}_{side}"].to_numpy(dtype=np.float64, na_value=np.nan) for edge in ("start", "end")
    )
    for pair, rows in revisions.groupby(["earlier", "later"], sort=False).indices.items():
        report = reports[cast(tuple[str, str], pair)[side == "later"]]
        outline = Outline(report)
        here = rows[~np.isnan(starts[rows])]
        spans = [report.key_span(int(starts[row]), int(stops[row])) for row in here]
        n_chars[here] = [last - first for first, last in spans]
        roles[here] = [outline.role_at(int(starts[row])) or NO_ROLE for row in here]
        in_order = here[np.argsort(starts[here], kind="stable")]
        upto = np.cumsum(n_chars[in_order])
        whole = max(1, int(upto[-1])) if len(upto) else 1
        begins[in_order], ends[in_order] = (upto - n_chars[in_order]) / whole, upto / whole
    return dict(zip(_SIDE_COLUMNS, (n_chars, begins, ends, roles), strict=True))


def tabulate_changes(located: pd.DataFrame, by: Place = "part") -> pd.DataFrame:
    """Return how much of each part, or of each tenth, was kept, renumbered, reworded, new and dropped.

    Parameters
    ----------
    located : DataFrame
        From `locate_changes`, or some of its rows; all pairs in it are taken together, character by character.
    by : {"part", "tenth"}
        The part that a passage begins in, by its role; or the tenth of the report that holds its middle.

    Returns
    -------
    DataFrame
        One row a place and change, in reading order: place: a role, ``none``, or ``1`` to ``10``; change; n_key_chars;
        share: of the later reports' characters in that place, so that kept to new together are 1; for dropped, of the
        earlier reports' characters in that place; n_passages; n_pairs: pairs of reports that have something there.
        Places where neither report has anything are left out.
    """
    rows = []
    wholes: dict[str, dict[str, int]] = {}
    sides = {side: _with_place(located, side, by) for side in ("later", "earlier")}
    for side, found in sides.items():
        counted = found.groupby("place")[f"n_key_chars_{side}"].sum()
        wholes[side] = {str(place): int(n_chars) for place, n_chars in counted.items()}
    for place in (*ROLES, NO_ROLE) if by == "part" else map(str, range(1, 11)):
        if not any(place in counted for counted in wholes.values()):
            continue
        for change in CHANGES:
            side = "earlier" if change == "dropped" else "later"
            found = sides[side][(sides[side]["place"] == place)]
            of_change = found[found["change"] == change]
            n_chars, whole = int(of_change[f"n_key_chars_{side}"].sum()), wholes[side].get(place, 0)
            share = n_chars / whole if whole else np.nan
            rows.append((place, change, n_chars, share, len(of_change), found["later"].nunique()))
    return build_table(rows, _PLACE_COLUMNS)


def _with_place(located: pd.DataFrame, side: str, by: Place) -> pd.DataFrame:
    """Return the passages that stand on a side, each with its place there."""
    here = located[located[f"start_{side}"].notna()]
    if by == "part":
        return here.assign(place=here[f"role_{side}"])
    middle = (here[f"begins_{side}"] + here[f"ends_{side}"]) / 2
    return here.assign(place=(np.minimum(middle * 10, 9).astype("int64") + 1).astype(str))
