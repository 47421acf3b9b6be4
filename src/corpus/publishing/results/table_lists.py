"""The tables to cite beside the notebooks: all in a list, or one with its columns, its rows and a reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from json import loads
from pathlib import Path
from typing import Any

from corpus import __version__
from corpus.errors import CorpusError
from corpus.publishing.evidence.cited_tables import (
    CAPTION,
    CITATION,
    COLUMNS,
    DATA,
    PLACES,
    CitedTable,
    read_table,
    table_folders,
)
from corpus.publishing.evidence.provenance import PROVENANCE, gbt_7714_reference, reference
from corpus.publishing.writing.text_width import count, fit, fold, printable, screen_columns, table_lines, wrap

_FIRST_ROWS = 8
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A table to cite with its words.

    Attributes
    ----------
    table : CitedTable
    caption, citation, notebook : str
        Paragraphs of the caption in English, then Chinese; the BibTeX; the notebook that shows it, or nothing.
    data_sha256 : str
    """

    table: CitedTable
    caption: str
    citation: str
    notebook: str
    data_sha256: str

    @property
    def size(self) -> str:
        """How many rows and columns it has."""
        return f"{count(len(self.table.rows), 'row')}, {count(len(self.table.columns), 'column')}"

    @property
    def files(self) -> tuple[Path, ...]:
        """Its files, the data first."""
        known = (DATA, COLUMNS, PLACES, PROVENANCE, CITATION)
        return tuple(path for file in known if (path := self.table.folder / file).is_file())

    @property
    def sentence(self) -> str:
        """A reference to the table, for a note."""
        return reference(
            self.table.name, "table", notebook=self.notebook, data_sha256=self.data_sha256, made_with=__version__
        )

    @property
    def reference_zh(self) -> str:
        """The reference by GB/T 7714."""
        return gbt_7714_reference(
            self.table.name, "table", notebook=self.notebook, data_sha256=self.data_sha256, made_with=__version__
        )


def read_tables(folder: Path) -> list[ListedTable]:
    """Return the tables beside the notebooks of a folder, by notebook and name.

    Raises
    ------
    CorpusError
        If one cannot be read.
    """
    found = map(_read, table_folders(folder).values())
    return sorted(found, key=lambda listed: (listed.notebook, listed.table.name))


def find_table(tables: list[ListedTable], name: str) -> ListedTable:
    """Return the table of this name.

    Raises
    ------
    CorpusError
        If there is none; the message names the nearest.
    """
    by_name = {listed.table.name: listed for listed in tables}
    if name in by_name:
        return by_name[name]
    near = ", ".join(get_close_matches(name, by_name, n=3))
    raise CorpusError(f"no table is called {name!r}; {f'perhaps {near}' if near else 'corpus tables lists them all'}")


def _read(folder: Path) -> ListedTable:
    table = read_table(folder)
    try:
        told = loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        caption, citation = ((folder / file).read_text(encoding="utf-8").strip() for file in (CAPTION, CITATION))
        return ListedTable(table, caption, citation, told["notebook"], told["files"][DATA])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no complete table ({error}); corpus reproduce makes it again") from None


def table_list_lines(tables: list[ListedTable]) -> Iterator[str]:
    """Tell of each notebook its tables: name, size and caption."""
    for notebook, group in groupby(tables, key=lambda listed: listed.notebook):
        yield printable(notebook or "in no notebook")
        for listed in group:
            yield f"{_INDENT}{listed.table.name}  {listed.size}"
            yield from wrap(_INDENT * 3, printable(listed.caption.split("\n\n")[0]))
        yield ""
    yield f"{count(len(tables), 'table')} to cite; one of them with all that belongs to it: corpus tables NAME"


def one_table_lines(listed: ListedTable) -> Iterator[str]:
    """Tell of one table its captions, columns, first rows and files, and how it is cited."""
    table = listed.table
    english, *others = listed.caption.split("\n\n")
    yield f"{table.name}: {listed.size}{f', notebook {listed.notebook}' if listed.notebook else ''}"
    yield from ("", *wrap("", printable(english)))
    for paragraph in others:
        yield from fold("", printable(paragraph))
    yield ""
    for held in table.columns.values():
        bounds = ", ".join(filter(None, (held["unit"], held["range"])))
        named = f"{printable(held['name'])}{f' ({bounds})' if bounds else ''}"
        yield from wrap(f"{_INDENT}{named}: ", printable(held["meaning"]))
    yield ""
    names = table.row_names or tuple(str(number) for number in range(1, len(table.rows) + 1))
    rows = [("", *table.columns), *((name, *row.values()) for name, row in zip(names, table.rows, strict=True))]
    shown = [[fit(printable(" ".join(cell.split())), 24) for cell in row] for row in rows[: _FIRST_ROWS + 1]]
    yield from (fit(line, screen_columns()) for line in table_lines(shown))
    if len(table.rows) > _FIRST_ROWS:
        yield f"… and {len(table.rows) - _FIRST_ROWS:,} more rows"
    yield ""
    for path in listed.files:
        yield f"{'files' if path == listed.files[0] else '':7}{path}"
    yield from (
        "",
        *wrap("cite   ", listed.sentence),
        *fold("       ", listed.reference_zh),
        "",
        *listed.citation.splitlines(),
        "",
    )
    column = list(table.columns)[-1]
    yield f"a cell in prose: {table.name}.{names[0] if table.row_names else f'{column}.max'}" + (
        f".{column}" if table.row_names else ""
    )
    yield f"what stands behind it: corpus explain {table.name}"


def table_answer(listed: ListedTable) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "name": listed.table.name,
        "notebook": listed.notebook,
        "caption": listed.caption.split("\n\n"),
        "columns": [dict(column) for column in listed.table.columns.values()],
        "n_rows": len(listed.table.rows),
        "row_names": list(listed.table.row_names),
        "files": list(map(str, listed.files)),
        "sentence": listed.sentence,
        "gbt_7714": listed.reference_zh,
        "bibtex": listed.citation,
    }
