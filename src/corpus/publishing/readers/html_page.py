"""HTML that looks the same in a notebook that is not trusted, and the document that makes a page of it.

JupyterLab's sanitizer keeps tables, lists, `mark`, `del`, `ins`, `lang`, `title`, links to an id of the same page and
inline styles; it drops style and script elements, `role`, `aria-…` and colours other than hex, rgb and names. So what a
reader must know stands in words and in inline styles; `aria-…` and the document's own style sheet only add to it.
"""

from __future__ import annotations

import re
from html import escape

_HAN = "\u3007\u3400-\u9fff"
_CHINESE = re.compile(f"[{_HAN}](?:[{_HAN}\u3000-\u303f\uff01-\uff5e…—“”‘’]*[{_HAN}》）】])?")
# Words, then a tag with its name and what else stands in it, or a comment.
_TAG = re.compile(r"([^<]*)(?:<(/?[a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|(<!--[^<>]{0,400}-->|<|$))")
_LANG = re.compile(r"\blang=[\"']?(zh|\w+)", re.IGNORECASE)
_WITHOUT_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --ink: #22262b; --quiet: #5b626b; --link: #1d4f91; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181b; --ink: #e4e6e8; --quiet: #a0a6ad; --link: #9dc1f5; }
}
html { background: var(--ground); color: var(--ink); }
body { margin: 0 auto; padding: 1.5rem 2rem 4rem; max-width: 92rem; line-height: 1.6;
  font-family: system-ui, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.3; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin-top: 1.6rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.3rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:target { outline: 3px solid var(--link); outline-offset: 2px; scroll-margin-top: 6rem; }
pre { overflow-x: auto; padding: 0.6rem 0.8rem; border-left: 3px solid var(--quiet); font-size: 0.85rem; }
.jp-OutputArea-output pre, .output_text pre { border: none; padding: 0; }
#text { max-width: 62rem; }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); font-size: 0.9rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.sign { user-select: none; }
.texts thead th { position: sticky; top: 0; background: var(--ground) !important; z-index: 1; }
@media (max-width: 48rem) {
  body { padding: 1rem; }
  .texts colgroup, .texts thead { display: none; }
  .texts, .texts tbody, .texts tr, .texts td { display: block !important; width: auto !important; }
  .texts td { padding: 0.4rem 0 !important; border: none !important; }
  .texts td:not(:empty)::before { content: attr(data-report); display: block; font-size: 80%; color: var(--quiet); }
  .texts tr { border-top: 1px solid var(--quiet); }
}
@media print {
  @page { size: A4; margin: 15mm 14mm 18mm; }
  :root { color-scheme: light; --ground: #ffffff; --ink: #000000; --quiet: #555555; --link: #000000; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; line-height: 1.5; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  td, th { white-space: normal !important; min-width: 0 !important; }
  figure, tr { break-inside: avoid; }
  .texts tr { break-inside: auto; }
  .skip, .only-screen { display: none !important; }
  .scroll { max-height: none !important; overflow: visible !important; }
  .texts thead { display: table-header-group; }
  .texts thead th { position: static; }
  h1, h2, h3, h4 { break-after: avoid; }
  p, li { orphans: 2; widows: 2; }
  .whole { break-inside: avoid; }
}
"""


def attribute(text: str) -> str:
    """Return text for an attribute, on one line."""
    return escape(" ".join(text.split()))


def mark_chinese(html: str) -> str:
    """Return a page's content with each run of Chinese characters told to be Chinese, where nothing says so yet.

    A reader's browser then takes Chinese shapes of the characters, not Japanese ones, and a program that reads aloud
    a Chinese voice.
    """
    written = []
    within: list[tuple[str, bool]] = [("", False)]
    for words, name, inside, other in _TAG.findall(html):
        written.append(words if within[-1][1] else _CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', words))
        written.append(f"<{name}{inside}>" if name else other)
        if name.startswith("/"):
            while len(within) > 1 and within.pop()[0] != name[1:]:
                pass
        elif name and name not in _WITHOUT_END and not inside.endswith("/"):
            lang = _LANG.search(inside)
            within.append((name, lang[1] == "zh" if lang else within[-1][1]))
    return "".join(written)


def document(title: str, content: str, *, skip_to: str, skip_label: str, pictures: bool = False) -> str:
    """Return a file of its own: light or dark as the reader's system is, for screens of any width and for paper.

    Parameters
    ----------
    title : str
    content : str
        HTML that begins with its h1.
    skip_to, skip_label : str
        The id that the first link leads to, for those who go by keyboard, and its words.
    pictures : bool
        Whether pictures that the content itself holds are shown.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'" + ("; img-src data:" if pictures else "")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#{skip_to}">{escape(skip_label)}</a>\n'
        f"<main>\n{mark_chinese(content)}\n</main>\n</body>\n</html>\n"
    )
