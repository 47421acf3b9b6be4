"""The font of the figures, cut to the characters of one for its PDF."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from io import BytesIO
from typing import Any
from unittest.mock import patch

import numpy as np
from matplotlib.backends import _backend_pdf_ps

from corpus.publishing.figures.style import font_path

_N_GLYPHS_AT, _N_METRICS_AT, _IS_LONG_AT = 4, 34, 50  # bytes in maxp, hhea and head


def cutting_quickly() -> AbstractContextManager[Any]:
    """Have matplotlib embed what `cut_font` gives, in the ``with`` block.

    It asks fontTools otherwise, which reads all 8,300 glyphs anew for each font of each PDF: half the time of a figure.
    """
    if not hasattr(_backend_pdf_ps, "SubsetResults"):  # another matplotlib than the pinned one
        return nullcontext()
    return patch.multiple(_backend_pdf_ps, get_glyphs_subset=_subset, font_as_file=BytesIO)


@contextmanager
def _subset(_: object, glyphs: Iterable[int]) -> Iterator[Any]:
    kept = [0, *sorted(set(glyphs) - {0})]
    yield _backend_pdf_ps.SubsetResults(cut_font(kept), {glyph: place for place, glyph in enumerate(kept)})


def cut_font(glyphs: list[int]) -> bytes:
    """Return the font with these glyphs alone, numbered in this order: the tables that a PDF needs of it.

    It has TrueType outlines without instructions and composite glyphs (``data/fonts/README.md``).
    """
    tables = _read_tables()
    glyf, hmtx, (n_metrics,) = tables["glyf"], tables["hmtx"], struct.unpack_from(">H", tables["hhea"], _N_METRICS_AT)
    is_long = struct.unpack_from(">h", tables["head"], _IS_LONG_AT)[0]
    places = np.frombuffer(tables["loca"], ">u4" if is_long else ">u2").astype(int) * (1 if is_long else 2)
    outlines = [_pad(glyf[places[glyph] : places[glyph + 1]]) for glyph in glyphs]
    advances = [hmtx[4 * min(glyph, n_metrics - 1) :][:2] for glyph in glyphs]
    bearings = [hmtx[min(4 * glyph + 2, 2 * (n_metrics + glyph)) :][:2] for glyph in glyphs]
    head, n_glyphs = tables["head"], struct.pack(">H", len(glyphs))
    cut = {
        "glyf": b"".join(outlines),
        "head": head[:8] + bytes(4) + head[12:_IS_LONG_AT] + struct.pack(">h", 1) + head[_IS_LONG_AT + 2 :],
        "hhea": tables["hhea"][:_N_METRICS_AT] + n_glyphs,
        "hmtx": b"".join(map(bytes.__add__, advances, bearings)),
        "loca": np.cumsum([0, *map(len, outlines)]).astype(">u4").tobytes(),
        "maxp": tables["maxp"][:_N_GLYPHS_AT] + n_glyphs + tables["maxp"][_N_GLYPHS_AT + 2 :],
    }
    begin = 12 + 16 * len(cut)
    directory, body = struct.pack(">LHHHH", 0x10000, len(cut), 64, 2, 16 * len(cut) - 64), b""
    for tag, table in cut.items():
        checksum = int(np.frombuffer(_pad(table), ">u4").sum(dtype=np.uint64)) & 0xFFFFFFFF
        directory += struct.pack(">4sLLL", tag.encode(), checksum, begin + len(body), len(table))
        body += _pad(table)
    return directory + body


def _pad(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)


@lru_cache(maxsize=1)
def _read_tables() -> dict[str, bytes]:
    content = font_path().read_bytes()
    (n_tables,) = struct.unpack_from(">4xH", content)
    entries = (struct.unpack_from(">4s4xLL", content, 12 + 16 * number) for number in range(n_tables))
    return {tag.decode(): content[begin : begin + length] for tag, begin, length in entries}
