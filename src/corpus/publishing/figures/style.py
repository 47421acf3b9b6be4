"""The look of the series: one font, sizes in millimetres, one colour for one meaning.

Every figure is made inside `new_figure`, which starts from matplotlib's defaults, whatever a matplotlibrc says:

>>> from corpus.publishing.figures import style
>>> with style.new_figure(width_mm=89, height_mm=50) as figure:
...     axes = figure.subplots()
...     bars = axes.barh(["枣庄 2019", "沂源 2022"], [0.4, 0.3], color=style.COLOURS["shared"])
...     label = axes.set_xlabel("share of characters in shared passages, 0 to 1")

Text takes its size from ``SIZES`` and fits itself in (constrained layout). Nothing is read as mathtext, so that
费用$100与$200 stays what it is; a logarithmic axis therefore needs a plain formatter. In this font “ ” and … are as
wide as a Chinese character: English labels do without them."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import matplotlib as mpl
import matplotlib.style
import numpy as np
from cycler import cycler
from matplotlib.backends import _backend_pdf_ps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.typing import ColorType

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.publishing.figures.look import DOUBLE_MM, current_look, figure_width

FAMILY: Final = "Fazhi Sans SC"
DPI: Final[Mapping[str, int]] = {"print": 300, "screen": 144}
TALLEST_MM: Final = 170.0
MM_PER_INCH: Final = 25.4

SIZES: Final[Mapping[str, float]] = {"title": 8.0, "label": 7.0, "tick": 6.5, "note": 6.0}
"""Type in points: a panel's title, words in and along a panel, the numbers of an axis, notes."""

INK: Final = "#22262b"
MUTED: Final = "#5b626b"
RULE: Final = "#d4d7db"

COLOURS: Final[Mapping[str, str]] = {
    "own": "#04444e",
    "formula": "#ad4420",
    "shared": "#5983cf",
    "carried over": "#c8a510",
    "skeleton": "#c7cda9",
    "clutter": "#d8d8d8",
}
"""What a stretch of text is: the issuer's own words, a formula of the genre, words shared with another report, words
carried over from the issuer's report of the year before, the skeleton of headings, the clutter of the page."""

ROLE_COLOURS: Final[Mapping[str, str]] = {
    "preamble": "#ccbfad",
    "measures": "#4f9ec9",
    "shortcomings": "#a84f56",
    "first-responsible": "#6a4680",
    "plan": "#578a77",
    "closing": "#cb9fb2",
    "none": "#f6f6f6",
}
"""What a part of a report does; ``none`` where no role is known (see `role_colour`)."""

CLUTTER_HATCH: Final = "////"
"""Drawn over clutter, which lies near ``none`` in grey."""

SIMILARITY: Final = LinearSegmentedColormap.from_list(
    "similarity", ["#f5f6f8", "#cbd6ef", "#9bb1e0", "#5983cf", "#3a5fa6", "#213f75", "#122447"]
)
"""From 0, no words in common (near white), to 1, the same words (dark), through the colour of ``shared``."""

_TICKS: Final[Mapping[str, Any]] = {
    "labelsize": SIZES["tick"],
    "color": MUTED,
    "labelcolor": INK,
    "major.size": 2.5,
    "major.width": 0.5,
    "minor.size": 1.5,
    "minor.width": 0.4,
}
_SETTINGS: Final[Mapping[Any, Any]] = {
    "font.family": [FAMILY],
    "font.size": SIZES["label"],
    "text.color": INK,
    "text.hinting": "none",
    "text.parse_math": False,
    "timezone": "UTC",
    "figure.constrained_layout.use": True,
    "figure.titlesize": SIZES["title"],
    "figure.labelsize": SIZES["label"],
    "axes.titlesize": SIZES["title"],
    "axes.titlelocation": "left",
    "axes.titlepad": 4.0,
    "axes.labelsize": SIZES["label"],
    "axes.labelcolor": INK,
    "axes.labelpad": 3.0,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.formatter.useoffset": False,
    "axes.axisbelow": True,
    # A mark whose meaning was not said is ink, not the first colour of somebody's palette.
    "axes.prop_cycle": cycler(color=[INK]),
    "grid.color": RULE,
    "grid.linewidth": 0.4,
    **{f"{axis}tick.{name}": value for axis in "xy" for name, value in _TICKS.items()},
    "legend.fontsize": SIZES["tick"],
    "legend.title_fontsize": SIZES["tick"],
    "legend.frameon": False,
    "legend.handlelength": 1.2,
    "lines.linewidth": 1.0,
    "lines.markersize": 4.0,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.4,
    "hatch.color": "#9aa0a8",
    "svg.hashsalt": "fazhi-workbook",
    "pdf.fonttype": 42,
    # Builds of Python carry different zlibs, which pack the same page into other bytes.
    "pdf.compression": 0,
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Set matplotlib to the look of the series, with as many dots an inch as the current one, and back at the end."""
    register_font()
    with mpl.rc_context():
        matplotlib.style.use("default")
        mpl.rcParams.update({**_SETTINGS, "figure.dpi": DPI[current_look().profile]})
        yield


@contextmanager
def new_figure(*, width_mm: float | None = None, height_mm: float = 90.0) -> Iterator[Figure]:
    """Give an empty figure; what is drawn inside the ``with`` block has the look of the series.

    Parameters
    ----------
    width_mm, height_mm : float
        The printed size in millimetres: at most 183 wide and 170 high. The width is that of the current look, or 183,
        if not given.

    Raises
    ------
    CorpusError
        If the figure would not fit on a page.
    """
    width_mm = figure_width() if width_mm is None else width_mm
    if not (0 < width_mm <= DOUBLE_MM and 0 < height_mm <= TALLEST_MM):
        raise CorpusError(
            f"a figure of {width_mm:g} by {height_mm:g} mm does not fit on a page; "
            f"at most {DOUBLE_MM:g} by {TALLEST_MM:g} mm are possible"
        )
    with figure_style():
        # Without pyplot there is no list of open figures, no window and no backend to choose.
        figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        FigureCanvasAgg(figure)
        yield figure


def role_colour(role: object) -> str:
    """Return the colour of a role as tables hold it: a name, None or NaN."""
    return ROLE_COLOURS[role] if isinstance(role, str) else ROLE_COLOURS["none"]


def ink_on(colour: ColorType) -> str:
    """Return the colour of words that stand on ``colour``: black or white, whichever is read more easily.

    The contrast is that of WCAG 2.2 (relative luminance); it is at least 4.5 on every colour.
    """
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour))
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "#ffffff"


def mark_missing_glyphs(figure: Figure) -> str:
    """Lay a figure out, and draw as [U+9F98] and the like what its font does not have of its words.

    Titles, labels, ticks and legends of a figure that lacks nothing are left as they are.

    Returns
    -------
    str
        The characters that are drawn as marks, as often as they stand in the figure; empty where nothing is missing.
    """
    _lay_out(figure)
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_visible()]
    words = "".join(text.get_text() for text in texts)
    lacking = missing_glyphs(words)
    if not lacking:
        return ""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        labels = [label.get_text() for label in axis.get_majorticklabels()]
        if missing_glyphs("".join(labels)):
            axis.set_ticks(axis.get_majorticklocs(), [mark_text(label) for label in labels])
    for text in texts:
        text.set_text(mark_text(text.get_text()))
    _lay_out(figure)
    return "".join(char for char in words if char in lacking)


def _lay_out(figure: Figure) -> None:
    """Give axes their places and ticks their words."""
    with warnings.catch_warnings(), figure_style():
        # The same characters are marked and counted in the caption.
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        figure.draw_without_rendering()


def font_path() -> Path:
    """Return the file of the series' font, for what draws without matplotlib (word clouds)."""
    return data_path("fonts", "FazhiSansSC-Regular.ttf")


@lru_cache(maxsize=1)
def register_font() -> None:
    """Make the family name mean our file, whatever fonts of that name the machine has."""
    fontManager.ttflist[:] = [entry for entry in fontManager.ttflist if entry.name != FAMILY]
    fontManager.addfont(font_path())


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text`` that the font does not have, each once, in the order of their code points."""
    return "".join(sorted({char for char in text if char != "\n" and ord(char) not in _characters()}))


def mark_text(text: str) -> str:
    """Return ``text`` with [U+9F98] and the like in the place of characters that the font does not have."""
    return "".join(f"[U+{ord(char):04X}]" if missing_glyphs(char) else char for char in text)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset(FT2Font(font_path()).get_charmap())


_N_GLYPHS_AT, _N_METRICS_AT, _IS_LONG_AT = 4, 34, 50  # bytes in maxp, hhea and head


def cutting_quickly() -> AbstractContextManager[Any]:
    """Have matplotlib embed what `cut_font` gives, in the ``with`` block.

    It asks fontTools otherwise, which reads all 8,300 glyphs anew for each font of each PDF: half the time of a figure.
    """
    if not hasattr(_backend_pdf_ps, "SubsetResults"):  # another matplotlib than the pinned one
        return nullcontext()
    return patch.multiple(_backend_pdf_ps, get_glyphs_subset=_subset, font_as_file=BytesIO)


@contextmanager
def _subset(_: object, glyphs: Iterable[int]) -> Iterator[Any]:
    kept = [0, *sorted(set(glyphs) - {0})]
    yield _backend_pdf_ps.SubsetResults(cut_font(kept), {glyph: place for place, glyph in enumerate(kept)})


def cut_font(glyphs: list[int]) -> bytes:
    """Return the font with these glyphs alone, numbered in this order: the tables that a PDF needs of it.

    It has TrueType outlines without instructions and composite glyphs (``data/fonts/README.md``).
    """
    tables = _read_tables()
    glyf, hmtx, (n_metrics,) = tables["glyf"], tables["hmtx"], struct.unpack_from(">H", tables["hhea"], _N_METRICS_AT)
    is_long = struct.unpack_from(">h", tables["head"], _IS_LONG_AT)[0]
    places = np.frombuffer(tables["loca"], ">u4" if is_long else ">u2").astype(int) * (1 if is_long else 2)
    outlines = [_pad(glyf[places[glyph] : places[glyph + 1]]) for glyph in glyphs]
    advances = [hmtx[4 * min(glyph, n_metrics - 1) :][:2] for glyph in glyphs]
    bearings = [hmtx[min(4 * glyph + 2, 2 * (n_metrics + glyph)) :][:2] for glyph in glyphs]
    head, n_glyphs = tables["head"], struct.pack(">H", len(glyphs))
    cut = {
        "glyf": b"".join(outlines),
        "head": head[:8] + bytes(4) + head[12:_IS_LONG_AT] + struct.pack(">h", 1) + head[_IS_LONG_AT + 2 :],
        "hhea": tables["hhea"][:_N_METRICS_AT] + n_glyphs,
        "hmtx": b"".join(map(bytes.__add__, advances, bearings)),
        "loca": np.cumsum([0, *map(len, outlines)]).astype(">u4").tobytes(),
        "maxp": tables["maxp"][:_N_GLYPHS_AT] + n_glyphs + tables["maxp"][_N_GLYPHS_AT + 2 :],
    }
    begin = 12 + 16 * len(cut)
    directory, body = struct.pack(">LHHHH", 0x10000, len(cut), 64, 2, 16 * len(cut) - 64), b""
    for tag, table in cut.items():
        checksum = int(np.frombuffer(_pad(table), ">u4").sum(dtype=np.uint64)) & 0xFFFFFFFF
        directory += struct.pack(">4sLLL", tag.encode(), checksum, begin + len(body), len(table))
        body += _pad(table)
    return directory + body


def _pad(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


@lru_cache(maxsize=1)
def _read_tables() -> dict[str, bytes]:
    content = font_path().read_bytes()
    (n_tables,) = struct.unpack_from(">4xH", content)
    entries = (struct.unpack_from(">4s4xLL", content, 12 + 16 * number) for number in range(n_tables))
    return {tag.decode(): content[begin : begin + length] for tag, begin, length in entries}
