"""Word files whose document is written out, with whatever Word itself would write."""

from __future__ import annotations

from making_files import change_part, make_docx

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="urn:drawing"'
)
_BASE = make_docx(["…"])


def make_word(body: str, *, namespaces: str = _NAMESPACES, **parts: str) -> bytes:
    """Return a Word file with the markup of its body, and of other parts by name (footnotes, styles)."""
    content = change_part(_BASE, "word/document.xml", _part("document", f"<w:body>{body}</w:body>", namespaces))
    for name, inner in parts.items():
        content = change_part(content, f"word/{name}.xml", _part(name, inner, namespaces))
    return content


def _part(name: str, inner: str, namespaces: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {namespaces}>{inner}</w:{name}>'.encode()


def p(*inner: str) -> str:
    """Return a paragraph."""
    return f"<w:p>{''.join(inner)}</w:p>"


def r(words: str, settings: str = "") -> str:
    """Return a run of words."""
    return f'<w:r>{settings}<w:t xml:space="preserve">{words}</w:t></w:r>'


def tc(*paragraphs: str, settings: str = "") -> str:
    """Return a cell."""
    return f"<w:tc><w:tcPr>{settings}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def tbl(*rows: str) -> str:
    """Return a table of rows, each of cells."""
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
