"""What a file is, told by its first bytes whatever its name says, and the way from formats that are not read."""

from __future__ import annotations

import codecs
import re
from functools import cache
from pathlib import PurePosixPath
from typing import Literal

from corpus.field.data_files import lexicon_rows
from corpus.loading.files.decoding import UndecodableError, read_text

Kind = Literal["text", "page", "word", "pdf", "archive", "table", "gzip"]

TEXT_SUFFIXES = (".txt", ".text")
PAGE_SUFFIXES = (".html", ".htm", ".shtml", ".shtm", ".xhtml", ".xht", ".jsp", ".jspx", ".php", ".asp", ".aspx")
WORD_SUFFIXES = (".docx", ".docm", ".doc", ".wps", ".dot", ".dotx")
TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".ndjson")
ARCHIVE_SUFFIXES = (".zip",)
SUFFIXES = (*TEXT_SUFFIXES, *PAGE_SUFFIXES, *WORD_SUFFIXES, ".pdf", *ARCHIVE_SUFFIXES, *TABLE_SUFFIXES)
"""Suffixes of files that are opened in folders and archives; each also with ``.gz`` behind it."""

SNIFFED_BYTES = 8192
_Fault = tuple[str, str, str]


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
_MESSAGE = re.compile(rb"\s*(?:[A-Za-z-]{2,30}: [^\n]{0,300}\n){0,20}?MIME-Version: ?1\.0", re.IGNORECASE)
_HEADER = re.compile(rb"\s*[A-Za-z-]{2,30}: ")


def suffix_of(name: str) -> str:
    """Return the suffix of a name in small letters, that before ``.gz`` too: ``.csv`` of ``a.csv.gz``."""
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = path.suffix.lower()
    return PurePosixPath(path.stem).suffix.lower() if suffix == ".gz" else suffix


def is_opened(name: str) -> bool:
    """Tell whether a file of this name is one of those that are opened in folders and archives."""
    return suffix_of(name) in SUFFIXES


def kind_of(beginning: bytes, name: str) -> Kind | _Fault:
    """Return what a file is by its first bytes, or code, message and remedy where that is not read.

    Parameters
    ----------
    beginning : bytes
        The file, or its first `SNIFFED_BYTES`; the end of an archive, where its names stand, helps if it is there.
    name : str
        Its name; the suffix decides only where the bytes do not.

    Examples
    --------
    >>> kind_of(b"<html><body>", "report.doc"), kind_of(b"%PDF-1.4", "report.txt")
    ('page', 'pdf')
    >>> kind_of(b"PAR1", "a.parquet")[1]
    'a Parquet table, which is not read'
    """
    suffix = suffix_of(name)
    plain = beginning[:SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8)
    if plain.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        plain = plain.decode("utf-16", "ignore").encode("utf-8", "ignore")
    for magic, what, remedy in _beginnings("beginning"):
        if beginning.startswith(magic):
            return _unread(what, remedy, suffix)
    if beginning.startswith(_OLE):
        return _old_office(beginning, suffix)
    if beginning.startswith(b"\x1f\x8b"):
        if name.lower().endswith(".gz") and not name.lower().endswith(".tar.gz"):
            return "gzip"
        return _unread("a packed file (.gz)", _remedy(".gz"), suffix)
    if beginning.startswith(b"PK\x03\x04"):
        return _zipped(beginning, suffix)
    if plain.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if _MESSAGE.match(plain) or (suffix in (".mht", ".mhtml", ".eml") and _HEADER.match(plain)):
        if suffix in WORD_SUFFIXES:
            return _unread("a page with its parts (.mht)", _remedy(".doc"), suffix)
        return _unread(*_formats("suffix")[".mht"], suffix)
    if _PAGE.match(plain):
        return misnamed("page") if suffix in TABLE_SUFFIXES else "page"
    if suffix in TABLE_SUFFIXES:
        return "table"
    if b"<?mso-application" in plain:
        return _unread("a Word file in XML of 2003", _remedy(".doc"), suffix)
    if suffix in PAGE_SUFFIXES:
        return "page"
    if suffix == ".pdf":
        return "pdf"
    if suffix in (".docx", ".docm", ".dotx"):
        return "word"
    if suffix in ARCHIVE_SUFFIXES:
        return "archive"
    return "text"


def refusal_by_name(name: str) -> _Fault | None:
    """Return code, message and remedy for a file whose name is none of those that are opened; None for others."""
    suffix = suffix_of(name)
    if suffix in SUFFIXES:
        return None
    if suffix in _formats("suffix"):
        return _unread(f"a file of the format {suffix}", _remedy(suffix), suffix)
    what = f"files called {suffix} are not read" if suffix else "files without a suffix are not read"
    return "other-format", what, "if it is a report, save it as .txt, .html, .docx or .pdf"


def right_name(beginning: bytes, kind: Kind) -> _Fault | None:
    """Return code, message and remedy for a file that another name would make readable; None for one it would not."""
    if kind == "text":
        try:
            read_text(beginning[: SNIFFED_BYTES // 2].rpartition(b"\n")[0] or beginning)
        except UndecodableError:
            return None
    return misnamed(kind) if kind in _RIGHT_NAMES else None


def misnamed(kind: Kind) -> _Fault:
    """Return code, message and remedy for a file whose bytes are of a kind that its name does not say."""
    what, suffix = _RIGHT_NAMES[kind]
    return (
        "misnamed",
        f"its bytes are those of a {what}, whatever its name says",
        f"if it is a report, call it {suffix}",
    )


def _unread(what: str, remedy: str, suffix: str) -> _Fault:
    return "unread-format", f"{what}, which is not read", remedy.format(suffix=suffix or "")


def _remedy(suffix: str) -> str:
    return _formats("suffix")[suffix][1]


def _old_office(beginning: bytes, suffix: str) -> _Fault:
    def names(word: str) -> bool:
        return word.encode("utf-16-le") in beginning

    if names("EncryptedPackage"):
        return "encrypted", "the document is protected with a password", "save a copy without a password"
    if names("Workbook") or suffix in (".xls", ".et"):
        return _unread("an old Excel sheet (.xls)", _remedy(".xls"), suffix)
    if names("PowerPoint Document") or suffix in (".ppt", ".dps"):
        return _unread("old slides (.ppt)", _remedy(".ppt"), suffix)
    if suffix == ".hwp":
        return _unread("a Hangul document (.hwp)", _remedy(".hwp"), suffix)
    message = "a Word or WPS file of the old format (.doc), whatever its name says"
    return "old-word", message, _remedy(".doc").format(suffix=suffix if suffix in (".doc", ".dot", ".wps") else ".doc")


def _zipped(beginning: bytes, suffix: str) -> Kind | _Fault:
    if suffix in (".docx", ".docm", ".dotx") or b"word/" in beginning:
        return "word"
    for mark, what, remedy in _beginnings("member of a zip"):
        if mark in beginning:
            return _unread(what, remedy, suffix)
    if suffix in _formats("suffix") and suffix not in WORD_SUFFIXES:
        return _unread(*_formats("suffix")[suffix], suffix)
    if suffix in ARCHIVE_SUFFIXES:
        return "archive"
    return _unread("an archive (zip) under another name", "give it the suffix .zip", suffix)
