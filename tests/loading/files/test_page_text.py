"""Web pages: the body is read wherever a site puts it; menus, hidden copies and scripts are not, and are named."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from making_files import REPORT

import corpus
from corpus.loading.files.decoding import Fault
from corpus.loading.files.webpages import read_markup, read_webpage
from corpus.report.html_view import document

LINES = REPORT.split("\n")
BODY = "".join(f"<p>{line}</p>" for line in LINES)
TITLE = f"<h1>{LINES[0]}</h1>"
CRUMB = "<div>首页 &gt; 政务公开 &gt; 法治政府建设</div>"
LINKS = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("首页", "政务公开", "办事服务", "互动交流"))


def page(body: str, head: str = '<meta charset="utf-8">') -> bytes:
    return f"<html><head>{head}<title>某县政府网</title></head><body>{body}</body></html>".encode()


def blocks_of(content: bytes) -> list[str]:
    return [words for _, words in read_webpage(content).paragraphs]


@pytest.mark.parametrize(
    "body",
    [
        f'<form id="aspnetForm" action="View.aspx"><input type="hidden" value="/wEP"/>{BODY}</form>',
        f"<form action=/search><input name=q>{BODY}",
        f"<aside>{BODY}</aside>",
        f"<noscript>{BODY}</noscript>",
        f"<nav>{BODY}</nav>",
        f"<button>{BODY}</button>",
        f'<div style="display:none">{BODY}</div><div id="c">正文</div>',
        f'<div id="js_content" style="visibility: hidden; opacity: 0;">{BODY}</div><p>微信扫一扫关注该公众号</p>',
        f'<textarea id="t" style="display:none">{BODY.replace("<", "&lt;")}</textarea>',
        f"<pre>{REPORT}</pre>",
        "".join(f'<span style="display:block">{line}</span>' for line in LINES),
        "<uni-app>" + "".join(f"<uni-view><uni-text>{line}</uni-text></uni-view>" for line in LINES) + "</uni-app>",
        f'<a name="top">{BODY}',
        "".join(f'<div><a href="#">{line}</a></div>' if line[:1] in "一二（" else f"<p>{line}</p>" for line in LINES),
        f"<table><tr><td><ul>{LINKS}</ul></td><td>{BODY}</td></tr></table>",
        f"{BODY}<div style='display:none'>{BODY}</div>",
        f"{BODY}<div hidden>隐藏的话，不是正文。</div><span style='font-size:0'>零字号</span>",
        f'{BODY}<div style="position:absolute;left:-9999px">{BODY}</div><i style="opacity:0">乙</i>',
        f'{BODY}<p style="text-indent:-2em;top:-1px"></p>',
        f"{BODY}<noscript>您的浏览器不支持脚本。</noscript><button>搜索</button><textarea>留言</textarea><select><option>甲</select>",
    ],
)  # fmt: skip
def test_the_body_is_read_once_and_nothing_else(body: str) -> None:
    blocks = blocks_of(page(body))
    assert [block for block in blocks if block not in ("正文", "微信扫一扫关注该公众号")] == LINES


@pytest.mark.parametrize(
    "menu", [f"<ul>{LINKS}</ul>", f"<div>{LINKS}</div>", f"<ol>{LINKS.replace(' href', ' x')}</ol>"]
)
def test_lists_of_links_are_no_text(menu: str) -> None:
    assert blocks_of(page(menu + BODY)) == LINES


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (f"{CRUMB}{TITLE}<div id=app>正在加载，请稍候…</div>", "script", "script"),
        (f"{TITLE}<div>您需要启用JavaScript才能查看</div>", "script", "script"),
        (f'<div id="app"></div><script>var d="{"法" * 200}"</script>', "script", "script"),
        ('<div id="app"></div><script src="/app.js"></script>', "script", "script"),
        (f"{TITLE}<!-- 正文开始 <p>{'法治建设。' * 60}</p>", "no-text", "comment"),
        (f'{TITLE}<iframe src="content.html"></iframe>', "frame", "content.html"),
        (f'{TITLE}<iframe srcdoc="&lt;p&gt;x"></iframe>', "frame", "frame"),
        (f'{CRUMB}{TITLE}<object data="a.pdf" type="application/pdf"></object>', "attachment", "a.pdf"),
        (f'{TITLE}<embed src="/d/%E6%8A%A5%E5%91%8A.PDF?x=1">', "attachment", "报告.PDF"),
        (f'{TITLE}<iframe src="/viewer.html?file=/upload/b.pdf"></iframe>', "attachment", "b.pdf"),
        (f'{TITLE}<p><a href="a.docx">附件：报告.docx</a></p>', "attachment", "a.docx"),
        ('<meta http-equiv="Refresh" content="0; URL=/t2022/a.html">正在跳转', "no-text", "/t2022/a.html"),
        ("", "no-text", "no text"),
    ],
)
def test_what_stands_in_place_of_a_body_is_named(body: str, code: str, words: str) -> None:
    with pytest.raises(Fault) as caught:
        read_webpage(page(body))
    assert (caught.value.code, words in caught.value.message) == (code, True)
    assert caught.value.remedy


def test_frames_are_named() -> None:
    frames = '<html><frameset><frame src="left.htm"><noframes><body>不支持框架</body></noframes></frameset></html>'
    with pytest.raises(Fault, match=r"frame: left\.htm"):
        read_webpage(frames.encode())


def test_nul_characters_in_a_page_are_dropped_as_a_browser_drops_them() -> None:
    content = page(BODY)
    assert blocks_of(content.replace(LINES[0].encode(), LINES[0].encode() + b"\0")) == blocks_of(content)
    assert blocks_of(content.decode().encode("utf-16-le")) == blocks_of(content)


def test_a_body_with_an_attachment_or_a_widget_loads() -> None:
    blocks = blocks_of(page(f'{BODY}<a href="a.pdf">附件</a><iframe src="share.html"></iframe>'))
    assert blocks == [*LINES, "附件"]


def test_a_page_with_hardly_a_body_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(page(f"{CRUMB}{TITLE}<div>发布时间：2021-01-20</div><p>略。</p>"))
    (report,) = corpus.load_reports(path)
    assert "short-body" in {notice.code for notice in report.warnings}


@pytest.mark.parametrize(
    ("declared", "stored", "is_told"),
    [
        ("utf-8", "utf-8", False),
        ("gb2312", "gb18030", False),
        ("utf-16", "utf-8", True),
        ("undefined", "utf-8", True),
        ("iso-8859-1", "utf-8", True),
        ("gbk", "utf-8", True),
        ("utf-8", "gb18030", True),
        ("hex", "utf-8", True),
        ("unicode_escape", "utf-8", True),
    ],
)
def test_a_declaration_that_does_not_fit_is_not_believed_and_said(declared: str, stored: str, is_told: bool) -> None:
    content = page(BODY, f'<meta charset="{declared}">').decode().encode(stored)
    read = read_webpage(content)
    assert (read.encoding, [words for _, words in read.paragraphs]) == (stored, LINES)
    assert ("encoding-declared" in {notice.code for notice in read.notices}) == is_told


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>甲</p>\n<p>乙&nbsp;丙</p>", "甲\n乙\xa0丙"),
        ("甲<br/>乙<br>\n丙", "甲\n乙\n丙"),
        ("甲\n<b>乙</b>丙\n丁", "甲\n乙丙\n丁"),
        ("甲&nbsp;乙\n丙&ldquo;丁&rdquo;", "甲\xa0乙\n丙“丁”"),
        ("<div><script>1</script><p>甲</p></div>", "甲"),
        ("增长<5%，下降>3%", None),
        ("AT&T公司", None),
    ],
)
def test_markup_in_a_cell(cell: str, text: str | None) -> None:
    assert read_markup(cell) == text


@pytest.mark.parametrize(
    ("opening", "labels"),
    [
        ("<ol>", ["1. ", "2. "]),
        ("<ol start=3>", ["3. ", "4. "]),
        ("<ol type=a>", ["", ""]),
        ('<ol style="list-style-type: cjk-ideographic">', ["一、", "二、"]),
        ('<ol style="margin:0; list-style: inside simp-chinese-formal">', ["壹、", "贰、"]),
        ('<ol style="list-style:none">', ["", ""]),
        ('<ol class="news">', ["", ""]),
        ("<ul>", ["", ""]),
    ],
)
def test_numbers_of_lists_stand_where_a_browser_writes_them(opening: str, labels: list[str]) -> None:
    entries = ["主要举措和成效，已经落实。", "存在的不足和原因，有待改进。"]
    closing = opening[1:3]
    body = f"{opening}{''.join(f'<li>{entry}</li>' for entry in entries)}</{closing}>{BODY}"
    shown = [f"{label}{entry}" for label, entry in zip(labels, entries, strict=True)]
    assert blocks_of(page(body)) == [*shown, *LINES]


def test_an_entry_with_a_label_of_its_own_gets_no_other_and_one_with_a_value_that() -> None:
    body = f"<ol><li>一、加强领导，落实责任。</li><li value=7>推进普法，扩大覆盖。</li></ol>{BODY}"
    assert blocks_of(page(body))[:2] == ["一、加强领导，落实责任。", "7. 推进普法，扩大覆盖。"]


@pytest.mark.parametrize("name", ["a.mht", "a.doc"])
def test_a_page_that_was_saved_with_its_parts_in_one_file_is_read(tmp_path: Path, name: str) -> None:
    page = f"<html><body>{''.join(f'<p>{line}</p>' for line in REPORT.splitlines())}</body></html>"
    packed = base64.encodebytes(page.encode("gb18030")).decode()
    (tmp_path / name).write_text(
        "From: <Saved by a browser>\nSubject: =?utf-8?Q?=E6=B3=95?=\n =?utf-8?Q?=E6=B2=BB?=\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n boundary="part"\n\n--part\nContent-Type: text/html; charset=gb2312\n'
        f"Content-Transfer-Encoding: base64\n\n{packed}\n--part--\n",
        encoding="ascii",
    )
    (report,) = corpus.load_reports(tmp_path)
    assert report.raw == REPORT


@pytest.mark.parametrize(
    ("rule", "blocks"),
    [
        (".small{display:none}", ["<甲。>", "丙。"]),
        ("p{margin:0} .small { color:red; display: none !important }", ["<甲。>", "丙。"]),
        ("#second{display:none}", ["<甲。>", "乙。"]),
        ("@media print { .small{display:none} .small p{margin:0} } ", ["<甲。>", "乙。", "丙。"]),
        (".small p{display:none}", ["<甲。>", "乙。", "丙。"]),
    ],
)
def test_what_a_rule_of_the_page_hides_is_left_out(rule: str, blocks: list[str]) -> None:
    page = f"""<html><head><meta charset="utf-8"><style>{rule}</style></head><body><p>&lt;甲。&gt;</p>
    <div class="text small"><p>乙。</p></div><div id="second"><p>丙。</p></div></body></html>"""
    assert [words for _, words in read_webpage(page.encode()).paragraphs] == blocks


def test_readings_over_characters_are_no_words() -> None:
    page = "<html><body><p>成立<ruby>领<rp>(</rp><rt>lǐng</rt><rp>)</rp></ruby>导小组。</p></body></html>"
    assert [words for _, words in read_webpage(page.encode()).paragraphs] == ["成立领导小组。"]


def test_a_body_that_a_rule_hides_until_a_script_runs_is_read() -> None:
    menu = "".join(f"<p>栏目{number}：政务公开与服务</p>" for number in range(40))
    body = f"{menu}<div id=text><p>{'全年开会。' * 40}</p></div>"
    page = f"<html><head><style>#text{{display:none}}</style></head><body>{body}</body></html>"
    extraction = read_webpage(page.encode())
    assert extraction.paragraphs[-1][1] == "全年开会。" * 40
    assert [notice.code for notice in extraction.notices] == ["hidden-text"]


def test_a_page_that_the_workbook_wrote_is_no_report() -> None:
    written = document("甲 and 乙", f"<h1>甲 and 乙</h1><p>{REPORT}</p>", skip_to="text", skip_label="to the text")
    with pytest.raises(Fault) as caught:
        read_webpage(written.encode("utf-8"))
    assert caught.value.code == "own-page" and caught.value.remedy
