"""Text that was broken at one width: joined, with the way back; text that was not stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from making_files import REPORT

import corpus
from corpus.loading.page.fixes import find_wrapped_ends

FILLING = (
    "坚持以习近平新时代中国特色社会主义思想为指导，深入贯彻习近平法治思想，扎实推进各项任务落实，取得了积极成效；"
    "办理行政复议案件93件，综合纠错率10.6%，办结政务服务事项1.2万余件。"
)
PARAGRAPHS = [f"{line}{FILLING}" if line.endswith(("。", "：")) else line for line in REPORT.split("\n")]


def broken(paragraphs: list[str], width: int, *, indent: str = "", gap: str = "\n", by_columns: bool = False) -> str:
    """Return paragraphs broken at a width, in characters or in columns of which a character of Chinese takes two."""
    whole = []
    for paragraph in paragraphs:
        line, lines = indent, []
        for character in paragraph:
            size = sum(1 + (each > "\x7f") for each in line + character) if by_columns else len(line) + 1
            if size > width:
                lines.append(line)
                line = ""
            line += character
        whole.append("\n".join([*lines, line]))
    return gap.join(whole)


@pytest.mark.parametrize("width", [30, 35, 40])
@pytest.mark.parametrize("by_columns", [False, True])
@pytest.mark.parametrize(("indent", "gap"), [("　　", "\n"), ("", "\n\n"), ("    ", "\r\n"), ("　　", "\n\n")])
def test_broken_lines_are_joined_and_lead_back(
    tmp_path: Path, width: int, by_columns: bool, indent: str, gap: str
) -> None:
    text = broken(PARAGRAPHS, width * (1 + by_columns), indent=indent, gap=gap, by_columns=by_columns)
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("gb18030"))
    (report,) = corpus.load_reports(path)
    assert [line.strip() for line in report.text.split("\n") if line.strip()] == PARAGRAPHS
    for passage in report.passages("sentence"):
        first, last = report.byte_span(passage.start, passage.end)
        stored = path.read_bytes()[first:last].decode("gb18030")
        assert "".join(stored.split()) == "".join(passage.text.split())
    plain = tmp_path / "b.txt"
    plain.write_text("\n".join(PARAGRAPHS), encoding="utf-8")
    (whole,) = corpus.load_reports(plain)
    assert [passage.text for passage in whole.passages("sentence")] == [
        passage.text for passage in report.passages("sentence")
    ]


def test_an_empty_line_behind_every_line_parts_no_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(broken(PARAGRAPHS, 30, indent="　　").replace("\n", "\n\n"), encoding="utf-8")
    (report,) = corpus.load_reports(path)
    assert [line.strip() for line in report.text.split("\n") if line.strip()] == PARAGRAPHS


def test_first_lines_may_have_lost_their_indent_and_page_numbers_stand_between(tmp_path: Path) -> None:
    lines = broken(PARAGRAPHS, 30, indent="　　").split("\n")
    at = next(number for number, line in enumerate(lines) if number > 5 and len(line) == 30 and line[-1] != "。")
    lines.insert(at + 1, "— 1 —")
    path = tmp_path / "a.txt"
    path.write_text("\n".join(line.strip() for line in lines), encoding="utf-8")
    (report,) = corpus.load_reports(path)
    assert report.text.split("\n") == PARAGRAPHS
    assert "— 1 —" in "".join(change.before for change in report.changes)


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT.replace("\n", "\n\n"),
        "\n".join(PARAGRAPHS),
        "\n".join(f"某某县水利局法治政府建设年度报告 2021-01-{day:02}" for day in range(10, 30)),
        "\n".join(f"（{number}）全年召开会议三次，研究依法行政工作，落实任务。" for number in "一二三四五六七八九十"),
        "\n".join("各乡镇人民政府，县政府各部门、各直属机构，"[: 8 + at % 12] for at in range(30)),
        "",
        "\n\n",
    ],
)
def test_lines_that_end_where_the_report_ends_them_stay(text: str) -> None:
    assert find_wrapped_ends(text) == []


def test_letters_are_parted_and_digits_are_not() -> None:
    line = "全年召开会议三次，研究依法行政工作，落实各项任务，使用"
    told = find_wrapped_ends(f"{line}Work\nFlow平台，" + f"研究依法行政工作，落实各项任务，共计12\n34件，{line}\n" * 6)
    assert [glue for _, _, glue in told[:2]] == [" ", ""]
