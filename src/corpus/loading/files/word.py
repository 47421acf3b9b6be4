"""The paragraphs of a Word file (.docx): every word that Word shows, in its order."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpus.loading.files.decoding import UndecodableError
from corpus.loading.files.limits import MAX_FILES, MAX_PART_BYTES, MAX_UNPACKED_BYTES, MIB, bursts
from corpus.loading.files.word_numbers import WordNumbers, read_numbers

_DOCUMENT = "word/document.xml"
_DECLARATIONS = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_NOT_SHOWN = frozenset(("del", "moveFrom", "delText", "delInstrText", "instrText", "rt", "rPr", "pPr", "tblPr", "tcPr"))
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_WRITTEN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_FALSE = ("0", "false", "off")
_LAYOUT_PARAGRAPHS = 3
_LAYOUT_CHARS = 200


@dataclass(slots=True)
class WordText:
    """What a Word file says: its paragraphs, its notes at the foot or the end, and what was left out of it."""

    paragraphs: list[str]
    notes: list[str] = field(default_factory=list)
    left_out: tuple[str, ...] = ()


def read_word(content: bytes) -> WordText:
    """Return the paragraphs of a Word file in order; a row of a table is one paragraph, its cells parted by ``|``.

    Inserted text, content controls, text boxes, smart tags, fields and nested tables are read where they stand;
    deleted and hidden text is not. Cells that were merged are read once; a row whose cells hold paragraphs of running
    text gives these paragraphs. Empty paragraphs are kept, so that the number of a paragraph is its number in the file.
    Labels that Word writes by itself (automatic lists: 一、 1.) stand before their paragraphs; bullets do not.

    Raises
    ------
    UndecodableError
        If this is no .docx file, it is cut short or made to burst, or holds a DOCTYPE, no document or no text.
    """
    with _opened(content) as package:
        relations = _relations(package, "_rels/.rels")
        name = next((target for kind, target in relations if kind.endswith("/officeDocument")), _DOCUMENT)
        name = name if name in package.namelist() else _DOCUMENT
        root = _parsed(package, name)
        related = dict(
            _relations(package, posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels"))
        )
        by_kind = {kind.rsplit("/", 1)[-1]: posixpath.join(posixpath.dirname(name), at) for kind, at in related.items()}
        styles = _optional(package, by_kind.get("styles", "word/styles.xml"))
        numbers = read_numbers(_optional(package, by_kind.get("numbering", "word/numbering.xml")), styles)
        reader = _Reader(_hidden_styles(styles), numbers)
        body = next((child for child in root if _tag(child) == "body"), root)
        paragraphs = list(reader.blocks(body))
        notes = [
            words
            for part, tag in _NOTES
            if (at := by_kind.get(part, f"word/{part}.xml")) in package.namelist()
            for note in _parsed(package, at)
            if _tag(note) == tag and _attribute(note, "type") in (None, "normal")
            if (words := " ".join("".join(reader.blocks(note)).split()))
        ]
    if not any(paragraph.strip() for paragraph in paragraphs):
        raise UndecodableError("no-text", "", "the document holds no text (scanned?)", "obtain it as text")
    return WordText(paragraphs, notes, tuple(sorted(reader.left_out)))


def _opened(content: bytes) -> zipfile.ZipFile:
    """Open the package and look at it before anything is unpacked."""
    if not content.startswith(b"PK"):
        raise UndecodableError(
            "renamed", "", "no Word file, whatever its name says", "give it the suffix of its format"
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        raise UndecodableError("truncated", "", "the file is cut short", "obtain it again") from error
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or total > MAX_UNPACKED_BYTES or any(map(bursts, entries)):
        message = f"it would unpack to {total / MIB:,.0f} MiB in {len(entries):,} parts"
        raise UndecodableError("bomb", "", message, "do not open it; obtain it from another source")
    if not {_DOCUMENT, "[Content_Types].xml"} & set(package.namelist()):
        raise UndecodableError("renamed", "", "an archive, not a Word file", "give it the suffix of its format")
    return package


def _parsed(package: zipfile.ZipFile, name: str) -> Any:
    """Return the elements of a part; refuse a DOCTYPE, behind which entities hide that grow or lie elsewhere."""
    remedy = "open it in a word processor and save it again"
    if name not in package.namelist():
        raise UndecodableError("damaged-word", name, f"no readable Word document (it has no part {name})", remedy)
    try:
        with package.open(name) as part:
            content = part.read(MAX_PART_BYTES + 1)
    except Exception as error:
        message = f"its part {name} is damaged, encrypted or packed in an unknown way"
        raise UndecodableError("damaged-word", name, message, "obtain the file again") from error
    if len(content) > MAX_PART_BYTES:
        raise UndecodableError("too-large", name, f"its part {name} is too large", "split the document")
    if any(word in content for word in _DECLARATIONS):
        message = f"its part {name} has a DOCTYPE, which no Word file needs"
        raise UndecodableError("doctype", name, message, "do not open it; obtain it from another source")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UndecodableError("damaged-word", name, f"no readable Word document ({error})", remedy) from error


def _relations(package: zipfile.ZipFile, name: str) -> list[tuple[str, str]]:
    """Return type and target of each relation of a part; what lacks one of the two is passed over."""
    if name not in package.namelist():
        return []
    rows = [(each.get("Type"), each.get("Target")) for each in _parsed(package, name).iter(etree.Element)]
    return [(kind, target.lstrip("/")) for kind, target in rows if kind and target]


def _tag(element: Any) -> str:
    """Return the name of an element without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str | None:
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)


def _child(element: Any, *names: str) -> Any:
    for name in names:
        element = next((child for child in element if _tag(child) == name), None) if element is not None else None
    return element


def _is_on(flag: Any) -> bool:
    return flag is not None and _attribute(flag, "val") not in _FALSE


def _optional(package: zipfile.ZipFile, name: str) -> Any:
    return _parsed(package, name) if name in package.namelist() else None


def _hidden_styles(styles: Any) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden."""
    if styles is None:
        return frozenset()
    found = (style for style in styles if _is_on(_child(style, "rPr", "vanish")))
    return frozenset(filter(None, (_attribute(style, "styleId") for style in found)))


class _Reader:
    """Reads the shown text of a document's elements, without recursion inside a paragraph's own markup."""

    def __init__(self, hidden_styles: frozenset[str], numbers: WordNumbers) -> None:
        self._hidden_styles = hidden_styles
        self._numbers = numbers
        self.left_out: set[str] = set()
        self._fields: list[bool] = []
        """For each field that is open, whether its result has begun; what stands before is its instruction."""

    def blocks(self, holder: Any) -> Iterator[str]:
        """Yield the paragraphs below an element; a paragraph whose end was deleted goes on in the next."""
        pending = ""
        for child in holder:
            tag = _tag(child)
            if tag == "p":
                inner: list[str] = []
                words = self._paragraph(child, inner)
                label = self._label(child) if words.strip() else ""
                words = f"{pending}{label}{words.lstrip() if label else words}"
                yield from inner
                if _child(child, "pPr", "rPr", "del") is not None:
                    pending = words
                    continue
                pending = ""
                # A paragraph that only anchors text boxes is none of its own.
                if words.strip() or not inner:
                    yield words
            elif tag == "tbl":
                yield from self._table(child)
            elif tag == "altChunk":
                self.left_out.add("an embedded document")
            elif tag == "AlternateContent":
                yield from self._alternative(child)
            elif tag in _NOT_SHOWN:
                self._note_left_out(tag)
            elif tag and len(child):
                yield from self.blocks(child)
        if pending:
            yield pending

    def _label(self, paragraph: Any) -> str:
        """Return the label that Word writes before a paragraph of an automatic list."""
        settings = _child(paragraph, "pPr")
        if settings is None:
            return ""
        listed = _child(settings, "numPr")
        said = {_tag(each): _attribute(each, "val") for each in listed} if listed is not None else {}
        style = _child(settings, "pStyle")
        level = said.get("ilvl") or ""
        return self._numbers.label(
            said.get("numId"),
            int(level) if level in tuple("012345678") else None,
            _attribute(style, "val") if style is not None else None,
        )

    def _alternative(self, choice: Any) -> Iterator[str]:
        for branch in choice:
            if found := list(self.blocks(branch)):
                yield from found
                return

    def _table(self, table: Any) -> Iterator[str]:
        for row in self._within(table, "tr"):
            if _child(row, "trPr", "del") is not None:
                self.left_out.add("deleted text")
                continue
            cells = [list(self.blocks(cell)) for cell in self._within(row, "tc") if not _continues(cell)]
            if any(_is_running_text(cell) for cell in cells) or len(cells) == 1:
                for cell in cells:
                    yield from cell
            elif cells:
                yield " | ".join(" ".join(" ".join(cell).split()) for cell in cells)

    def _within(self, holder: Any, wanted: str) -> Iterator[Any]:
        """Yield the rows of a table or the cells of a row, those in content controls too."""
        for child in holder:
            tag = _tag(child)
            if tag == wanted:
                yield child
            elif tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                yield from self._within(child, wanted)

    def _paragraph(self, paragraph: Any, inner: list[str]) -> str:
        """Return the words of a paragraph; the paragraphs of its text boxes go into ``inner``."""
        written: list[str] = []
        hidden = (_attribute(_child(paragraph, "pPr", "pStyle"), "val") if _has_style(paragraph) else None) or ""
        stack = [iter(paragraph)] if hidden not in self._hidden_styles else []
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = _tag(child)
            if tag == "t":
                if all(self._fields):
                    written.append(child.text or "")
            elif tag in _NOT_SHOWN:
                self._note_left_out(tag)
            elif tag == "br":
                written.append("\n" if _attribute(child, "type") in (None, "textWrapping") else "")
            elif tag in _WRITTEN:
                written.append(_WRITTEN[tag])
            elif tag == "fldChar":
                self._field(_attribute(child, "fldCharType"))
            elif tag == "txbxContent":
                fields, self._fields = self._fields, []
                inner += self.blocks(child)
                self._fields = fields
            elif tag == "AlternateContent":
                stack.append(iter(_best_branch(child)))
            elif tag == "r" and self._is_hidden(child):
                if any(_tag(each) == "t" for each in child):
                    self.left_out.add("hidden text")
            elif tag:
                stack.append(iter(child))
        return "".join(written)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _is_hidden(self, run: Any) -> bool:
        settings = _child(run, "rPr")
        if settings is None:
            return False
        style = _child(settings, "rStyle")
        named = _attribute(style, "val") if style is not None else None
        vanish = _child(settings, "vanish")
        return _is_on(vanish) if vanish is not None else named in self._hidden_styles

    def _note_left_out(self, tag: str) -> None:
        if tag in ("del", "moveFrom"):
            self.left_out.add("deleted text")


def _has_style(paragraph: Any) -> bool:
    return _child(paragraph, "pPr", "pStyle") is not None


def _continues(cell: Any) -> bool:
    """Tell whether a cell only continues the one above it, whose words stand there."""
    merged = _child(cell, "tcPr", "vMerge")
    return merged is not None and _attribute(merged, "val") != "restart"


def _is_running_text(cell: list[str]) -> bool:
    filled = [words for words in cell if words.strip()]
    return len(filled) >= _LAYOUT_PARAGRAPHS and sum(map(len, filled)) > _LAYOUT_CHARS


def _best_branch(choice: Any) -> Any:
    """Return the first branch of an alternative that holds text, of which Word shows one."""
    for branch in choice:
        if _tag(branch) and any(_tag(each) == "t" and each.text for each in branch.iter()):
            return branch
    return ()
