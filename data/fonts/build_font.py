"""Build FazhiSansSC-Regular.ttf, the font of the figures, from Noto Sans SC Regular.

Needs fontTools 4.68.0 and the package pylopdf-fonts-zh-cn 0.1.1, which carries the source font and its licence; neither
is needed to use the font. Run it from anywhere: ``python data/fonts/build_font.py``. The same source, fontTools and
reports give the same bytes; README.md beside this file records their hashes.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent / "raw"
PACKAGE = "pylopdf-fonts-zh-cn"
SOURCE_FILE = "pylopdf_fonts_zh_cn/NotoSansSC-Regular.otf"
SOURCE_SHA256 = "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9"

FAMILY = "Fazhi Sans SC"
POSTSCRIPT_NAME = "FazhiSansSC-Regular"
VERSION = "1.000"

BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin with diacritics, as far as the source has them
    (0x01CD, 0x01DC),  # pinyin vowels with tone marks
    (0x0391, 0x03C9),  # Greek
    (0x2010, 0x205E),  # dashes, quotation marks, ellipsis, per mille
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20AC, 0x20AC),  # euro sign
    (0x2100, 0x214F),  # letter-like symbols: ℃ № ™
    (0x2150, 0x218B),  # fractions and Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical signs
    (0x2460, 0x24FF),  # numbers in circles and brackets
    (0x2500, 0x25FF),  # lines, blocks and geometric shapes
    (0x2605, 0x2606),  # stars
    (0x2713, 0x2717),  # check marks
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3220, 0x3243),  # Chinese numbers in brackets
    (0x3280, 0x32B0),  # Chinese numbers in circles
    (0x3380, 0x33DF),  # squared units: ㎡ ㎏
    (0xFF01, 0xFFEE),  # full-width and half-width forms
)
# Characters of current county names that GB2312 lacks: 埇桥 湾沚 浉河 瀍河 猇亭 硚口 鄠邑.
COUNTY_NAMES = "埇沚浉瀍猇硚鄠"
# What a table of limits says of instructions and composite glyphs; the font has neither. fontTools fills in the rest.
UNUSED_LIMITS = (
    *("maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements"),
    *("maxSizeOfInstructions", "maxCompositePoints", "maxCompositeContours", "maxComponentElements"),
    *("maxComponentDepth", "maxPoints", "maxContours"),
)
MAX_ERROR_UNITS = 1.0  # how far a quadratic outline may lie from the cubic one; the em has 1000 units


def wanted_characters() -> set[int]:
    """Return the code points that the font should have."""
    wanted = {point for first, last in BLOCKS for point in range(first, last + 1)} | set(map(ord, COUNTY_NAMES))
    double_bytes = (bytes((high, low)) for high in range(0xA1, 0xFF) for low in range(0xA1, 0xFF))
    wanted |= {ord(char) for pair in double_bytes for char in pair.decode("gb2312", errors="ignore")}
    reports = sorted(REPORTS.glob("*.txt"))
    if not reports:
        sys.exit(f"{REPORTS}: no reports there; the font must have every character of theirs")
    return wanted | {ord(char) for path in reports for char in path.read_text(encoding="utf-8")}


def read_source() -> TTFont:
    """Return the source font, after a check of its bytes."""
    path = Path(str(distribution(PACKAGE).locate_file(SOURCE_FILE)))
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SOURCE_SHA256:
        sys.exit(f"{path}: sha256 is {found}, expected {SOURCE_SHA256}; install {PACKAGE} 0.1.1")
    return TTFont(BytesIO(content), recalcTimestamp=False)


def cut(font: TTFont) -> None:
    """Keep the wanted characters and the kerning of Latin; drop hints, vertical layout and alternates."""
    options = Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = ["*"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG", "GSUB", "GDEF"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(wanted_characters()))
    subsetter.subset(font)


def convert_outlines(font: TTFont) -> None:
    """Put quadratic (TrueType) outlines in the place of the cubic ones; PDF then embeds them as they are."""
    glyph_set = font.getGlyphSet()
    glyphs: dict[str, Glyph] = {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, MAX_ERROR_UNITS, reverse_direction=True))
        glyphs[name] = pen.glyph()
    outlines = newTable("glyf")
    outlines.glyphOrder = font.getGlyphOrder()
    outlines.glyphs = glyphs
    font["glyf"] = outlines
    font["loca"] = newTable("loca")
    del font["CFF "]
    for name, glyph in glyphs.items():
        glyph.recalcBounds(outlines)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(glyph, "xMin", 0))
    limits = newTable("maxp")
    limits.tableVersion = 0x00010000
    limits.numGlyphs = len(glyphs)
    for field in UNUSED_LIMITS:
        setattr(limits, field, 0)
    limits.maxZones = 1
    font["maxp"] = limits
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


def rename(font: TTFont) -> None:
    """Give the font a name of its own; copyright, designers and licence stay."""
    own = {
        1: FAMILY,
        3: f"{VERSION};{POSTSCRIPT_NAME}",
        4: FAMILY,
        5: f"Version {VERSION}; subset of {SOURCE_FILE.rpartition('/')[2]} 2.004 with TrueType outlines",
        6: POSTSCRIPT_NAME,
    }
    trademark = 7
    names = font["name"]
    names.names = [record for record in names.names if record.langID == 0x409 and record.nameID != trademark]
    for name_id, value in own.items():
        names.setName(value, name_id, 3, 1, 0x409)
    names.names.sort()


def main() -> None:
    font = read_source()
    cut(font)
    convert_outlines(font)
    rename(font)
    stream = BytesIO()
    font.save(stream, reorderTables=True)
    target = HERE / f"{POSTSCRIPT_NAME}.ttf"
    target.write_bytes(stream.getvalue())
    digest = hashlib.sha256(stream.getvalue()).hexdigest()
    print(f"{target.name}: {len(stream.getvalue()):,} bytes, {len(font.getBestCmap()):,} characters, sha256 {digest}")


if __name__ == "__main__":
    main()
