"""Which elements of a web page are read: neither menus nor what is hidden, and why there may be nothing to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree, html

_NEVER = frozenset(("script", "style", "template", "svg", "iframe", "select", "object", "embed", "applet", "datalist"))
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
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|list-item|flex|grid|table-row)\b", re.I)
_INLINE_ENDS = ("text", "icon", "image", "link", "label", "span")
_STOP = re.compile(r"[。；]")
_LABEL = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]")
_HEAD_CHARS = 8
_LEAST_REVEALED = 100
_LEAST_TEXT = 40
_MOST_FURNITURE = 400
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FILE = re.compile(r"[^\s?#\"']{1,300}\.(?:pdf|docx?|wps|ofd|xlsx?|rar|zip)(?:[?#]\S{0,200})?", re.IGNORECASE)
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
        shown = counts[0].characters
        longest = max(hidden, key=hidden.__getitem__, default=None)
        if longest is not None and hidden[longest] > max(shown, _LEAST_REVEALED):
            self.revealed = longest
            self.left_out.difference_update((longest, *longest.iterancestors()))

    def _judged(self, element: html.HtmlElement, own: _Counts, hidden: dict[html.HtmlElement, int]) -> _Counts:
        """Decide on an element once what is in it is counted; return what it counts for those around it."""
        tag = element.tag
        if tag in _NEVER:
            self.left_out.add(element)
            return _Counts()
        if _is_hidden(element):
            self.left_out.add(element)
            if own.running or tag == "textarea":
                hidden[element] = own.characters
            return _Counts()
        if own.running < _IF_LONG.get(tag, 0):
            self.left_out.add(element)
            return _Counts()
        if tag == "a":
            is_anchor = element.get("href") is None and (element.get("name") or element.get("id"))
            # A link that is a paragraph of a report is no entry of a menu.
            if not is_anchor and not own.running and not _LABEL.match(own.head):
                own.links, own.linked = 1, own.characters
        elif tag in _MENUS and self._is_menu(own):
            self.left_out.add(element)
        if _BLOCK_STYLE.search(element.get("style") or "") or ("-" in tag and not tag.endswith(_INLINE_ENDS)):
            self.own_blocks.add(element)
        return own

    @staticmethod
    def _is_menu(own: _Counts) -> bool:
        rest = own.characters - own.linked
        return (
            own.links >= _FEWEST_LINKS
            and own.linked >= _LINK_SHARE * own.characters
            and (own.running < _LONGEST_MENU_TEXT or rest < _LONGEST_MENU_TEXT)
        )


def _is_hidden(element: html.HtmlElement) -> bool:
    if element.tag == "body" or element.tag == "html":
        return False
    return element.get("hidden") is not None or _HIDING.search(element.get("style") or "") is not None


def has_little_text(blocks: list[str]) -> bool:
    """Tell whether a page holds hardly more than titles and furniture."""
    running = any(_STOP.search(block) and len(block) >= _LEAST_TEXT for block in blocks)
    return not running and sum(map(len, blocks)) < _MOST_FURNITURE


def why_empty(root: html.HtmlElement, blocks: list[str]) -> tuple[str, str, str, str] | None:
    """Return code, place, message and remedy of what stands in place of a page's text; None where nothing does."""
    # A link to a file is a reason only where nothing else is on the page but its furniture.
    for element in root.iter("object", "embed", "iframe", "a"):
        address = next(filter(None, (element.get(name) for name in ("data", "src", "href"))), "")
        match = _FILE.search(address)
        if match is not None and not address.lower().startswith("javascript"):
            name = unquote(match[0]).rsplit("/", 1)[-1][:80]
            return "attachment", "", f"its text is not on the page but in a file: {name}", "load that file instead"
    frames = [name for frame in root.iter("frame") if (name := frame.get("src") or "")]
    if frames:
        names = ", ".join(frames)[:80]
        return "frame", "", f"its text is in a frame: {names}", "open the frame by itself and save that page"
    for element in root.iter("iframe"):
        if element.get("srcdoc"):
            return "frame", "", "its text is in a frame that the page carries", "copy the text into a .txt file"
        if element.get("src") and not element.get("src").startswith(("about:", "javascript:")):
            name = element.get("src")[:80]
            return "frame", "", f"its text is in a frame: {name}", "open the frame by itself and save that page"
    if any(_LOADING.search(block) for block in blocks):
        return "script", "", "its text is put in by a script, which had not run when it was saved", _SAVE_LOADED
    for script in root.iter("script"):
        if len(_HAN.findall(script.text or "")) > _LEAST_REVEALED or (script.get("src") and not blocks):
            return "script", "", "its text stands in a script, which would put it in", _SAVE_LOADED
    return None
