"""The logarithmic axis of the lengths of passages, laid out in millimetres before it is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from corpus.publishing.draw.names import count_ems, em_mm, fold_words
from corpus.publishing.look import Bilingual, both
from corpus.publishing.style import SIZES

_UNIT = Bilingual("key characters (logarithmic)", "匹配字符数（对数刻度）")
_LENGTHS = (4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 60, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000)


class LengthScale(NamedTuple):
    """An axis of lengths: the shortest and the longest, its ends, how wide it and the dot of one passage are."""

    lowest: int
    highest: int
    left: float
    right: float
    width_mm: float
    unit_mm: float

    def place_mm(self, length: float) -> float:
        """Return how far from the left end a length stands."""
        return self.width_mm * (math.log(length / self.left) / math.log(self.right / self.left))

    def radius_mm(self, number: int) -> float:
        """Return the radius of the dot of so many passages."""
        return self.unit_mm * math.sqrt(number) / 2


def scale_lengths(dots: Sequence[Mapping[Any, Any]], threshold: int, unit_mm: float, *, room_mm: float) -> LengthScale:
    """Return an axis that has room for the largest dot at its ends."""
    lowest = min(int(dot["length_chars"]) for dot in dots)
    highest = max(threshold, *(int(dot["length_chars"]) for dot in dots))
    margin_mm = unit_mm * max(dot["n_wordings"] for dot in dots) ** 0.5 / 2 + 0.8
    margin = math.exp(max(math.log(highest / lowest), 0.1) * margin_mm / (room_mm - 2 * margin_mm))
    return LengthScale(lowest, highest, lowest / margin, highest * margin, room_mm, unit_mm)


def label_lengths(axes: Axes, threshold: int, scale: LengthScale) -> None:
    """Name the threshold, the highest length, and of round lengths those that stand clear of the ones before."""
    named: list[int] = []
    for length in (threshold, scale.highest, *_LENGTHS):
        half_mm = em_mm(SIZES["tick"]) * count_ems(f"{length:,}") / 2
        if scale.lowest <= length <= scale.highest and all(
            abs(scale.place_mm(length) - scale.place_mm(other))
            > half_mm + em_mm(SIZES["tick"]) * count_ems(f"{other:,}") / 2 + 0.8
            for other in named
        ):
            named.append(length)
    axes.set_xscale("log")
    axes.set_xlim(scale.left, scale.right)
    axes.set_xticks(sorted(named))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    clauses = (Bilingual("length of the passage,", "文段长度，"), _UNIT)
    room = scale.width_mm / em_mm(SIZES["label"])
    axes.set_xlabel("\n".join(fold_words([str(clause) for clause in clauses], room, between=both(" ", ""))))
