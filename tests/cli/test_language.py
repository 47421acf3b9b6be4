"""Messages in Chinese: by --lang zh or by the reader's locale, and JSON stays as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import corpus
from corpus.cli import main
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.writing import screen

PHRASES = {row["phrase"]: row["phrase_zh"] for row in read_rows(data_path("messages", "phrases.csv"))}
CODES = list(read_rows(data_path("messages", "check_codes.csv")))
SOURCES = [path.read_text(encoding="utf-8") for path in Path(corpus.__file__).parent.rglob("*.py")]
HAN = re.compile("[\u4e00-\u9fff]")


def said(source: str) -> Iterator[str]:
    """Yield the phrases that a module says: those in the call, and those that a name of the module stands for."""
    tree = ast.parse(source)
    named = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say" and node.args:
            told = node.args[0]
            value = told.value if isinstance(told, ast.Constant) else named.get(getattr(told, "id", ""))
            if isinstance(value, str):
                yield value


def test_every_phrase_has_its_chinese_with_the_same_places() -> None:
    phrases = {phrase for source in SOURCES if "say(" in source for phrase in said(source)}
    assert len(phrases) > 30
    assert phrases - PHRASES.keys() == set()
    places = re.compile(r"\{(\w+)\}")
    for phrase, chinese in PHRASES.items():
        assert HAN.search(chinese), phrase
        assert sorted(places.findall(phrase)) == sorted(places.findall(chinese)), phrase
    assert all(any(phrase in source for source in SOURCES) for phrase in PHRASES)


def test_every_code_has_its_chinese_remedy() -> None:
    assert all(HAN.search(row["remedy_zh"]) and (row["remedy"] or row["of"] == "left out") for row in CODES)
    assert len({row["code"] for row in CODES}) == len(CODES)


def test_check_show_and_add_speak_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "a.txt").write_text(
        "沂源县科学技术局2021年法治政府建设报告\n2021年，我局推进法治政府建设。", encoding="utf-8"
    )
    assert main(["check", "--lang", "zh", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "empty.txt  没有文字：请重新获取" in told
    assert told.splitlines()[-1] == "载入 1 份报告，待核 1 份，未载入 1 项（退出状态 1）"
    assert main(["show", str(tmp_path / "a.txt"), "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"报告年度 +\w+ +2021", told) and "未说明" in told
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["add", str(tmp_path / "a.txt"), "--into", str(tmp_path / "mine")]) == 0
    assert "新增 1 个文件" in capsys.readouterr().out
    main(["check", str(tmp_path), "--json"])
    assert "the file holds no text" in capsys.readouterr().out
    assert main(["check", str(tmp_path), "--lang", "en"]) == 1
    assert "1 report loaded" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_TW", "LANG": "C"}, "zh"),
    ],
)
def test_the_locale_says_which_language(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    screen.speak(None)
    assert screen.speaks_chinese() == (spoken == "zh")
    screen.speak("en")
