"""Do the files of the figures meet what journals ask of print?

Run it as ``python tests/bench/printing.py [FOLDER …]``; a folder is that of the notebooks if none is said, or the
``--out`` of a run. Of each figure: a page 89 or 183 mm wide and at most 170 mm high, in all three forms; a PNG of 300
dots an inch; every font of the PDF embedded as TrueType, none but that of the series, so that no character is missing;
every word 6 to 8 points. Where pdffonts (poppler) is installed it has to say the same of the fonts. The exit status is
1 where one figure fails.
"""

from __future__ import annotations

import ctypes
import math
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from bench.machine import print_machine
from PIL import Image

from corpus.field.data_files import notebooks_path
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM
from corpus.publishing.figures.style import DPI, MM_PER_INCH, TALLEST_MM

FONT = "FazhiSansSC-Regular"
SMALLEST, LARGEST = 6.0, 8.0
# Their words are as large as they are frequent; none is smaller than the smallest of print.
SIZED_BY_VALUE = frozenset({"word-clouds"})

_POINTS_PER_INCH = 72
_PICTURE_TOLERANCE_MM = 0.1


@dataclass(frozen=True, slots=True)
class Printed:
    """What was measured on a figure: its page in millimetres, and how many runs of text it has in each size."""

    name: str
    width_mm: float
    height_mm: float
    sizes: Counter[float]
    faults: tuple[str, ...]


def measure(folder: Path) -> Printed:
    """Measure the three pictures in the folder of a figure."""
    name = folder.name
    content = (folder / f"{name}.pdf").read_bytes()
    document = pdfium.PdfDocument(content)
    try:
        page = document[0]
        width_mm, height_mm = (points / _POINTS_PER_INCH * MM_PER_INCH for points in page.get_size())
        texts = list(_texts(page))
        n_pages = len(document)
    finally:
        document.close()
    sizes = Counter(size for _, _, size in texts)
    faults = [
        *_page_faults(width_mm, height_mm, n_pages),
        *_font_faults(content, texts),
        *_size_faults(name, sizes),
        *_png_faults(folder / f"{name}.png", width_mm, height_mm),
        *_svg_faults(folder / f"{name}.svg", width_mm, height_mm),
    ]
    return Printed(name, width_mm, height_mm, sizes, tuple(faults))


def _texts(page: pdfium.PdfPage) -> Iterator[tuple[str, bool, float]]:
    """Yield the font of each run of text, whether it is embedded, and the size in points at which it is drawn."""
    for found in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=5):
        font = pdfium_c.FPDFTextObj_GetFont(found.raw)
        length = pdfium_c.FPDFFont_GetBaseFontName(font, None, 0)
        name = ctypes.create_string_buffer(length)
        pdfium_c.FPDFFont_GetBaseFontName(font, name, length)
        size = ctypes.c_float()
        pdfium_c.FPDFTextObj_GetFontSize(found.raw, size)
        a, b, c, d, *_ = found.get_matrix().get()
        scale = math.sqrt(abs(a * d - b * c))
        yield name.value.decode("utf-8"), bool(pdfium_c.FPDFFont_GetIsEmbedded(font)), round(size.value * scale, 2)


def _page_faults(width_mm: float, height_mm: float, n_pages: int) -> Iterator[str]:
    if n_pages != 1:
        yield f"the PDF has {n_pages} pages"
    if min(abs(width_mm - wanted) for wanted in (SINGLE_MM, DOUBLE_MM)) > 0.01:
        yield f"is {width_mm:.2f} mm wide, not {SINGLE_MM:g} or {DOUBLE_MM:g}"
    if height_mm > TALLEST_MM + 0.01:
        yield f"is {height_mm:.2f} mm high, more than {TALLEST_MM:g}"


def _font_faults(content: bytes, texts: Sequence[tuple[str, bool, float]]) -> Iterator[str]:
    fonts = {name.split("+")[-1] for name, *_ in texts}
    fonts |= {name.decode("latin-1").split("+")[-1] for name in re.findall(rb"/BaseFont /([^\s/<>]+)", content)}
    if fonts != {FONT}:
        yield f"is set in {', '.join(sorted(fonts)) or 'no font'}, not in {FONT} alone"
    if not all(embedded for _, embedded, _ in texts):
        yield "has a font that is not embedded"
    n_fonts, n_files = (len(re.findall(each, content)) for each in (rb"/CIDFontType2\b", rb"/FontFile2\b"))
    if re.search(rb"/Type3\b|/Type1\b|/FontFile3?\b", content) or n_fonts != n_files:
        yield "has a font that is not embedded as TrueType"


def _size_faults(name: str, sizes: Counter[float]) -> Iterator[str]:
    largest = math.inf if name in SIZED_BY_VALUE else LARGEST
    wrong = sorted(size for size in sizes if not SMALLEST <= size <= largest)
    if wrong:
        yield f"has words of {', '.join(f'{size:g}' for size in wrong)} points"


def _png_faults(path: Path, width_mm: float, height_mm: float) -> Iterator[str]:
    with Image.open(path) as picture:
        picture.load()
        resolution = picture.info.get("dpi", (0, 0))
        size_mm = [pixels / DPI["print"] * MM_PER_INCH for pixels in picture.size]
    if any(abs(dots - DPI["print"]) > 0.01 for dots in resolution):
        yield f"the PNG has {resolution[0]:.0f} dots an inch"
    if any(
        abs(found - page) > _PICTURE_TOLERANCE_MM for found, page in zip(size_mm, (width_mm, height_mm), strict=True)
    ):
        yield "the PNG is {:.2f} by {:.2f} mm, other than the PDF".format(*size_mm)


def _svg_faults(path: Path, width_mm: float, height_mm: float) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    root = text[text.index("<svg") :].split(">", 1)[0]
    found = {side: float(points) for side, points in re.findall(r'\b(width|height)="([\d.]+)pt"', root)}
    page = {"width": width_mm, "height": height_mm}
    size_mm = {side: points / _POINTS_PER_INCH * MM_PER_INCH for side, points in found.items()}
    if any(abs(size_mm.get(side, 0) - page[side]) > 0.01 for side in page):
        yield "the SVG has another size than the PDF"
    faces = {face for face in re.findall(r'xlink:href="#([A-Za-z][\w-]*?)-[0-9a-f]+"', text) if "-" in face}
    if faces - {FONT}:
        yield f"the SVG is set in {', '.join(sorted(faces))}"
    if "<text" in text:
        yield "the SVG has text that another machine sets in a font of its own"


def ask_pdffonts(path: Path) -> list[str]:
    """Return what pdffonts says of the fonts of a PDF that is not as it should be."""
    said = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    sound = re.compile(rf"[A-Z]{{6}}\+{FONT} +CID TrueType +Identity-H +yes yes yes .*")
    return [f"pdffonts: {line}" for line in said or ["no font"] if not sound.fullmatch(line.rstrip())]


def main(arguments: Sequence[str]) -> int:
    print_machine(("matplotlib", "pypdfium2"))
    asked = shutil.which("pdffonts") is not None
    print("pdffonts is asked too" if asked else "pdffonts is not installed")
    faults, sizes, n_figures = 0, Counter[float](), 0
    for notebooks in map(Path, arguments or [notebooks_path()]):
        for folder in sorted(path for path in (notebooks / "figures").iterdir() if path.is_dir()):
            found = measure(folder)
            said = [*found.faults, *(ask_pdffonts(folder / f"{folder.name}.pdf") if asked else ())]
            used = ", ".join(f"{size:g} pt {number}" for size, number in sorted(found.sizes.items()))
            print(f"{found.name}: {found.width_mm:.1f} x {found.height_mm:.1f} mm; {used}")
            print("".join(f"    {fault}\n" for fault in said), end="")
            faults, sizes, n_figures = faults + bool(said), sizes + found.sizes, n_figures + 1
    print(f"{n_figures} figures, {sum(sizes.values())} runs of text, {faults} figures with faults")
    return int(faults > 0 or n_figures == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
