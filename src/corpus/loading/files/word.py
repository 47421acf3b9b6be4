"""The paragraphs of a Word file (.docx)."""

from __future__ import annotations

import io
import zipfile

from corpus.loading.files.decoding import UndecodableError
from corpus.loading.files.limits import MAX_FILES, MAX_RATIO, MAX_UNPACKED_BYTES, MIB

_OLD_WORD = b"\xd0\xcf\x11\xe0"


def read_word(content: bytes) -> list[str]:
    """Return the paragraphs of a Word file in order; a row of a table is one paragraph, its cells parted by ``|``.

    Empty paragraphs are kept, so that the number of a paragraph is its number in the file. Numbers that Word writes
    by itself (automatic lists) are not in the text.

    Raises
    ------
    UndecodableError
        If this is no .docx file, it is cut short or made to burst, or holds a DOCTYPE, no document or no text.
    """
    _check_package(content)
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table
    from lxml import etree

    try:
        document = Document(io.BytesIO(content))
        items = list(document.iter_inner_content())
        paragraphs = []
        for item in items:
            if isinstance(item, Table):
                paragraphs += [" | ".join(cell.text.replace("\n", " ") for cell in row.cells) for row in item.rows]
            else:
                paragraphs.append(item.text)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, etree.LxmlError) as error:
        raise UndecodableError(
            "damaged-word", "", f"no readable Word document ({error})", "open it in a word processor and save it again"
        ) from error
    if not any(paragraph.strip() for paragraph in paragraphs):
        raise UndecodableError("no-text", "", "the document holds no text (scanned?)", "obtain it as text")
    return paragraphs


def _check_package(content: bytes) -> None:
    """Look at the package before anything is unpacked."""
    if content.startswith(_OLD_WORD):
        message = "a Word file of the old format (.doc), whatever its name says"
        raise UndecodableError("old-word", "", message, "save it as .docx")
    if not content.startswith(b"PK"):
        raise UndecodableError(
            "renamed", "", "no Word file, whatever its name says", "give it the suffix of its format"
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UndecodableError("truncated", "", "the file is cut short", "obtain it again") from error
    with package:
        entries = package.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_FILES or total > MAX_UNPACKED_BYTES or any(map(_bursts, entries)):
            message = f"it would unpack to {total / MIB:,.0f} MiB in {len(entries):,} parts"
            raise UndecodableError("bomb", "", message, "do not open it; obtain it from another source")
        names = {entry.filename for entry in entries}
        if "word/document.xml" not in names and "[Content_Types].xml" not in names:
            raise UndecodableError("renamed", "", "an archive, not a Word file", "give it the suffix of its format")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")):
                _check_part(package, entry)


def _bursts(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse a DOCTYPE, behind which external entities hide, and which makes python-docx return no text."""
    try:
        with package.open(entry) as part:
            beginning = part.read(2048)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        message = f"its part {entry.filename} is damaged or encrypted"
        raise UndecodableError("damaged-word", entry.filename, message, "obtain the file again") from error
    if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
        message = f"its part {entry.filename} has a DOCTYPE, which no Word file needs"
        raise UndecodableError("doctype", entry.filename, message, "do not open it; obtain it from another source")
