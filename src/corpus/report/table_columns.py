"""Tables and their columns: each is declared once, in ``data/columns``, and made, checked and explained from there.

A row of these files declares a column of a table: its name, dtype, unit, range, meaning in English and Chinese, and
what stands above it where it is shown. A table is called as the function that returns it, with what was asked for
behind a point where a function returns several: ``measure_boilerplate.passage``. Columns that a table has only where
they are asked for are declared behind a plus, ``find_reuse+quotes``, and a table with them is called so. What stands
under the table ``*`` holds for the columns of that name in all tables; a row of a table says only what it says
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, wraps
from inspect import Signature, signature
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows

if TYPE_CHECKING:
    import pandas as pd

_P = ParamSpec("_P")
_MOST_CELLS = 10_000_000
"""Larger tables are not kept, so that whoever lets go of one has its memory back."""


def keeping_tables(function: Callable[_P, pd.DataFrame]) -> Callable[_P, pd.DataFrame]:
    """Let a function make a table once for the same reports, its first argument, and the same other arguments.

    Each call gets a copy of its own, which shares memory with the others until it is changed. A call with an argument
    that may change, as a list, another table or a file, is not kept.

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
    if any(isinstance(value, PathLike) or (isinstance(value, str) and Path(value).is_file()) for value in values[1:]):
        return None, None
    tables = getattr(values[0], "kept_tables", None) if values else None
    # 1, 1.0 and True are equal, and ask for different things.
    call = tuple((type(value), value) for value in values[1:])
    try:
        hash(call)
    except TypeError:
        return None, None
    return tables, call


EVERY = "*"
"""The table whose columns are those that many tables have."""

_T = TypeVar("_T")
_MARK = "{columns of "


class Column(NamedTuple):
    """A column of a table, as it is declared.

    Attributes
    ----------
    name : str
    dtype : str
        As pandas calls it; empty where it leaves the values as they are: words, lists.
    unit : str
        What is counted or measured: ``characters``, ``share``, ``code points of raw``; empty for words.
    range : str
        Between which values it lies: ``0 to 1``, ``1 and more``; empty where nothing bounds it.
    meaning, meaning_zh : str
    head, head_zh : str
        What stands above it in notebooks and pages.
    """

    name: str
    dtype: str
    unit: str
    range: str
    meaning: str
    meaning_zh: str
    head: str
    head_zh: str

    def __str__(self) -> str:
        """Tell it in a line, as docstrings do."""
        bounds = ", ".join(filter(None, (self.unit, self.range)))
        return f"{self.name} : {self.dtype or 'object'}{f' ({bounds})' if bounds else ''}. {self.meaning}"


@cache
def declared_tables() -> Mapping[str, tuple[Column, ...]]:
    """Return the columns of every table by its name, in their order; of a name with a plus, those that are added."""
    rows = [row for file in sorted(data_path("columns").glob("*.csv")) for row in read_rows(file)]
    shared = {row["column"]: row for row in rows if row["table"] == EVERY}
    tables: dict[str, list[Column]] = {}
    for row in rows:
        everywhere = shared.get(row["column"], {})
        known = (row[field] or everywhere.get(field, "") for field in Column._fields[1:])
        tables.setdefault(row["table"], []).append(Column(row["column"], *known))
    return {name: tuple(columns) for name, columns in tables.items()}


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of a table in their order.

    Parameters
    ----------
    table : str
        Its name; behind each plus what was asked for: ``compare_reports+edits+chance``.

    Raises
    ------
    CorpusError
        If no table of this name is declared.

    Examples
    --------
    >>> [column.name for column in columns_of("tabulate_passages")][:4]
    ['report_id', 'start', 'end', 'text']
    """
    tables = declared_tables()
    if unknown := [name for name in _declarations(table) if name not in tables]:
        raise CorpusError(f"no table is called {unknown[0]!r}; data/columns declares {', '.join(sorted(tables))}")
    return tuple(column for name in _declarations(table) for column in tables[name])


def _declarations(table: str) -> list[str]:
    """Return the names under which the columns of a table are declared."""
    name, *added = table.split("+")
    return [name, *(f"{name}+{more}" for more in added)]


def codebook(table: str) -> pd.DataFrame:
    """Return what each column of a table means, as archives ask for it beside the data.

    Parameters
    ----------
    table : str
        The name of a declared table: ``attrs["table"]`` of a table that the library returned.

    Returns
    -------
    DataFrame
        One row a column, in their order, with the attributes of `Column`.

    Raises
    ------
    CorpusError
        If no table of this name is declared.

    Examples
    --------
    >>> codebook("find_reuse+quotes").loc[6, ["name", "unit"]].tolist()
    ['matched_chars', 'key characters']
    """
    import pandas as pd

    return pd.DataFrame(columns_of(table), columns=list(Column._fields))


def build_table(rows: Iterable[Sequence[Any]], table: str) -> pd.DataFrame:
    """Return rows as a declared table: the same columns and types for no rows at all.

    Parameters
    ----------
    rows : iterable of sequence
        One value a column.
    table : str
        The name of the table.
    """
    import pandas as pd

    return _finish(pd.DataFrame(list(rows), columns=[column.name for column in columns_of(table)]), table)


def join_columns(values: Iterable[Sequence[Any]], table: str) -> pd.DataFrame:
    """Return columns as a declared table: as `build_table`, for tables too long to be made row by row.

    Parameters
    ----------
    values : iterable of sequence
        The values of each column, all of the same length.
    table : str
        The name of the table.
    """
    import pandas as pd

    names = (column.name for column in columns_of(table))
    return _finish(pd.DataFrame(dict(zip(names, values, strict=True))), table)


def as_table(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Return a table that was computed as a declared one: its columns in their order and types, and no others.

    Raises
    ------
    CorpusError
        If it lacks a declared column, or has one that is not declared.
    """
    names = [column.name for column in columns_of(table)]
    if set(names) != set(frame.columns):
        odd = ", ".join(sorted(map(str, set(names) ^ set(frame.columns))))
        raise CorpusError(f"{table}: its columns are not those that data/columns declares: {odd}")
    return _finish(frame[names], table)


def _finish(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    typed = frame.astype({column.name: column.dtype for column in columns_of(table) if column.dtype})
    typed.attrs = {**frame.attrs, "table": table}
    return typed


def tabulated(function: Callable[_P, pd.DataFrame]) -> Callable[_P, pd.DataFrame]:
    """Let a function return declared tables only, and tell their columns where its docstring names them.

    A line ``{columns of NAME}`` of the docstring is where the columns of the table NAME are told.

    Raises
    ------
    CorpusError
        When it is called: if it returns a table that its docstring does not name, or other columns than declared.
    """
    doc = function.__doc__ or ""
    tables = {line.strip().removeprefix(_MARK).rstrip("}") for line in doc.splitlines() if _MARK in line}
    made = keeping_tables(function)

    @wraps(function)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> pd.DataFrame:
        frame = made(*args, **kwargs)
        name = frame.attrs.get("table", "")
        if doc and not tables.issuperset(_declarations(name)):
            raise CorpusError(f"{function.__name__}: returns the table {name!r}, which its docstring does not name")
        if list(frame.columns) != [column.name for column in columns_of(name)]:
            raise CorpusError(f"{name}: its columns are not those that data/columns declares")
        return frame

    return telling_columns(checked)


def telling_columns(thing: _T) -> _T:
    """Tell the columns of the tables that a docstring names, as `tabulated` does, for what holds several tables."""
    doc = thing.__doc__ or ""
    thing.__doc__ = "\n".join(_told(line) for line in doc.splitlines()) or None
    return thing


def _told(line: str) -> str:
    if _MARK not in line:
        return line
    indent = line[: line.index(_MARK)]
    table = line.strip().removeprefix(_MARK).rstrip("}")
    if table not in declared_tables():
        raise CorpusError(f"a docstring tells the columns of {table!r}, which data/columns does not declare")
    return "\n".join(f"{indent}{column}" for column in declared_tables()[table])
