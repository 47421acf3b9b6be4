"""The commands: their JSON, their words, how they end, and that they answer quickly and anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any
from unittest.mock import Mock

import pandas as pd
import pytest
from making import BUNDLED

import corpus
from corpus import cli
from corpus.cli import checking
from corpus.publishing.series import running
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.verify import Verdict
from corpus.publishing.writing import screen
from corpus.report.values import FACTS, ROLES

FACT_KEYS = ["value", "basis", "evidence", "readings"]
SHOWN = [
    *("report_id", "file", "sha256", "encoding", *FACTS),
    *("salutation", "signature", "body", "clutter", "set_aside", "parts", "headings", "changes", "warnings"),
]


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def ask_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    status, out, err = ask(capsys, *arguments, "--json")
    assert (status, err) == (0, "")
    return json.loads(out)


@pytest.fixture(scope="module")
def reports() -> corpus.Reports:
    return BUNDLED


@pytest.mark.parametrize("report_id", [report.report_id for report in corpus.load_reports()])
def test_show_answers_with_everything_and_with_offsets_into_the_file(
    capsys: pytest.CaptureFixture[str], reports: corpus.Reports, report_id: str
) -> None:
    answer = ask_json(capsys, "show", report_id)
    raw = reports[report_id].raw_bytes.decode("utf-8")
    assert list(answer) == SHOWN
    assert all(list(answer[name]) == FACT_KEYS for name in FACTS)
    assert answer["parts"][0]["start"] == answer["body"][0] and answer["parts"][-1]["end"] == answer["body"][1]
    for heading in answer["headings"]:
        assert list(heading) == ["depth", "label", "text", "start", "end", "run_in", "role", "label_start"]
        assert raw[heading["label_start"] :].startswith(heading["label"])
        assert raw[heading["start"] : heading["end"]] == heading["text"]
        assert heading["role"] in (*ROLES, None)
    for part in answer["parts"]:
        assert list(part) == ["role", "start", "end", "headed"]
    for change in answer["changes"]:
        assert list(change) == ["name", "start", "end", "before", "after"]
        assert raw[change["start"] : change["end"]] == change["before"]
    for warning in answer["warnings"]:
        assert list(warning) == ["code", "message", "evidence"]


def test_show_takes_a_file_and_then_the_text_alone(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    answer = ask_json(capsys, "show", str(copy))
    assert (answer["report_id"], answer["file"]) == ("another name 报告", "another name 报告.txt")
    assert (answer["issuer"]["value"], answer["issuer"]["basis"]) == ("沂源县科学技术局", "inferred")
    assert answer["published"] == {"value": None, "basis": "absent", "evidence": None, "readings": []}


def test_show_of_a_bundled_file_is_show_of_its_id(capsys: pytest.CaptureFixture[str], reports: corpus.Reports) -> None:
    path = Path(__file__).resolve().parents[2] / "data" / reports["qinan-2020"].source.file
    assert ask_json(capsys, "show", str(path)) == ask_json(capsys, "show", "qinan-2020")


def test_show_quotes_the_words_that_a_fact_rests_on(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = ask(capsys, "show", "yiyuan-2022")
    lines = out.splitlines()
    assert status == 0
    assert any(line.split() == ["year_reviewed", "catalogue", "2022", "7:11", "2022"] for line in lines)
    assert any(line.endswith("'[bookmark: _GoBack]' → ''") for line in lines)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody-2020", "neither a file nor the id of a bundled report; the ids are zaozhuang-2019"),
        (".", "holds no text"),
        ("empty.txt", "holds no text"),
    ],
)
def test_show_of_what_is_no_report_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    status, out, err = ask(capsys, "show", name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("corpus: ") and message in err


def test_check_of_the_bundled_reports_leaves_nothing_out(
    capsys: pytest.CaptureFixture[str], reports: corpus.Reports
) -> None:
    answer = ask_json(capsys, "check")
    assert answer["problems"] == []
    assert [entry["report_id"] for entry in answer["reports"]] == [report.report_id for report in reports]
    status, out, _ = ask(capsys, "check")
    assert (status, out.splitlines()[-1]) == (0, "5 reports loaded, 2 to check, 0 left out")


def test_check_names_what_is_left_out_and_says_so_with_its_status(
    capsys: pytest.CaptureFixture[str], copy: Path
) -> None:
    (copy.parent / "empty.txt").write_bytes(b"")
    status, out, _ = ask(capsys, "check", str(copy.parent))
    assert status == 1
    assert "\nleft out: 1\n  empty.txt  the file holds no text; obtain the file again\n" in out
    assert out.endswith("\n1 report loaded, 0 to check, 1 left out (exit status 1)\n")
    status, out, _ = ask(capsys, "check", str(copy.parent), "--json")
    answer = json.loads(out)
    assert (status, [entry["file"] for entry in answer["reports"]]) == (1, [copy.name])
    assert [list(entry) for entry in answer["problems"]] == [["file", "place", "code", "message", "remedy"]]


def test_strict_says_with_its_status_that_something_is_to_be_checked(
    capsys: pytest.CaptureFixture[str], copy: Path
) -> None:
    (copy.parent / "plan.txt").write_text("沂源县2021年工作要点\n一、总体要求\n加强领导。", encoding="utf-8")
    assert ask(capsys, "check", str(copy.parent))[0] == 0
    status, out, _ = ask(capsys, "check", str(copy.parent), "--strict")
    assert (status, out.splitlines()[-1]) == (1, "2 reports loaded, 1 to check, 0 left out (exit status 1)")
    assert ask(capsys, "check", str(copy), "--strict")[0] == 0


def test_rows_are_joined_on_request(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("issuer,year,text\n甲县教育局,2021,2021年工作。\n甲县教育局,2021,二、不足。\n", encoding="utf-8")
    assert len(ask_json(capsys, "check", str(table))["reports"]) == 2
    (joined,) = ask_json(capsys, "check", str(table), "--join", "issuer,year")["reports"]
    assert joined["characters"] == len("2021年工作。\n二、不足。")


OBEYED = "\x1b]0;pwn\x07\x1b[31m\u202e\x9b"


@pytest.mark.parametrize("command", ["check", "find", "years", "boilerplate", "leftovers", "show"])
@pytest.mark.parametrize("form", ["lines", "json"])
def test_what_a_screen_obeys_reaches_it_from_no_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, form: str
) -> None:
    table = tmp_path / "t.jsonl"
    rows = [
        {
            "report_id": f"<b>{year}",
            "issuer": f"甲{OBEYED}局",
            "title": f"{OBEYED}{year}年法治政府建设报告",
            "year_reviewed": year,
            "source": OBEYED,
            "text": f"{year}年，推进法治政府建设，报告如下：\n一、{OBEYED}情况\n开会{year - 2015}次，有成效{OBEYED}。",
        }
        for year in (2021, 2022)
    ]
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    arguments = {"find": ["法治", str(table)], "show": ["<b>2021", str(table)]}.get(command, [str(table)])
    _, out, err = ask(capsys, command, *arguments, *(["--json"] if form == "json" else []))
    assert out
    assert {unicodedata.category(character) for character in (out + err).replace("\n", "")}.isdisjoint(
        {"Cc", "Cf", "Cs"}
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_ends_with_a_message() -> None:
    for arguments in (["check", "--json"], ["find", "法治"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "corpus", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert done.returncode == 2
        assert b"the output: cannot be written" in done.stderr
        assert b"Traceback" not in done.stderr
        assert b"ignored" not in done.stderr


def test_check_of_a_folder_without_reports_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8")
    status, out, err = ask(capsys, "check", str(tmp_path))
    assert status == 1
    assert "left out: 1\n  picture.jpg  a file of the format .jpg, which is not read; run optical" in out
    assert out.endswith("0 reports loaded, 0 to check, 1 left out (exit status 1)\n")
    assert "there is no report here; put text files" in err


def test_compare_gives_measures_and_passages_that_both_files_hold(
    capsys: pytest.CaptureFixture[str], reports: corpus.Reports
) -> None:
    answer = ask_json(capsys, "compare", "zaozhuang-2019", "yiyuan-2022")
    assert list(answer) == ["a", "b", "measures", "reference", "passages"]
    assert answer["reference"]["name"] == "the bundled reports" and len(answer["reference"]["reports"]) == 5
    assert {"cosine_words", "jaccard_words", "minimum_edit"} < set(answer["measures"])
    assert (answer["a"], answer["b"]) == ("zaozhuang-2019", "yiyuan-2022")
    assert all(isinstance(value, int | float) for value in answer["measures"].values())
    assert max(passage["matched_chars"] for passage in answer["passages"]) == 34
    for passage in answer["passages"]:
        assert list(passage) == ["a", "b", "text_a", "text_b", "matched_chars", "similarity"]
        for side, report_id in (("a", "zaozhuang-2019"), ("b", "yiyuan-2022")):
            start, end = passage[side]
            assert reports[report_id].raw[start:end] == passage[f"text_{side}"]


def test_compare_keeps_the_order_that_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    there = ask_json(capsys, "compare", "zaozhuang-2019", "yiyuan-2022")
    back = ask_json(capsys, "compare", "yiyuan-2022", "zaozhuang-2019")
    assert back["measures"]["containment_a_in_b"] == there["measures"]["containment_b_in_a"]
    assert back["measures"]["cosine_tfidf"] == there["measures"]["cosine_tfidf"]
    spans = [[(passage["a"], passage["b"]) for passage in answer["passages"]] for answer in (there, back)]
    assert sorted(spans[0]) == sorted((a, b) for b, a in spans[1])


def test_compare_weighs_words_by_a_part_of_a_large_collection(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, reports: corpus.Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.cli.show_and_compare._MOST_OF_A_REFERENCE", 5)
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text(f"{reports[0].raw}第{number}份。", encoding="utf-8")
    answer = ask_json(capsys, "compare", "1", "2", str(tmp_path))
    assert answer["reference"] == {"name": f"one report in 2 of {tmp_path}", "reports": ["1", "2", "0", "4", "6", "8"]}


def test_compare_names_the_collection_that_words_are_weighted_by(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, reports: corpus.Reports
) -> None:
    for number in range(6):
        text = reports[number % 5].raw + f"第{number}份。"
        (tmp_path / f"own-{number}.txt").write_text(text, encoding="utf-8")
    answer = ask_json(capsys, "compare", str(tmp_path / "own-1.txt"), str(tmp_path / "own-5.txt"))
    other = ask_json(
        capsys, "compare", str(tmp_path / "own-1.txt"), str(tmp_path / "own-5.txt"), "--reference", str(tmp_path)
    )
    assert len(answer["reference"]["reports"]) == 6 and other["reference"]["name"] == str(tmp_path)
    assert sorted(other["reference"]["reports"]) == [f"own-{number}" for number in range(6)]
    # Both come from the folder, and it is the folder that weighs, named or not.
    assert answer["measures"] == other["measures"] and answer["reference"]["name"] == str(tmp_path.resolve())
    nowhere = ask_json(capsys, "compare", "qinan-2020", str(tmp_path / "own-1.txt"))
    assert nowhere["measures"]["cosine_tfidf"] is None and nowhere["reference"] == {"name": "", "reports": []}
    status, out, _ = ask(capsys, "compare", "qinan-2020", "qinan-2020")
    assert status == 0 and "counted in the bundled reports and the two (5 in all)" in out
    status, _, err = ask(capsys, "compare", "qinan-2020", str(tmp_path))
    assert status == 2 and f"holds 6 reports; write the id of one, as in corpus check, and {tmp_path} behind it" in err
    answer = ask_json(capsys, "compare", "own-1", "own-5", str(tmp_path))
    assert answer["measures"] == other["measures"] and answer["reference"]["name"] == str(tmp_path)
    assert ask_json(capsys, "compare", "own-1", "qinan-2020", str(tmp_path))["b"] == "qinan-2020"
    status, _, err = ask(capsys, "compare", "own-1", "nobody", str(tmp_path))
    assert status == 2 and "no report is called 'nobody'" in err
    status, _, err = ask(capsys, "compare", "qinan-2020", "yiyuan-2022", "--reference", str(tmp_path / "own-1.txt"))
    assert status == 2 and "5 reports or more, not 3" in err


def test_compare_of_a_report_with_itself_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, out, _ = ask(capsys, "compare", "zaozhuang-2019", "zaozhuang-2019")
    assert status == 0 and "zaozhuang-2019 (again)" in out and "Both texts have the same" in out
    page = str(tmp_path / "page.html")
    assert "1 shared passage" in ask(capsys, "compare", "zaozhuang-2019", "zaozhuang-2019", "--html", page)[1]


def test_compare_with_a_copy_of_a_bundled_report_finds_it_whole(capsys: pytest.CaptureFixture[str], copy: Path) -> None:
    answer = ask_json(capsys, "compare", str(copy), "yiyuan-2022")
    assert answer["measures"]["resemblance"] == answer["measures"]["cosine_tfidf"] == 1
    status, out, _ = ask(capsys, "compare", str(copy), "yiyuan-2022")
    assert status == 0 and "沂源县科学技术局" in out


def test_find_shows_every_place_of_a_term(capsys: pytest.CaptureFixture[str], reports: corpus.Reports) -> None:
    status, out, _ = ask(capsys, "find", "三重一大")
    *hits, count = out.splitlines()
    expected = sum(report.key.count("三重一大") for report in reports)
    assert (status, count) == (0, f"{expected} hits")
    assert len(hits) == expected and all("三重一大" in line for line in hits)
    places = {screen.columns(line[: line.index("三重一大")]) for line in hits}
    assert len(places) == 1


def test_reproduce_is_told_how_to_read_ones_own_reports_only(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = ask(capsys, "reproduce", "--columns", "text=body")
    assert (status, "corpus reproduce PATH" in err) == (2, True)


def test_leftovers_are_shown_in_their_sentences_and_answered_in_json(
    capsys: pytest.CaptureFixture[str], reports: corpus.Reports
) -> None:
    found = corpus.find_leftovers(reports)
    answer = ask_json(capsys, "leftovers")
    assert list(answer[0]) == ["report_id", "start", "end", "kind", "strength", "quote", "why"]
    assert [(row["report_id"], row["start"]) for row in answer] == [
        *zip(found["report_id"], found["start"], strict=True)
    ]
    status, out, _ = ask(capsys, "leftovers")
    *lines, count = out.splitlines()
    assert (status, count, len(lines)) == (0, f"{len(found)} places to look at in 5 reports", 2 * len(found))
    assert all(f"【{quote}】" in line for quote, line in zip(found["quote"], lines[1::2], strict=True))
    assert "积积" not in out and "【积积】" in ask(capsys, "leftovers", "--typos")[1]


def test_plans_are_shown_with_both_places_and_answered_in_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    heads = "长春市人民政府工作报告\n一、{}年工作回顾\n{}\n二、{}年工作安排\n{}\n"
    plan = "新建乡镇卫生院12家。开工松溪至白滩铁路。"
    (tmp_path / "a.txt").write_text(heads.format(2024, "全市稳定。", 2025, plan), encoding="utf-8")
    (tmp_path / "b.txt").write_text(
        heads.format(2025, "全市稳定。新建乡镇卫生院9家。", 2026, "全市稳定。建成甲乙产业园。"), encoding="utf-8"
    )
    answer = ask_json(capsys, "plans", str(tmp_path))
    assert [(row["outcome"], row["promised"], row["reported"]) for row in answer] == [
        ("reported-partly", "12家", "9家"),
        ("not-found", "", ""),
    ]
    assert answer[1]["start_later"] is None and answer[1]["similarity"] is None
    status, out, _ = ask(capsys, "plans", str(tmp_path), "--csv", str(tmp_path / "plans.csv"))
    assert status == 0 and "新建乡镇卫生院9家" in out and out.splitlines()[-1].startswith("2 rows of plans")
    assert "新建乡镇卫生院9家" in (tmp_path / "plans.csv").read_text(encoding="utf-8-sig")


def test_leftovers_of_a_folder_name_what_could_not_be_judged_or_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("我们召开会议。", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    status, out, err = ask(capsys, "leftovers", str(tmp_path))
    assert status == 1 and "left out: empty.txt" in err
    assert out.splitlines()[0].startswith("a: its year or place is not known")


@pytest.mark.skipif(sys.platform == "win32", reason="a process is not replaced there")
def test_a_value_behind_an_option_of_jupyterlab_is_not_taken_for_reports(capsys: pytest.CaptureFixture[str]) -> None:
    for beyond in ([], ["--no-browser", "--allow-root"]):
        with pytest.raises(SystemExit):
            cli.main(["lab", "--port", "8931", *beyond])
        assert "--port=8931" in capsys.readouterr().err


def test_lab_lays_out_the_notebooks_on_ones_own_reports_and_keeps_those_that_are_there(
    capsys: pytest.CaptureFixture[str], copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Mock()
    monkeypatch.setattr(os, "execve", opened)
    out = copy.parent / "results"
    cli.main(["lab", str(copy), "--out", str(out), "--labels", "zh", "--no-browser"])
    ((_, command, environment),) = [call.args for call in opened.call_args_list]
    assert command[1:5] == ["-P", "-m", "jupyterlab", str(out)] and command[6:] == ["--no-browser"]
    settings = Path(command[5].removeprefix("--LabApp.app_settings_dir="))
    assert "fetchNews" in (settings / "overrides.json").read_text(encoding="utf-8")
    kernel = Path(environment["JUPYTER_PATH"].split(os.pathsep)[0]) / "kernels" / "python3" / "kernel.json"
    assert "language_info.pop" in kernel.read_text(encoding="utf-8")
    assert environment["PYTHONHASHSEED"] == "0"
    cells = json.loads((out / "03-comparing-reports.ipynb").read_text(encoding="utf-8"))["cells"]
    assert not any("bundled" in cell["metadata"].get("tags", ()) or cell.get("outputs") for cell in cells)
    put_in = next("".join(cell["source"]) for cell in cells if cell["id"] == "injected-parameters")
    assert f"reports_path = {str(copy)!r}" in put_in and "corpus.figures.set_look(labels='zh')" in put_in
    (out / "03-comparing-reports.ipynb").write_text("mine", encoding="utf-8")
    cli.main(["lab", str(copy), "--out", str(out), "--labels", "zh"])
    assert "7 notebooks there already stay as they are" in capsys.readouterr().err
    assert (out / "03-comparing-reports.ipynb").read_text(encoding="utf-8") == "mine"


def test_reproduce_without_a_report_does_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "empty.txt").write_bytes(b"")
    status, _, err = ask(capsys, "reproduce", str(tmp_path / "reports"), "--out", str(tmp_path / "out"))
    assert status == 2
    assert "left out: empty.txt" in err and "no report could be loaded" in err
    assert not (tmp_path / "out").exists()


def test_results_are_named_alike_and_run_again_as_they_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["explain", "x"], ["figures"], ["export", "html"], ["verify"]):
        status, _, err = ask(capsys, *words, "--in", "RESULTS")
        assert (status, err) == (
            2,
            "corpus: RESULTS: there is no such folder; corpus reproduce PATH --out RESULTS makes it\n",
        )
    verify = Mock(return_value=Verdict((), 18, "", 1.0))
    monkeypatch.setattr("corpus.publishing.series.verify.verify", verify)
    (tmp_path / "RESULTS").mkdir()
    assert ask(capsys, "verify", "--in", "RESULTS")[:2] == (0, "nothing differs: 18 files, 1.0 s\n")
    assert verify.call_args.args == (Series(Path("RESULTS")),)
    status, _, err = ask(capsys, "verify", "--in", "RESULTS", "--quick")
    assert status == 2 and "leave it out" in err


def run_command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "corpus", *arguments]
    return subprocess.run(command, capture_output=True, env={**os.environ, **environment}, check=False)


def test_the_module_is_the_command_and_speaks_utf8_in_any_locale() -> None:
    done = run_command("show", "yiyuan-2022", LANG="C", LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "沂源县科学技术局" in done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no shell pipe of this kind there")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"'{sys.executable}' -m corpus show yiyuan-2022 --json"
    done = subprocess.run(["sh", "-c", f"{command} | true; {command} | head -n 1"], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b"{\n", b"")


@pytest.mark.parametrize(
    ("commands", "heavy"),
    [
        ([["check"], ["show", "yiyuan-2022"], ["find", "三重一大"]], ["pandas", "matplotlib", "jieba", "nbclient"]),
        ([["--version"]], ["numpy", "pandas", "corpus.loading.load_reports", "corpus.report.reports"]),
        ([["find", "--help"]], ["numpy", "pandas", "corpus.loading.load_reports", "corpus.report.reports"]),
    ],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(commands: list[list[str]], heavy: list[str]) -> None:
    code = (
        "import sys, contextlib; from corpus.cli import main\n"
        f"for words in {commands}:\n"
        "    with contextlib.suppress(SystemExit): main(words)\n"
        f"sys.exit(','.join(name for name in {heavy} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.stderr == b"\n"


def test_the_version_is_that_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"fazhi-workbook {corpus.__version__}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["show"], ["compare", "yiyuan-2022"], ["reproduce", "--timeout", "-1"]]
)
def test_a_command_that_is_not_complete_shows_its_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2
    assert "usage: corpus" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("ab", 2), ("沂源", 4), ("（一）", 6), ("“a”", 3), ("e\u0301", 1), ("，,", 3)]
)
def test_a_chinese_character_takes_two_columns(text: str, width: int) -> None:
    assert screen.columns(text) == width
    assert screen.pad(text, 8) == text + " " * (8 - width)
    assert screen.pad(text, 8, right=True) == " " * (8 - width) + text


@pytest.mark.parametrize(
    ("text", "width", "keep", "left"),
    [("沂源县", 4, "start", "沂源"), ("沂源县", 5, "end", "源县"), ("ab", 9, "start", "ab"), ("沂", 1, "end", "")],
)
def test_a_cut_text_fits(text: str, width: int, keep: str, left: str) -> None:
    assert screen.cut(text, width, keep=keep) == left


def test_what_a_terminal_would_obey_is_escaped_and_nothing_else() -> None:
    assert screen.printable("\x1b[31m\u202e\u200b") == "\\x1b[31m\\u202e\\u200b"
    assert screen.printable("沂源 “（一）”\u3000é→") == "沂源 “（一）”\u3000é→"


def test_years_says_that_nothing_can_be_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    status, told, _ = ask(capsys, "years")
    assert status == 0
    assert told.startswith("No issuer has reports on two years")
    assert "yiyuan-2022" in told and told.endswith("5 reports, 0 pairs aligned\n")


def test_what_a_run_did_not_replace_is_named_and_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = running.Run(("01-x",), (), (), (), (), (), ("01-x.ipynb",), 0.0)
    monkeypatch.setattr(running, "reproduce", lambda *_, **__: run)
    status, _, err = ask(capsys, "reproduce", "--out", str(tmp_path))
    assert status == 1
    assert "01-x.ipynb: changed while this ran, so it is kept; what this run made is in 01-x.ipynb.new" in err


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_stop_is_answered_once_and_told_by_the_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    ended = []

    def stopped(_: object) -> int:
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)
            ended.append("in order")
        return 0

    before = signal.getsignal(number)
    monkeypatch.setattr(checking, "run_check", stopped)
    assert ask(capsys, "check") == (128 + number, "", "corpus: stopped\n")
    assert ended == ["in order"] and signal.getsignal(number) is before


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_request_to_stop_that_was_lost_is_made_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_one(_: object) -> int:
        with suppress(BaseException):
            signal.raise_signal(signal.SIGTERM)
        sleep(10)
        return 0

    monkeypatch.setattr(cli, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(checking, "run_check", lose_one)
    assert ask(capsys, "check") == (143, "", "corpus: stopped\n")
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_find_sorts_by_the_words_before_or_after(capsys: pytest.CaptureFixture[str]) -> None:
    for side in ("before", "after"):
        hits = ask_json(capsys, "find", "法治政府", "--sort", side)
        read = ["".join(filter(str.isalnum, hit[side])) for hit in hits]
        read = [words[::-1] for words in read] if side == "before" else read
        assert len(hits) == 50 and read == sorted(read)


def test_find_words_and_lexicon_tell_of_terms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["find", "三重一大", "--by", "year"]) == 0
    assert "2020: 4.5 (1/2)" in capsys.readouterr().out
    assert cli.main(["find", "-e", "法治*建设", "-e", "无此词", "--by", "term", "--json"]) == 0
    assert [row["n_places"] for row in json.loads(capsys.readouterr().out)] == [76, 0]
    terms = tmp_path / "terms.csv"
    assert cli.main(["lexicon", "--csv", str(terms)]) == 0
    told = capsys.readouterr().out
    assert terms.read_text(encoding="utf-8-sig").startswith(
        "term,cut,n_places,n_reports,n_issuers,association,accept\n"
    )
    first = told.splitlines()[1].split()[0]
    assert cli.main(["words", "--dictionary", str(terms), "--json"]) == 0
    assert first in {row["word"] for row in json.loads(capsys.readouterr().out)}


def test_a_panel_comes_with_what_its_columns_mean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["panel", "--csv", str(tmp_path / "panel.csv")]) == 0
    assert "5 rows" in capsys.readouterr().out
    panel, meanings = (pd.read_csv(tmp_path / f"{name}.csv") for name in ("panel", "columns"))
    assert len(panel) == 5 and meanings["name"].tolist() == panel.columns.tolist()
    (tmp_path / "columns.csv").unlink()
    (tmp_path / "panel.csv").write_text("mine", encoding="utf-8")
    assert cli.main(["panel", "--csv", str(tmp_path / "panel.csv")]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]
