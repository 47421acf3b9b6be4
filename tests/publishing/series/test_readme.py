"""Every `corpus` command and every Python line of the README does what it says."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from making_notebooks import DRAW, SHOW, write_notebook

import corpus
from corpus.cli import main, making
from corpus.cli.parsing import build_parser

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# What large-collections.md shows needs packages and machines of its own; tests/scale tries it.
PAGES = [path for path in sorted((ROOT / "docs").glob("*.md")) if path.stem != "large-collections"]
TEXT = "\n".join([README, *(path.read_text(encoding="utf-8") for path in PAGES)])
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line.split(" #")[0].strip()
    for language, block in BLOCKS
    if language == "sh"
    for line in block.splitlines()
    if line.startswith("corpus ")
]
INLINE = sorted({found for found in re.findall(r"`(corpus [a-z]+[^`]*)`", TEXT) if "FOLDER" in found})
COMMANDS_BY_NAME = {command.split()[1] for command in COMMANDS}
EXPORT = "corpus export html --out PAGES"
"""Run by the tests of pages, which look at what it makes."""
OWN_REPORTS = {
    "zaozhuang-2019": "FOLDER/report.txt",
    "yiyuan-2022": "FOLDER/another.txt",
    "longgang-2020": "OTHERS/other.txt",
    "changchun-2021": "MINE/mine.txt",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like the project's, with two reports of one's own in it, others, and an archive of these."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    for name in ("FOLDER", "MINE", "OTHERS"):
        (folder / name).mkdir()
    for report_id, file in OWN_REPORTS.items():
        (folder / file).write_bytes(corpus.load_reports()[report_id].raw_bytes)
    for name, other in {"CITIES": "FOLDER", "PROVINCE": "OTHERS"}.items():
        shutil.copytree(folder / other, folder / name)
    assert main(["pack", str(folder / "OTHERS"), str(folder / "ARCHIVE")]) == 0
    return folder


@pytest.fixture(scope="module")
def small_series(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series whose notebooks have the names of the project's and little to do."""
    folder = tmp_path_factory.mktemp("series")
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        cells = (DRAW.replace("NAME", notebook.stem.lower()), SHOW.replace("NAME", f"of-{notebook.stem.lower()}"))
        write_notebook(folder, notebook.stem, "import corpus; reports_path = None", *cells, tags=["parameters"])
    return folder


@pytest.mark.parametrize("command", sorted({*COMMANDS, *INLINE} - {EXPORT}))
def test_command_of_the_readme_runs(
    place: Path,
    small_series: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(place)
    if command.startswith("corpus lab"):
        monkeypatch.setattr(os, "execve", lambda *_: print("JupyterLab") or 0)
    if command.startswith("corpus reproduce"):
        # One notebook stands for the series, which test_series.py runs whole on reports of one's own.
        monkeypatch.setattr(making, "notebooks_path", lambda: small_series)
        command += "" if "--only" in command else " --only 01"
    assert main(command.split()[1:]) == 0
    assert capsys.readouterr().out.strip()


def test_what_is_run_elsewhere_stands_in_the_readme() -> None:
    assert EXPORT in COMMANDS


def test_questions_of_the_readme_are_the_titles_of_the_notebooks() -> None:
    titles = {
        path.stem: "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]).splitlines()[0]
        for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    asked = re.findall(r"^\| `([\w-]+)` \| ([^?|]+\?)", README, re.MULTILINE)
    assert {name: f"# {question}" for name, question in asked} == titles


def test_commands_are_all_there() -> None:
    usage = build_parser().format_help()
    offered = set(re.findall(r"^    ([a-z]+)(?: |$)", usage, re.M))
    for_those_who_change_the_project = {"manifest"}
    assert offered - for_those_who_change_the_project == COMMANDS_BY_NAME


def test_workbook_lines_are_run_before_anything_lands() -> None:
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    words = set(re.findall(r"python3 workbook\.py ([a-z-]+)", TEXT))
    assert {"reproduce", "test", "verify", "lab"} <= words
    # What workbook.py does by a command of the library is tried above.
    by_the_library = COMMANDS_BY_NAME - {"reproduce", "verify"}
    assert all(f"python3 workbook.py {word}" in steps for word in words - by_the_library)


def test_python_lines_of_the_readme_run(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    monkeypatch.chdir(place)
    blocks = [block for language, block in BLOCKS if language == "python"]
    assert blocks
    for block in blocks:
        names: dict[str, object] = {"corpus": corpus}
        for line in block.splitlines():
            if line.strip():
                exec(compile(line, "README.md", "exec"), names)


def test_the_quotation_rule_of_the_readme_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    expression = re.search(r"`(open\(file[^`]*\[start:end\])`", TEXT)
    assert expression is not None
    passage = corpus.tabulate_passages(corpus.load_reports(), unit="sentence").iloc[7]
    file = ROOT / "data" / corpus.load_reports()[passage["report_id"]].source.file
    names = {"file": file, "start": passage["start"], "end": passage["end"]}
    assert eval(expression[1], {"open": read_and_close}, names) == passage["text"]


def read_and_close(file: Path, **how: str) -> io.StringIO:
    with open(file, **how) as stream:  # type: ignore[call-overload]
        return io.StringIO(stream.read(), newline="")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_links_of_the_readme_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
