"""Tables as files of comma-separated values: the same bytes for the same values, floats with ten significant digits."""

from __future__ import annotations

import pandas as pd

from corpus.errors import CorpusError

SIGNIFICANT = "%.10g"


def csv_text(table: pd.DataFrame, *, named: str) -> str:
    """Return a table as comma-separated values; the index is written where it has a name.

    In a file a byte order mark goes in front (``utf-8-sig``), by which Excel knows that the characters are UTF-8.

    Parameters
    ----------
    table : DataFrame
    named : str
        What the table is called in messages.

    Raises
    ------
    CorpusError
        If the index holds values and has no name.
    """
    has_name = any(level is not None for level in table.index.names)
    if not has_name and not pd.api.types.is_integer_dtype(table.index):
        raise CorpusError(f"{named}: the index of the table holds values but has no name; name it or reset it")
    # float_format reaches columns of floats only, not floats among other values.
    mixed = {column: table[column].map(_rounded) for column in table.columns if table[column].dtype == object}
    return table.assign(**mixed).to_csv(index=has_name, lineterminator="\n", float_format=SIGNIFICANT)


def _rounded(value: object) -> object:
    return float(SIGNIFICANT % value) if isinstance(value, float) else value
