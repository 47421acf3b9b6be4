"""What people typed before PATH came last is answered with what to type, word for word; and PATH may stand anywhere."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from unittest.mock import Mock

import pytest

from corpus import cli
from corpus.cli.parsing import build_parser

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "cases" / "earlier_forms.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a folder of reports, and a file whose name could be a term."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("2020年，我局坚持三重一大集体决策。", encoding="utf-8")
    (tmp_path / "法治").write_text("2020年，我局落实法治政府建设任务。", encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["typed"])
def test_what_was_typed_before_is_answered_with_what_to_type(
    case: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(shlex.split(case["typed"])[1:]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err == f"corpus: {case['answer']}\n"
    written = told.err.rstrip().rpartition("corpus ")[2]
    if not {"TERM", "…"} & set(written.split()):
        again = build_parser().parse_args(shlex.split(written))
        assert getattr(again, "earlier_path", None) is None


@pytest.mark.parametrize(
    ("line", "terms", "path"),
    [
        ("find 法治", ["法治"], None),
        ("find 法治 mine", ["法治"], "mine"),
        ("find --json 法治 --role plan mine", ["法治"], "mine"),
        ("find 法治 --csv x.csv mine", ["法治"], "mine"),
        ("find -e mine", ["mine"], None),
        ("find -e 三重一大 mine -e 法治", ["三重一大", "法治"], "mine"),
    ],
)
def test_terms_and_path_are_told_apart(
    line: str, terms: list[str], path: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Mock(return_value=0)
    monkeypatch.setattr("corpus.cli.questions.run_find", asked)
    assert cli.main(shlex.split(line)) == 0
    (options,) = asked.call_args.args
    assert (options.terms, options.path) == (terms, path)


@pytest.mark.parametrize(
    "line",
    [
        "explain NAME PATH --in RESULTS --json",
        "explain NAME --in RESULTS PATH --json",
        "explain --json --in RESULTS NAME PATH",
    ],
)
def test_the_path_may_stand_on_either_side_of_options(line: str) -> None:
    options = build_parser().parse_args(line.split())
    assert (options.name, options.path, options.results, options.json) == ("NAME", "PATH", "RESULTS", True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("check a.txt b.txt", "b.txt: corpus check takes one PATH: a folder, an archive or a file"),
        ("years mine --joint", "--joint: corpus years has no such option"),
        ("manifest c", "c: corpus manifest does not take this"),
    ],
)
def test_what_is_too_much_is_named(line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(line.split())
    assert end.value.code == 2
    assert told in capsys.readouterr().err
