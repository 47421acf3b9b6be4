"""The reports of one issuer, each made of the one before, with the truth on every passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from corpus.analysis.resampling import Stream
from corpus.analysis.simulation.planning import (
    FIRST_YEAR,
    MEASURES,
    MOVED,
    NO_ROW,
    PLANS,
    SKELETON,
    Plan,
    Standing,
    Stock,
)
from corpus.analysis.simulation.prose import change_figures, edit_characters, next_year
from corpus.field.data_files import simulated_words

_TEMPLATES = ("", "{unit}委、{unit}政府：", "{year}年，{issuer}依法履行职责，现将法治政府建设年度情况报告如下：")
_NUMERALS = "一二三四五六七八九十"
_HEADING_CHARS = 300
"""What title, headings and signature have together, about."""
_LEAST_NEW = 3
_VARIANTS = 0.3
"""Share of issuers that use a stock sentence with one or two characters edited."""
_LATE, _EARLY = 0.12, 0.12
"""Shares of the issuers that begin with a formula after their first year, or give it up before their last."""
_KEPT, _RENUMBERED = 0.5, 0.25
"""Shares of the sentences used again that stay word for word or differ in figures only; the others are reworded. A
sentence that names the year is never kept, and one without figures never renumbered."""
_ENDS_PARAGRAPH = 0.3
_MADE = ("form", "unit", "source", "change", "moved", "n_edits", "rate")
ROW = ("report", "start", "end", "layer", *_MADE)
"""What is noted of a passage: where it stands and what it is; ``source`` is the row of what it was made from."""
_DIGITS = re.compile(r"\d+")
_HALF_WIDTH = str.maketrans("，；：（）", ",;:()")


@dataclass(slots=True)
class Block:
    """A stretch of a report under one heading."""

    section: int
    heading: Standing
    passages: list[Standing] = field(default_factory=list)

    @property
    def takes_passages(self) -> bool:
        """Whether they stand here: between the heading of the first section and its first sub-heading none do."""
        return self.section != MEASURES or self.heading.layer == "formula"

    def insert(self, one: Standing, stream: Stream) -> None:
        """Put a passage at a random place of the block."""
        self.passages.insert(stream.below(len(self.passages) + 1), one)


class Drafts:
    """The reports of one issuer, year after year."""

    def __init__(self, number: int, formulas: list[Stock], plan: Plan) -> None:
        self._number = number
        self._issuer = plan.issuers[number]
        self._plan = plan
        self._stream = stream = plan.stream
        low, high = plan.setting.carried
        self._carried = low + (high - low) * stream.draw()
        self._length = plan.setting.length_chars * (0.75 + 0.5 * stream.draw()) - _HEADING_CHARS
        self._rates = [rate for rate in plan.setting.edit_rates if rate]
        self._indent = stream.pick(("", "　　"))
        self._is_half_width = stream.chance(0.3)
        self._counts_in_han = stream.chance(0.7)
        own = (stream.pick(simulated_words("title")), *_TEMPLATES[1:], "{issuer}", "{next}年{month}月{day}日")
        skeleton = [self._own(Stock(one, unit, SKELETON[unit])) for unit, one in enumerate(own)]
        self._skeleton = [self._stand(one, 0) for one in skeleton]
        self._formulas = [self._own(formula) for formula in formulas]
        self._blocks: list[Block] = []

    def write(self, first_report: int, rows: list[tuple[Any, ...]]) -> Iterator[str]:
        """Yield the text of each report; ``first_report`` is the number of the first among all of the panel."""
        for at in range(self._plan.n_years):
            self._draft(at)
            yield self._print(first_report + at, at, rows)

    def _draft(self, at: int) -> None:
        """Compose the report of a year."""
        plan, stream = self._plan, self._stream
        if at:
            self._skeleton = [self._again(one, at) or one for one in self._skeleton]
        self._blocks = self._next_blocks(at) if at else self._first_blocks()
        for formula in self._formulas:
            if formula.first == at and formula.form == "sentence":
                self._block(formula.section).insert(self._stand(formula, at), stream)
        due = plan.due.get((self._number, at), [])
        n_chars = sum(len(one.text) for block in self._blocks for one in block.passages)
        n_chars += sum(len(one.text) for _, passage in due for one in passage)
        n_new = 0
        while n_new < _LEAST_NEW or n_chars < self._length:
            section = plan.draw_section()
            text = plan.prose.sentence("timeless" if section == PLANS else "own")
            text = text.replace("{year}", str(FIRST_YEAR + at))
            self._block(section).insert(plan.new(text), stream)
            n_new += 1
            n_chars += len(text)
        # Last and at the end, so that nothing stands between the sentences of a passage in the year it is taken over.
        for section, passage in due:
            self._block(section).passages += passage

    def _first_blocks(self) -> list[Block]:
        blocks = []
        for section, template in enumerate(simulated_words("section")):
            blocks.append(Block(section, self._stand(Stock(template, len(SKELETON) + section, "heading"), 0)))
            if section == MEASURES:
                headings = [formula for formula in self._formulas if formula.form == "heading"]
                order = self._stream.order(len(headings)).tolist()
                blocks += [Block(section, self._stand(headings[number], 0)) for number in order]
        return blocks

    def _next_blocks(self, at: int) -> list[Block]:
        stream = self._stream
        blocks = [Block(block.section, self._again(block.heading, at) or block.heading) for block in self._blocks]
        moving: list[tuple[Block, Standing]] = []
        for old, block in zip(self._blocks, blocks, strict=True):
            for one in filter(None, (self._again(one, at) for one in old.passages)):
                if stream.chance(MOVED):
                    moving.append((block, replace(one, moved=True)))
                else:
                    block.passages.append(one)
        for block, one in moving:
            others = [other for other in blocks if other is not block and other.takes_passages]
            stream.pick(others).insert(one, stream)
        return blocks

    def _block(self, section: int) -> Block:
        return self._stream.pick([one for one in self._blocks if one.section == section and one.takes_passages])

    def _own(self, stock: Stock) -> Stock:
        """Return stock as this issuer uses it: its own names and edits, and from which year to which."""
        stream, last = self._stream, self._plan.n_years - 1
        place, first, n_edits = self._issuer.place, 0, 0
        named = {"place": place, "issuer": self._issuer.name, "unit": place[-1]}
        if stock.layer == "formula":
            named["law"] = stream.pick(simulated_words("law"))
            named["organ"] = place[-1] + stream.pick(simulated_words("office"))
            n_edits = stream.between(1, 2) if stream.chance(_VARIANTS) else 0
            if stock.form == "sentence" and last:
                first = stream.between(1, last) if stream.chance(_LATE) else 0
                last = stream.between(first, last) if stream.chance(_EARLY) else last
        text = edit_characters(_fill(stock.template, named), n_edits, stream)
        return replace(stock, template=text, n_edits=n_edits, first=first, last=last)

    def _stand(self, stock: Stock, at: int) -> Standing:
        """Return stock as it stands in a year's report, its year and its figures filled in."""
        year, between = FIRST_YEAR + at, self._stream.between
        figures = {"year": year, "next": year + 1, "number": between(2, 480), "month": between(1, 3)}
        text = _fill(stock.template, figures | {"day": between(1, 28)})
        return Standing(text, stock.unit, stock.form, stock.layer, n_edits=stock.n_edits, stock=stock)

    def _again(self, old: Standing, at: int) -> Standing | None:
        """Return a passage of the year before as it stands again, or None where it is dropped."""
        stream = self._stream
        if old.stock is not None:
            if old.form == "sentence" and at > old.stock.last:
                return None
            new = self._stand(old.stock, at)
            return replace(new, source=old.row, change=_change(old.text, new.text))
        if not stream.chance(self._carried):
            return None
        fate, text = stream.draw(), next_year(old.text)
        rate, n_edits = 0.0, 0
        if _KEPT <= fate < _KEPT + _RENUMBERED:
            text = change_figures(old.text, stream)
        elif fate >= _KEPT and self._rates:
            rate = stream.pick(self._rates)
            text, n_edits = self._plan.edit(text, rate)
        change = _change(old.text, text)
        return replace(old, text=text, source=old.row, change=change, moved=False, n_edits=n_edits, rate=rate)

    def _print(self, report: int, at: int, rows: list[tuple[Any, ...]]) -> str:
        """Return the report as a page, and note where each of its passages stands."""
        title, salutation, lead, signature, day = self._skeleton
        line = "\n" + self._indent
        pieces = [("", title), ("\n", salutation), (line, lead)]
        n_inside = 0
        for block in self._blocks:
            if block.heading.layer == "skeleton":
                n_inside, label = 0, _NUMERALS[block.section] + "、"
            else:
                n_inside += 1
                in_han = self._counts_in_han and n_inside <= len(_NUMERALS)
                label = f"（{_NUMERALS[n_inside - 1]}）" if in_han else f"{n_inside}."
            pieces.append((line + label, block.heading))
            before = line
            for one in block.passages:
                pieces.append((before, one))
                before = line if self._stream.chance(_ENDS_PARAGRAPH) else ""
        text = ""
        for before, one in (*pieces, ("\n", signature), ("\n", day)):
            start = len(text) + len(before)
            text += before + one.text
            layer = one.layer
            if layer == "own":
                layer = "own_or_carried" if at == 0 else "own" if one.source == NO_ROW else "carried_over"
            one.row = len(rows)
            rows.append((report, start, len(text), layer, *(getattr(one, name) for name in _MADE)))
        return text.translate(_HALF_WIDTH) if self._is_half_width else text


def _fill(template: str, words: Mapping[str, object]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", str(word))
    return template


def _change(before: str, after: str) -> str:
    if before == after:
        return "kept"
    return "renumbered" if _DIGITS.sub("0", before) == _DIGITS.sub("0", after) else "reworded"
