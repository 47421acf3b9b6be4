"""The text of a saved web page, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

from corpus.loading.files.decoding import Extraction, Fault, fits_better, read_text
from corpus.loading.files.file_kinds import MESSAGE, SNIFFED_BYTES
from corpus.loading.files.word_numbers import write_number
from corpus.report.html_view import WRITTEN_BY
from corpus.report.values import Notice

_NEVER = frozenset(
    ("script", "style", "template", "svg", "iframe", "select", "object", "embed", "applet", "datalist", "rt", "rp")
)
_IF_LONG = {"nav": 60, "noscript": 60, "noframes": 60, "textarea": 60, "button": 20, "aside": 20, "form": 20}
"""Elements that mostly hold furniture of a page, with the characters of running text from which they do not."""
_MENUS = frozenset(("ul", "ol", "dl", "table", "div"))
_LINK_SHARE = 0.6
_FEWEST_LINKS = 4
_LONGEST_MENU_TEXT = 300
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|\Z)"
    r"|(?:\A|[;\s])(?:opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|\Z)|(?:left|top|text-indent)\s*:\s*-\d{3,5}(?:px|em))",
    re.IGNORECASE,
)
_AT_RULE = re.compile(r"@[^{};@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_HIDING_RULE = re.compile(r"(?:\A|\})\s*([.#][\w-]+)\s*\{[^{}]*display\s*:\s*none[^{}]*", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|list-item|flex|grid|table-row)\b", re.I)
_INLINE_ENDS = ("text", "icon", "image", "link", "label", "span")
_STOP = re.compile(r"[。；]")
_LABEL = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]")
_HEAD_CHARS = 8
_LEAST_REVEALED = 100
_LEAST_TEXT = 40
_FEW_NULS = 50
_MOST_FURNITURE = 400
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FILE = re.compile(r"[^\s?#\"']{1,300}\.(?:pdf|docx?|wps|ofd|xlsx?|rar|zip)(?:[?#]\S{0,200})?", re.IGNORECASE)
_LEADS_TO = re.compile(r"url\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_LOADING = re.compile(
    r"(?:正在|努力)加载|加载中|请稍[候等]|Loading|(?:启用|开启|打开|支持|enable)[^。]{0,20}(?:JavaScript|JS\b|脚本)",
    re.IGNORECASE,
)
_SAVE_LOADED = "open the page, wait until the text is there, and save it again or copy the text into a .txt file"


@dataclass(slots=True)
class _Counts:
    """Of an element: its characters, those of running text, its links and their characters, and its first words."""

    characters: int = 0
    running: int = 0
    links: int = 0
    linked: int = 0
    head: str = ""

    def add(self, inner: _Counts) -> None:
        self.characters += inner.characters
        self.running += inner.running
        self.links += inner.links
        self.linked += inner.linked
        self.head = self.head or inner.head

    def add_text(self, words: str | None) -> None:
        if words:
            parts = words.split()
            number = sum(map(len, parts))
            self.characters += number
            self.head = self.head or (parts[0][:_HEAD_CHARS] if parts else "")
            if _STOP.search(words):
                self.running += number


class PageElements:
    """What of a page's elements is left out, found in one walk.

    Attributes
    ----------
    left_out : set
        Scripts and the like, menus, furniture without running text, and what the page hides.
    own_blocks : set
        Elements with names of their own (uni-view), and others whose style makes them blocks.
    revealed : element or None
        The hidden element that holds the text of the page, where what is shown holds less.
    """

    def __init__(self, root: html.HtmlElement) -> None:
        self.left_out: set[html.HtmlElement] = set()
        self.own_blocks: set[html.HtmlElement] = set()
        self.revealed: html.HtmlElement | None = None
        sheets = (_AT_RULE.sub("", style.text or "") for style in root.iter("style"))
        self._hiding = frozenset(name for sheet in sheets for name in _HIDING_RULE.findall(sheet))
        hidden: dict[html.HtmlElement, int] = {}
        counts = [_Counts()]
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                counts.append(_Counts())
                counts[-1].add_text(element.text)
            elif event == "end":
                own = self._judged(element, counts.pop(), hidden)
                if element.tag != "head":
                    counts[-1].add(own)
            if event != "start":
                counts[-1].add_text(element.tail)
        longest = max(hidden, key=hidden.__getitem__, default=None)
        # Scripts undo rules more often than what an element says of itself.
        shown = counts[0].characters if longest is None or _says_it_is_hidden(longest) else counts[0].running
        if longest is not None and hidden[longest] > max(shown, _LEAST_REVEALED):
            self.revealed = longest
            self.left_out.difference_update((longest, *longest.iterancestors()))

    def _judged(self, element: html.HtmlElement, own: _Counts, hidden: dict[html.HtmlElement, int]) -> _Counts:
        """Decide on an element once what is in it is counted; return what it counts for those around it."""
        tag = element.tag
        if tag in _NEVER:
            self.left_out.add(element)
            return _Counts()
        if self._is_hidden(element):
            self.left_out.add(element)
            if own.running or tag == "textarea":
                hidden[element] = own.characters if _says_it_is_hidden(element) else own.running
            return _Counts()
        if own.running < _IF_LONG.get(tag, 0):
            self.left_out.add(element)
            return _Counts()
        if tag == "a":
            is_anchor = element.get("href") is None and (element.get("name") or element.get("id"))
            # A link that is a paragraph of a report is no entry of a menu.
            if not is_anchor and not own.running and not _LABEL.match(own.head):
                own.links, own.linked = 1, own.characters
        elif (
            tag in _MENUS
            and own.links >= _FEWEST_LINKS
            and own.linked >= _LINK_SHARE * own.characters
            and min(own.running, own.characters - own.linked) < _LONGEST_MENU_TEXT
        ):
            self.left_out.add(element)
        if _BLOCK_STYLE.search(element.get("style") or "") or ("-" in tag and not tag.endswith(_INLINE_ENDS)):
            self.own_blocks.add(element)
        return own

    def _is_hidden(self, element: html.HtmlElement) -> bool:
        """Tell whether an element says that it is hidden, or a rule for its class or id in the page itself does."""
        if element.tag in ("body", "html"):
            return False
        names = {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
        return _says_it_is_hidden(element) or not self._hiding.isdisjoint(names if self._hiding else ())


def _says_it_is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or _HIDING.search(element.get("style") or "") is not None


def _why_empty(root: html.HtmlElement, blocks: list[str]) -> Fault | None:
    """Return what stands in place of the text of a page that holds hardly more than titles; None where nothing does."""
    if (
        any(_STOP.search(block) and len(block) >= _LEAST_TEXT for block in blocks)
        or sum(map(len, blocks)) >= _MOST_FURNITURE
    ):
        return None
    # A link to a file is a reason only where nothing else is on the page but its furniture.
    for element in root.iter("object", "embed", "iframe", "a"):
        address = next(filter(None, (element.get(name) for name in ("data", "src", "href"))), "")
        match = _FILE.search(address)
        if match is not None and not address.lower().startswith("javascript"):
            name = unquote(match[0]).rsplit("/", 1)[-1][:80]
            return Fault("attachment", f"its text is not on the page but in a file: {name}", "load that file instead")
    if root.find(".//iframe[@srcdoc]") is not None:
        return Fault("frame", "its text is in a frame that the page carries", "copy the text into a .txt file")
    frames = [frame.get("src") or "" for frame in root.iter("frame", "iframe")]
    frames = [name for name in frames if name and not name.startswith(("about:", "javascript:"))]
    if frames:
        message = f"its text is in a frame: {', '.join(frames)[:80]}"
        return Fault("frame", message, "open the frame by itself and save that page")
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and (
            address := _LEADS_TO.search(meta.get("content", ""))
        ):
            return Fault("no-text", f"the page only leads to another: {address[1][:80]}", "open that page and save it")
    if any(_LOADING.search(block) for block in blocks):
        return Fault("script", "its text is put in by a script, which had not run when it was saved", _SAVE_LOADED)
    if any(len(_HAN.findall(comment.text or "")) > _LEAST_REVEALED for comment in root.iter(etree.Comment)):
        message = "its text stands in a comment (<!--), which no browser shows"
        return Fault("no-text", message, "if it is the report, take the marks of the comment out")
    for script in root.iter("script"):
        if len(_HAN.findall(script.text or "")) > _LEAST_REVEALED or (script.get("src") and not blocks):
            return Fault("script", "its text stands in a script, which would put it in", _SAVE_LOADED)
    return None


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
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*(?:inside\s+|outside\s+)?([a-z-]+)", re.IGNORECASE)
_LIST_FORMATS = {
    **dict.fromkeys(
        ("cjk-ideographic", "simp-chinese-informal", "trad-chinese-informal", "cjk-decimal"), "chineseCounting"
    ),
    **dict.fromkeys(("simp-chinese-formal", "trad-chinese-formal"), "chineseLegalSimplified"),
    "decimal": "decimal",
    "decimal-leading-zero": "decimalZero",
}
"""The format that Word has for the numbers of a list, by the name of the style that pages have for it."""
_OPENS_ENTRY = re.compile(r"[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]")
_AS_TYPED = frozenset(("pre", "xmp", "plaintext", "textarea"))
_META = ("ArticleTitle", "PubDate", "ContentSource")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(
    r"</?(p|br|div|span|td|tr|table|html|body|li|section|h[1-6]|b|strong|font|a|img)\b[^<>]{0,500}>", re.I
)
_ENTITY = re.compile(r"&(?:nbsp|ensp|emsp|ldquo|rdquo|lt|gt|amp|quot|#\d{2,6}|#x[0-9a-f]{2,5});", re.IGNORECASE)


def read_webpage(content: bytes, *, encoding: str | None = None) -> Extraction:
    """Return how a page was decoded, and its blocks of text in order.

    The first blocks are what the page's own meta tags of Chinese government sites say (ArticleTitle, PubDate,
    ContentSource). Scripts, menus, lists of links and what the page hides are left out, unless it is all that holds
    text; a row of a table is one block, its cells parted by ``|``. Nothing else is dropped: what is clutter is for the
    layout to say.

    Raises
    ------
    Fault
        If the bytes fit no encoding, the elements nest too deep, or there is no text: then the message says what stands
        in its place, such as a frame, a script or a file.
    """
    if MESSAGE.match(content[:SNIFFED_BYTES]):
        content, sent_as = _page_in_message(content)
        encoding = encoding or sent_as
    if content.count(b"\0") * _FEW_NULS < len(content):  # not UTF-16: a browser drops them
        content = content.replace(b"\0", b"")
    declared, is_believed = _declared(content)
    decoded = read_text(content, encoding=encoding or (declared if is_believed else None))
    root = _parsed(_SERVED.sub("", decoded.raw))
    if root.xpath("head/meta[@name='generator']/@content") == [WRITTEN_BY]:
        raise Fault("own-page", "a page that this workbook wrote, not a report", "keep it outside of the folder")
    elements = PageElements(root)
    blocks = [*_meta_blocks(root), *_blocks(root, elements)]
    if (reason := _why_empty(root, blocks)) is not None:
        raise reason
    if not blocks:
        raise Fault("no-text", "the page holds no text", "save the page again once it has loaded")
    notices = []
    if decoded.inferred:
        notices.append(Notice("encoding-inferred", f"the encoding {decoded.encoding} was inferred from the bytes"))
    if declared is not None and not is_believed and encoding is None and not decoded.bom:
        message = f"the page says that it is {declared}, its bytes are {decoded.encoding}"
        notices.append(Notice("encoding-declared", message))
    if elements.revealed is not None:
        notices.append(Notice("hidden-text", "the text stands where the page hides it, and is shown by a script"))
    placed = [(f"paragraph {number}", block) for number, block in enumerate(blocks, 1)]
    return Extraction("lxml", placed, decoded.encoding, tuple(notices))


def _page_in_message(content: bytes) -> tuple[bytes, str | None]:
    """Return the page that was saved with its parts in one file, and the encoding that the file says it is in."""
    from email import message_from_bytes

    for part in message_from_bytes(content).walk():
        page = (
            part.get_payload(decode=True) if part.get_content_type() in ("text/html", "application/xhtml+xml") else None
        )
        if isinstance(page, bytes):
            named = part.get_content_charset()
            return page, _READ_AS.get(named, named) if named and fits_better(page, _READ_AS.get(named, named)) else None
    raise Fault("no-text", "a page with its parts (.mht) that holds no page", "save the page as .html or .docx")


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
    breaks = not tags.isdisjoint((*_BLOCKS, "html"))
    root = _parsed(f"<html><body>{cell}</body></html>" if breaks else f"<html><body><pre>{cell}</pre></body></html>")
    return "\n".join(_blocks(root, PageElements(root)))


def _parsed(source: str) -> html.HtmlElement:
    # Without huge_tree whatever nests deeper than 255 elements is lost; with it the bound is 2,048.
    parser = html.HTMLParser(huge_tree=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise Fault("no-text", f"no web page: {error}", "save the page again as HTML") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        message = "its elements nest deeper than the parser goes, and what lies deeper would be lost"
        raise Fault("too-deep", message, "save the page again, or its text alone")
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


def _list_label(entry: html.HtmlElement, counts: dict[html.HtmlElement, int]) -> str:
    """Count an entry of a numbered list on and return the label that a browser writes before it.

    Lists that a style sheet may strip of theirs, those with a class, have none, nor have entries with one of their own.
    """
    holder = entry.getparent()
    if holder is None or holder.tag != "ol":
        return ""
    start = entry.get("value") or (holder.get("start") if holder not in counts else None) or ""
    counts[holder] = int(start) if re.fullmatch(r"\d{1,4}", start) else counts.get(holder, 0) + 1
    style = _LIST_STYLE.search(f"{holder.get('style') or ''};{entry.get('style') or ''}")
    is_plain = holder.get("type", "1") == "1" and (holder.get("type") or not holder.get("class"))
    number_format = _LIST_FORMATS.get(style[1].lower() if style else "decimal" if is_plain else "")
    if number_format is None or _OPENS_ENTRY.match("".join(entry.itertext()).strip()):
        return ""
    return f"{write_number(counts[holder], number_format)}{'、' if number_format.startswith('chinese') else '. '}"


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

    counts: dict[html.HtmlElement, int] = {}
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
            if element.tag == "li":
                pending.append(_list_label(element, counts))
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
