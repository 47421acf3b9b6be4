"""A table that a notebook shows and an article can cite: name, caption, and a folder with all that belongs to it.

>>> import corpus
>>> table = corpus.tabulate_reports(corpus.load_reports())
>>> corpus.show(table, "mine", key=["report_id"], caption="The reports.")  # doctest: +SKIP
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.publishing.evidence.provenance import (
    CITATION,
    COLUMNS,
    DATA,
    PLACES,
    TABLES,
    check_name,
    csv_bytes,
    link_files,
    running_notebook,
    save_result,
)
from corpus.publishing.evidence.saved_results import Place, name_rows, places_of
from corpus.publishing.figures.look import Bilingual, both, current_look
from corpus.publishing.readers.shown_table import ShownTable, show_table
from corpus.report.html_view import as_html
from corpus.report.table_columns import EVERY, Column, columns_of, declared_tables

_DECLARED: Final = ("name", "dtype", "unit", "range", "meaning", "meaning_zh")
_LANGUAGE = ' lang="zh-Hans"'
_CAPTION = "margin:4px 0 12px;max-width:600px"

Head = str | Mapping[str, str]
_OF_PLACES = ("start", "end", "report", "places", "earlier", "later")
_NO_WORDS = Bilingual("", "")
_SPAN = "start:end"


@dataclass(frozen=True, slots=True)
class TableToCite:
    """A table that shows itself in a notebook, with its name and caption. See `show`.

    Attributes
    ----------
    name : str
    caption : Bilingual
    table : DataFrame
        All of it, whatever is shown.
    columns : tuple of Column
        What each column holds.
    key : tuple of str
    places : tuple of (row, place) or None
        The words that each row was counted from, rows from 1; None where the rows name their own.
    shown : ShownTable
    lacking : Bilingual
        What is said in place of a table without rows; empty where nobody says it.
    """

    name: str
    caption: Bilingual
    table: pd.DataFrame
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    places: tuple[tuple[int, Place], ...] | None
    shown: ShownTable
    lacking: Bilingual = _NO_WORDS

    def __repr__(self) -> str:
        return self._lacking() or f"{self.shown!r}\n{self._caption()}"

    def _repr_html_(self) -> str:
        if lacking := self._lacking():
            return f"<p{_LANGUAGE if current_look().labels == 'zh' else ''}>{as_html(lacking)}</p>"
        language = _LANGUAGE if current_look().labels == "zh" and self.caption.zh != self.caption.en else ""
        told = as_html(self._caption()) + link_files(TABLES, self.name, {"data": DATA, "cite": CITATION})
        shown = replace(self.shown, label=self._caption())
        return f'{shown._repr_html_()}<p style="{_CAPTION}"{language}>{told}</p>'

    def _caption(self) -> str:
        return f"{both('Table', '表')} {self.name}. {self.caption}".strip()

    def _lacking(self) -> str:
        """Return what stands in place of a table without rows, where it was told."""
        if len(self.table) or not self.lacking.en:
            return ""
        return f"{both('Table', '表')} {self.name}{both(': ', '：')}{self.lacking}"

    def save(self, folder: str | Path) -> Path:
        """Write the table to a folder of its own, ``FOLDER/NAME/``, and return that.

        data.csv is the whole table (UTF-8 with a byte order mark; floats with ten significant digits), columns.csv
        says what its columns hold, caption.md how it is called, cite.bib how it is cited, provenance.json what stands
        behind it; places.csv the words that its rows were counted from, if they were told. Each file is written whole
        or not at all.

        Raises
        ------
        CorpusError
            If a file cannot be written.
        """
        declared = [[str(getattr(column, field)) for field in _DECLARED] for column in self.columns]
        files = {COLUMNS: csv_bytes(pd.DataFrame(declared, columns=list(_DECLARED)), named=COLUMNS)}
        if self.places is not None:
            columns = ["row", "report_id", "start", "end"]
            rows = pd.DataFrame([(row, *place) for row, place in self.places], columns=columns)
            files[PLACES] = csv_bytes(rows, named=PLACES)
        told = {"key": list(self.key), "parameters": _parameters(self.table)}
        return save_result(folder, self.name, "table", table=self.table, captions=self.caption, files=files, told=told)


def show(
    table: pd.DataFrame,
    name: str,
    *,
    key: str | Sequence[str] | None = None,
    of: pd.DataFrame | None = None,
    columns: Mapping[str, Head] | Sequence[str] | None = None,
    caption: str = "",
    caption_zh: str = "",
    max_rows: int = 30,
) -> TableToCite:
    """Return a table as a notebook shows it, under a name by which prose and articles cite it.

    A cell is then called ``NAME.ROW.COLUMN``, what holds over a column ``NAME.COLUMN.max`` (``min``, ``sum``,
    ``median``), the number of rows ``NAME.n``: marks in the prose use these names, and ``corpus explain`` follows them
    to sentences. A run of the series (``corpus reproduce``) saves the table beside the notebook; elsewhere nothing is
    written without ``save``. The tables of our notebooks have their captions and heads, in English and Chinese, in
    ``data/tables.toml`` under their names; what is given here counts instead.

    Parameters
    ----------
    table : DataFrame
        An index with a name becomes a column.
    name : str
        Words in small letters and digits, joined by hyphens: ``closest``.
    key : str or sequence of str, optional
        The columns whose values, joined by ``/``, name a row. Without it rows have no names.
    of : DataFrame, optional
        The table whose rows were counted, which has ``report_id``, ``start``, ``end``, or ``report_a``, ``start_a``,
        ``end_a`` and the like; needed only where the table itself has none. A row finds there by its key what it was
        counted from.
    columns : sequence of str, or mapping of str to str or mapping, optional
        The columns to show, in this order, and what stands above each; ``start:end`` shows a span as one. A sequence
        shows them under the heads that are declared for them, as all are shown if it is not given. For a column that
        is not declared, the head is taken as its meaning; a mapping can say ``head``, ``head_zh``, ``unit``, ``range``,
        ``meaning`` and ``meaning_zh``.
    caption, caption_zh : str
        What is counted, with unit, threshold and denominator.
    max_rows : int
        Rows beyond these are not shown, and counted in a note.

    Returns
    -------
    TableToCite
        As the last value of a cell it shows the table, its name and its caption.

    Raises
    ------
    CorpusError
        If the name cannot be used, two rows have one name, a column is not there, or nobody says what it holds.

    Examples
    --------
    >>> import corpus
    >>> table = corpus.tabulate_reports(corpus.load_reports())
    >>> corpus.show(table.head(1), "mine", key="report_id", columns=["report_id", "issuer"], caption="The first.")
    report | issuer
    zaozhuang-2019 | 枣庄市科学技术局
    Table mine. The first.
    """
    check_name(name, "table")
    whole = table.reset_index() if any(level is not None for level in table.index.names) else table
    keys = () if key is None else (key,) if isinstance(key, str) else tuple(key)
    _check_columns(whole, keys, f"table {name}")
    words = _words_of_tables().get(name, {})
    counted = whole if of is None else of
    if "report_id" in counted and counted["report_id"].nunique() < words.get("least_reports", 0):
        whole = whole.iloc[:0]  # shares of one report alone would read like a finding
    columns = _columns_told(words, whole) if columns is None else columns
    asked = columns if columns is None or isinstance(columns, Mapping) else {column: {} for column in columns}
    held = _columns(whole, name, asked or {})
    rows = [{column: str(value) for column, value in zip(keys, values, strict=True)} for values in _values(whole, keys)]
    name_rows(rows, keys, table=name)
    shares = {column.name for column in held if column.unit == "share"}
    shown = show_table(whole, _heads(whole, held, asked), shares=shares, max_rows=max_rows)
    places = None if of is None else _places(whole, of, keys, name)
    titled = Bilingual(caption.strip(), caption_zh.strip() or caption.strip())
    if not caption and "caption" in words:
        titled = Bilingual(**words["caption"])
    cited = TableToCite(name, titled, whole, held, keys, places, shown, _lacking_words(words))
    if running_notebook():
        if (Path(TABLES) / name).exists():
            raise CorpusError(f"two tables are called {name!r}; rename one")
        cited.save(TABLES)
    return cited


@cache
def _words_of_tables() -> dict[str, dict[str, Any]]:
    """Return what ``data/tables.toml`` says of each table of our notebooks: caption, needs, columns, heads."""
    return tomllib.loads(data_path("tables.toml").read_text(encoding="utf-8"))


def _lacking_words(words: Mapping[str, Any]) -> Bilingual:
    """Return what is said where there is no row: what it means (none), or what there must be (needs)."""
    if none := words.get("none"):
        return Bilingual(**none)
    if needs := words.get("needs"):
        return Bilingual(f"no rows; this needs {needs['en']}.", f"无内容；需要{needs['zh']}。")
    return _NO_WORDS


def _columns_told(words: Mapping[str, Any], table: pd.DataFrame) -> dict[str, Head] | None:
    """Return the columns to show that are in the table, with their heads; None where nothing is said of columns."""
    if not {"columns", "heads"} & set(words):
        return None
    heads, there = words.get("heads", {}), {_SPAN, *map(str, table.columns)}
    columns = words.get(both("columns", "columns_zh")) or words.get("columns", map(str, table.columns))
    return {column: heads.get(column, {}) for column in columns if column in there}


def _check_columns(table: pd.DataFrame, wanted: Sequence[str], told: str) -> None:
    for column in wanted:
        if column not in table.columns:
            raise CorpusError(f"{told} has no column {column!r}; it has {', '.join(map(str, table.columns))}")


def _values(table: pd.DataFrame, columns: Sequence[str]) -> zip[tuple[Any, ...]]:
    return zip(*(table[column] for column in columns), strict=True)


def _columns(table: pd.DataFrame, name: str, asked: Mapping[str, Head]) -> tuple[Column, ...]:
    """Return what each column holds, as it is declared or told."""
    declared = table.attrs.get("table")
    own = {column.name: column for column in columns_of(declared)} if declared else {}
    found: list[Column] = []
    unknown: list[Column] = []
    for column in map(str, table.columns):
        dtype = str(table[column].dtype)
        told = asked.get(column, {})
        told = {"head": told} if isinstance(told, str) else told
        known = own.get(column) or _declared_elsewhere(column)
        held = known or Column(column, dtype, "", "", told.get("head", ""), told.get("head_zh", ""), column, "")
        held = held._replace(**{"unit": held.unit or _unit(column), **told, "dtype": dtype})
        (found if held.meaning else unknown).append(held)
    if unknown:
        raise CorpusError(
            f"table {name}: nobody says what {', '.join(column.name for column in unknown)} holds; say it with"
            f" columns={{{unknown[0].name!r}: …}}, or leave the column out of the table"
        )
    return tuple(found)


def _unit(column: str) -> str:
    """Return the unit of the columns that `show_table` writes in a way of their own."""
    return "share" if column.startswith("share_") else "year" if column.startswith("year") else ""


def _declared_elsewhere(name: str) -> Column | None:
    """Return the column of this name that all tables have, or all that have it declare alike."""
    tables = declared_tables()
    for column in tables.get(EVERY, ()):
        if column.name == name:
            return column
    alike = {column.meaning: column for columns in tables.values() for column in columns if column.name == name}
    told = [alike[meaning] for meaning in alike if meaning] or list(alike.values())
    return told[0] if len(told) == 1 else None


def _heads(table: pd.DataFrame, held: Sequence[Column], asked: Mapping[str, Head] | None) -> dict[str, str]:
    heads = {column.name: both(column.head or column.name, column.head_zh or column.head) for column in held}
    heads[_SPAN] = both("place", "位置")
    if asked is None:
        return {column.name: heads[column.name] for column in held}
    return {name: told if isinstance(told, str) else heads.get(name, name) for name, told in asked.items()}


def _places(table: pd.DataFrame, of: pd.DataFrame, key: Sequence[str], name: str) -> tuple[tuple[int, Place], ...]:
    if not key:
        raise CorpusError(f"table {name}: of= needs key=, the columns by which a row finds what it was counted from")
    _check_columns(of, key, f"table {name}: what it was counted from")
    spans = [column for column in map(str, of.columns) if column.startswith(_OF_PLACES)]
    found: dict[tuple[Any, ...], list[Place]] = {}
    for values, cells in zip(_values(of, key), _values(of, spans), strict=True):
        row = {
            # A list of places is never missing, and pandas would ask each of its members.
            column: str(cell) if isinstance(cell, list) or pd.notna(cell) else ""
            for column, cell in zip(spans, cells, strict=True)
        }
        found.setdefault(values, []).extend(places_of(row))
    return tuple(
        (row, place)
        for row, values in enumerate(_values(table, key), 1)
        for place in dict.fromkeys(found.get(values, ()))
    )


def _parameters(table: pd.DataFrame) -> dict[str, Any]:
    """Return what the function that made the table noted down about it, as far as it is plain."""
    plain = (str, int, float, bool, type(None))
    return {
        str(name): value
        for name, value in table.attrs.items()
        if isinstance(value, plain)
        or (isinstance(value, list | tuple) and all(isinstance(item, plain) for item in value))
    }
