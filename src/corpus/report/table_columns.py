"""Tables made from rows or columns: the same names and types for no rows at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd


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
