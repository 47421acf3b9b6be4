"""Decoding: the order of the codecs, and bytes that no codec reads."""

from __future__ import annotations

import codecs

import pytest

from corpus.loading.files.decoding import Fault, read_text

TEXT = "2020年,在县委、县政府的坚强领导下,全面落实《法治政府建设实施纲要(2015—2020年)》。"
TRADITIONAL = "二○二○年,在縣委的領導下,全面落實法治政府建設實施綱要。"


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (TEXT.encode(), "utf-8", TEXT),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", TEXT),
        (TEXT.encode("gb18030"), "gb18030", TEXT),
        (TRADITIONAL.encode("big5hkscs"), "big5hkscs", TRADITIONAL),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", TEXT),
        (TEXT.encode("utf-16-be"), "utf-16-be", TEXT),
        ("法治政府建设报告".encode("gbk"), "gb18030", "法治政府建设报告"),
    ],
)
def test_encoding_is_recognised(content: bytes, encoding: str, text: str) -> None:
    decoded = read_text(content)
    assert (decoded.encoding, decoded.raw) == (encoding, text)
    assert decoded.bom + decoded.raw.encode(decoded.encoding) == content


def test_guess_is_told_from_knowledge() -> None:
    assert read_text(TEXT.encode("gb18030")).inferred
    assert not read_text(TEXT.encode()).inferred
    assert not read_text(TEXT.encode("gb18030"), encoding="gbk").inferred


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"", "empty", ""),
        (b" \n\t", "empty", ""),
        (codecs.BOM_UTF8, "empty", ""),
        (TEXT.encode()[:-2], "damaged-encoding", f"byte {len(TEXT.encode()) - 3}"),
        (TEXT.encode()[:20] + b"\xff" + TEXT.encode()[20:], "damaged-encoding", "byte 20"),
        (b"PK\x03\x04\0\0\0\0\x08", "control-characters", "byte 4"),
    ],
)
def test_bytes_that_are_no_text_are_refused_by_place(content: bytes, code: str, place: str) -> None:
    with pytest.raises(Fault) as caught:
        read_text(content)
    assert (caught.value.code, caught.value.place) == (code, place)


def test_callers_encoding_is_taken_at_its_word() -> None:
    with pytest.raises(Fault, match="not valid ascii"):
        read_text(TEXT.encode(), encoding="ascii")
    with pytest.raises(Fault, match="no encoding"):
        read_text(TEXT.encode(), encoding="klingon")
