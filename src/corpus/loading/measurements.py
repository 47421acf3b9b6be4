"""Measurements of time and memory that were made once and are kept with their date, machine and versions."""

from __future__ import annotations

from corpus.loading.resources import data_path, read_rows
from corpus.values import CorpusError


def load_measurements(name: str) -> list[dict[str, str]]:
    """Return the newest measurement of this name in data/validation, a row a line of its table.

    Times and memory depend on the machine and are never measured again in a notebook; each row tells the date, the
    machine and the versions. ``tests/bench`` makes the tables.

    Parameters
    ----------
    name : str
        ``reuse``: cost and quality of `corpus.find_reuse` beside other libraries, on simulated panels.

    Raises
    ------
    CorpusError
        If nothing of this name was measured.
    """
    tables = sorted(data_path("validation").glob(f"{name}-????-??-??.csv"))
    if not tables:
        raise CorpusError(f"data/validation: no measurement is called {name!r}")
    return list(read_rows(tables[-1]))
