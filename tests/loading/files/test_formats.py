"""Every format that reports come in: what is read out of it, and where each part stood."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pandas as pd
import pytest
from making_files import LEFT, LINE_CHARS, REPORT, SIZE, make_docx, make_pdf, make_zip, print_pdf

import corpus
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports

LINES = REPORT.split("\n")
PAGE = """<!DOCTYPE html><html><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}">
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="2021-01-25 09:30">
<meta name="ContentSource" content="县科技局"><title>{title}</title>
<script>var hidden = "隐藏的文字";</script><style>p {{ margin: 0 }}</style></head><body>
<div class="nav"><ul><li><a href="/">首页栏目</a></li><li><a href="/a">政务公开</a></li>
<li><a href="/b">办事服务</a></li><li><a href="/c">互动交流</a></li></ul></div>
<h1>{title}</h1>
{body}
<table><tr><th>项目</th><th>数量</th></tr><tr><td>行政许可</td><td>12</td></tr></table>
<!-- 编者的话 --></body></html>"""


def webpage(charset: str = "utf-8") -> str:
    body = "".join(f"<p>　　{line}</p>\n" for line in LINES[1:])
    return PAGE.format(charset=charset, title=LINES[0], body=body)


def load_one(path: Path, content: bytes, **arguments: str) -> Report:
    path.write_bytes(content)
    reports = corpus.load_reports(path, **arguments)  # type: ignore[arg-type]
    assert not reports.problems
    (report,) = reports
    return report


def outline(report: Report) -> list[tuple[str, str, bool]]:
    return [(heading.label, heading.text, heading.run_in) for heading in report.headings]


def key_of_body(report: Report) -> str:
    return report.key[slice(*report.key_span(*report.layout.body))]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return load_one(tmp_path_factory.mktemp("plain") / "plain.txt", REPORT.encode())


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        *((encoding, b"") for encoding in ("utf-8", "gbk", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be")),
        *(("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)),
    ],
)
def test_plain_text_in_every_encoding(tmp_path: Path, plain: Report, encoding: str, mark: bytes) -> None:
    text = (
        REPORT
        if encoding != "big5hkscs"
        else "某縣科學技術局2020年法治政府建設工作報告\n2020年，我局認真落實各項任務。"
    )
    content = mark + text.encode(encoding)
    report = load_one(tmp_path / "a.txt", content)
    assert report.raw == text
    assert report.raw_bytes == content
    for passage in report.passages("sentence"):
        first, last = report.byte_span(passage.start, passage.end)
        assert content[first:last] == passage.text.encode(encoding)
    if encoding != "big5hkscs":
        assert key_of_body(report) == key_of_body(plain)


def test_callers_encoding_is_used(tmp_path: Path) -> None:
    report = load_one(tmp_path / "a.txt", "價格".encode("big5"), encoding="big5")
    assert (report.raw, report.source.encoding) == ("價格", "big5")


@pytest.mark.parametrize(
    ("declared", "stored"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("GBK", "gb18030"), ("gb2312", "utf-8")]
)
def test_webpage(tmp_path: Path, plain: Report, declared: str, stored: str) -> None:
    report = load_one(tmp_path / "page.html", webpage(declared).encode(stored))
    assert report.source.encoding == stored
    assert report.raw.startswith(f"ArticleTitle: {LINES[0]}\nPubDate: 2021-01-25 09:30\nContentSource: 县科技局\n")
    for words in ("首页栏目", "隐藏的文字", "margin", "编者的话"):
        assert words not in report.raw
    assert "项目 | 数量\n行政许可 | 12" in report.raw
    assert (report.title, report.value("published"), report.value("source")) == (LINES[0], "2021-01-25", "县科技局")
    assert report.quote(*report.facts["published"].evidence or ()) == "2021-01-25"
    assert report.quote(*report.layout.body).startswith(LINES[1])
    assert outline(report) == outline(plain)


def test_what_was_extracted_has_no_bytes_to_point_at(tmp_path: Path) -> None:
    content = webpage().encode()
    report = load_one(tmp_path / "page.html", content)
    assert report.raw_bytes == content
    assert report.landmark(report.raw.index(LINES[1])).startswith("paragraph ")
    with pytest.raises(CorpusError, match="corpus show page --raw FILE"):
        report.byte_span(0, 1)


def test_a_paragraph_with_links_and_a_nested_page_are_read(tmp_path: Path) -> None:
    deep = "<div>" * 1500 + f"<p>{REPORT} 见<a href='/x'>附件</a>。</p>" + "</div>" * 1500
    report = load_one(tmp_path / "page.htm", f"<html><body>{deep}</body></html>".encode())
    assert "见附件。" in report.raw


def test_word_file(tmp_path: Path, plain: Report) -> None:
    content = make_docx([*LINES[:3], "", *LINES[3:]], rows=[("项目", "数量"), ("行政许可", "12")])
    report = load_one(tmp_path / "a.docx", content)
    assert report.raw.split("\n") == [*LINES[:3], "", *LINES[3:], "项目 | 数量", "行政许可 | 12"]
    assert report.landmark(report.raw.index("（一）")) == "paragraph 5"
    assert (report.title, report.year_reviewed) == (plain.title, plain.year_reviewed)
    assert outline(report) == outline(plain)


def test_pdf_goes_on_where_a_full_line_is_followed_by_a_number_in_brackets(tmp_path: Path) -> None:
    inside = "全年新建示范点三十个，" * 3 + "位居全省第一”"
    broken = inside + "，" * (LINE_CHARS - 2 - len(inside)) + "（8）号项目建成投用，带动就业三百人。"
    report = load_one(tmp_path / "a.pdf", make_pdf([broken, *REPORT.split("\n")], lines_a_page=30))
    assert report.raw.split("\n")[0] == broken


def test_pdf_parts_paragraphs_that_only_a_wider_space_parts(tmp_path: Path) -> None:
    steps = [0, 20, 20, 34, 20, 34, 20, 20, 34]
    tops = [760 - sum(steps[: index + 1]) for index in range(len(steps))]
    report = load_one(
        tmp_path / "a.pdf",
        print_pdf(
            [
                [
                    (LEFT, float(top), word * LINE_CHARS, SIZE)
                    for word, top in zip("政府工作报告如下文", tops, strict=True)
                ]
            ]
        ),
    )
    assert [len(line) for line in report.raw.split("\n")] == [
        3 * LINE_CHARS,
        2 * LINE_CHARS,
        3 * LINE_CHARS,
        LINE_CHARS,
    ]


def test_pdf_joins_lines_and_leaves_heads_and_page_numbers_out(tmp_path: Path) -> None:
    paragraphs = [
        "一、加强组织领导",
        "全年召开会议三次，研究依法行政工作，" * 6 + "落实各项任务。",
        "二、完善制度建设",
        "制定规范性文件两件，清理文件十二件，" * 9 + "全部向社会公开。",
        "三、规范行政执法",
        "办理行政许可一百二十件，没有一件被复议机关撤销，" * 8 + "群众满意。",
    ]
    report = load_one(tmp_path / "a.pdf", make_pdf(paragraphs, head="内部资料 注意保存", lines_a_page=6))
    assert report.raw.split("\n") == paragraphs
    assert report.landmark(0) == "page 1"
    assert report.landmark(len(report.raw) - 1) == "page 3"
    assert report.source.reader.startswith("pypdfium2 ")
    assert any(len(paragraph) > 3 * LINE_CHARS for paragraph in paragraphs)


def test_archive_with_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "reports.zip"
    path.write_bytes(
        make_zip(
            {
                "某某县/科技局.txt": REPORT.encode("gbk"),
                "a.docx": make_docx(["2021年，某某县教育局落实法治政府建设任务，报告如下。"]),
                "__MACOSX/._a.txt": b"\0\1",
                "readme.md": b"no report",
            }
        )
    )
    reports = corpus.load_reports(path)
    assert [(problem.file, problem.code) for problem in reports.problems] == [("reports.zip/readme.md", "other-format")]
    assert [(report.report_id, report.source.file) for report in reports] == [
        ("某某县/科技局", "reports.zip/某某县/科技局.txt"),
        ("a", "reports.zip/a.docx"),
    ]
    (tmp_path / "other.txt").write_text(REPORT.replace("2020", "2018"), encoding="utf-8")
    assert [report.report_id for report in corpus.load_reports(tmp_path)] == [
        "other",
        "reports/某某县/科技局",
        "reports/a",
    ]


def test_jsonl_with_named_columns(tmp_path: Path) -> None:
    path = tmp_path / "crawl.jsonl"
    rows = [
        {"no": f"r{year}", "series": "某某县科学技术局", "date": year, "words": f"{year}年，工作如下。"}
        for year in (2019, 2020)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    names = {"report_id": "no", "issuer": "series", "year_reviewed": "date", "text": "words"}
    reports = corpus.load_reports(path, columns=names)
    assert [(report.report_id, report.issuer, report.year_reviewed) for report in reports] == [
        ("r2019", "某某县科学技术局", 2019),
        ("r2020", "某某县科学技术局", 2020),
    ]
    assert reports["r2020"].landmark(0) == "row 2"
    with pytest.raises(CorpusError, match=r"no column is called text.*there are no, series, date, words"):
        corpus.load_reports(path)
    with pytest.raises(CorpusError, match="'jahr' is none of report_id"):
        corpus.load_reports(path, columns={"jahr": "date"})
    with pytest.raises(CorpusError, match="no column 'body'"):
        corpus.load_reports(path, columns={"text": "body"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_with_guessed_names(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "表.csv"
    table = f'编号,标题,正文,发布日期,链接\n7,题目,"{REPORT}",2021/1/5,=HYPERLINK()\n8,,,,\n'
    path.write_bytes(table.encode(encoding))
    reports = corpus.load_reports(path)
    (report,) = reports
    assert (report.report_id, report.raw) == ("7", REPORT)
    assert (report.title, report.value("published"), report.value("url")) == ("题目", "2021-01-05", "=HYPERLINK()")
    assert [(problem.place, problem.code) for problem in reports.problems] == [("row 2", "empty")]


def test_year_tab_text_without_names(tmp_path: Path) -> None:
    path = tmp_path / "years.tsv"
    path.write_text(f'2020\t{LINES[1]}\n2019\t2019年，引号"不成对，我局认真落实。\n', encoding="utf-8")
    reports = corpus.load_reports(path)
    assert [(report.report_id, report.year_reviewed) for report in reports] == [("years-2", 2019), ("years-1", 2020)]
    assert '引号"不成对' in reports["years-2"].raw


def test_paragraphs_that_lost_their_line_ends(tmp_path: Path) -> None:
    filling = "全年召开会议三次，研究依法行政工作。" * 4
    wide = f"各位代表：　　现在报告工作。　　一、主要举措 　　{filling}　　二、存在不足　　{filling}"
    inline = f"报告如下：一、主要举措（一）加强领导。{filling}（二）完善制度。{filling}二、存在不足。{filling}"
    for name, text in (("wide", wide), ("inline", inline)):
        report = load_one(tmp_path / f"{name}.txt", text.encode())
        assert [heading.text for heading in report.headings if heading.depth == 1] == ["主要举措", "存在不足"], name
        assert all(report.quote(passage.start, passage.end) == passage.text for passage in report.passages("paragraph"))
    assert [heading.label for heading in report.headings] == ["一、", "（一）", "（二）", "二、"]


def test_spaced_names_and_enumerations_are_no_paragraphs(tmp_path: Path) -> None:
    text = "局　　长　　张某\n" + "做到：（一）公开，（二）公平，" * 12 + "以及五、六、七月的工作。"
    report = load_one(tmp_path / "a.txt", text.encode())
    assert len(report.passages("paragraph", scope="file")) == 2
    assert report.headings == ()


def test_the_work_reports_of_the_government_name_the_state_council(tmp_path: Path) -> None:
    text = (
        "1985年政府工作报告——1985年3月27日在第六届全国人民代表大会第三次会议上　　各位代表：　　北京市的工作也有进展。"
    )
    report = load_one(tmp_path / "a.txt", text.encode())
    assert (report.issuer, report.facts["issuer"].basis, report.level) == ("国务院", "inferred", "national")
    other = load_one(tmp_path / "b.txt", "2020年，某某县落实十三届全国人大三次会议精神，报告如下。".encode())
    assert other.issuer != "国务院"


def as_told(reports: Reports) -> list[tuple[object, ...]]:
    return [(report.report_id, report.raw, report.key, *report.facts.values()) for report in reports]


def test_a_table_in_memory_gives_what_the_same_table_in_a_file_gives(tmp_path: Path) -> None:
    rows = [
        {"id": "one", "content": REPORT, "报告年度": 2020, "发布日期": "2021-01-25"},
        {"id": "two", "content": REPORT.replace("2020", "2021"), "报告年度": None, "发布日期": None},
    ]
    path = tmp_path / "table.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    frame = pd.DataFrame(rows)
    assert str(frame["报告年度"].dtype) == "float64"
    loaded = corpus.load_reports(frame)
    assert as_told(loaded) == as_told(corpus.load_reports(path))
    assert [report.report_id for report in loaded] == ["one", "two"]
    assert loaded[0].source.file == "table" and loaded[0].landmark(5) == "row 1"
    assert (loaded[0].year_reviewed, loaded[0].value("published")) == (2020, "2021-01-25")


def test_what_is_missing_in_a_table_in_memory_is_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame(
        {
            "正文": [REPORT, None, float("nan"), pd.NA, "　", "坏\0了", REPORT, "长" * 1_001],
            "day": pd.to_datetime(["2021-03-04", *[None] * 7]),
            "code": [370323, *[None] * 7],
            "source": [pd.NA] * 8,
            7: range(8),
        }
    )
    monkeypatch.setattr("corpus.loading.files.limits.MAX_FILE_BYTES", 1_000)
    reports = corpus.load_reports(frame, columns={"published": "day", "adcode": "code"})
    (report,) = reports
    assert report.report_id == "table-1"
    assert (report.value("published"), report.value("adcode"), report.value("source")) == ("2021-03-04", "370323", None)
    assert [(problem.file, problem.place, problem.code) for problem in reports.problems] == [
        *(("table", f"row {number}", "empty") for number in (2, 3, 4, 5)),
        ("table", "row 6, character 1", "control-characters"),
        ("table", "", "duplicate"),
        ("table", "row 8", "too-large"),
    ]
    assert "table row 1" in str(reports.problems[5])


def test_a_table_in_memory_must_say_where_the_text_is() -> None:
    for frame in (pd.DataFrame({"words": [REPORT]}), pd.DataFrame({"words": []})):
        with pytest.raises(CorpusError, match="no column is called text"):
            corpus.load_reports(frame)
        assert not corpus.load_reports(frame, columns={"text": "words"}).problems
    with pytest.raises(CorpusError, match="no column 'nothing'"):
        corpus.load_reports(pd.DataFrame({"text": [REPORT]}), columns={"text": "nothing"})


def test_columns_with_our_own_names_need_not_be_named() -> None:
    frame = pd.DataFrame({"text": [REPORT], "province": ["山东省"], "county": ["沂源县"], "level": ["county"]})
    (report,) = corpus.load_reports(frame)
    assert (report.value("province"), report.place, report.level) == ("山东省", "沂源县", "county")
