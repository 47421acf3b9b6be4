"""The text of a saved web page, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree, html

from corpus.loading.files.decoding import Decoded, UndecodableError, fits_better, read_text
from corpus.loading.files.page_elements import PageElements, has_little_text, why_empty
from corpus.report.values import Notice

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
# A page that declares gb2312 or gbk is read by the standard that holds both.
_READ_AS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "form"),
        *("figcaption", "figure", "footer", "frameset", "header", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li"),
        *("main", "nav", "noframes", "noscript", "ol", "p", "pre", "section", "table", "tbody", "thead", "tfoot"),
        *("tr", "ul", "caption", "br", "title", "button", "xmp", "plaintext", "textarea"),
    )
)
# What the server was to do, in pages saved from it, and the declaration of XML.
_SERVED = re.compile(r"<%[^%]*%>|<\?(?:php|xml)[^?]*\?>")
_AS_TYPED = frozenset(("pre", "xmp", "plaintext", "textarea"))
_META = ("ArticleTitle", "PubDate", "ContentSource")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(
    r"</?(p|br|div|span|td|tr|table|html|body|li|section|h[1-6]|b|strong|font|a|img)\b[^<>]{0,500}>", re.I
)
_BREAKING = frozenset(
    ("p", "br", "div", "tr", "table", "html", "body", "li", "section", *(f"h{n}" for n in range(1, 7)))
)
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lt|gt|amp|quot|#\d{2,6}|#x[0-9a-f]{2,5});", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageText:
    """How a page was decoded, its blocks of text in order, and what reading it has shown."""

    decoded: Decoded
    blocks: list[str]
    notices: tuple[Notice, ...] = ()


def read_webpage(content: bytes, *, encoding: str | None = None) -> PageText:
    """Return how a page was decoded, and its blocks of text in order.

    The first blocks are what the page's own meta tags of Chinese government sites say (ArticleTitle, PubDate,
    ContentSource). Scripts, menus, lists of links and what the page hides are left out, unless it is all that holds
    text; a row of a table is one block, its cells parted by ``|``. Nothing else is dropped: what is clutter is for the
    layout to say.

    Raises
    ------
    UndecodableError
        If the bytes fit no encoding, the elements nest too deep, or there is no text: then the message says what stands
        in its place, such as a frame, a script or a file.
    """
    declared, is_believed = _declared(content)
    decoded = read_text(content, encoding=encoding or (declared if is_believed else None))
    root = _parsed(_SERVED.sub("", decoded.raw))
    elements = PageElements(root)
    blocks = [*_meta_blocks(root), *_blocks(root, elements)]
    reason = why_empty(root, blocks)
    if reason is not None and has_little_text(blocks):
        raise UndecodableError(*reason)
    if not blocks:
        raise UndecodableError("no-text", "", "the page holds no text", "save the page again once it has loaded")
    notices = []
    if decoded.inferred:
        notices.append(Notice("encoding-inferred", f"the encoding {decoded.encoding} was inferred from the bytes"))
    if declared is not None and not is_believed and encoding is None and not decoded.bom:
        message = f"the page says that it is {declared}, its bytes are {decoded.encoding}"
        notices.append(Notice("encoding-declared", message))
    if elements.revealed is not None:
        notices.append(Notice("hidden-text", "the text stands where the page hides it, and is shown by a script"))
    return PageText(decoded, blocks, tuple(notices))


def read_markup(cell: str) -> str | None:
    """Return the text of a table's cell that holds HTML; None for a cell that is plain text.

    Where no tag of it parts lines, its own line feeds stay.

    Examples
    --------
    >>> read_markup("<p>一、举措</p><p>二、不足&nbsp;</p>"), read_markup("增长<5%，下降>3%")
    ('一、举措\\n二、不足', None)
    """
    tags = {match[1].lower() for match in _MARKUP.finditer(cell)}
    if not tags and not _ENTITY.search(cell):
        return None
    breaks = bool(tags & _BREAKING)
    root = _parsed(f"<html><body>{cell}</body></html>" if breaks else f"<html><body><pre>{cell}</pre></body></html>")
    return "\n".join(_blocks(root, PageElements(root)))


def _parsed(source: str) -> html.HtmlElement:
    # Without huge_tree whatever nests deeper than 255 elements is lost; with it the bound is 2,048.
    parser = html.HTMLParser(huge_tree=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UndecodableError("no-text", "", f"no web page: {error}", "save the page again as HTML") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        message = "its elements nest deeper than the parser goes, and what lies deeper would be lost"
        raise UndecodableError("too-deep", "", message, "save the page again, or its text alone")
    return root


def _declared(content: bytes) -> tuple[str | None, bool]:
    """Return the encoding that a page declares, and whether its bytes bear it out."""
    match = _DECLARED.search(content[:4096])
    if match is None:
        return None, False
    name = match[1].decode("ascii").lower()
    codec = _READ_AS.get(name, name)
    # What declares itself in single bytes is not UTF-16.
    return codec, not codec.startswith(("utf-16", "utf16", "utf-32", "utf32")) and fits_better(content, codec)


def _meta_blocks(root: html.HtmlElement) -> Iterator[str]:
    found = {str(tag.get("name", "")).lower(): str(tag.get("content", "")) for tag in root.iter("meta")}
    for name in _META:
        value = _SPACE.sub(" ", found.get(name.lower(), "")).strip()
        if value:
            yield f"{name}: {value}"


def _blocks(root: html.HtmlElement, elements: PageElements) -> Iterator[str]:
    """Yield the text between the edges of block elements, without recursion, however deep the page nests."""
    pending: list[str] = []
    typed = 0

    def flush() -> Iterator[str]:
        whole = "".join(pending)
        pending.clear()
        for line in whole.splitlines() if typed else (whole,):
            words = _SPACE.sub(" ", line).strip(" |")
            if words:
                yield words

    body = root.find("body")
    events: Any = etree.iterwalk(body if body is not None else root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event in ("comment", "pi"):
            pending.append(element.tail or "")
            continue
        block = element.tag in _BLOCKS or element in elements.own_blocks
        if event == "start":
            if element in elements.left_out:
                if block:
                    yield from flush()
                events.skip_subtree()
                continue
            if block:
                yield from flush()
            elif element.tag in ("td", "th") and pending:
                pending.append(" | ")
            typed += element.tag in _AS_TYPED
            if element == elements.revealed and element.tag in ("textarea", "xmp"):
                yield from flush()
                yield from (read_markup(element.text or "") or element.text or "").splitlines()
                continue
            pending.append(element.text or "")
        else:
            if block:
                yield from flush()
            typed -= element.tag in _AS_TYPED and element not in elements.left_out
            pending.append(element.tail or "")
    yield from flush()
