"""The table that `corpus check` prints of a folder with everything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from making_files import REPORT

import corpus
from corpus.cli.asking import remedies
from corpus.cli.checking import NEIGHBOUR, OF_TABLES, check_lines, find_in_collection
from corpus.loading.page.notices import _COMMON_SIGNS, _RARE_SIGNS
from corpus.publishing.writing import screen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    damaged = REPORT.replace("某某县", "沅陵县").replace("领导小组", "领导(lǐng)小组，办理****件")
    files = {
        "a/good.txt": REPORT.replace("某某县", "沂源县").encode(),
        "沅陵县科学技术局二〇二〇年法治政府建设工作报告（报送稿，存档）.txt": damaged.encode("gb18030"),
        "same.txt": (REPORT.replace("某某县", "沂源县") + "\n").encode(),
        "plan.txt": "沅陵县2021年法治政府建设工作要点\n2021年要推进依法行政。\n一、总体要求\n加强领导。".encode(),
        "old.doc": b"\xd0\xcf\x11\xe0",
        "empty.txt": b"",
        "Thumbs.db": b"\xff\xd8",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def lines_of(folder: Path) -> list[str]:
    reports = corpus.load_reports(folder)
    return check_lines(reports, find_in_collection(reports))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_every_file_has_one_place_and_every_line_fits(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = lines_of(folder)
    assert max(map(screen.columns, lines)) <= width
    assert [line for line in lines if line and not line.startswith(" ")][:3] == ["loaded: 3", "to check", "left out: 3"]
    assert [sum(name in line for line in lines) for name in ("same.txt", "plan.txt", "old.doc", "empty.txt")] == [1] * 4
    assert lines[-2:] == [
        "corpus show FILE tells of one file what was found, and where",
        "3 reports loaded, 2 to check, 3 left out",
    ]


def test_a_folder_of_all_is_said_once_where_names_are_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "沂源县科学技术局历年法治政府建设工作报告" / "正文"
    folder.mkdir(parents=True)
    (folder / "t.csv").write_text("id,text\nx,2020年，我局推进法治政府建设。\n", encoding="utf-8")
    lines = lines_of(tmp_path)
    assert lines[0] == "loaded: 1, all in 沂源县科学技术局历年法治政府建设工作报告/正文/"
    assert lines[1].startswith("  x (t.csv)  2020  ?")


def test_what_to_check_is_named_by_its_code_and_explained_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = lines_of(folder)
    (twin,) = [line for line in lines if line.startswith("  same.txt")]
    assert "the same report as a/good.txt, which is counted once" in " ".join(twin.split())
    page = "\n".join(lines)
    for code in ("encoding-inferred", "masked-characters", "pinyin"):
        assert sum(line.split()[:1] == [code] for line in lines) == 1
        assert code in page.partition("to check")[0]


def test_every_kind_of_damage_has_a_remedy() -> None:
    assert {sign.code for sign in (*_RARE_SIGNS, *_COMMON_SIGNS)} <= set(remedies())


def test_long_names_keep_their_beginning_and_end() -> None:
    assert screen.fit("沅陵县科学技术局报告.txt", 24) == "沅陵县科学技术局报告.txt"
    assert screen.fit("沅陵县科学技术局报告.txt", 17) == "沅陵县科…报告.txt"


def test_texts_cut_in_the_middle_still_differ() -> None:
    names = [
        f"龙口市{office}关于{year}年度法治政府建设情况的报告（定稿）.txt" for office in "甲乙" for year in (2021, 2022)
    ]
    for width in (12, 16, 24, 40):
        shown = screen.fit_apart(names, width)
        assert len(set(shown)) == len(names)
        assert max(map(screen.columns, shown)) <= width
    assert screen.fit_apart(["a.txt", "a.txt"], 40) == ["a.txt", "a.txt"]


def write_series(folder: Path, names: dict[str, str]) -> Path:
    """Write reports by file name; a value is the title, whose last year the text reviews."""
    for number, (name, title) in enumerate(names.items()):
        year = title[title.index("20") :][:4]
        text = REPORT.replace("某某县科学技术局2020年度法治政府建设工作报告", title).replace("2020年", f"{year}年")
        (folder / name).write_text(text.replace("领导小组", f"领导小组{'甲乙丙丁戊己庚辛'[number]}"), encoding="utf-8")
    return folder


def codes_of(folder: Path) -> dict[str, list[tuple[str, str]]]:
    return find_in_collection(corpus.load_reports(folder)).by_report


def test_what_only_the_collection_shows_is_named(tmp_path: Path) -> None:
    office = "沂源县科学技术局"
    codes = codes_of(
        write_series(
            tmp_path,
            {
                "a2018.txt": f"{office}2018年法治政府建设工作报告",
                "a2020.txt": f"{office}2020年法治政府建设工作报告",
                "a2020-更正.txt": f"{office}2020年法治政府建设工作报告（更正版）",
            },
        )
    )
    assert ("missing-years", "2019") in codes["a2020"]
    assert ("corrected-issue", "a2020-更正") in codes["a2020"]
    assert ("corrected-issue", "a2020") in codes["a2020-更正"]


def test_an_issuer_under_two_spellings_is_named(tmp_path: Path) -> None:
    rows = [
        f"a{year},{issuer},坪山区,{year}年工作。"
        for year, issuer in ((2019, "坪山区科技创新局"), (2020, "深圳市坪山区科技创新局"))
    ]
    (tmp_path / "t.csv").write_text("\n".join(["id,issuer,区县,text", *rows]), encoding="utf-8")
    codes = codes_of(tmp_path)
    assert ("two-spellings", "深圳市坪山区科技创新局") in codes["a2019"]
    assert ("two-spellings", "坪山区科技创新局") in codes["a2020"]


def test_the_genre_of_a_collection_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for city in ("淄博市", "烟台市", "潍坊市"):
        opening = "各位代表：\n现在，我代表市人民政府，向大会报告工作，请予审议。"
        text = f"{city}政府工作报告\n{opening}\n一、2023年工作回顾\n2023年，成绩来之不易。"
        (tmp_path / f"{city}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "plan.txt").write_text("淄博市2023年工作要点\n一、总体要求\n加强领导，狠抓落实。", encoding="utf-8")
    lines = lines_of(tmp_path)
    assert lines[0].startswith("genre: 3 of 4 look like a report on the work of the government (政府工作报告)")
    assert sum("政府工作报告" in line for line in lines) == 1
    for city in ("淄博市", "烟台市", "潍坊市"):
        (line,) = [line for line in lines if line.startswith(f"  {city}.txt")]
        assert f"{city}人民政府" in line
        assert "2023" in line
    (line,) = [line for line in lines if line.startswith("  plan.txt")]
    assert "genre (a plan, an order or a notice" in line


def test_every_code_that_a_line_can_have_has_a_remedy(folder: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(corpus.__file__).parent.rglob("loading/**/*.py")]
    noticed = {code for source in sources for code in re.findall(r'Notice\(\s*"([a-z-]+)"', source)}
    found = {code for told in codes_of(folder).values() for code, _ in told}
    own = {"no-year", "no-issuer", "year-open", "issuer-open", "genre", "same-issuer-year", "corrected-issue"}
    named = found | own | noticed | {"missing-years", "two-spellings"}
    assert len(noticed) > 10
    assert named - {NEIGHBOUR, *OF_TABLES} <= set(remedies())


def test_an_organ_that_bears_another_name_later_is_hinted_at(tmp_path: Path) -> None:
    body = "年，我局扎实推进法治政府建设。现将有关情况报告如下：\n一、主要举措和成效\n学习三次。\n"
    for year, name in ((2017, "宁阳县人民政府法制办公室"), (2018, "宁阳县司法局"), (2019, "宁阳县司法局")):
        text = f"{name}{year}年法治政府建设情况报告\n{year}{body}{name}\n{year + 1}年1月8日\n"
        (tmp_path / f"{year}.txt").write_text(text, encoding="utf-8")
    found = find_in_collection(corpus.load_reports(tmp_path)).by_report
    assert found == {"2017": [("renamed", "宁阳县司法局")], "2018": [], "2019": []}


def test_files_left_out_for_one_reason_are_one_entry_with_the_first_names(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(REPORT, encoding="utf-8")
    for number in range(9):
        (tmp_path / f"{number}.doc").write_bytes(b"\xd0\xcf\x11\xe0 old %d" % number)
    for name in ("b", "c"):
        (tmp_path / f"{name}.rar").write_bytes(b"Rar!")
    reports = corpus.load_reports(tmp_path)
    text = "\n".join(check_lines(reports, find_in_collection(reports)))
    told = " ".join(text[text.index("left out") :].split())
    assert told.startswith("left out: 11 0.doc")
    assert told.count("old format (.doc)") == 1
    assert "(so are 8 more: 1.doc, 2.doc, 3.doc, …)" in told
    assert told.count("a RAR archive") == 2 and "c.rar" in told
