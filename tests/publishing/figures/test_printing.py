"""The committed figures as print has them: size, resolution, type, fonts."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest
from bench import printing
from matplotlib.figure import Figure

from corpus.field.data_files import notebooks_path
from corpus.publishing.figures.style import figure_style

FOLDERS = sorted(path for path in notebooks_path("figures").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_figure_meets_the_print_profile(folder: Path) -> None:
    found = printing.measure(folder)
    assert found.faults == ()
    assert sum(found.sizes.values()) > 0


def test_what_does_not_meet_it_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    with figure_style(), mpl.rc_context({"pdf.fonttype": 3, "font.family": "DejaVu Sans", "svg.fonttype": "none"}):
        figure = Figure(figsize=(4, 7), dpi=150)
        figure.text(0.1, 0.1, "small", fontsize=5)
        figure.text(0.1, 0.5, "large", fontsize=9)
        for suffix in ("pdf", "svg"):
            figure.savefig(folder / f"bad.{suffix}")
        figure.set_size_inches(4, 6)
        figure.savefig(folder / "bad.png")
    assert list(printing.measure(folder).faults) == [
        "is 101.60 mm wide, not 89 or 183",
        "is 177.80 mm high, more than 170",
        "is set in DejaVuSans, not in FazhiSansSC-Regular alone",
        "has a font that is not embedded as TrueType",
        "has words of 5, 9 points",
        "the PNG has 150 dots an inch",
        "the PNG is 50.80 by 76.20 mm, other than the PDF",
        "the SVG has text that another machine sets in a font of its own",
    ]
