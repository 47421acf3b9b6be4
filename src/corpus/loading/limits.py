"""Every bound on untrusted input, each with its reason."""

from __future__ import annotations

MAX_FILE_BYTES = 20 * 1024 * 1024
"""A report has some 10 KB; 20 MiB leaves room for a volume of reports and keeps a stray archive out of memory."""

MAX_FILES = 200_000
"""Files in one folder: four times the largest collection the workbook was measured with."""

HEAD_LINES = 60
"""Lines at the top, and at the end, of a page that are looked at as page furniture: more than any page seen had."""
