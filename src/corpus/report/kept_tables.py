"""Tables kept with the reports that they were made from, which never change: asked for again, they are not made again.

So a figure and a table beside it that ask for the same are the same, and nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Signature, signature
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    import pandas as pd

_P = ParamSpec("_P")
_MOST_CELLS = 10_000_000
"""Larger tables are not kept, so that whoever lets go of one has its memory back."""


def keeping_tables(function: Callable[_P, pd.DataFrame]) -> Callable[_P, pd.DataFrame]:
    """Let a function make a table once for the same reports, its first argument, and the same other arguments.

    Each call gets a copy of its own, which shares memory with the others until it is changed. A call with an argument
    that may change, as a list or another table, is not kept.

    Parameters
    ----------
    function : callable
        Its result depends on its arguments alone.
    """
    parameters = signature(function)

    @wraps(function)
    def kept(*args: _P.args, **kwargs: _P.kwargs) -> pd.DataFrame:
        tables, call = _place(parameters, args, kwargs)
        if tables is None:
            return function(*args, **kwargs)
        key = (function.__module__, function.__qualname__, call)
        table = tables.get(key)
        if table is None:
            table = function(*args, **kwargs)
            if table.size > _MOST_CELLS:
                return table
            tables[key] = table
        return table.copy(deep=False)

    return kept


def _place(
    parameters: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[dict[Any, pd.DataFrame] | None, Any]:
    """Return where the tables of the reports of a call are kept, and how the call is known there."""
    try:
        bound = parameters.bind(*args, **kwargs)
    except TypeError:  # the call itself says what is wrong
        return None, None
    bound.apply_defaults()
    values = tuple(bound.arguments.values())
    tables = getattr(values[0], "kept_tables", None) if values else None
    # 1, 1.0 and True are equal, and ask for different things.
    call = tuple((type(value), value) for value in values[1:])
    try:
        hash(call)
    except TypeError:
        return None, None
    return tables, call
