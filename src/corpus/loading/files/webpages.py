"""The text of a saved web page, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from corpus.loading.files.decoding import Decoded, UndecodableError, read_text

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
# A page that declares gb2312 or gbk is read by the standard that holds both.
_READ_AS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}
_LEFT_OUT = frozenset(
    ("script", "style", "noscript", "template", "svg", "iframe", "object", "form", "select", "button", "nav", "aside")
)
_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption"),
        *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre"),
        *("section", "table", "tbody", "thead", "tfoot", "tr", "ul", "caption", "br", "title"),
    )
)
_META = ("ArticleTitle", "PubDate", "ContentSource")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MENUS = frozenset(("ul", "ol", "dl", "table", "div"))
_LINK_SHARE = 0.6
_FEWEST_LINKS = 4


def read_webpage(content: bytes, *, encoding: str | None = None) -> tuple[Decoded, list[str]]:
    """Return how a page was decoded, and its blocks of text in order.

    The first blocks are what the page's own meta tags of Chinese government sites say (ArticleTitle, PubDate,
    ContentSource). Scripts, forms, menus and lists of links are left out; a row of a table is one block, its cells
    parted by ``|``. Nothing else is dropped: what is clutter is for the layout to say.

    Raises
    ------
    UndecodableError
        If the bytes fit no encoding, the elements nest too deep, or there is no text.
    """
    decoded = read_text(content, encoding=encoding or _declared(content))
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded.raw)
    try:
        # Without huge_tree whatever nests deeper than 255 elements is lost; with it the bound is 2,048.
        parser = html.HTMLParser(huge_tree=True)
        root = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise UndecodableError("no-text", "", f"no web page: {error}", "save the page again as HTML") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        message = "its elements nest deeper than the parser goes, and what lies deeper would be lost"
        raise UndecodableError("too-deep", "", message, "save the page again, or its text alone")
    blocks = [*_meta_blocks(root), *_blocks(root)]
    if not blocks:
        raise UndecodableError("no-text", "", "the page holds no text", "save the page again once it has loaded")
    return decoded, blocks


def _declared(content: bytes) -> str | None:
    """Return the encoding that a page declares, if it decodes the page."""
    match = _DECLARED.search(content[:4096])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    codec = _READ_AS.get(name, name)
    try:
        content.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return None
    return codec


def _meta_blocks(root: html.HtmlElement) -> Iterator[str]:
    found = {str(tag.get("name", "")).lower(): str(tag.get("content", "")) for tag in root.iter("meta")}
    for name in _META:
        value = _SPACE.sub(" ", found.get(name.lower(), "")).strip()
        if value:
            yield f"{name}: {value}"


def _blocks(root: html.HtmlElement) -> Iterator[str]:
    """Yield the text between the edges of block elements, without recursion, however deep the page nests."""
    pending: list[str] = []
    menus = _find_menus(root)

    def flush() -> Iterator[str]:
        words = _SPACE.sub(" ", "".join(pending)).strip(" |")
        pending.clear()
        if words:
            yield words

    body = root.find("body")
    events = etree.iterwalk(body if body is not None else root, events=("start", "end", "comment", "pi"))
    for event, element in events:
        if event in ("comment", "pi"):
            pending.append(element.tail or "")
            continue
        block = element.tag in _BLOCKS
        if event == "start":
            if element.tag in _LEFT_OUT or element in menus:
                events.skip_subtree()
                continue
            if block:
                yield from flush()
            elif element.tag in ("td", "th") and pending:
                pending.append(" | ")
            pending.append(element.text or "")
        else:
            if block:
                yield from flush()
            pending.append(element.tail or "")
    yield from flush()


def _find_menus(root: html.HtmlElement) -> set[html.HtmlElement]:
    """Return the elements that are lists of links rather than text with links in it, found in one walk."""
    menus = set()
    counts = [_Counts()]
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            counts.append(_Counts(characters=_n_characters(element.text)))
        elif event == "end":
            own = counts.pop()
            if element.tag == "a":
                own.links, own.linked = 1, own.characters
            elif element.tag in _MENUS and own.links >= _FEWEST_LINKS and own.linked >= _LINK_SHARE * own.characters:
                menus.add(element)
            counts[-1].add(own)
        if event != "start":
            counts[-1].characters += _n_characters(element.tail)
    return menus


@dataclass(slots=True)
class _Counts:
    """Of an element: its characters, its links, and the characters in them."""

    characters: int = 0
    links: int = 0
    linked: int = 0

    def add(self, inner: _Counts) -> None:
        self.characters += inner.characters
        self.links += inner.links
        self.linked += inner.linked


def _n_characters(words: str | None) -> int:
    return sum(map(len, words.split())) if words else 0
