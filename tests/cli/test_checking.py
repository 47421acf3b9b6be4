"""The table that `corpus check` prints of a folder with everything in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from making_files import REPORT

import corpus
from corpus.cli.checking import _REMEDIES, check_lines
from corpus.loading.page.notices import _COMMON_SIGNS, _FOREIGN_SIGNS, _RARE_SIGNS
from corpus.publishing.writing import text_width


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


@pytest.mark.parametrize("width", [80, 100, 160])
def test_every_file_has_one_place_and_every_line_fits(
    folder: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = check_lines(corpus.load_reports(folder))
    assert max(map(text_width.columns, lines)) <= width
    groups = ["loaded: 3", "to check", "perhaps no report: 1; move out of the folder what is none", "left out: 2"]
    assert [line for line in lines if line and not line.startswith(" ")][:4] == groups
    assert [sum(name in line for line in lines) for name in ("good.txt", "plan.txt", "old.doc", "empty.txt")] == [1] * 4
    assert lines[-3:-1] == [
        "1 with nothing to check, 2 to check, 1 perhaps no report",
        "corpus show FILE tells of one file what was found, and where",
    ]
    assert lines[-1] == "4 reports, 2 left out"


def test_what_to_check_is_named_by_its_code_and_explained_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    lines = check_lines(corpus.load_reports(folder))
    (twin,) = [line for line in lines if line.startswith("  same.txt")]
    assert twin.split() == ["same.txt", "2020", "沂源县科学技术局", "same-text", "(a/good)"]
    page = "\n".join(lines)
    for code in ("encoding-inferred", "masked-characters", "pinyin", "same-text"):
        assert sum(line.split()[:1] == [code] for line in lines) == 1
        assert code in page.partition("to check")[0]


def test_every_kind_of_damage_has_a_remedy() -> None:
    assert {sign.code for sign in (*_RARE_SIGNS, *_COMMON_SIGNS, *_FOREIGN_SIGNS)} <= set(_REMEDIES)


def test_long_names_keep_their_beginning_and_end() -> None:
    assert text_width.fit("沅陵县科学技术局报告.txt", 24) == "沅陵县科学技术局报告.txt"
    assert text_width.fit("沅陵县科学技术局报告.txt", 17) == "沅陵县科…报告.txt"
