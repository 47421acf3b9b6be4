"""Where the project's data lie, in a checkout and in an installed wheel, and how the small tables are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from corpus.values import CorpusError

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def is_checkout() -> bool:
    """Tell whether the library runs from a checkout of the project rather than from a wheel."""
    return not (_PACKAGE / "data").is_dir()


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder of the project's data.

    Raises
    ------
    CorpusError
        If it is not there.
    """
    return _present((_CHECKOUT if is_checkout() else _PACKAGE) / "data", *parts)


def notebooks_path(*parts: str) -> Path:
    """Return the path of the committed notebooks, or of a file among them.

    Raises
    ------
    CorpusError
        If it is not there.
    """
    return _present((_CHECKOUT if is_checkout() else _PACKAGE) / "notebooks", *parts)


def _present(root: Path, *parts: str) -> Path:
    path = root.joinpath(*parts)
    if not path.exists():
        raise CorpusError(f"{path}: a file of the project is missing; install fazhi-workbook again")
    return path


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file of the project as dictionaries."""
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@lru_cache(maxsize=1)
def radical_table() -> dict[str, str]:
    """Return the radicals that look like ideographs, with the ideograph (Unicode's Equivalent_Unified_Ideograph)."""
    return {row["radical"]: row["ideograph"] for row in read_rows(data_path("lexicons", "radicals.csv"))}


@lru_cache(maxsize=1)
def simplified_table() -> dict[str, str]:
    """Return the simplified character of each traditional one, where it is one for one."""
    return {row["traditional"]: row["simplified"] for row in read_rows(data_path("lexicons", "traditional.csv"))}


@lru_cache(maxsize=1)
def traditional_pattern() -> re.Pattern[str]:
    """Return a pattern for any one of the common characters that `simplified_table` turns into others.

    With those beyond the basic plane the pattern would be a hundred times slower.
    """
    return re.compile(f"[{''.join(character for character in simplified_table() if character < chr(0x10000))}]")
