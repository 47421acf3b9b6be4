"""Prose with marks, and the tables that they cite: one small series is run, read in every way, and damaged."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from making import BUNDLED as REPORTS
from making_notebooks import snapshot

import corpus
from corpus.cli import main
from corpus.errors import CorpusError
from corpus.field.data_files import notebooks_path
from corpus.publishing.evidence.saved_results import read_saved
from corpus.publishing.results.contents import export_html
from corpus.publishing.results.explain import explain
from corpus.publishing.series import verify as verifying
from corpus.publishing.series.bundled_series import Series, check_out, read_notebook
from corpus.publishing.series.running import Run, reproduce
from corpus.publishing.series.verify import proofread_notebook, verify
from corpus.publishing.writing.whole_files import check_manifest, write_manifest

LONGEST = "closest.longgang-2020/yiyuan-2022.longest_chars"
ANSWER = (
    f"The longest has <!--{LONGEST}-->0<!--/--> characters, *in <!--closest.n:word-->all<!--/--> pairs*; the largest "
    "share is <!--closest.share_longest.max:.0%-->?<!--/-->, the sum <!--closest.longest_chars.sum:,-->1<!--/-->.\n\n"
    "- Its words begin “<!--yiyuan-2022:434-446--><!--/-->”.\n\n"
    "| pair | longest |\n| --- | --- |\n"
    "| zaozhuang-yiyuan | <!--closest.zaozhuang-2019/yiyuan-2022.longest_chars--><!--/--> |"
)
SHOW = """shared = corpus.find_reuse(reports)
chars = shared.assign(matched_share=shared["matched_chars"] / 1000)
of_pair = chars.groupby(["report_a", "report_b"])
closest = of_pair.agg(longest_chars=("matched_chars", "max"), share_longest=("matched_share", "max")).reset_index()
corpus.show(
    closest, "closest", key=["report_a", "report_b"], of=shared,
    columns={
        "report_a": "one report", "report_b": "another", "longest_chars": "longest",
        "share_longest": {"head": "share", "meaning": "The longest by a thousand.", "unit": "share"},
    },
    caption="The longest passage of each pair.", caption_zh="每对报告最长的共有文段。",
)"""
DRAW = """alt = "A line that rises from the left to the right of the panel."
with corpus.figures.new_figure("line", caption="A line.", by="Li Wei", alt=alt, table=closest, height_mm=30) as line:
    _ = line.subplots().plot([1, 2])
line"""
SPEAKS: dict[str, Any] = {"tags": ["bundled"]}


def write(folder: Path, name: str, *cells: tuple[str, str, dict[str, Any]]) -> Path:
    made: list[dict[str, Any]] = []
    for number, (kind, source, metadata) in enumerate(cells, 1):
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": metadata, "source": source.splitlines(True)}
        made.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    content = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project") / "notebooks"
    folder.mkdir()
    write(
        folder,
        "01-pairs",
        ("markdown", "# Which pair is closest?", {}),
        ("markdown", ANSWER, SPEAKS),
        ("code", "reports_path = None\nreading = {}", {"tags": ["parameters"]}),
        ("code", "import corpus\nreports = corpus.load_reports(reports_path, **reading)", {}),
        ("code", SHOW, {}),
        ("code", DRAW, {}),
    )
    write(folder, "02-cites", ("markdown", f"As seen, <!--{LONGEST}:Word-->x<!--/-->.", SPEAKS), ("code", "1 + 1", {}))
    old = folder / "tables" / "gone"
    old.mkdir(parents=True)
    for file in ("data.csv", "columns.csv"):
        (old / file).write_text("old")
    run = reproduce(Series(folder), folder)
    assert [str(failure) for failure in run.failures] == []
    assert (run.figures, run.tables, run.removed) == (("line",), ("closest",), ("tables/gone",))
    write_manifest(folder.parent)
    return folder


@pytest.fixture
def copy(ran: Path, tmp_path: Path) -> Path:
    shutil.copytree(ran.parent, tmp_path / "project")
    return tmp_path / "project" / "notebooks"


def prose(path: Path, index: int) -> str:
    return "".join(read_notebook(path).cells[index]["source"])


def shown(folder: Path, notebook: str = "01-pairs", index: int = 1) -> list[str]:
    return re.findall(r"-->([^<]*)<!--/-->", prose(folder / f"{notebook}.ipynb", index))


def test_a_run_writes_the_values_of_tables_and_quotations_into_the_prose(ran: Path) -> None:
    reuse = corpus.find_reuse(REPORTS)
    longest = reuse.groupby(["report_a", "report_b"])["matched_chars"].max()
    assert shown(ran) == [
        str(longest["longgang-2020", "yiyuan-2022"]),
        {8: "eight"}[len(longest)],
        f"{longest.max() / 1000:.0%}",
        f"{longest.sum():,}",
        REPORTS["yiyuan-2022"].quote(434, 446),
        str(longest["zaozhuang-2019", "yiyuan-2022"]),
    ]
    assert shown(ran, "02-cites", 0) == [shown(ran)[0]]
    assert list(proofread_notebook(ran / "01-pairs.ipynb")) == []


def test_the_folder_of_a_table_holds_all_that_an_archive_asks_for(ran: Path) -> None:
    folder = ran / "tables" / "closest"
    assert sorted(path.name for path in folder.iterdir()) == [
        *("caption.md", "cite.bib", "columns.csv", "data.csv", "places.csv", "provenance.json")
    ]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in folder.glob("*.csv"))
    with (folder / "columns.csv").open(encoding="utf-8-sig", newline="") as stream:
        columns = {row["name"]: row for row in csv.DictReader(stream)}
    assert list(columns) == ["report_a", "report_b", "longest_chars", "share_longest"]
    assert columns["share_longest"] | {"range": ""} == {
        **{"name": "share_longest", "dtype": "float64", "unit": "share", "range": ""},
        **{"meaning": "The longest by a thousand.", "meaning_zh": ""},
    }
    assert (folder / "caption.md").read_text(encoding="utf-8").split("\n\n")[1].strip() == "每对报告最长的共有文段。"
    assert "table closest of notebook 01-pairs" in (folder / "cite.bib").read_text(encoding="utf-8")
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert (told["table"], told["notebook"], told["cell"]) == ("closest", "01-pairs", "cell-5")
    assert told["code"]["functions"] == ["find_reuse"]
    assert {"data.csv", "columns.csv", "places.csv"} <= told["files"].keys()
    assert "author = {Li Wei}" in (ran / "figures/line/cite.bib").read_text(encoding="utf-8")


def test_a_reader_sees_name_and_caption_and_no_mark(ran: Path, tmp_path: Path) -> None:
    outputs = read_notebook(ran / "01-pairs.ipynb").cells[4]["outputs"]
    html = "".join(outputs[0]["data"]["text/html"])
    assert "Table closest. The longest passage of each pair." in html and 'href="tables/closest/data.csv"' in html
    export_html(ran, tmp_path / "pages")
    page = (tmp_path / "pages" / "01-pairs.html").read_text(encoding="utf-8")
    text = re.sub(r"<[^<>]*>", "", re.sub(r"<!--[^<>]*-->", "", page))
    assert f"The longest has {shown(ran)[0]} characters, in eight pairs" in text
    assert "--&gt;" not in page and "&lt;!--" not in page and "closest.longgang" not in text
    assert (tmp_path / "pages" / "tables" / "closest" / "data.csv").is_file()


@pytest.mark.parametrize(
    ("name", "n_rows"),
    [(LONGEST, 1), ("closest.longest_chars.max", 1), ("closest.longest_chars.median", 8), ("closest", 8)],
)
def test_a_name_leads_to_sentences_with_file_and_bytes(ran: Path, name: str, n_rows: int) -> None:
    started = monotonic()
    told = explain(name, ran, reports=REPORTS)
    assert monotonic() - started < 1
    assert (told.notebook, told.cell, told.notes, len(told.rows)) == ("01-pairs", "cell-5", (), n_rows)
    assert told.rebuild == "corpus reproduce --only 01-pairs" and "corpus.show(" in told.code
    assert told.evidence
    for item in told.evidence:
        assert item.bytes is not None and item.quote in item.sentence
        assert REPORTS[item.report_id].raw_bytes[slice(*item.bytes)].decode("utf-8") == item.quote
    if n_rows == 1:
        assert {item.report_id for item in told.evidence} == {"longgang-2020", "yiyuan-2022"}
        assert max(len(item.quote) for item in told.evidence) >= told.facts["value"] == int(shown(ran)[0])


def test_the_commands_tell_a_person_and_a_program(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables", "--in", str(ran)]) == 0
    assert "closest  8 rows, 4 columns" in capsys.readouterr().out
    assert main(["explain", "closest", "--in", str(ran)]) == 0
    told = capsys.readouterr().out
    assert "share_longest (share): The longest by a thousand." in told and "@misc{fazhi-workbook-closest," in told
    assert main(["explain", "closest", "--in", str(ran), "--json"]) == 0
    assert "longgang-2020/yiyuan-2022" in json.loads(capsys.readouterr().out)["facts"]["row_names"]
    assert main(["explain", LONGEST, "--in", str(ran)]) == 0
    told = capsys.readouterr().out
    assert f"cell {LONGEST}: notebook 01-pairs, cell cell-5" in told and "bytes " in told and "【" in told
    assert main(["explain", "closet", "--in", str(ran)]) == 2
    assert "there are: closest" in capsys.readouterr().err


def in_prose(old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        replace_in(folder / "01-pairs.ipynb", old, new)

    return change


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (in_prose("57<!--/-->", "58<!--/-->"), f"cell 2 (cell-2), line 1: {LONGEST} is '57', not '58'"),
        (in_prose("longgang-2020/yiyuan-2022.longest_chars-->", "longgang.longest_chars-->"), "has no row 'longgang'"),
        (in_prose("closest.n:word", "closet.n:word"), "no table is called 'closet'; there are closest"),
        (in_prose("share_longest.max", "share_longest.mean"), "has no column 'mean'"),
        (in_prose(".sum:,", ".sum:word-x"), "is not of the form"),
        (in_prose(".sum:,", ".sum:d%d"), "cannot be written as 'd%d'"),
        (in_prose("yiyuan-2022:434-446", "yiyuan-2022:435-446"), "yiyuan-2022:435-446 is"),
        (in_prose("yiyuan-2022:434-446", "yiyuan-2023:434-446"), "is to be a quotation; there are"),
        (in_prose('"bundled"', '"other"'), "tag the cell bundled"),
    ],
)
def test_a_wrong_mark_is_named_by_cell_at_once(copy: Path, change: Callable[[Path], None], told: str) -> None:
    change(copy)
    found = list(proofread_notebook(copy / "01-pairs.ipynb"))
    assert found and any(told in each for each in found), found


def test_every_changed_byte_is_in_the_manifest(copy: Path) -> None:
    assert check_manifest(copy.parent)[0] == []
    for path in sorted((copy / "tables" / "closest").iterdir()):
        sound = path.read_bytes()
        path.write_bytes(sound[:-2] + b"?" + sound[-1:])
        assert [difference.file for difference in check_manifest(copy.parent)[0]] == [
            f"notebooks/tables/closest/{path.name}"
        ]
        path.write_bytes(sound)


def test_what_is_made_again_is_compared_by_file_cell_and_mark(
    ran: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reproduce_again(series: Series, out: Path, **_: object) -> Run:
        shutil.copytree(ran, out, dirs_exist_ok=True)
        return Run(("01-pairs", "02-cites"), ("line",), ("closest",), (), (), (), (), 0.0)

    monkeypatch.setattr(verifying, "reproduce", reproduce_again)
    assert verify(Series(copy)).differences == ()
    replace_in(copy / "01-pairs.ipynb", "57<!--/-->", "58<!--/-->")
    replace_in(copy / "tables/closest/data.csv", "longgang-2020,yiyuan-2022,57", "longgang-2020,yiyuan-2022,58")
    (copy / "tables/closest/odd.txt").write_text("odd")
    told = [str(difference) for difference in verify(Series(copy)).differences]
    assert told[0] == f"01-pairs.ipynb: cell 2 (cell-2): {LONGEST} is '57', not '58'"
    assert [line.split(": ")[0] for line in told[2:]] == ["tables/closest/data.csv", "tables/closest/odd.txt"]
    notes = explain("closest", copy, reports=REPORTS).notes
    assert notes == ("closest/data.csv: not the file that was saved (its sha256 differs)",)


def test_a_table_that_was_damaged_is_named(copy: Path) -> None:
    replace_in(copy / "tables/closest/data.csv", "report_a,", "report_c,")
    with pytest.raises(CorpusError, match=r"closest: no figure or table to cite .*corpus reproduce makes it again"):
        read_saved(copy / "tables" / "closest")


def test_values_between_marks_are_no_edit_and_words_are(copy: Path, ran: Path) -> None:
    replace_in(copy / "01-pairs.ipynb", "57<!--/-->", "58<!--/-->")
    check_out(Series(ran), copy)
    replace_in(copy / "01-pairs.ipynb", "The longest has", "The longest had")
    with pytest.raises(CorpusError, match="it was edited"):
        check_out(Series(ran), copy)


def test_a_second_run_changes_nothing_and_one_notebook_finds_the_tables_of_others(copy: Path, tmp_path: Path) -> None:
    before = snapshot(copy)
    assert reproduce(Series(copy), copy).changed == ()
    assert snapshot(copy) == before
    write(copy, "02-cites", ("markdown", "Not <!--closest.none.longest_chars-->1<!--/-->.", SPEAKS), ("code", "1", {}))
    run = reproduce(Series(copy, only="02"), tmp_path / "out")
    assert [str(failure) for failure in run.failures] == [
        "02-cites: cell 1 (cell-1): table 'closest' has no row 'none'; there are changchun-2021/yiyuan-2022, "
        "longgang-2020/changchun-2021, longgang-2020/yiyuan-2022, qinan-2020/yiyuan-2022, "
        "zaozhuang-2019/changchun-2021, zaozhuang-2019/longgang-2020, zaozhuang-2019/qinan-2020, "
        "zaozhuang-2019/yiyuan-2022"
    ]
    assert not (tmp_path / "out" / "02-cites.ipynb").exists()


def test_committed_notebooks_have_no_wrong_mark_and_none_that_is_seen() -> None:
    seen = re.compile(
        r"^[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]+)*<!--|^ {0,3}#.*<!--|`[^`\n]*<!--[^`\n]*`|\]\([^)\n]*<!--", re.M
    )
    for path in notebooks_path().glob("*.ipynb"):
        assert list(proofread_notebook(path)) == []
        assert not [text for _, text, _ in read_notebook(path).prose if seen.search(text)], path


def test_committed_notebooks_show_nothing_of_one_machine_or_run() -> None:
    traces = re.compile(r"ipykernel_\d+|(?:site|dist)-packages|object at 0x[0-9a-f]{6,}|/tmp/")
    for path in notebooks_path().glob("*.ipynb"):
        shown = json.dumps([cell.get("outputs", []) for cell in read_notebook(path).cells])
        assert not traces.search(re.sub(r'"image/png": "[^"]*"|base64,[^"\\]*', "", shown)), path
