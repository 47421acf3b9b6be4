"""Terms as the rows of a figure and the reports that may name them as its columns."""

from __future__ import annotations

from typing import Final

import pandas as pd

from corpus.publishing.draw.fitting import short_name, width_of
from corpus.publishing.draw.rows import LONGEST_NAME
from corpus.publishing.look import both
from corpus.publishing.style import MM_PER_INCH, SIZES

POINTS_PER_MM: Final = 72 / MM_PER_INCH
NAMES_MM: Final = 42.0
LINE_MM: Final = 2.3  # rows closer than this cannot all be named
MOST_TERMS: Final = 48
NARROW_MM: Final = 120.0  # below this there is no room for words on both sides


def arrange_mentions(
    marks: pd.DataFrame, *, last: int, longest: float = LONGEST_NAME
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the last terms in their rows, the reports or years in their places, the marks with row and place."""
    terms = marks.drop_duplicates(["term", "from"]).tail(last).reset_index(drop=True)
    columns = marks.drop_duplicates(["column", "day"]).sort_values(["day", "column"]).reset_index(drop=True)
    days = columns["day"].dt.strftime("%Y-%m-%d").where(columns["day_basis"] != "year end", both("undated", "日期不详"))
    n_reports = "n=" + columns["n_reports"].astype(str)
    below = n_reports if (columns["n_reports"] > 1).any() else days
    columns = columns.assign(
        heading=[f"{short_name(name, longest)}\n{end}" for name, end in zip(columns["column"], below, strict=True)]
    )
    rows = terms.reset_index(names="row")[["term", "from", "row"]]
    places = columns.reset_index(names="place")[["column", "day", "place"]]
    return terms, columns, marks.merge(rows, on=["term", "from"]).merge(places, on=["column", "day"])


def day_it_came(term: pd.Series) -> str:
    """Return the day a term came, in brackets where it is from memory."""
    return f"({term['from']})" if term["checked"] == "memory" else str(term["from"])


def wide_mm(heading: str, size: str) -> float:
    """Return about how wide the lines of a heading become, in millimetres."""
    return max(map(width_of, heading.split("\n"))) * SIZES[size] / POINTS_PER_MM
