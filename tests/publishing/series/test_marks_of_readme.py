"""The marks of the series and of README.md say what their tables say, and captions say the same twice."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.publishing.series.verify import README, check_readme, proofread, write_readme

ROOT = Path(__file__).resolve().parents[3]
CAPTIONS = sorted((ROOT / "notebooks" / "figures").glob("*/caption.md"))


def test_the_project_has_no_wrong_mark() -> None:
    assert [str(difference) for difference in proofread(ROOT)] == []


@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.parent.name)
def test_captions_say_n_and_what_was_left_out_in_both_languages(path: Path) -> None:
    english, _, chinese = path.read_text(encoding="utf-8").strip().partition("\n\n")
    assert "n = " in english and "n = " in chinese and re.search("[一-鿿]", chinese)
    assert "simulated" in english or ("left out" in english and "未载入" in chinese)


@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.parent.name)
def test_a_caption_has_the_same_numbers_in_english_and_chinese(path: Path) -> None:
    english, chinese = path.read_text(encoding="utf-8").strip().split("\n\n")
    numbers = [set(re.findall(r"\d(?:[\d,]*\d)?(?:\.\d+)?%?", text)) for text in (english, chinese)]
    assert numbers[0] == numbers[1]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "notebooks" / "figures" / "a").mkdir(parents=True)
    (tmp_path / "notebooks" / "figures" / "a" / "caption.md").touch()
    for name in ("01-a.ipynb", "02-b.ipynb", "A1-c.ipynb"):
        (tmp_path / "notebooks" / name).touch()
    shutil.copytree(ROOT / "notebooks" / "tables" / "reports", tmp_path / "notebooks" / "tables" / "reports")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_readme_gets_the_values_of_the_tables_and_is_checked_against_them(checkout: Path) -> None:
    stale = "A line with <!--reports.n-->7<!--/--> of <!--reports.n:word-->x<!--/--> and\n"
    (checkout / README).write_text(stale, encoding="utf-8")
    told = [str(difference) for difference in check_readme(checkout)]
    assert [each.split(";")[0] for each in told] == [
        "README.md: line 1: reports.n is '5', not '7'",
        "README.md: line 1: reports.n:word is 'five', not 'x'",
    ]
    assert write_readme(checkout)
    assert list(check_readme(checkout)) == []
    text = (checkout / README).read_text(encoding="utf-8")
    assert "<!--reports.n-->5<!--/--> of <!--reports.n:word-->five<!--/-->" in text
    assert not write_readme(checkout)


def test_readme_is_checked_against_tables_that_were_made_anew(checkout: Path) -> None:
    (checkout / README).write_text("Of <!--reports.n-->5<!--/-->.", encoding="utf-8")
    anew = checkout / "anew"
    shutil.copytree(checkout / "notebooks" / "tables", anew / "tables")
    data = anew / "tables" / "reports" / "data.csv"
    data.write_bytes(data.read_bytes() + data.read_bytes().splitlines(keepends=True)[-1])
    assert "is '6', not '5'" in str(check_readme(checkout, tables_in=anew)[0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x <!--no.such-->5<!--/-->", "no.such: no table is called 'no'"),
        ("x <!--reports.n:.z-->5<!--/-->", "cannot be written as '.z'"),
        ("x <!--reports.n-->5", "not of the form"),
        ("x <!--reports.n-->5\n<!--/-->", "not of the form"),
    ],
)
def test_a_mark_that_cannot_be_right_is_named(checkout: Path, text: str, told: str) -> None:
    (checkout / README).write_text(text, encoding="utf-8")
    assert told in " ".join(map(str, check_readme(checkout)))


def test_a_checkout_without_notebooks_or_readme_has_no_wrong_mark(checkout: Path) -> None:
    (checkout / README).write_text("All 7 of <!--reports.n-->5<!--/-->.", encoding="utf-8")
    for path in (checkout / "notebooks").glob("*.ipynb"):
        path.unlink()
    assert proofread(checkout) == []
    (checkout / README).unlink()
    assert proofread(checkout) == []
    assert not write_readme(checkout)


def test_a_readme_that_names_no_claim_is_not_written(checkout: Path) -> None:
    (checkout / README).write_text("x <!--no.such-->5<!--/-->", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"no\.such"):
        write_readme(checkout)


def test_the_readme_names_the_versions_of_python_that_packages_are_pinned_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = re.findall(r"Python :: 3\.(\d+)", " ".join(project["classifiers"]))
    least, most = min(map(int, versions)), max(map(int, versions))
    told = f"Python 3.{least} or newer (up to 3.{most} all packages are pinned)"
    assert told in (ROOT / README).read_text(encoding="utf-8")
