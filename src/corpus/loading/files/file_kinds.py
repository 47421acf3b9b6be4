"""What a file is, told by its first bytes whatever its name says, and the way from formats that are not read."""

from __future__ import annotations

import codecs
import re
from functools import cache
from pathlib import PurePosixPath
from typing import Literal

from corpus.field.data_files import lexicon_rows
from corpus.loading.files.decoding import Fault, read_text

Kind = Literal["text", "page", "word", "pdf", "archive", "table", "gzip"]

TEXT_SUFFIXES = (".txt", ".text", ".md", ".markdown")
PAGE_SUFFIXES = (
    *(".html", ".htm", ".shtml", ".shtm", ".xhtml", ".xht", ".jsp", ".jspx", ".php", ".asp", ".aspx", ".mht", ".mhtml"),
)
WORD_SUFFIXES = (".docx", ".docm", ".doc", ".wps", ".dot", ".dotx")
TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".ndjson")
ARCHIVE_SUFFIXES = (".zip",)
SUFFIXES = (*TEXT_SUFFIXES, *PAGE_SUFFIXES, *WORD_SUFFIXES, ".pdf", *ARCHIVE_SUFFIXES, *TABLE_SUFFIXES)
"""Suffixes of files that are opened in folders and archives; each also with ``.gz`` behind it."""

SNIFFED_BYTES = 8192
_WORD_PACKAGES = (".docx", ".docm", ".dotx")
_BY_SUFFIX: dict[str, Kind] = {
    **dict.fromkeys(TABLE_SUFFIXES, "table"),
    **dict.fromkeys(PAGE_SUFFIXES, "page"),
    **dict.fromkeys(_WORD_PACKAGES, "word"),
    **dict.fromkeys(ARCHIVE_SUFFIXES, "archive"),
    ".pdf": "pdf",
}
"""What a file is taken for whose bytes do not say it; of other names a text."""


@cache
def _formats(told_by: str) -> dict[str, tuple[str, str]]:
    """Return the formats that are not read, what each is and the way from it, by what they are told by."""
    rows = (row for row in lexicon_rows("file_formats") if row["told_by"] == told_by)
    return {row["sign"]: (row["what"], row["remedy"]) for row in rows}


@cache
def _beginnings(told_by: str) -> tuple[tuple[bytes, str, str], ...]:
    """Return bytes that formats begin with, or hold, each with what they are and the way from them."""
    told = _formats(told_by).items()
    return tuple((sign.encode().decode("unicode_escape").encode("latin-1"), *told_of) for sign, told_of in told)


_OLE = b"\xd0\xcf\x11\xe0"
_OLD_FORMATS = (
    ("Workbook", (".xls", ".et"), "an old Excel sheet"),
    ("PowerPoint Document", (".ppt", ".dps"), "old slides"),
    ("", (".hwp",), "a Hangul document"),
)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>|<%[^>]{0,300}%>|<\?php[^>]{0,300}\?>|<!--[^>]{0,500}-->|\s)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span|center|section|article|h[1-6])[\s>]",
    re.IGNORECASE,
)
_RIGHT_NAMES: dict[Kind, tuple[str, str]] = {
    "text": ("text", ".txt"),
    "page": ("web page", ".html"),
    "word": ("Word file", ".docx"),
    "pdf": ("PDF", ".pdf"),
}
_ABOUT_A_FOLDER = re.compile(
    r"(?:read.?me|licen[cs]e|changelog|contributing|citation)\b.*\.(?:md|markdown)$", re.IGNORECASE
)
"""Names of files that tell of a folder: no reports, whatever their suffix."""
MESSAGE = re.compile(
    rb"\s*(?:[A-Za-z-]{2,40}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n)*){0,20}?MIME-Version: ?1\.0", re.IGNORECASE
)
"""How a page begins that was saved with its parts in one file (.mht)."""


def suffix_of(name: str) -> str:
    """Return the suffix of a name in small letters, that before ``.gz`` too: ``.csv`` of ``a.csv.gz``."""
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = path.suffix.lower()
    return PurePosixPath(path.stem).suffix.lower() if suffix == ".gz" else suffix


def kind_of(beginning: bytes, name: str) -> Kind:
    """Return what a file is by its first bytes.

    Parameters
    ----------
    beginning : bytes
        The file, or its first `SNIFFED_BYTES`; the end of an archive, where its names stand, helps if it is there.
    name : str
        Its name; the suffix decides only where the bytes do not.

    Raises
    ------
    Fault
        If that is not read.

    Examples
    --------
    >>> kind_of(b"<html><body>", "report.doc"), kind_of(b"%PDF-1.4", "report.txt")
    ('page', 'pdf')
    >>> kind_of(b"PAR1", "a.parquet")
    Traceback (most recent call last):
    corpus.loading.files.decoding.Fault: a Parquet table, which is not read
    """
    suffix = suffix_of(name)
    plain = beginning[:SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8)
    if plain.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        plain = plain.decode("utf-16", "ignore").encode("utf-8", "ignore")
    for magic, what, remedy in _beginnings("beginning"):
        if beginning.startswith(magic):
            raise _told(what, remedy, suffix)
    if beginning.startswith(_OLE):
        raise _old_office(beginning, suffix)
    if beginning.startswith(b"\x1f\x8b"):
        if name.lower().endswith(".gz") and not name.lower().endswith(".tar.gz"):
            return "gzip"
        raise _unread(".gz", suffix, "a packed file (.gz)")
    if beginning.startswith(b"PK\x03\x04"):
        return _zipped(beginning, suffix)
    if plain.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if _PAGE.match(plain) or MESSAGE.match(plain):
        if suffix in TABLE_SUFFIXES:
            raise misnamed("page")
        return "page"
    if b"<?mso-application" in plain and suffix not in TABLE_SUFFIXES:
        raise _unread(".doc", suffix, "a Word file in XML of 2003")
    return _BY_SUFFIX.get(suffix, "text")


def refusal_by_name(name: str) -> Fault | None:
    """Return why a file is not opened whose name is none of those that are; None for others."""
    suffix = suffix_of(name)
    if suffix in SUFFIXES and not _ABOUT_A_FOLDER.match(PurePosixPath(name).name):
        return None
    if suffix in _formats("suffix"):
        return _unread(suffix, suffix, f"a file of the format {suffix}")
    message = f"files called {suffix} are not read" if suffix else "files without a suffix are not read"
    return Fault("other-format", message, "if it is a report, save it as .txt, .html, .docx or .pdf")


def right_name(beginning: bytes, kind: Kind) -> Fault | None:
    """Return which name would make a file readable; None where none would."""
    if kind == "text":
        try:
            read_text(beginning[: SNIFFED_BYTES // 2].rpartition(b"\n")[0] or beginning)
        except Fault:
            return None
    return misnamed(kind) if kind in _RIGHT_NAMES else None


def misnamed(kind: Kind) -> Fault:
    """Return what is said of a file whose bytes are of a kind that its name does not say."""
    what, suffix = _RIGHT_NAMES[kind]
    message = f"its bytes are those of a {what}, whatever its name says"
    return Fault("misnamed", message, f"if it is a report, call it {suffix}")


def _told(what: str, remedy: str, suffix: str) -> Fault:
    return Fault("unread-format", f"{what}, which is not read", remedy.format(suffix=suffix))


def _unread(kind: str, suffix: str, what: str = "") -> Fault:
    """Return what is said of a file whose format has the suffix ``kind``, whatever suffix it has itself."""
    told, remedy = _formats("suffix")[kind]
    return _told(what or told, remedy, suffix)


def _old_office(beginning: bytes, suffix: str) -> Fault:
    def names(word: str) -> bool:
        return word.encode("utf-16-le") in beginning

    if names("EncryptedPackage"):
        return Fault("encrypted", "the document is protected with a password", "save a copy without a password")
    for word, suffixes, what in _OLD_FORMATS:
        if (word and names(word)) or suffix in suffixes:
            return _unread(suffixes[0], suffix, f"{what} ({suffixes[0]})")
    remedy = _unread(".doc", suffix if suffix in (".doc", ".dot", ".wps") else ".doc").remedy
    return Fault("old-word", "a Word or WPS file of the old format (.doc), whatever its name says", remedy)


def _zipped(beginning: bytes, suffix: str) -> Kind:
    if suffix in _WORD_PACKAGES or b"word/" in beginning:
        return "word"
    for mark, what, remedy in _beginnings("member of a zip"):
        if mark in beginning:
            raise _told(what, remedy, suffix)
    if suffix in _formats("suffix") and suffix not in WORD_SUFFIXES:
        raise _unread(suffix, suffix)
    if suffix in ARCHIVE_SUFFIXES:
        return "archive"
    raise _told("an archive (zip) under another name", "give it the suffix .zip", suffix)
