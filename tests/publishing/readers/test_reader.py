"""Two reports side by side: everything is there, leads where it says, and survives a notebook that is not trusted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from making import make_report, make_reports

from corpus import cli
from corpus.analysis.alignment.passage_pairs import tell_order
from corpus.errors import CorpusError
from corpus.publishing.readers.side_by_side import Comparison, show_comparison
from corpus.publishing.readers.two_columns import EDIT_STYLES, mark_style
from corpus.report.reports import Reports
from corpus.report.values import Layout, Span

ONE, TWO, THREE = "统筹推进法治政府建设各项工作", "完善重大行政决策程序规定制度", "组织干部职工学习宪法和基本法律"
KEPT = {"article", "section", "h3", "h4", "p", "b", "a", "span", "code", "div", "ul", "li", "mark", "del", "ins", "wbr"}
KEPT |= {"table", "thead", "tbody", "tr", "th", "td"}
GROUNDS = {"light": ("#ffffff", "#000000"), "dark": ("#111111", "#e0e0e0")}


class Page(HTMLParser):
    """What a page holds: tags, ids, links, styles, and the words of the two columns without the signs set into them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styles: list[str] = []
        self.columns = ["", ""]
        self._open: list[tuple[str, bool]] = []
        self._column = -1
        self._in_texts = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        names = dict(attrs)
        self.ids += [names["id"] or ""] if "id" in names else []
        self.links += [(names["href"] or "")[1:]] if (names.get("href") or "").startswith("#") else []
        self.styles += [names["style"] or ""] if "style" in names else []
        self._in_texts = self._in_texts or names.get("class") == "texts"
        if tag == "tr":
            self._column = -1
        self._column += tag == "td"
        if tag not in ("wbr", "meta", "br"):
            self._open.append((tag, "sign" in (names.get("class") or "")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag
        self._in_texts = self._in_texts and tag != "table"

    def handle_data(self, data: str) -> None:
        if self._in_texts and self._column >= 0 and not any(is_sign for _, is_sign in self._open):
            self.columns[self._column] += data


@pytest.fixture(scope="module")
def comparison(bundled: Reports) -> Comparison:
    return show_comparison(bundled["longgang-2020"], bundled["yiyuan-2022"])


def table_of(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["start_a", "end_a", "start_b", "end_b"])
    return table.assign(
        report_a="a",
        report_b="b",
        matched_chars=table["end_a"] - table["start_a"],
        similarity=1.0,
        moved=False,
        kind="running text",
    )


def test_both_reports_are_there_in_full(comparison: Comparison) -> None:
    page = Page(comparison.page())
    for shown, report in zip(page.columns, (comparison.a, comparison.b), strict=True):
        assert "".join(shown.split()) == "".join(report.text.split())


def test_every_link_leads_to_a_place_and_no_place_is_there_twice(comparison: Comparison) -> None:
    for html in (comparison.page(), comparison._repr_html_()):
        page = Page(html)
        assert len(page.ids) == len(set(page.ids)) >= 2 * len(comparison.passages)
        assert set(page.links) <= set(page.ids)


def test_other_comparisons_have_other_ids(bundled: Reports, comparison: Comparison) -> None:
    other = show_comparison(bundled["zaozhuang-2019"], bundled["yiyuan-2022"])
    assert not set(Page(other._repr_html_()).ids) & set(Page(comparison._repr_html_()).ids)


def test_each_passage_says_where_it_stands_in_words_that_are_seen(comparison: Comparison) -> None:
    seen = re.sub(r"<[^>]*>", "", comparison._repr_html_())
    for row in comparison.passages.itertuples():
        for places in (f"{row.start_a}:{row.end_a}", f"{row.start_b}:{row.end_b}"):
            assert seen.count(places) >= 2


def test_a_notebook_that_is_not_trusted_keeps_all_of_it(comparison: Comparison) -> None:
    page = Page(comparison._repr_html_())
    assert set(page.tags) <= KEPT
    declarations = {
        tuple(part.strip().split(":")) for style in page.styles for part in style.split(";") if part.strip()
    }
    for name, value in declarations:
        assert not re.search(r"var\(|rgb|inherit|currentcolor|calc|url", value), (name, value)
        if "color" in name:
            assert re.fullmatch(r"#[0-9a-f]{6}([0-9a-f]{2})?|transparent", value)


def test_words_of_a_report_are_never_markup_or_mathematics() -> None:
    a, b = make_reports(f"<b>{ONE}</b>费用$100与$200，<script>alert(1)</script>\\(x\\)&amp;", f"{ONE}<img src=x>")
    html = show_comparison(a, b).page()
    assert "<script" not in html and "<img" not in html and "&lt;b&gt;" in html and "&amp;amp;" in html
    assert html.count("<span>$</span>") == html.count("$") >= 2
    assert Page(html).columns[0].endswith("\\(x\\)&amp;")


def contrast(one: str, other: str) -> float:
    lights = []
    for colour in (one, other):
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)


def lay_over(ground: str, colour: str) -> str:
    share = int(colour[7:9], 16) / 255
    mixed = (
        round(int(ground[place : place + 2], 16) * (1 - share) + int(colour[place : place + 2], 16) * share)
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


@pytest.mark.parametrize("theme", GROUNDS)
def test_marked_words_are_readable_in_both_themes_and_told_apart_without_colour(theme: str) -> None:
    ground, ink = GROUNDS[theme]
    styles = {kind: mark_style(kind) for kind in ("shared", "formula", "heading", "title")}  # type: ignore[arg-type]
    for style in styles.values():
        colour = re.search(r"background-color:(#\w{8})", style)
        assert colour and contrast(lay_over(ground, colour[1]), ink) >= 7
    assert len({re.sub(r"#\w+", "", style) for style in styles.values()}) == 4
    assert len({re.sub(r"#\w+", "", style) for style in EDIT_STYLES.values()}) == 3


def test_words_of_three_reports_are_a_formula_in_the_list_and_in_the_text() -> None:
    reports = make_reports(f"{ONE}。{TWO}", f"甲{ONE}。{TWO}", f"丙{ONE}")
    two = show_comparison(reports[0], reports[1])
    three = show_comparison(reports[0], reports[1], reference=reports)
    assert two.passages["formula_chars"].tolist() == [0]
    assert three.passages["formula_chars"].tolist() == [len(ONE)]
    style = mark_style("formula")
    assert two._repr_html_().count(style) == 1  # the key
    assert f'style="{style}">{ONE}</span>' in three._repr_html_()


def test_edits_are_marked_in_the_report_that_has_the_words() -> None:
    a, b = make_reports(f"{ONE}切实{TWO}2021{THREE}", f"{ONE}{TWO}2022{THREE}努力{ONE}")
    end = len(ONE + TWO + THREE)
    rows = table_of((0, len(a.raw), 0, end + 4)).assign(similarity=0.9)
    columns = Page(show_comparison(a, b, passages=rows).page())
    html = show_comparison(a, b, passages=rows)._repr_html_()
    assert re.search(r'<del title="only in a [^"]*"[^>]*>切实</del>', html)
    assert re.search(r'<mark title="[^"]*has: 2022"[^>]*>2021</mark>', html)
    assert columns.columns[1] == b.raw


def test_passages_in_another_order_are_told_as_moved_and_words_that_stand_twice_as_repeated() -> None:
    reports = make_reports(f"{ONE}。{TWO}。{THREE}。", f"{TWO}。{THREE}。{ONE}。甲{THREE}")
    shown = show_comparison(*reports)
    words = dict(zip(shown.passages["order"], shown.passages["text_a"], strict=True))
    assert words == {"moved": f"{ONE}。", "in order": f"{TWO}。{THREE}。", "repeated": THREE}
    assert "↔ moved 0:15" in re.sub(r"<[^>]*>", "", shown._repr_html_())


def test_passages_that_lie_in_others_in_both_reports_are_left_out_and_counted() -> None:
    text = f"{ONE}。甲{TWO}，乙{ONE}。"
    rows = table_of((0, len(text), 0, len(text)), (0, 14, 32, 46), (32, 46, 0, 14))
    shown = show_comparison(*make_reports(text, text), passages=rows)
    assert (len(shown.passages), shown.n_within) == (1, 2)
    assert "2 passages inside those listed" in shown._repr_html_()


def test_the_column_moved_of_the_passages_is_believed() -> None:
    rows = table_of((0, 14, 0, 14), (20, 34, 20, 34)).assign(moved=[False, True])
    assert tell_order(rows).tolist() == ["in order", "moved"]
    with pytest.raises(CorpusError, match="one pair"):
        tell_order(rows.assign(report_b=["b", "c"]))


def test_passages_in_order_begin_beside_each_other() -> None:
    a, b = make_reports(f"甲甲。\n乙。\n{ONE}。\n丙。\n{TWO}。", f"{ONE}。\n丁。\n戊。\n{TWO}。")
    rows = re.findall(r"<tr[^>]*>(<td lang.*?)</tr>", show_comparison(a, b)._repr_html_())
    shown = [
        ["".join(re.sub(r'<(span|a) class="sign.*?</\1>|<[^>]*>', "", cell).split()) for cell in row.split("</td>")[:2]]
        for row in rows
    ]
    assert shown == [["甲甲。乙。", ""], [f"{ONE}。丙。", f"{ONE}。丁。戊。"], [f"{TWO}。", f"{TWO}。"]]


def test_what_is_outside_the_body_is_set_back() -> None:
    a, b = make_reports(f"首页\n{ONE}。", f"{ONE}。")
    a = replace(a, layout=Layout(Span(3, len(a.raw))))
    html = show_comparison(a, b)._repr_html_()
    assert re.search(r'<p style="[^"]*font-size:85%[^"]*"><span[^>]*>0 </span>首页</p>', html)


def test_two_reports_of_one_name_are_refused_and_nothing_shared_is_said() -> None:
    with pytest.raises(CorpusError, match="both reports are called"):
        show_comparison(make_report("x", ONE), make_report("x", TWO))
    shown = show_comparison(*make_reports(ONE, THREE))
    assert "share no passage" in shown._repr_html_() and Page(shown.page()).columns == [ONE, THREE]


def test_the_command_writes_a_page_and_nothing_over_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bundled: Reports
) -> None:
    path = tmp_path / "pair.html"
    command = ["compare", "zaozhuang-2019", "yiyuan-2022", "--html", str(path)]
    assert cli.main(command) == 0 and "side by side, 3 shared passages" in capsys.readouterr().out
    html = path.read_text(encoding="utf-8")
    assert html.startswith('<!doctype html>\n<html lang="en">') and 'td lang="zh-Hans"' in html
    assert all(bundled[name].source.sha256 in html for name in ("zaozhuang-2019", "yiyuan-2022"))
    assert cli.main(command) == 0 and path.read_text(encoding="utf-8") == html
    path.write_text("mine", encoding="utf-8")
    assert cli.main(command) == 2 and path.read_text(encoding="utf-8") == "mine"
