"""One drawing as files: PNG, SVG and PDF, each the same bytes on every run, and the picture that a notebook shows."""

from __future__ import annotations

from io import BytesIO

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image

from corpus.publishing.figures.style import figure_style

# Without the time, the program and its version; what is left says which figure of the series the file holds.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw_files(figure: Figure, name: str, *, but_png: bool = False) -> dict[str, bytes]:
    """Return the three files of one drawing whose layout was settled, or two of them."""
    kinds = [kind for kind in _METADATA if not (but_png and kind == "png")]
    return {f"{name}.{kind}": _draw(figure, name, kind) for kind in kinds}


def draw_png(figure: Figure, name: str) -> bytes:
    """Return the PNG of a drawing whose layout was settled."""
    return _draw(figure, name, "png")


def _draw(figure: Figure, name: str, kind: str) -> bytes:
    stream = BytesIO()
    # Where no layout is left to be made, matplotlib does not draw a figure twice for each file.
    with figure_style(), mpl.rc_context({"figure.constrained_layout.use": False}):
        figure.savefig(stream, format=kind, metadata={**_METADATA[kind], "Title": name})
    return stream.getvalue()


def settle_layout(figure: Figure) -> None:
    """Keep the places of the axes as they were laid out, to a millionth of the figure, for all three files.

    The solver of the layout ends with rounding errors that differ from process to process, and the SVG names the
    rectangles to which it clips by their exact corners.
    """
    places = [axes.get_position().bounds for axes in figure.axes]
    with mpl.rc_context({"figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)
    for axes, (left, bottom, width, height) in zip(figure.axes, places, strict=True):
        axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))


def in_few_colours(png: bytes) -> bytes:
    """Return a picture with a palette, so that notebooks stay light; figures have a dozen colours and their edges."""
    stream = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    # The colours of every third pixel of every third line are those of all; to divide all takes five times as long.
    some = picture.resize((-(-picture.width // 3), -(-picture.height // 3)), Image.Resampling.NEAREST)
    colours = some.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few = picture.quantize(palette=colours, dither=Image.Dither.NONE)
    # To try every way of packing takes six times as long and saves a twentieth.
    few.save(stream, "PNG", compress_level=6)
    return stream.getvalue()
