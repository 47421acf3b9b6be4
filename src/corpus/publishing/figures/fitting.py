"""Words that fit into a figure: beside their mark, as names with the room there is, and as the key above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from corpus.publishing.figures.style import MM_PER_INCH, SIZES

LINE_MM = 2.3
"""From one line of notes to the next."""

_GAP_MM = 0.7  # between two words
_DRIFT_MM = 2.2


def find_crowded(
    figure: Figure, labelled: Iterable[tuple[Text, Rectangle]], *, margin_mm: float = 0.4
) -> list[tuple[Text, Rectangle]]:
    """Return the words that are wider than the mark they stand on, as the figure is laid out now."""
    figure.draw_without_rendering()
    margin = margin_mm / MM_PER_INCH * figure.dpi
    return [
        (text, rectangle)
        for text, rectangle in labelled
        if text.get_window_extent().width + 2 * margin > rectangle.get_window_extent().width
    ]


def spread_words(figure: Figure, words: Iterable[Text], *, n_levels: int = 1) -> None:
    """Move words of the same height apart, to the right, and remove those that have no room.

    A word goes no farther than 2.2 mm from its place: beyond, it would seem to belong to something else. Before that
    it takes the next of ``n_levels`` lines: further down if its top is at its place, else further up.
    """
    words = list(words)
    for text in words:
        # The layout would make room for words that then move elsewhere, and with it move what they stand at.
        text.set_in_layout(False)
    figure.draw_without_rendering()
    gap, drift, line = (length_mm / MM_PER_INCH * figure.dpi for length_mm in (_GAP_MM, _DRIFT_MM, LINE_MM))
    reached: dict[tuple[int, float, int], float] = {}
    for text in sorted(words, key=lambda text: text.get_window_extent().x0):
        axes = text.axes
        assert axes is not None  # words on the figure itself are not spread
        box, (_, y) = text.get_window_extent(), text.get_position()
        last = max(box.x0, axes.bbox.x1) - box.width
        for level in range(n_levels):
            free = reached.get((id(axes), y, level), axes.bbox.x0 - gap) + gap
            left = min(max(box.x0, free), last)
            if free <= left <= box.x0 + drift:
                break
        else:
            text.remove()
            continue
        reached[id(axes), y, level] = left + box.width
        away = level * line * (-1 if text.get_verticalalignment() == "top" else 1)
        place = axes.transData.inverted().transform((left, axes.transData.transform((0, y))[1] + away))
        text.set(x=round(place[0], 6), y=round(place[1], 6) if level else y, ha="left")


def width_of(words: str) -> float:
    """Return about how many Chinese characters the words are wide."""
    return sum(0.55 if character.isascii() else 1.0 for character in words)


def short_name(name: str, width: float) -> str:
    """Return a report's name no wider than so many Chinese characters: cut in its place, so that its year stays."""
    if width_of(name) <= width:
        return name
    place, space, year = name.rpartition(" ")
    if not year.isdecimal():
        place, space, year = name, "", ""
    end = f"...{space}{year}"
    while place and width_of(place + end) > width:
        place = place[:-1]
    return place + end


_LETTER_EM = 0.55


def count_ems(words: str) -> float:
    """Return about how many Chinese characters the words are wide; a letter or a digit is half as wide as one."""
    return sum(1.0 if ord(character) > 0x2E7F or character in "…“”‘’—" else _LETTER_EM for character in words)


def em_mm(size: float) -> float:
    """Return how many millimetres a Chinese character of a size in points is wide."""
    return size / 72 * MM_PER_INCH


def shorten(words: str, room: float) -> str:
    """Return words that are at most so many Chinese characters wide, with … for what is left out."""
    if count_ems(words) <= room:
        return words
    kept = words
    while kept and count_ems(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"


def shorten_name(label: str, room: float) -> str:
    """Return the label of a report in so many ems; what is left out is left out of the place, not of the year."""
    place, _, year = label.rpartition(" ")
    if not (place and year.isdigit()):
        return shorten(label, room)
    return f"{shorten(place, max(2.0, room - count_ems(f' {year}')))} {year}"


def widest_ems(names: Sequence[str]) -> float:
    """Return how many ems the widest line of some names is wide."""
    return max((count_ems(line) for name in names for line in name.split("\n")), default=0.0)


def fold_words(clauses: Sequence[str], room: float, *, between: str) -> list[str]:
    """Join clauses into lines of at most so many ems, as many in a line as fit; none is broken."""
    lines: list[str] = []
    for clause in clauses:
        joined = f"{lines[-1]}{between}{clause}" if lines else clause
        if lines and count_ems(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(clause)
    return lines


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
