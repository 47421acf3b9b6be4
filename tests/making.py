"""The bundled reports, loaded once for all tests, and small reports made by hand, without a file."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby

import corpus
from corpus.field.data_files import Lexicon
from corpus.report.reports import Report, Reports
from corpus.report.values import CATALOGUE_FACTS, FACTS, Fact, Layout, OffsetMap, Part, Role, Source, Span

BUNDLED = corpus.load_reports()


def make_report(
    report_id: str, text: str, *, parts: Sequence[tuple[Role | None, str]] = (), **facts: str | int
) -> Report:
    """Return a report whose file is all body and needs no fix.

    Parameters
    ----------
    report_id, text : str
    parts : sequence of (role, str)
        Parts that follow the text, each with its role; the text itself has none.
    **facts
        Values of facts, as if stated in the text.
    """
    raw = text + "".join(words for _, words in parts)
    places = [place for place, character in enumerate(raw) if character.isalnum()]
    runs = [next(run) for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])]
    located = []
    start = len(text)
    for role, words in parts:
        located.append(Part(role, start, start + len(words), headed=False))
        start += len(words)
    values = {name: Fact() for name in (*FACTS, *CATALOGUE_FACTS)}
    values |= {name: Fact(value, "stated") for name, value in facts.items()}
    return Report(
        report_id=report_id,
        source=Source(f"{report_id}.txt", sha256(raw.encode("utf-8")).hexdigest(), "utf-8"),
        raw=raw,
        text=raw,
        key="".join(raw[place] for place in places),
        text_map=OffsetMap.identity(len(raw)),
        key_map=OffsetMap(
            [run[0] for run in runs], [run[1] for run in runs], length=len(places), source_length=len(raw)
        ),
        changes=(),
        layout=Layout(Span(0, len(raw))),
        headings=(),
        parts=(Part(None, 0, len(text), headed=False), *located),
        facts=values,
    )


def make_reports(*texts: str, lexicon: Lexicon | None = None) -> Reports:
    """Return reports called a, b, c … with these texts."""
    items = tuple(make_report(chr(ord("a") + number), text) for number, text in enumerate(texts))
    return Reports(items, lexicon=lexicon or Lexicon())
