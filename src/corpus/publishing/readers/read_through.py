"""One report to read through: underlined what others have, by origin, and its particular facts marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from corpus.analysis.boilerplate.origins import trace_origins
from corpus.analysis.particulars.specificity import find_particulars
from corpus.publishing.figures.style import COLOURS
from corpus.report.html_view import as_html
from corpus.report.reports import Report, Reports

_NAMES: Final[Mapping[str, str]] = {
    "skeleton": "skeleton",
    "formula": "formula",
    "shared": "shared",
    "carried_over": "carried over",
}
_FACT = "background-color:#ffe9a8;color:#22262b"


@dataclass(frozen=True, slots=True)
class OriginsReading:
    """The body of one report with the origin of its words, which a notebook shows as HTML. See `read_through`.

    Attributes
    ----------
    report : Report
    runs : tuple of (int, int, str)
        Spans of ``report.text`` and their origin, in reading order.
    facts : tuple of (int, int)
        Spans of ``report.text``.
    """

    report: Report
    runs: tuple[tuple[int, int, str], ...]
    facts: tuple[tuple[int, int], ...]

    def __repr__(self) -> str:
        return f"<{self.report.label}: {len(self.runs)} runs by origin, {len(self.facts)} facts>"

    def _repr_html_(self) -> str:
        key = " · ".join(f'<u style="{_look(name)}">{words}</u>' for name, words in _NAMES.items())
        head = f'{key} · plain: no other issuer at hand has it · <mark style="{_FACT}">particular fact</mark>'
        text = "".join(self._marked())
        lines = "".join(f'<p style="margin:4px 0">{line}</p>' for line in text.split("\n") if line.strip())
        opening = '<div lang="zh-Hans" style="line-height:2;max-width:52em">'
        return f'{opening}<p lang="en" style="margin:4px 0">{head}</p>{lines}</div>'

    def _marked(self) -> Iterator[str]:
        """Yield the text as HTML; no mark runs across the end of a line."""
        text = self.report.text
        edges = {place for start, end, _ in self.runs for place in (start, end)}
        edges |= {place for start, end in self.facts for place in (start, end)}
        first, last = self.runs[0][0], self.runs[-1][1]
        edges |= {place for place in range(first, last) if text[place] == "\n" or text[place - 1 : place] == "\n"}
        for here, there in pairwise(sorted(edges)):
            words = as_html(text[here:there])
            if words != "\n":
                origin = next(origin for begin, stop, origin in self.runs if begin <= here < stop)
                if any(begin <= here < stop for begin, stop in self.facts):
                    words = f'<mark style="{_FACT}">{words}</mark>'
                if origin in _NAMES:
                    words = f'<u title="{_NAMES[origin]}" style="{_look(origin)}">{words}</u>'
            yield words


def _look(origin: str) -> str:
    # A host that drops styles shows the plain underline of the element instead.
    return f"text-decoration:none;border-bottom:3px solid {COLOURS[_NAMES[origin]]};padding-bottom:1px"


def read_through(reports: Reports, report_id: str) -> OriginsReading:
    """Show the body of one of some reports to read: what others have underlined by origin, particular facts marked.

    Parameters
    ----------
    reports : Reports
        Those that say what others have.
    report_id : str

    Raises
    ------
    CorpusError
        If there is no such report.
    """
    report = reports[report_id]
    tables = (trace_origins(reports), find_particulars(reports))
    runs, facts = (table[table["report_id"] == report_id] for table in tables)
    to_text = report.text_map.derived_span
    return OriginsReading(
        report,
        tuple(
            (*to_text(start, end), origin)
            for start, end, origin in runs[["start", "end", "origin"]].to_numpy().tolist()
        ),
        tuple(to_text(start, end) for start, end in zip(facts["start"], facts["end"], strict=True)),
    )
