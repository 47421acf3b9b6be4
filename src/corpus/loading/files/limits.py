"""Every bound on untrusted input, each with its reason."""

from __future__ import annotations

from pathlib import PurePosixPath
from unicodedata import category

MIB = 1024 * 1024

MAX_FILE_BYTES = 20 * MIB
"""A report has some 10 KB; 20 MiB leaves room for a volume of reports and keeps a stray archive out of memory."""

MAX_TABLE_BYTES = 4096 * MIB
"""A table is read row by row, so that its size costs no memory; 50,000 reports are 600 MB."""

MAX_ARCHIVE_BYTES = 2048 * MIB
"""An archive is read member by member."""

MAX_FILES = 200_000
"""Files in one folder or archive: four times the largest collection the workbook was measured with."""

MAX_UNPACKED_BYTES = 200 * MIB
"""All parts of one Word file together, before any is unpacked: python-docx holds several times that in memory."""

MAX_RATIO = 200
"""Unpacked to packed: text shrinks to a tenth, a bomb to a thousandth. Parts under 1 MiB are not looked at."""

MAX_PAGES = 2_000
"""Pages of one PDF: twenty times the longest report seen."""

MAX_PDF_SECONDS = 20.0
"""For one PDF: a page takes some milliseconds, so that only a file made to stall takes longer."""

HEAD_LINES = 60
"""Lines at the top, and at the end, of a page that are looked at as page furniture: more than any page seen had."""
MAX_ID_CHARS = 200


def id_fault(report_id: str) -> str | None:
    """Return what makes an id unfit to be shown, or used as the name of a file; None where nothing does."""
    if len(report_id) > MAX_ID_CHARS:
        return f"the id is {len(report_id):,} characters long, more than {MAX_ID_CHARS}"
    if any(category(character) in ("Cc", "Cf") for character in report_id):
        return "the id holds line feeds, escapes of a terminal or other invisible controls"
    if report_id.startswith("/") or {".", ".."} & set(PurePosixPath(report_id).parts) or report_id in ("", "."):
        return "the id is a path out of the folder"
    return None
