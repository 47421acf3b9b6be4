"""Every bound on untrusted input, each with its reason."""

from __future__ import annotations

import zipfile

MIB = 1024 * 1024

MAX_FILE_BYTES = 20 * MIB
"""A report has some 10 KB; 20 MiB leaves room for a volume of reports and keeps a stray archive out of memory."""

MAX_TABLE_BYTES = 4096 * MIB
"""A table is read row by row, so that its size costs no memory; 50,000 reports are 600 MB."""

MAX_JSON_CHARS = 96 * MIB
"""An array of JSON is held as a whole; in .jsonl each line stands for itself."""

MAX_ARCHIVE_BYTES = 2048 * MIB
"""An archive is read member by member."""

MAX_UNPACKED_ARCHIVE_BYTES = 4096 * MIB
"""All members of one archive together, as for a table."""

MAX_TOTAL_RATIO = 60
"""Unpacked to packed, for an archive of more than 64 MiB: texts shrink to a fifth, pages to a tenth."""

MAX_FILES = 200_000
"""Files in one folder or archive: four times the largest collection the workbook was measured with."""

MAX_UNPACKED_BYTES = 200 * MIB
"""All parts of one Word file together, pictures too; only those that hold text are unpacked."""

MAX_PART_BYTES = 64 * MIB
"""One part of a Word file that holds text: a volume of reports has 10 MB."""

MAX_RATIO = 200
"""Unpacked to packed: text shrinks to a tenth, a bomb to a thousandth. Parts under 1 MiB are not looked at."""

MAX_PAGES = 2_000
"""Pages of one PDF: twenty times the longest report seen."""

MAX_FILE_SECONDS = 20.0
"""For one file read by a process of its own: a page takes some milliseconds, so only one made to stall is longer."""

MAX_STEP_SECONDS = 4.0
"""Of the process's own time, between two pages of such a file, and for a file without pages."""

MAX_READER_BYTES = 640 * MIB
"""Memory of such a process: reading the largest report takes a tenth."""

HEAVY_BYTES = 4 * MIB
"""A web page or a Word file's text of this size is read by a process of its own: ordinary ones have a hundredth."""

HEAVY_TAGS = 50_000
"""Elements of a web page, for the same reason: each costs far more memory than its characters."""

MAX_ID_CHARS = 120
"""Of a report's id in a table or a catalogue: it names files, lines and figures."""

HEAD_LINES = 60
"""Lines at the top, and at the end, of a page that are looked at as page furniture: more than any page seen had."""


def bursts(entry: zipfile.ZipInfo) -> bool:
    """Tell whether a member of an archive unpacks to so much more than it is that it was made to."""
    return entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
