"""The paragraphs of a Word file (.docx): every word that Word shows, in its order."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from corpus.loading.files.decoding import Extraction, Fault, read_text
from corpus.loading.files.file_kinds import kind_of
from corpus.loading.files.limits import MAX_FILES, MAX_PART_BYTES, MAX_UNPACKED_BYTES, MIB, bursts
from corpus.loading.files.webpages import read_webpage
from corpus.loading.files.word_numbers import WordNumbers, value_of
from corpus.report.values import Notice

_DOCUMENT = "word/document.xml"
_DECLARATIONS = tuple("<!DOCTYPE".encode(codec) for codec in ("ascii", "utf-16-le", "utf-16-be"))
_DELETED = ("del", "moveFrom")
_NOT_SHOWN = (*_DELETED, "delText", "delInstrText", "instrText", "rt")
_HOLDERS = ("ins", "moveTo", "sdt", "sdtContent", "customXml", "smartTag", "AlternateContent", "Choice", "Fallback")
"""Elements that only hold others: what is in them stands where they stand."""
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_WRITTEN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
_FALSE = ("0", "false", "off")
_LAYOUT_PARAGRAPHS = 3
_LAYOUT_CHARS = 200


def read_word(content: bytes) -> Extraction:
    """Return the paragraphs of a Word file in order, then its notes.

    A row of a table is one paragraph, its cells parted by ``|``. Inserted text, content controls, text boxes, smart
    tags, fields and nested tables are read where they stand; deleted and hidden text is not. Cells that were merged
    are read once; a row whose cells hold paragraphs of running text gives these paragraphs. Empty paragraphs are
    kept, so that the number of a paragraph is its number in the file. Labels that Word writes by itself (automatic
    lists: 一、 1.) stand before their paragraphs; bullets do not.

    Raises
    ------
    Fault
        If this is no .docx file, it is cut short or made to burst, or holds a DOCTYPE, no document or no text.
    """
    with _opened(content) as package:
        there = package.namelist()
        named = (at.lstrip("/") for _, kind, at in _relations(package, "_rels/.rels") if kind == "officeDocument")
        name = next((at for at in named if at in there), _DOCUMENT)
        root = _parsed(package, name)
        folder, file = posixpath.split(name)
        relations = _relations(package, f"{folder}/_rels/{file}.rels")
        parts = {key: posixpath.join(folder, at).lstrip("/") for name, kind, at in relations for key in (name, kind)}

        def part(kind: str) -> Any:
            at = parts.get(kind, f"word/{kind}.xml")
            return _parsed(package, at) if at in there else ()

        styles = part("styles")

        def embedded(relation: str) -> list[str]:
            return _embedded_words(package, parts[relation])

        reader = _Reader(_hidden_styles(styles), WordNumbers(part("numbering"), styles), embedded)
        body = root.find("body")
        paragraphs = reader.read(root if body is None else body)
        notes = [
            words
            for kind, tag in _NOTES
            for note in part(kind)
            if note.tag == tag and note.get("type") in (None, "normal")
            if (words := " ".join("".join(reader.read(note)).split()))
        ]
    if not any(paragraph.strip() for paragraph in paragraphs):
        raise Fault("no-text", "the document holds no text (scanned?)", "obtain it as text")
    placed = [(f"paragraph {number}", words) for number, words in enumerate(paragraphs, 1)]
    placed += [(f"note {number}", words) for number, words in enumerate(notes, 1)]
    left_out = f"what Word does not show is left out: {', '.join(sorted(reader.left_out))}"
    notices = (Notice("not-shown", left_out),) if reader.left_out else ()
    return Extraction("lxml", placed, notices=notices, n_notes=len(notes))


def _opened(content: bytes) -> zipfile.ZipFile:
    """Open the package and look at it before anything is unpacked."""
    if not content.startswith(b"PK"):
        raise Fault("renamed", "no Word file, whatever its name says", "give it the suffix of its format")
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        raise Fault("truncated", "the file is cut short", "obtain it again") from error
    entries = package.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_FILES or total > MAX_UNPACKED_BYTES or any(map(bursts, entries)):
        message = f"it would unpack to {total / MIB:,.0f} MiB in {len(entries):,} parts"
        raise Fault("bomb", message, "do not open it; obtain it from another source")
    if not {_DOCUMENT, "[Content_Types].xml"} & set(package.namelist()):
        raise Fault("renamed", "an archive, not a Word file", "give it the suffix of its format")
    return package


def _unpacked(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            content = part.read(MAX_PART_BYTES + 1)
    except Exception as error:
        message = f"its part {name} is damaged, encrypted or packed in an unknown way"
        raise Fault("damaged-word", message, "obtain the file again", name) from error
    if len(content) > MAX_PART_BYTES:
        raise Fault("too-large", f"its part {name} is too large", "split the document", name)
    return content


def _parsed(package: zipfile.ZipFile, name: str) -> Any:
    """Return the elements of a part, by their names without namespaces.

    A DOCTYPE is refused: behind it entities hide that grow or lie elsewhere.
    """
    remedy = "open it in a word processor and save it again"
    if name not in package.namelist():
        raise Fault("damaged-word", f"no readable Word document (it has no part {name})", remedy, name)
    content = _unpacked(package, name)
    if any(word in content for word in _DECLARATIONS):
        message = f"its part {name} has a DOCTYPE, which no Word file needs"
        raise Fault("doctype", message, "do not open it; obtain it from another source", name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.LxmlError, ValueError) as error:
        raise Fault("damaged-word", f"no readable Word document ({error})", remedy, name) from error
    # Documents have one of two sets of namespaces, and no two names that only these tell apart.
    for element in root.iter(etree.Element):
        element.tag = element.tag.rpartition("}")[2]
        for key, value in element.items():
            element.set(key.rpartition("}")[2], value)
    return root


def _relations(package: zipfile.ZipFile, name: str) -> list[tuple[str, str, str]]:
    """Return id, kind and target of each relation of a part; what lacks one of the last two is passed over."""
    if name not in package.namelist():
        return []
    rows = [(each.get("Id") or "", each.get("Type"), each.get("Target")) for each in _parsed(package, name).iter()]
    return [(own, kind.rsplit("/", 1)[-1], target) for own, kind, target in rows if kind and target]


def _embedded_words(package: zipfile.ZipFile, name: str) -> list[str]:
    """Return the paragraphs of a page or a text that a Word file shows in its own, as programs of websites write it."""
    content = _unpacked(package, name)
    if kind_of(content, name) == "page":
        return [words for _, words in read_webpage(content).paragraphs]
    if kind_of(content, name) == "text":
        return read_text(content).raw.splitlines()
    raise Fault("unread-format", "a document in a document", "save its text alone", name)


def _is_on(flag: Any) -> bool:
    return flag is not None and flag.get("val") not in _FALSE


def _hidden_styles(styles: Any) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden."""
    return frozenset(style.get("styleId") or "" for style in styles if _is_on(style.find("rPr/vanish"))) - {""}


class _Reader:
    """Reads the shown text of a document's elements."""

    def __init__(
        self, hidden_styles: frozenset[str], numbers: WordNumbers, embedded: Callable[[str], list[str]]
    ) -> None:
        self._embedded = embedded
        self._hidden_styles = hidden_styles
        self._numbers = numbers
        self.left_out: set[str] = set()
        self._fields: list[bool] = []
        """For each field that is open, whether its result has begun; what stands before is its instruction."""

    def read(self, holder: Any) -> list[str]:
        """Return the paragraphs below an element, which then holds nothing but what Word shows."""
        self._leave_out(holder)
        return list(self._blocks(holder))

    def _leave_out(self, holder: Any) -> None:
        for deleted in list(holder.iter(*_DELETED)):
            above = deleted.getparent()
            if above.tag == "trPr":
                above.getparent().clear()
            elif above.tag == "rPr" and above.getparent().tag == "pPr":
                # Whose end was deleted goes on in the next paragraph.
                above.getparent().getparent().set("goesOn", "")
                continue
            self.left_out.add("deleted text")
        for run in holder.iter("r"):
            if self._is_hidden(run):
                if run.find("t") is not None:
                    self.left_out.add("hidden text")
                run.clear()
        etree.strip_elements(holder, *_NOT_SHOWN, with_tail=False)
        for choice in list(holder.iter("AlternateContent")):
            # Of branches that hold text Word shows the first.
            shown = next((branch for branch in choice if any(branch.itertext("t"))), None)
            for branch in list(choice):
                if branch is not shown:
                    choice.remove(branch)
        etree.strip_tags(holder, *_HOLDERS)

    def _is_hidden(self, run: Any) -> bool:
        vanish = run.find("rPr/vanish")
        return _is_on(vanish) if vanish is not None else value_of(run, "rPr/rStyle") in self._hidden_styles

    def _blocks(self, holder: Any) -> Iterator[str]:
        pending = ""
        for child in holder:
            if child.tag == "p":
                boxes, words = self._paragraph(child)
                label = self._label(child) if words.strip() else ""
                words = f"{pending}{label}{words.lstrip() if label else words}"
                yield from boxes
                is_open = child.get("goesOn") is not None
                pending = words if is_open else ""
                # A paragraph that only anchors text boxes is none of its own.
                if not is_open and (words.strip() or not boxes):
                    yield words
            elif child.tag == "tbl":
                yield from self._table(child)
            elif child.tag == "altChunk":
                try:
                    yield from self._embedded(child.get("id"))
                except (Fault, KeyError):
                    self.left_out.add("an embedded document")
            else:
                yield from self._blocks(child)
        if pending:
            yield pending

    def _label(self, paragraph: Any) -> str:
        """Return the label that Word writes before a paragraph of an automatic list."""
        number, level = value_of(paragraph, "pPr/numPr/numId"), value_of(paragraph, "pPr/numPr/ilvl")
        return self._numbers.label(
            number or None,
            int(level) if level in tuple("012345678") else None,
            value_of(paragraph, "pPr/pStyle") or None,
        )

    def _table(self, table: Any) -> Iterator[str]:
        for row in table.iterchildren("tr"):
            cells = [list(self._blocks(cell)) for cell in row.iterchildren("tc") if not _continues(cell)]
            if any(_is_running_text(cell) for cell in cells) or len(cells) == 1:
                for cell in cells:
                    yield from cell
            elif cells:
                yield " | ".join(" ".join(" ".join(cell).split()) for cell in cells)

    def _paragraph(self, paragraph: Any) -> tuple[list[str], str]:
        """Return the paragraphs of the text boxes that a paragraph holds, and its own words."""
        if value_of(paragraph, "pPr/pStyle") in self._hidden_styles:
            return [], ""
        boxes: list[str] = []
        written: list[str] = []
        for element in _within(paragraph):
            if element.tag == "t":
                written.append((element.text or "") if all(self._fields) else "")
            elif element.tag == "br":
                written.append("\n" if element.get("type") in (None, "textWrapping") else "")
            elif element.tag in _WRITTEN:
                written.append(_WRITTEN[element.tag])
            elif element.tag == "fldChar":
                self._field(element.get("fldCharType"))
            elif element.tag == "txbxContent":
                fields, self._fields = self._fields, []
                boxes += self._blocks(element)
                self._fields = fields
        return boxes, "".join(written)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()


def _within(paragraph: Any) -> Iterator[Any]:
    """Yield the elements of a paragraph in their order, but for its settings and what is inside its text boxes."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag in ("pPr", "rPr", "txbxContent"):
            walk.skip_subtree()
        yield element


def _continues(cell: Any) -> bool:
    """Tell whether a cell only continues the one above it, whose words stand there."""
    merged = cell.find("tcPr/vMerge")
    return merged is not None and merged.get("val") != "restart"


def _is_running_text(cell: list[str]) -> bool:
    filled = [words for words in cell if words.strip()]
    return len(filled) >= _LAYOUT_PARAGRAPHS and sum(map(len, filled)) > _LAYOUT_CHARS
