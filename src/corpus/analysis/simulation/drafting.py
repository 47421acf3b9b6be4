"""The reports of one issuer, each made of the one before, with the truth on every passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from corpus.analysis.simulation.planning import (
    KEPT,
    MEASURES,
    MOVED,
    N_SECTIONS,
    RENUMBERED,
    VARIANTS,
    Copy,
    Formula,
    PanelSetting,
    draw_section,
)
from corpus.analysis.simulation.planted import NO_ROW, Change, Form, Issuer, Leftover, Standing, Truth, draw_leftover
from corpus.analysis.simulation.prose import Prose, change_figures, count_han, edit_characters, next_year
from corpus.analysis.simulation.randomness import Stream
from corpus.field.data_files import simulated_words

# Units of the skeleton; the headings of the sections follow.
_TITLE_UNIT, _SALUTATION_UNIT, _LEAD_UNIT, _SIGNATURE_UNIT, _DATE_UNIT, _FIRST_HEADING_UNIT = range(6)
N_SKELETON_UNITS = _FIRST_HEADING_UNIT + N_SECTIONS
_PLAN = N_SECTIONS - 1
_NUMERALS = "一二三四五六七八九十"
_HEADING_CHARS = 300
"""What title, headings and signature have together, about."""
_LEAST_NEW = 3
_LATE, _EARLY = 0.12, 0.12
"""Shares of the issuers that begin with a formula after their first year, or give it up before their last."""
_ENDS_PARAGRAPH = 0.3
_DIGITS = re.compile(r"\d+")
_HALF_WIDTH = str.maketrans("，；：（）", ",;:()")


@dataclass(slots=True)
class Block:
    """A stretch of a report under one heading; ``groups`` are passages that nothing new may come between."""

    section: int
    heading: Standing | None
    groups: list[list[Standing]] = field(default_factory=list)

    def insert(self, group: list[Standing], stream: Stream) -> None:
        """Put passages at a random place of the block."""
        self.groups.insert(stream.below(len(self.groups) + 1), group)


@dataclass(frozen=True, slots=True)
class Common:
    """What all issuers of a panel draw on.

    ``copies`` holds by issuer and year the passages due, each with the unit of its source's first sentence.
    """

    setting: PanelSetting
    issuers: Sequence[Issuer]
    n_years: int
    formulas: Sequence[Sequence[Formula]]
    copies: Mapping[tuple[int, int], Sequence[tuple[Copy, int]]]


@dataclass(frozen=True, slots=True)
class _Use:
    """How an issuer uses a formula: its own form of it, and from which year to which."""

    formula: Formula
    template: str
    n_edits: int
    first: int
    last: int


class Drafts:
    """The reports of one issuer, year after year."""

    def __init__(self, number: int, common: Common, *, prose: Prose, stream: Stream, truth: Truth) -> None:
        self._number = number
        self._issuer = common.issuers[number]
        self._common = common
        self._prose = prose
        self._truth = truth
        self._stream = stream
        setting = common.setting
        low, high = setting.carried
        self._carried = low + (high - low) * stream.draw()
        self._length = setting.length_chars * (0.75 + 0.5 * stream.draw()) - _HEADING_CHARS
        self._rates = [rate for rate in setting.edit_rates if rate]
        self._title = stream.pick(simulated_words("title"))
        self._indent = stream.pick(("", "　　"))
        self._is_half_width = stream.chance(0.3)
        self._counts_in_han = stream.chance(0.7)
        self._uses = {formula.number: self._use(formula) for formula in common.formulas[number]}
        self._headings: list[Standing] = []
        self._blocks: list[Block] = []
        self._lead: Standing | None = None
        self._due: list[tuple[Copy, list[Standing]]] = []

    def write(self, first_report: int) -> Iterator[str]:
        """Yield the text of each report; ``first_report`` is the number of the first among all of the panel."""
        for at in range(self._common.n_years):
            self._draft(at)
            yield self._print(first_report + at, at)

    # The composition of a report

    def _draft(self, at: int) -> None:
        year = self._common.setting.first_year + at
        stream = self._stream
        self._lead = self._skeleton(
            "{year}年，{issuer}依法履行职责，现将法治政府建设年度情况报告如下：", at, self._lead
        )
        self._headings = [
            self._skeleton(template, at, old, unit=_FIRST_HEADING_UNIT + section)
            for section, (template, old) in enumerate(zip_longest(simulated_words("section"), self._headings))
        ]
        self._blocks = self._next_blocks(at) if self._blocks else self._first_blocks()
        for use in self._uses.values():
            if use.first == at and not use.formula.is_heading:
                self._block(use.formula.section).insert([self._stand(use, at)], stream)
        self._due = [
            (copy, list(_copied(copy, unit))) for copy, unit in self._common.copies.get((self._number, at), ())
        ]
        n_chars = sum(len(one.text) for block in self._blocks for group in block.groups for one in group)
        n_chars += sum(len(sentence) for copy, _ in self._due for sentence in copy.sentences)
        for leftover in self._leftovers(year):
            text = leftover.clause + self._prose.sentence("timeless")
            section = _PLAN if leftover.in_plan else MEASURES
            standing = Standing(text, self._truth.new_unit(), "sentence", "own", leftover=leftover)
            self._block(section).insert([standing], stream)
            n_chars += len(text)
        n_new = 0
        while n_new < _LEAST_NEW or n_chars < self._length:
            text = self._prose.sentence("own").replace("{year}", str(year))
            self._block(draw_section(stream)).insert(
                [Standing(text, self._truth.new_unit(), "sentence", "own")], stream
            )
            n_new += 1
            n_chars += len(text)
        # Last, so that nothing stands between the sentences of a passage in the year it is taken over.
        for copy, group in self._due:
            self._block(copy.section).insert(group, stream)

    def _first_blocks(self) -> list[Block]:
        uses = [use for use in self._uses.values() if use.formula.is_heading]
        headings = [self._stand(uses[number], 0) for number in self._stream.order(len(uses)).tolist()]
        measures = [Block(MEASURES, heading) for heading in headings] or [Block(MEASURES, None)]
        return [*measures, *(Block(section, None) for section in range(N_SECTIONS) if section != MEASURES)]

    def _next_blocks(self, at: int) -> list[Block]:
        stream = self._stream
        blocks = [Block(block.section, block.heading and self._again(block.heading, at)) for block in self._blocks]
        moving: list[tuple[int, Standing]] = []
        for number, block in enumerate(self._blocks):
            for old in (one for group in block.groups for one in group):
                new = self._again(old, at)
                if new is None:
                    continue
                if stream.chance(MOVED):
                    moving.append((number, replace(new, moved=True)))
                else:
                    blocks[number].groups.append([new])
        for number, standing in moving:
            target = number
            while target == number:
                target = stream.below(len(blocks))
            blocks[target].insert([standing], stream)
        return blocks

    def _again(self, old: Standing, at: int) -> Standing | None:
        """Return a passage of the year before as it stands again, or None where it is dropped."""
        if old.formula is not None:
            use = self._uses[old.formula]
            return self._stand(use, at, old) if at <= use.last else None
        stream = self._stream
        if old.leftover is not None or not stream.chance(self._carried):
            return None
        fate, up_to_date = stream.draw(), next_year(old.text)
        if KEPT <= fate < KEPT + RENUMBERED:
            return _made_from(old, change_figures(old.text, stream))
        if fate < KEPT or not self._rates:
            return _made_from(old, up_to_date)
        rate = stream.pick(self._rates)
        n_edits = max(1, round(rate * count_han(up_to_date)))
        new = _made_from(old, edit_characters(up_to_date, n_edits, stream))
        return replace(new, n_edits=n_edits, rate=rate)

    def _use(self, formula: Formula) -> _Use:
        stream, n_years = self._stream, self._common.n_years
        place = self._issuer.place
        template = formula.template.replace("{place}", place.name).replace("{law}", stream.pick(simulated_words("law")))
        template = template.replace("{organ}", place.unit + stream.pick(simulated_words("office")))
        n_edits = stream.between(1, 2) if stream.chance(VARIANTS) else 0
        first = 0
        last = n_years - 1
        if not formula.is_heading and n_years > 1:
            first = stream.between(1, n_years - 1) if stream.chance(_LATE) else 0
            last = stream.between(first, n_years - 1) if stream.chance(_EARLY) else last
        return _Use(formula, edit_characters(template, n_edits, stream), n_edits, first, last)

    def _stand(self, use: _Use, at: int, old: Standing | None = None) -> Standing:
        """Return a formula as it stands in a year's report, its year and its figures filled in."""
        year = str(self._common.setting.first_year + at)
        text = use.template.replace("{year}", year).replace("{number}", str(self._stream.between(2, 480)))
        form: Form = "heading" if use.formula.is_heading else "sentence"
        unit = N_SKELETON_UNITS + use.formula.number
        new = Standing(text, unit, form, "formula", n_edits=use.n_edits, formula=use.formula.number)
        return replace(new, source=old.row, change=_change(old.text, text)) if old else new

    def _skeleton(self, template: str, at: int, old: Standing | None, *, unit: int = _LEAD_UNIT) -> Standing:
        year = self._common.setting.first_year + at
        text = template.format(year=year, next=year + 1, issuer=self._issuer.name)
        new = Standing(text, unit, "lead" if unit == _LEAD_UNIT else "heading", "skeleton")
        return replace(new, source=old.row, change=_change(old.text, text)) if old else new

    def _leftovers(self, year: int) -> Iterator[Leftover]:
        mean = self._common.setting.leftovers_per_report
        for genuine in (True, False):
            for _ in range(int(mean) + self._stream.chance(mean - int(mean))):
                drawn = draw_leftover(self._issuer, year, self._common.issuers, self._stream, genuine=genuine)
                if drawn is not None:
                    yield drawn

    def _block(self, section: int) -> Block:
        return self._stream.pick([block for block in self._blocks if block.section == section])

    # The report as a page

    def _print(self, report: int, at: int) -> str:
        year, stream = self._common.setting.first_year + at, self._stream
        name, unit = self._issuer.name, self._issuer.place.unit
        page = _Page(report, self._truth, is_first=at == 0)
        page.add(Standing(self._title.format(issuer=name, year=year), _TITLE_UNIT, "title", "skeleton"))
        page.add(Standing(f"{unit}委、{unit}政府：", _SALUTATION_UNIT, "salutation", "skeleton"), before="\n")
        assert self._lead is not None
        page.add(self._lead, before="\n" + self._indent)
        block_in_section = 0
        previous = None
        for block in self._blocks:
            if block.section != previous:
                label = _NUMERALS[block.section] + "、"
                page.add(self._headings[block.section], before=f"\n{self._indent}{label}")
                block_in_section = 0
            previous = block.section
            block_in_section += 1
            if block.heading is not None:
                label = f"（{_numeral(block_in_section)}）" if self._counts_in_han else f"{block_in_section}."
                page.add(block.heading, before=f"\n{self._indent}{label}")
            before = "\n" + self._indent
            for standing in (one for group in block.groups for one in group):
                page.add(standing, before=before)
                before = "\n" + self._indent if stream.chance(_ENDS_PARAGRAPH) else ""
        page.add(Standing(name, _SIGNATURE_UNIT, "signature", "skeleton"), before="\n")
        day = f"{year + 1}年{stream.between(1, 3)}月{stream.between(1, 28)}日"
        page.add(Standing(day, _DATE_UNIT, "date", "skeleton"), before="\n")
        for copy, group in self._due:
            copy.rows = [standing.row for standing in group]
        text = page.text()
        return text.translate(_HALF_WIDTH) if self._is_half_width else text


class _Page:
    """The text of a report, growing passage by passage."""

    def __init__(self, report: int, truth: Truth, *, is_first: bool) -> None:
        self._report = report
        self._truth = truth
        self._is_first = is_first
        self._pieces: list[str] = []
        self._length = 0

    def add(self, standing: Standing, *, before: str = "") -> None:
        """Print a passage behind what belongs to none: line ends, indents, labels."""
        layer = standing.layer
        if layer == "own":
            layer = "own_or_carried" if self._is_first else "own" if standing.source == NO_ROW else "carried_over"
        self._truth.note(self._report, self._length + len(before), standing, layer)
        self._pieces += (before, standing.text)
        self._length += len(before) + len(standing.text)

    def text(self) -> str:
        return "".join(self._pieces)


def _copied(copy: Copy, unit: int) -> Iterator[Standing]:
    for sentence, number, n_edits in zip(copy.sentences, copy.order, copy.n_edits, strict=True):
        yield Standing(sentence, unit + number, "sentence", "shared", moved=copy.moved, n_edits=n_edits, rate=copy.rate)


def _made_from(old: Standing, text: str) -> Standing:
    """Return a passage of the year before with the text it has now."""
    return Standing(text, old.unit, old.form, old.layer, source=old.row, change=_change(old.text, text))


def _change(before: str, after: str) -> Change:
    if before == after:
        return "kept"
    return "renumbered" if _DIGITS.sub("0", before) == _DIGITS.sub("0", after) else "reworded"


def _numeral(number: int) -> str:
    return ("" if number <= 10 else "十") + _NUMERALS[(number - 1) % 10]
