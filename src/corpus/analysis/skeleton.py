"""The skeleton of a report: the words that its genre prescribes, whoever writes it.

The genre prescribes what the parts of a report are (`corpus.analysis.structure.CANONICAL_ROLES` names the rule for the
annual reports on law-based government), so that a heading which names such a part is the skeleton's, however it words
it; and it prescribes that the report is announced (现将…报告如下) and closed (特此报告). Headings that are merely
common are formulas: no rule asks for them, and the collection at hand decides how common they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from corpus.passages import CLAUSE_ENDS, SENTENCE_ENDS
from corpus.report import Report
from corpus.values import Role

_ANNOUNCEMENTS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    ("preamble", re.compile(r"(?:报告|汇报|总结|通报|说明|情况)如下")),
    ("closing", re.compile(r"(?:特此|专此)(?:报告|汇报)")),
)
_MAX_CHARS = 60  # of key: as long as a heading may be


def locate_skeleton(report: Report) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ``key`` that are prescribed, in no particular order.

    They are the headings that name the role of a part, with their labels, and the sentence that announces or closes the
    report. Of a sentence of more than 60 key characters, which says other things as well, only the clause that
    announces is taken.
    """
    for heading in report.headings:
        if heading.role is not None:
            yield report.key_span(heading.label_start, heading.end)
    for role, pattern in _ANNOUNCEMENTS:
        for region in report.regions(role):
            low, high = report.text_map.derived_span(*region)
            for match in pattern.finditer(report.text, low, high):
                span = _from_last(SENTENCE_ENDS, report, low, match)
                if span[1] - span[0] > _MAX_CHARS:
                    span = _from_last(CLAUSE_ENDS, report, low, match)
                yield span


def _from_last(signs: str, report: Report, low: int, match: re.Match[str]) -> tuple[int, int]:
    """Return the stretch of ``key`` from behind the last of some signs, or a line end, to the end of the words."""
    start = max(report.text.rfind(sign, low, match.start()) + 1 for sign in f"{signs}\n")
    return report.key_map.derived_span(max(low, start), match.end())
