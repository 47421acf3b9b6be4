"""The key of a figure: what its colours and signs mean, in lines above it that are no wider than it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from corpus.publishing.style import MM_PER_INCH, SIZES

_KEY_LINE_MM = 4.5
_KEY_EM_MM = SIZES["tick"] / 72 * MM_PER_INCH
_KEY_GAP_EM = 1.6
_KEY_LETTER_EM = 0.48
_KEY_HANDLE_EM = 1.4


def fold_key(handles: Iterable[Artist], *, width_mm: float) -> list[list[Artist]]:
    """Divide the entries of a key into lines that are no wider than a figure, leaving room for the rows' names."""
    lines: list[list[Artist]] = [[]]
    used = 0.0
    for handle in handles:
        words = sum(1.0 if ord(character) > 0x2E7F else _KEY_LETTER_EM for character in str(handle.get_label()))
        entry = (words + _KEY_HANDLE_EM + _KEY_GAP_EM) * _KEY_EM_MM
        if lines[-1] and used + entry > width_mm - 12:
            lines.append([])
            used = 0.0
        lines[-1].append(handle)
        used += entry
    return lines


def key_height(lines: Sequence[Sequence[Artist]]) -> float:
    """Return how many millimetres the lines of a key take."""
    return _KEY_LINE_MM * len(lines)


def write_key(axes: Axes, lines: Sequence[Sequence[Artist]]) -> None:
    """Write a key into axes of its own, line by line; the axes are `key_height` high."""
    axes.set_axis_off()
    for number, handles in enumerate(lines):
        line = axes.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, 1 - number / len(lines)),
            ncols=len(handles),
            borderpad=0,
            borderaxespad=0,
            handlelength=0.9,
            handletextpad=_KEY_HANDLE_EM - 0.9,
            columnspacing=_KEY_GAP_EM,
        )
        # The layout would make room below the axes for the last line.
        line.set_in_layout(False)
        if number < len(lines) - 1:
            axes.add_artist(line)
