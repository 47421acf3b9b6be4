"""The font, the sizes and the colours of the series."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from drawn import use_look
from fontTools.ttLib import TTFont
from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontEntry, findfont, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.typing import ColorType

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.publishing.figures import look, style
from corpus.publishing.figures.style import mark_missing_glyphs, mark_text, missing_glyphs
from corpus.publishing.figures.texts.passage_bands import KIND_COLOURS

# Simulation of dichromacy on linear RGB, severity 1.0: Machado, Oliveira and Fernandes, "A physiologically-based model
# for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, table 1.
VISION: Mapping[str, Iterable[Iterable[float]]] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
# Linear sRGB to XYZ for the white D65 (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

Lab = tuple[float, float, float]


def lab(colour: ColorType, vision: str = "full") -> Lab:
    """CIELAB of a colour as somebody sees it."""
    encoded = np.array(to_rgb(colour))
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(VISION[vision]) @ linear, 0, 1)
    ratio = TO_XYZ @ seen / TO_XYZ.sum(axis=1)
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (29 / 6) ** 2 / 3 + 4 / 29)
    return 116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])


def difference(one: Lab, other: Lab) -> float:
    """CIEDE2000: Sharma, Wu and Dalal, Color Research and Application 30(1), 2005."""
    chroma_mean = (math.hypot(*one[1:]) + math.hypot(*other[1:])) / 2
    stretch = 1.5 - 0.5 * math.sqrt(chroma_mean**7 / (chroma_mean**7 + 25**7))
    c1, c2 = (math.hypot(stretch * a, b) for _, a, b in (one, other))
    h1, h2 = (math.degrees(math.atan2(b, stretch * a)) % 360 for _, a, b in (one, other))
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    d_light, d_chroma = other[0] - one[0], c2 - c1
    d_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, chroma = (one[0] + other[0]) / 2, (c1 + c2) / 2
    hue = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    s_light = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    s_chroma, s_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    rotation *= math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    parts = d_light / s_light, d_chroma / s_chroma, d_hue / s_hue
    return math.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def closest(colours: Iterable[str], vision: str) -> float:
    seen = [lab(colour, vision) for colour in colours]
    return min(difference(one, other) for one, other in itertools.combinations(seen, 2))


def lightness_step(colours: Iterable[str]) -> float:
    """The smallest difference of lightness (L*), which is what is left in grey."""
    grey = sorted(lab(colour)[0] for colour in colours)
    return min(second - first for first, second in itertools.pairwise(grey))


def contrast(one: str, other: str) -> float:
    dark, light = sorted(((lab(colour)[0] + 16) / 116) ** 3 for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_difference_agrees_with_the_published_test_data() -> None:
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619)) == pytest.approx(2.0373, abs=1e-4)
    assert difference((50, 2.5, 0), (58, 24, 15)) == pytest.approx(19.4535, abs=1e-4)


def test_font_has_what_is_promised() -> None:
    pairs = (bytes((high, low)) for high in range(0xA1, 0xFF) for low in range(0xA1, 0xFF))
    gb2312 = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    reports = "".join(path.read_text(encoding="utf-8") for path in data_path("raw").glob("*.txt"))
    assert len(gb2312) == 7445
    assert len(reports) > 10_000
    assert missing_glyphs(gb2312 + reports) == ""
    assert missing_glyphs("ABCxyz 0123456789 % ‰ → ← ↔ – — … ± × ≥ ≤ ①⑩ · • “” ‘’ 《》〔〕 ㎡ 浉瀍") == ""


def test_font_has_a_name_of_its_own_and_its_licence() -> None:
    face = FT2Font(style.font_path())
    assert face.family_name == style.FAMILY
    assert not re.search("noto|source", f"{face.family_name} {face.postscript_name}", re.IGNORECASE)
    assert "SIL OPEN FONT LICENSE Version 1.1" in data_path("fonts", "OFL.txt").read_text(encoding="utf-8")


def test_readme_of_the_fonts_records_the_hash() -> None:
    digest = hashlib.sha256(style.font_path().read_bytes()).hexdigest()
    assert digest in data_path("fonts", "README.md").read_text(encoding="utf-8")


def test_family_means_our_file_whatever_is_installed() -> None:
    impostor = FontEntry(fname="impostor.ttf", name=style.FAMILY)
    fontManager.ttflist.insert(0, impostor)
    style.register_font.cache_clear()
    with style.figure_style():
        assert findfont(style.FAMILY) == str(style.font_path())
    assert impostor not in fontManager.ttflist


def test_style_starts_from_defaults_and_is_taken_off_again() -> None:
    with mpl.rc_context({"axes.facecolor": "red", "font.size": 30}):
        with use_look(look.Look(profile="screen")), style.figure_style():
            assert mpl.rcParams["axes.facecolor"] == "white"
            assert mpl.rcParams["font.size"] == style.SIZES["label"]
            assert mpl.rcParams["figure.dpi"] == 144
        assert mpl.rcParams["axes.facecolor"] == "red"
        assert mpl.rcParams["font.size"] == 30


@pytest.mark.parametrize(("width_mm", "profile", "dpi"), [(89, "print", 300), (183, "screen", 144)])
def test_new_figure_has_its_size(width_mm: float, profile: look.Profile, dpi: int) -> None:
    with use_look(look.Look(profile=profile)), style.new_figure(width_mm=width_mm, height_mm=60) as figure:
        assert figure.dpi == dpi
        assert figure.get_size_inches() * style.MM_PER_INCH == pytest.approx([width_mm, 60])


@pytest.mark.parametrize(("width_mm", "height_mm"), [(184, 90), (183, 171), (0, 90)])
def test_figure_that_does_not_fit_on_a_page_is_refused(width_mm: float, height_mm: float) -> None:
    refused = pytest.raises(CorpusError, match="does not fit on a page")
    with refused, style.new_figure(width_mm=width_mm, height_mm=height_mm):
        pass


@pytest.mark.parametrize("vision", VISION)
def test_colours_are_told_apart(vision: str) -> None:
    reuse = [colour for meaning, colour in style.COLOURS.items() if meaning != "clutter"]
    roles = dict(style.ROLE_COLOURS)
    assert closest(reuse, vision) > 18
    assert closest(roles.values(), vision) > 10
    del roles["none"]
    assert closest([*roles.values(), style.COLOURS["clutter"]], vision) > 10


def test_one_colour_has_one_meaning() -> None:
    assert closest([*style.COLOURS.values(), *style.ROLE_COLOURS.values()], "full") > 6


def test_colours_are_told_apart_in_grey() -> None:
    reuse = [colour for meaning, colour in style.COLOURS.items() if meaning != "clutter"]
    assert lightness_step(reuse) > 11
    assert lightness_step([*style.ROLE_COLOURS.values(), style.COLOURS["clutter"]]) > 7.5
    assert lightness_step(KIND_COLOURS.values()) > 11


def test_similarity_darkens_evenly() -> None:
    lightness = [lab(style.SIMILARITY(share))[0] for share in np.linspace(0, 1, 21)]
    steps = -np.diff(lightness)
    assert lightness[0] > 95
    assert lightness[-1] < 20
    assert steps.min() > 0.6 * steps.mean()
    assert steps.max() < 1.6 * steps.mean()


@pytest.mark.parametrize("colour", [*style.COLOURS.values(), *style.ROLE_COLOURS.values()])
def test_words_can_be_read_on_every_colour(colour: str) -> None:
    assert contrast(style.ink_on(colour), colour) > 4.5


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.COLOURS["own"], style.COLOURS["formula"]])
def test_colours_of_words_can_be_read_on_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") > 4.5


def test_role_colour_knows_tables() -> None:
    assert style.role_colour("plan") == style.ROLE_COLOURS["plan"]
    assert style.role_colour(None) == style.role_colour(float("nan")) == style.ROLE_COLOURS["none"]


def test_sizes_meet_the_print_profile() -> None:
    assert all(6 <= points <= 8 for points in style.SIZES.values())


def test_missing_glyphs_are_named_once() -> None:
    assert missing_glyphs("枣庄龘㐀龘\n𠮷 2019") == "㐀龘𠮷"
    assert mark_text("枣庄龘𠮷") == "枣庄[U+9F98][U+20BB7]"


def test_missing_glyphs_are_marked_wherever_they_stand() -> None:
    with style.new_figure(width_mm=80, height_mm=60) as figure:
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label="龘")
        axes.set_yticks([0, 1], ["枣庄", "龘县"])
        axes.set_xticks([0, 1], ["𠮷", "秦安"])
        axes.set_title("龘龘 2019")
        axes.legend()
        assert sorted(mark_missing_glyphs(figure)) == sorted("龘龘龘龘𠮷")
        assert mark_missing_glyphs(figure) == ""
    assert [label.get_text() for label in axes.get_yticklabels()] == ["枣庄", "[U+9F98]县"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["[U+20BB7]", "秦安"]
    assert axes.get_title(loc="left") == "[U+9F98][U+9F98] 2019"


def test_marking_leaves_a_figure_without_missing_glyphs_alone() -> None:
    with style.new_figure(width_mm=80, height_mm=60) as figure:
        axes = figure.subplots()
        axes.set_title("费用$100与$200")
        formatter = axes.xaxis.get_major_formatter()
    assert mark_missing_glyphs(figure) == ""
    assert axes.get_title(loc="left") == "费用$100与$200"
    assert axes.xaxis.get_major_formatter() is formatter


def test_the_font_is_cut_to_the_glyphs_of_a_figure_as_fonttools_cuts_it() -> None:
    whole = TTFont(style.font_path())
    names = [whole.getBestCmap()[ord(char)] for char in "科技局ag"]
    glyphs = [0, *sorted(map(whole.getGlyphID, names))]
    cut = TTFont(BytesIO(style.cut_font(glyphs)), checkChecksums=2)
    assert cut["maxp"].numGlyphs == len(glyphs) == len(cut.getGlyphOrder())
    for number, glyph in enumerate(glyphs):
        name, own = whole.getGlyphName(glyph), cut.getGlyphOrder()[number]
        assert cut["hmtx"][own] == whole["hmtx"][name]
        assert cut["glyf"][own].getCoordinates(cut["glyf"]) == whole["glyf"][name].getCoordinates(whole["glyf"])
