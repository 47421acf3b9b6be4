"""Word files: every word that Word shows is read once, where it stands; no other is."""

from __future__ import annotations

from pathlib import Path

import pytest
from making_files import REPORT, change_part, make_docx
from making_word import make_word, p, r, tbl, tc

import corpus
from corpus.loading.files.decoding import Fault
from corpus.loading.files.word import read_word

VANISH = "<w:rPr><w:vanish/></w:rPr>"
BOX = "<w:txbxContent>{}</w:txbxContent>"
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
SPAN = '<w:gridSpan w:val="{}"/>'


def read(body: str, **parts: str) -> list[str]:
    return [words for _, words in read_word(make_word(body, **parts)).paragraphs]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (p(r("甲"), f"<w:ins>{r('乙')}</w:ins>", r("丙")), ["甲乙丙"]),
        (p(r("甲"), f"<w:moveTo>{r('乙')}</w:moveTo>", f"<w:moveFrom>{r('丁')}</w:moveFrom>"), ["甲乙"]),
        (p(r("甲"), "<w:del><w:r><w:delText>乙</w:delText></w:r></w:del>", r("丙")), ["甲丙"]),
        (p(r("甲"), f"<w:del>{r('乙')}</w:del>"), ["甲"]),
        (p(r("甲"), r("乙", VANISH), r("丙", '<w:rPr><w:vanish w:val="0"/></w:rPr>')), ["甲丙"]),
        ("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + r("甲") + "</w:p>" + p(r("乙")), ["甲乙"]),
        (f"<w:sdt><w:sdtContent>{p(r('甲'))}</w:sdtContent></w:sdt>", ["甲"]),
        (p(f"<w:sdt><w:sdtContent>{r('甲')}</w:sdtContent></w:sdt>", r("乙")), ["甲乙"]),
        (p(f"<w:smartTag><w:smartTag>{r('沂源')}</w:smartTag></w:smartTag>", r("县")), ["沂源县"]),
        (p(f"<w:customXml>{r('甲')}</w:customXml>"), ["甲"]),
        (p(f'<w:fldSimple w:instr="DATE">{r("2021年")}</w:fldSimple>'), ["2021年"]),
        (p(f'<w:hyperlink r:id="rId9">{r("链接")}</w:hyperlink>'), ["链接"]),
        (
            p(FIELD.format("begin"), "<w:r><w:instrText>IF</w:instrText></w:r>", r("无"), FIELD.format("separate"))
            + p(r("在内"), FIELD.format("end"), r("在外")),
            ["", "在内在外"],
        ),
        (p(f"<w:r><w:pict>{BOX.format(p(r('标题')))}</w:pict></w:r>") + p(r("正文")), ["标题", "正文"]),
        (
            p(
                r("锚"),
                f"<w:r><mc:AlternateContent><mc:Choice><a:x>{BOX.format(p(r('框')))}</a:x></mc:Choice>"
                f"<mc:Fallback><w:pict>{BOX.format(p(r('框')))}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            ),
            ["框", "锚"],
        ),
        (tbl(tc(p(r("甲"))) + tc(p(r("乙")))), ["甲 | 乙"]),
        (tbl(tc(p(r("甲")), settings=SPAN.format(200_000)) + tc(p(r("乙")))), ["甲 | 乙"]),
        (
            tbl(
                tc(p(r("甲")), settings='<w:vMerge w:val="restart"/>') + tc(p(r("乙"))),
                tc(p(r("甲")), settings="<w:vMerge/>") + tc(p(r("丙"))),
            ),
            ["甲 | 乙", "丙"],
        ),
        (tbl(tc(p(r("外")), tbl(tc(p(r("内"))))) + tc(p(r("右")))), ["外 内 | 右"]),
        (tbl(f"<w:sdt><w:sdtContent>{tc(p(r('甲')))}</w:sdtContent></w:sdt>{tc(p(r('乙')))}"), ["甲 | 乙"]),
        (f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{tc(p(r('甲')))}</w:tr><w:tr>{tc(p(r('乙')))}</w:tr></w:tbl>", ["乙"]),
        (p("<w:r><w:ruby><w:rt>" + r("fǎ") + "</w:rt><w:rubyBase>" + r("法") + "</w:rubyBase></w:ruby></w:r>"), ["法"]),
        (p("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/></w:r>"), ["甲\t乙\n丙-"]),
        (p("<m:oMath><m:r><m:t>98%</m:t></m:r></m:oMath>"), ["98%"]),
        (p(r("甲")) + "<w:p/>" + p(r("乙")), ["甲", "", "乙"]),
    ],
)  # fmt: skip
def test_what_word_shows(body: str, paragraphs: list[str]) -> None:
    assert read(body) == paragraphs


def test_a_table_that_only_lays_out_a_page_gives_paragraphs() -> None:
    lines = REPORT.split("\n")
    assert read(tbl(tc(*(p(r(line)) for line in lines)))) == lines
    left, right = lines[:4], lines[4:]
    filled = [line * 4 for line in left]
    assert read(tbl(tc(*(p(r(line)) for line in filled)) + tc(*(p(r(line)) for line in right)))) == [*filled, *right]


def test_a_style_can_hide() -> None:
    style = '<w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    hidden = r("密", '<w:rPr><w:rStyle w:val="H"/></w:rPr>')
    word = read_word(make_word(p(r("明"), hidden), styles=style))
    assert word.paragraphs == [("paragraph 1", "明")]
    assert [notice.message for notice in word.notices] == ["what Word does not show is left out: hidden text"]


def test_the_strict_form_of_the_format_is_read() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    assert read_word(make_word(p(r("甲")), namespaces=strict)).paragraphs == [("paragraph 1", "甲")]


def test_notes_are_read_and_no_part_of_the_body(tmp_path: Path) -> None:
    body = "".join(p(r(line)) for line in REPORT.split("\n"))
    separator, note = p(r("—")), p(r("数据来自统计局。"))
    notes = f'<w:footnote w:type="separator">{separator}</w:footnote><w:footnote w:id="2">{note}</w:footnote>'
    path = tmp_path / "a.docx"
    path.write_bytes(make_word(body, footnotes=notes))
    (report,) = corpus.load_reports(path)
    assert report.raw.endswith("\n数据来自统计局。")
    (aside,) = [stretch for stretch in report.layout.set_aside if stretch.reason == "notes"]
    assert report.quote(aside.start, aside.end) == "数据来自统计局。"
    assert report.layout.body.end < aside.start
    assert report.quote(*report.layout.signature or ()).startswith("某某县科学技术局")
    assert report.landmark(aside.start) == "note 1"


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(make_word(p(r(REPORT[:40])) + p(r("留"), f"<w:del>{r('删')}</w:del>", r("隐", VANISH))))
    (report,) = corpus.load_reports(path)
    (said,) = [notice.message for notice in report.warnings if notice.code == "not-shown"]
    assert said.endswith("deleted text, hidden text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("padding", ["", " " * 9000])
def test_a_doctype_is_refused_in_every_encoding(encoding: str, padding: str) -> None:
    from making_files import change_part

    document = f'<?xml version="1.0" encoding="{encoding}"?>{padding}<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>'
    with pytest.raises(Fault) as caught:
        read_word(change_part(make_word(p(r("甲"))), "word/document.xml", document.encode(encoding)))
    assert caught.value.code in ("doctype", "damaged-word")
    if encoding in ("utf-8", "utf-16"):
        assert caught.value.code == "doctype"


NUMBERING = (
    '<w:abstractNum w:abstractNumId="5">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%3"/></w:lvl>'
    "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="6"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>'
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    "</w:lvlOverride></w:num>"
)


def listed(number: int, level: int, words: str) -> str:
    settings = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{settings}</w:pPr>{r(words)}</w:p>"


def test_labels_of_automatic_lists_stand_before_their_paragraphs() -> None:
    style = '<w:style w:styleId="T1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    rows = [
        (1, 0, "甲"),
        (1, 1, "乙"),
        (1, 1, "丙"),
        (1, 2, "丁"),
        (2, 0, "戊"),
        (1, 0, "己"),
        (1, 1, "庚"),
        (3, 0, "辛"),
    ]
    body = "".join(listed(*row) for row in rows)
    styled = f'<w:p><w:pPr><w:pStyle w:val="T1"/></w:pPr>{r("壬")}</w:p>'
    word = read_word(make_word(body + styled + p(r("癸")), numbering=NUMBERING, styles=style))
    assert [words for _, words in word.paragraphs] == [
        "一、甲",
        "（一）乙",
        "（二）丙",
        "一.3 丁",
        "戊",
        "二、己",
        "（一）庚",
        "一、辛",
        "三、壬",
        "癸",
    ]


@pytest.mark.parametrize("wrong", ['<w:num w:numId="1"/>', '<w:num><w:abstractNumId w:val="9"/></w:num>', "<w:x/>", ""])
def test_lists_that_are_not_defined_write_nothing(wrong: str) -> None:
    assert read(listed(1, 0, "甲") + listed(7, 9, "乙"), numbering=wrong) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("part", "words"),
    [("page.html", ["甲。", "乙。"]), ("/word/page.html", ["甲。", "乙。"]), ("none.html", []), ("inner.docx", [])],
)
def test_a_page_in_a_document_is_read_where_word_shows_it(part: str, words: list[str]) -> None:
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"'
        f' Target="{part}"/></Relationships>'
    )
    content = make_word(p(r("前。")) + '<w:altChunk r:id="rId9"/>' + p(r("后。")))
    content = change_part(content, "word/_rels/document.xml.rels", relation.encode())
    content = change_part(content, "word/page.html", "<html><body><p>甲。<p>乙。</body></html>".encode())
    content = change_part(content, "word/inner.docx", make_docx(["丙。"]))
    extraction = read_word(content)
    assert [paragraph for _, paragraph in extraction.paragraphs] == ["前。", *words, "后。"]
    assert bool(extraction.notices) == (not words)
