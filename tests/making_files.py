"""Files of the formats that people have, made by hand: Word files, PDFs, archives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

REPORT = (
    "某某县科学技术局2020年法治政府建设工作报告\n"
    "2020年，某某县科学技术局在县委、县政府的领导下，认真落实法治政府建设各项任务，现将有关情况报告如下：\n"
    "一、主要举措和成效\n"
    "（一）加强组织领导。成立领导小组，局长任组长，全年召开会议三次，研究依法行政工作。\n"
    "二、存在的不足和原因\n"
    "法治宣传的深度还不够，执法人员的业务水平有待提高。\n"
    "某某县科学技术局\n"
    "2021年1月20日"
)


def make_docx(paragraphs: Sequence[str], *, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Return a Word file with paragraphs and, behind them, a table."""
    from docx import Document

    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, words in zip(table.add_row().cells, row, strict=True):
                cell.text = words
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def change_part(package: bytes, part: str, content: bytes) -> bytes:
    """Return a Word file with one part replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return make_zip({**parts, part: content})


def make_zip(members: Mapping[str, bytes]) -> bytes:
    """Return an archive; a name that is no ASCII is stored as GBK without the flag, as on Chinese Windows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(_gbk_entry(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _gbk_entry(name: str) -> zipfile.ZipInfo:
    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:
            return name.encode("gbk"), self.flag_bits

    return Entry(name)


def set_encrypted(archive: bytes) -> bytes:
    """Return an archive whose members say that they are encrypted."""
    changed = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(signature)
        while place >= 0:
            changed[place + offset] |= 1
            place = changed.find(signature, place + 4)
    return bytes(changed)


PAGE_WIDTH, PAGE_HEIGHT, LEFT, SIZE = 595, 842, 70, 12
LINE_CHARS = 36
FONT = Path(__file__).parents[1] / "data" / "fonts" / "FazhiSansSC-Regular.ttf"


def make_pdf(paragraphs: Sequence[str], *, head: str = "", lines_a_page: int = 12, font: Path = FONT) -> bytes:
    """Return a PDF of wrapped paragraphs, the first line of each indented, with a running head and page numbers."""
    lines = [line for paragraph in paragraphs for line in _wrapped(paragraph)]
    pages = [lines[start : start + lines_a_page] for start in range(0, len(lines), lines_a_page)]
    printed = []
    for number, page in enumerate(pages, 1):
        places = [(LEFT, 800.0, head, 9)] if head else []
        places += [(x, 760.0 - 20 * index, words, SIZE) for index, (x, words) in enumerate(page)]
        printed.append([*places, (280, 40.0, f"- {number} -", 9)])
    return print_pdf(printed, font=font)


def _wrapped(paragraph: str) -> list[tuple[int, str]]:
    first, rest = paragraph[: LINE_CHARS - 2], paragraph[LINE_CHARS - 2 :]
    later = [rest[start : start + LINE_CHARS] for start in range(0, len(rest), LINE_CHARS)]
    return [(LEFT + 2 * SIZE, first), *((LEFT, line) for line in later)]


def print_pdf(pages: Sequence[Sequence[tuple[int, float, str, int]]], *, font: Path = FONT) -> bytes:
    """Return a PDF with words at places: points from the left and from the bottom, and the size of the type."""
    return _print_pdf(tuple(map(tuple, pages)), font)


@cache
def _print_pdf(pages: tuple[tuple[tuple[int, float, str, int], ...], ...], font: Path) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    face = FontProperties(fname=font)
    stream = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(stream) as pdf:
        for page in pages:
            figure = Figure(figsize=(PAGE_WIDTH / 72, PAGE_HEIGHT / 72))
            for x, y, words, size in page:
                figure.text(x / PAGE_WIDTH, y / PAGE_HEIGHT, words, fontsize=size, font=face)
            pdf.savefig(figure)
    return stream.getvalue()


def bare_pdf(*, encrypted: bool = False) -> bytes:
    """Return the smallest PDF of one empty page, or one that asks for a password nobody knows."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    trailer = b"/Root 1 0 R"
    if encrypted:
        key = b"<" + b"ab" * 32 + b">"
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /O " + key + b" /U " + key + b" /P -44 >>")
        trailer += b" /Encrypt 4 0 R /ID [<00> <00>]"
    content, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(content)


FLOODS = (" ", "　", "\n", "(", "【《", "一、", "（一）", "2020", "年", "来源：", "首页 > ", "*", "\t|")
"""What makes a pattern slow that looks for the end of something that does not end."""


def flooded(report: str, flood: str, number: int) -> str:
    """Return a report after which, behind a label, something stands many times."""
    return f"{report}\n来源：{flood * number}"
