"""Any answer as columns of values, and a hash of each column that does not depend on types.

Numbers have 12 significant digits whatever their type, days are ISO, strings stand in quotes, and one word stands for
all that is missing. What has no such form is refused, so that no address of an object is ever hashed.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import corpus

LIBRARY = Path(corpus.__file__).resolve().parents[2]
MISSING = "missing"
_DIGITS = 12
_HEX = 16

Columns = dict[str, list[str]]


def canonical(value: Any) -> str:
    """Return a value as it is hashed: the same for all types that say the same."""
    if isinstance(value, str):
        return json.dumps(value.replace(str(LIBRARY), "CHECKOUT"), ensure_ascii=False)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if value is None or value is pd.NA or value is pd.NaT:
        return MISSING
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return _number(float(value))
    if isinstance(value, np.datetime64):
        return canonical(pd.Timestamp(value))
    if isinstance(value, datetime.datetime):
        day = pd.Timestamp(value)
        return day.date().isoformat() if day == day.normalize() else day.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Path):
        return canonical(value.as_posix())
    return _nested(value)


def _number(value: float) -> str:
    if math.isnan(value):
        return MISSING
    if value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return format(value, f".{_DIGITS}g")


def _nested(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{canonical(key)}: {canonical(of)}" for key, of in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(canonical, value))) + "}"
    if isinstance(value, (list, tuple, np.ndarray)):
        return "[" + ", ".join(map(canonical, value)) + "]"
    if dataclasses.is_dataclass(value):
        return canonical(_fields(value))
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def columns_of(answer: Any) -> Columns:
    """Return an answer as columns of canonical values: a table by its columns, all else by the paths into it."""
    columns: Columns = defaultdict(list)
    _lay_out(answer, "", columns)
    return dict(columns)


def _lay_out(answer: Any, path: str, columns: Columns) -> None:
    if isinstance(answer, pd.Series):
        answer = answer.reset_index()
    if isinstance(answer, pd.DataFrame):
        if not isinstance(answer.index, pd.RangeIndex):
            columns[f"{path}index"] += map(canonical, answer.index)
        for place, name in enumerate(answer.columns):
            columns[f"{path}{name}"] += map(canonical, answer.iloc[:, place])
        for key, value in answer.attrs.items():
            columns[f"{path}attrs.{key}"].append(canonical(value))
    elif hasattr(answer, "_asdict"):
        _lay_out(answer._asdict(), path, columns)
    elif dataclasses.is_dataclass(answer):
        _lay_out(_fields(answer), path, columns)
    elif isinstance(answer, Mapping):
        for name, value in answer.items():
            _lay_out(value, f"{path}{name}.", columns)
    elif isinstance(answer, (list, tuple)) and (not answer or any(map(_has_parts, answer))):
        columns[f"{path}[]"].append(str(len(answer)))
        for value in answer:
            _lay_out(value, f"{path}[].", columns)
    else:
        columns[path.removesuffix(".") or "value"].append(canonical(answer))


def _has_parts(value: Any) -> bool:
    return isinstance(value, (Mapping, pd.DataFrame)) or hasattr(value, "_asdict") or dataclasses.is_dataclass(value)


def hashed(values: Iterable[str]) -> str:
    """Return how many values a column has, and their hash."""
    listed = list(values)
    digest = hashlib.sha256("\n".join(listed).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{len(listed)} {digest[:_HEX]}"


def read_csv(file: Path) -> pd.DataFrame:
    """Return a table as it stands in a file, numbers as numbers."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        heads, *rows = csv.reader(stream)
    return pd.DataFrame([[_cell(cell) for cell in row] for row in rows], columns=heads, dtype=object)


def _cell(cell: str) -> Any:
    return float(cell) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", cell) else cell
