"""The prose of the series and README.md state no number that a program did not compute."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.publishing.series.proofreading import README, check_readme, proofread, proofread_notebook, write_readme

ROOT = Path(__file__).resolve().parents[3]
CAPTIONS = sorted((ROOT / "notebooks" / "figures").glob("*/caption.md"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def write(folder: Path, *cells: tuple[str, str]) -> Path:
    path = folder / "06-mine.ipynb"
    content = {
        "cells": [
            {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": source.splitlines(keepends=True)}
            for number, (kind, source) in enumerate(cells, 1)
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_project_types_no_number_by_hand() -> None:
    assert [str(difference) for difference in proofread(ROOT)] == []


def test_a_number_in_a_notebook_is_named_with_its_cell_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, ("markdown", "# A"), ("markdown", "# Title\n\nThere are\n7 reports."), ("code", "x = 7"))
    [told] = proofread_notebook(path)
    assert "cell 2 (cell-2), line 4: '7' is typed by hand" in told and "<!--TABLE.ROW.COLUMN-->" in told


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
    stale = "A line with <!--reports.n-->7<!--/--> of <!--project.notebooks:word-->x<!--/--> and\n"
    (checkout / README).write_text(stale, encoding="utf-8")
    told = [str(difference) for difference in check_readme(checkout)]
    assert [each.split(";")[0] for each in told] == [
        "README.md: line 1: reports.n is '5', not '7'",
        "README.md: line 1: project.notebooks:word is 'two', not 'x'",
    ]
    assert write_readme(checkout)
    assert list(check_readme(checkout)) == []
    text = (checkout / README).read_text(encoding="utf-8")
    assert "<!--reports.n-->5<!--/--> of <!--project.notebooks:word-->two<!--/-->" in text
    assert not write_readme(checkout)


def test_readme_is_checked_against_tables_that_were_made_anew(checkout: Path) -> None:
    (checkout / README).write_text("Of <!--reports.n-->5<!--/-->.", encoding="utf-8")
    anew = checkout / "anew"
    shutil.copytree(checkout / "notebooks" / "tables", anew / "tables")
    data = anew / "tables" / "reports" / "data.csv"
    data.write_bytes(data.read_bytes() + data.read_bytes().splitlines(keepends=True)[-1])
    assert "is '6', not '5'" in str(next(check_readme(checkout, tables_in=anew)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x <!--no.such-->5<!--/-->", "no.such: no table and no count of the project is called so"),
        ("x <!--reports.n:.z-->5<!--/-->", "cannot be written as '.z'"),
        ("x <!--reports.n-->5", "not of the form"),
        ("x <!--reports.n-->5\n<!--/-->", "not of the form"),
        ("x\n<!--reports.n-->5<!--/-->", "line 2: the line begins with a mark"),
        ("- <!--reports.n-->5<!--/-->", "the line begins with a mark"),
    ],
)
def test_a_mark_that_cannot_be_right_is_named(checkout: Path, text: str, told: str) -> None:
    (checkout / README).write_text(text, encoding="utf-8")
    assert told in " ".join(map(str, check_readme(checkout)))


def test_a_number_typed_into_the_readme_is_named_with_its_line(checkout: Path) -> None:
    (checkout / README).write_text("# A\n\nAll 7 of <!--reports.n-->5<!--/--> in 枣庄 2019.\n", encoding="utf-8")
    for path in (checkout / "notebooks").glob("*.ipynb"):
        path.unlink()
    [told] = map(str, proofread(checkout))
    assert told.startswith("README.md: line 3: '7' is typed by hand") and "<!--TABLE.ROW.COLUMN-->" in told
    (checkout / README).unlink()
    assert proofread(checkout) == []
    assert not write_readme(checkout)


def test_a_readme_that_names_no_claim_is_not_written(checkout: Path) -> None:
    (checkout / README).write_text("x <!--no.such-->5<!--/-->", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"no\.such"):
        write_readme(checkout)
