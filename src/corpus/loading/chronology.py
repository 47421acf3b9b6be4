"""Reading the dated terms of data/lexicons: laws, plans, slogans, campaigns and organs with the days they came."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from corpus.loading.resources import data_path, read_rows


@lru_cache(maxsize=1)
def load_chronology() -> tuple[Mapping[str, str], ...]:
    """Return the chronology of the field, one row a term, by the day from which it is there.

    Returns
    -------
    tuple of mapping
        Each row as it stands in ``data/lexicons/chronology.csv``, read-only, by column: term; kind; from, until: ISO
        days, months or years, empty where not known or without end; act; checked: ``search`` or ``memory``;
        source_url; forms: the forms in which it stands in texts, separated by ``|``, empty where it has none; note.
        What each column can prove and what not is said in ``data/lexicons/README.md``.

    Raises
    ------
    CorpusError
        If the table is not there.

    Examples
    --------
    >>> import corpus
    >>> row = next(row for row in corpus.load_chronology() if row["term"] == "习近平法治思想")
    >>> row["from"], row["checked"]
    ('2020-11-16', 'search')
    """
    return tuple(MappingProxyType(row) for row in read_rows(data_path("lexicons", "chronology.csv")))
