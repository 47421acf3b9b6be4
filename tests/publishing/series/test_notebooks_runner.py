"""The runner: what is kept of notebooks that run, of notebooks that do not, and on reports of one's own."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from making_notebooks import DRAW, SHOW, snapshot, write_notebook

from corpus.errors import CorpusError
from corpus.publishing.figures.look import Look
from corpus.publishing.series import kernels, running
from corpus.publishing.series.bundled_series import Notebook, Series, default_out
from corpus.publishing.series.running import Failure, Run, _Progress, reproduce
from corpus.publishing.writing.whole_files import hold_folder, write_whole

BAD_ENDS = {
    "02-raises": ("raise ValueError('bad')", "ValueError: bad"),
    "03-exits": ("import sys; sys.exit(0)", "SystemExit: 0"),
    "04-dies": ("import os; os._exit(0)", "the kernel died"),
    "05-hangs": ("while True: pass", "took longer than 1.5 s of CPU time"),
}


def outputs(path: Path) -> list[Any]:
    return [cell["outputs"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """A series in which one notebook is good and the others end badly, run in place."""
    folder = tmp_path_factory.mktemp("series")
    write_notebook(folder, "01-good", DRAW.replace("NAME", "good"), SHOW.replace("NAME", "lengths"))
    for name, (bad, _) in BAD_ENDS.items():
        write_notebook(folder, name, DRAW.replace("NAME", name[3:]), "'before'", bad, "'after'")
    old = folder / "figures" / "raises"
    old.mkdir(parents=True)
    (old / "raises.png").write_text("old raises.png")
    (old / "data.csv").write_text("old data.csv")
    return folder, reproduce(Series(folder), folder, jobs=3, timeout_s=1.5)


def test_a_good_notebook_beside_bad_ones_is_kept_with_all_it_made(broken: tuple[Path, Run]) -> None:
    folder, run = broken
    assert run.notebooks == ("01-good",)
    assert run.figures == ("good",)
    assert (folder / "figures/good/data.csv").read_text() == "new data.csv"
    assert "1,234" in "".join(outputs(folder / "01-good.ipynb")[1][0]["data"]["text/html"])


def test_a_table_knows_its_notebook_and_its_cell(broken: tuple[Path, Run]) -> None:
    told = json.loads((broken[0] / "tables/lengths/provenance.json").read_text(encoding="utf-8"))
    assert (told["notebook"], told["cell"]) == ("01-good", "cell-2")


@pytest.mark.parametrize("name", BAD_ENDS)
def test_a_bad_end_names_notebook_and_cell(broken: tuple[Path, Run], name: str) -> None:
    failure = next(failure for failure in broken[1].failures if failure.notebook == name)
    assert str(failure).startswith(f"{name}: cell 3 (cell-3): {BAD_ENDS[name][1]}")


def test_a_traceback_comes_without_colours(broken: tuple[Path, Run]) -> None:
    failure = next(failure for failure in broken[1].failures if failure.notebook == "02-raises")
    assert "----> 1 raise ValueError('bad')" in failure.report
    assert "\x1b" not in failure.report


def test_of_a_bad_notebook_nothing_is_touched(broken: tuple[Path, Run]) -> None:
    folder, run = broken
    assert run.removed == ()
    assert not any(any(outputs(folder / f"{name}.ipynb")) for name in BAD_ENDS)
    assert {path.name for path in (folder / "figures").iterdir()} == {"good", "raises"}
    assert (folder / "figures/raises/data.csv").read_text() == "old data.csv"


def test_a_second_run_changes_no_byte_and_removes_what_nobody_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series, out = tmp_path / "series", tmp_path / "out 文件夹"
    write_notebook(
        series,
        "01-sets",
        "import os, sys, time",
        "{str(hash('x')), time.tzname, tuple('甲乙丙'), os.environ['LC_ALL']}, 'PYTHONSTARTUP' in os.environ",
        "print('out'); print('err', file=sys.stderr); print('out')",
        DRAW.replace("NAME", "drawn"),
    )
    first = reproduce(Series(series), out)
    made = snapshot(out)
    for name in ("gone", "mine"):
        (out / "figures" / name).mkdir()
        (out / "figures" / name / "data.csv").write_text("1")
    (out / "figures/gone/gone.png").write_text("1")
    (out / "figures/drawn/left-over.txt").write_text("1")
    (out / ".01-sets.ipynb.77.part").write_text("half")
    for name, value in {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONSTARTUP": "x.py"}.items():
        monkeypatch.setenv(name, value)
    second = reproduce(Series(series), out)
    assert first.changed == ("figures/drawn/data.csv", "figures/drawn/drawn.png", "01-sets.ipynb")
    assert (second.changed, second.removed) == (("figures/drawn/left-over.txt",), ("figures/gone",))
    assert snapshot(out) == made | {"figures/mine/data.csv": b"1"}
    text = made["01-sets.ipynb"].decode()
    assert "'out\\n'" not in text and text.count('"name": "stdout"') == 1
    assert '"version": "3.' not in text


def test_reports_of_ones_own_are_set_and_cells_on_the_bundled_ones_left_out(tmp_path: Path) -> None:
    series, mine, out = tmp_path / "series", tmp_path / "mine", tmp_path / "out"
    mine.mkdir()
    path = write_notebook(series, "01-x", "reports_path = None", "(reports_path, reading)", tags=["parameters"])
    content = json.loads(path.read_text())
    about_the_bundled = {"cell_type": "markdown", "id": "m", "metadata": {"tags": ["bundled"]}, "source": "枣庄"}
    content["cells"].append(about_the_bundled)
    path.write_text(json.dumps(content))
    reading = {"encoding": "gbk", "columns": {"text": "正文"}}
    reproduce(Series(series, reports=mine, reading=reading), out)
    cells = json.loads((out / "01-x.ipynb").read_text())["cells"]
    assert [cell["id"] for cell in cells] == ["cell-1", "injected-parameters", "cell-2"]
    shown = "".join(cells[2]["outputs"][0]["data"]["text/plain"])
    assert ast.literal_eval(shown) == (str(mine), reading)
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3]
    with pytest.raises(CorpusError, match="--out"):
        reproduce(Series(series, reports=mine), series)


def test_what_cannot_be_committed_fails_by_name(tmp_path: Path) -> None:
    series, out = tmp_path / "series", tmp_path / "out"
    write_notebook(series, "01-good", DRAW.replace("NAME", "same"), SHOW.replace("NAME", "lengths"))
    write_notebook(series, "03-table", SHOW.replace("NAME", "lengths"))
    write_notebook(series, "04-figure", DRAW.replace("NAME", "same"))
    told = [str(failure) for failure in reproduce(Series(series), out).failures]
    assert told == [
        f"{name} is made in 01-good too; rename one" for name in ("03-table: 'lengths'", "04-figure: 'same'")
    ]
    made = sorted(file for file in snapshot(out) if not file.startswith("tables/lengths/"))
    assert made == ["01-good.ipynb", "figures/same/data.csv", "figures/same/same.png"]


def test_a_kernel_that_does_not_start_fails_with_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(tmp_path / "series", "01-x", "1")
    monkeypatch.setattr(kernels, "_SERVE", "raise SystemExit('no room left')")
    failures = reproduce(Series(tmp_path / "series"), tmp_path / "out").failures
    assert [(str(failure), failure.report) for failure in failures] == [
        ("01-x: the kernel did not start", "no room left")
    ]


SHOWN = (
    "import sys; from IPython.display import HTML, Markdown, display\n"
    "print('out'); print('err', file=sys.stderr); print('out'); sys.stdout.write('')",
    "display(HTML('<b>套话</b>\\n'), metadata={'a': 1}); display(Markdown('x')); _ = 1; _",
    "",
    "class Picture:\n    def _repr_png_(self): return b'\\x89PNG', {'width': 3}\n"
    "    def __repr__(self): return 'picture'\nPicture()",
    "%precision 3\n0.12345",
    "get_ipython().get_parent()['metadata']['cellId'], get_ipython().get_parent()['content']['code']",
)


def test_outputs_are_those_that_a_kernel_of_jupyter_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient

    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "settings"))
    path = write_notebook(tmp_path / "series", "01-shown", *SHOWN)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, record_timing=False, coalesce_streams=True)
    with client.setup_kernel():
        for index, cell in enumerate(notebook.cells):
            assert client.kc is not None
            client.kc.session.metadata = {"cellId": cell.id}
            client.execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
    wanted = json.loads(nbformat.writes(notebook))["cells"]
    assert reproduce(Series(tmp_path / "series"), tmp_path / "out").failures == ()
    made = json.loads((tmp_path / "out" / "01-shown.ipynb").read_text(encoding="utf-8"))["cells"]
    for index, cell in enumerate(made):
        assert cell == wanted[index], SHOWN[index]


def test_how_far_a_run_is_stands_in_a_line_every_few_seconds_where_there_is_no_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = io.StringIO()
    cells = {"cells": [{"source": ""}] * 4}
    progress = _Progress({name: Notebook(name, cells) for name in ("01-a", "02-b")}, told)
    progress.cell({"01-a": 2}, ())
    assert told.getvalue() == ""
    monkeypatch.setattr(running, "_TELL_SECONDS", 0)
    progress.cell({"01-a": 2}, ())
    progress.end("01-a", Failure("01-a", "no"))
    progress.cell({"01-a": 3, "02-b": 1}, ("01-a",))
    lines = [re.sub(r"\d+(\.\d)? s", "N s", line) for line in told.getvalue().splitlines()]
    assert lines == ["2 of 8 cells, N s: 01-a 3/4", "01-a: failed, N s", "5 of 8 cells, N s: 02-b 2/4"]


def test_an_edited_notebook_is_not_overwritten(tmp_path: Path) -> None:
    series, out = tmp_path / "series", tmp_path / "out"
    write_notebook(series, "01-x", "1")
    write_notebook(out, "01-x", "1 + 1")
    with pytest.raises(CorpusError, match=r"01-x\.ipynb: would be overwritten"):
        reproduce(Series(series), out)


def test_results_are_not_written_among_the_reports(tmp_path: Path) -> None:
    series, own = tmp_path / "series", tmp_path / "own"
    write_notebook(series, "01-x", "1")
    own.mkdir()
    for out in (own, own / "out"):
        with pytest.raises(CorpusError, match="lies among the reports"):
            reproduce(Series(series, own), out)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no notebook of format 4"),
        ('{"nbformat": 3, "worksheets": []}', "no notebook of format 4"),
        ('{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"source": ""}]}', "cell 1 has no id"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "01-x.ipynb").write_text(content)
    with pytest.raises(CorpusError, match=rf"01-x\.ipynb: {message}"):
        Series(tmp_path).notebooks()


def test_only_takes_the_beginning_of_a_name(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no notebook"):
        Series(tmp_path, only="02").notebooks()
    for name in ("01-a", "02-b", "03-c"):
        write_notebook(tmp_path, name, "1")
    assert [notebook.name for notebook in Series(tmp_path, only="02").notebooks()] == ["02-b"]
    with pytest.raises(CorpusError, match="begins with '9'; there are: 01-a, 02-b, 03-c"):
        Series(tmp_path, only="9").notebooks()


def test_a_series_on_other_reports_needs_one_cell_of_parameters(tmp_path: Path) -> None:
    write_notebook(tmp_path, "01-a", "1")
    with pytest.raises(CorpusError, match="one cell tagged parameters"):
        Series(tmp_path, reports=tmp_path).notebooks()


def test_what_is_not_as_committed_has_a_folder_of_its_own(tmp_path: Path) -> None:
    mine = Series(tmp_path, reports=tmp_path / "my reports")
    assert default_out(mine) == Path("fazhi-workbook-my reports")
    assert default_out(replace(mine, look=Look("zh", "screen", 89))) == Path("fazhi-workbook-my reports-zh-screen-89mm")
    assert default_out(Series(tmp_path, look=Look("zh"))) == Path("fazhi-workbook-zh")


def test_another_look_is_set_in_every_notebook_and_never_among_the_committed_ones(tmp_path: Path) -> None:
    series = tmp_path / "series"
    write_notebook(
        series,
        "01-x",
        "reports_path = None",
        "import corpus\ncorpus.publishing.figures.look.current_look()",
        tags=["parameters"],
    )
    in_chinese = Series(series, look=Look(labels="zh", width_mm=89.0))
    reproduce(in_chinese, tmp_path / "out")
    cells = json.loads((tmp_path / "out" / "01-x.ipynb").read_text())["cells"]
    assert "".join(cells[1]["source"]).endswith("figures.set_look(labels='zh', width_mm=89.0)")
    assert cells[2]["outputs"][0]["data"]["text/plain"] == ["Look(labels='zh', profile='print', width_mm=89.0)"]
    with pytest.raises(CorpusError, match="in their usual look; choose another folder"):
        reproduce(in_chinese, series)


@pytest.mark.skipif(sys.platform == "win32", reason="no lock on a folder there")
def test_a_second_run_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from corpus.publishing.writing.whole_files import hold_folder\n"
    code += "with hold_folder(Path(sys.argv[1])): print('held', flush=True); input()"
    other = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(other, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdin
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(CorpusError, match="another run is writing here"), hold_folder(tmp_path):
            pass
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.wait(10)
    with hold_folder(tmp_path):
        assert list(tmp_path.iterdir()) == []


def test_what_is_saved_while_a_run_is_on_is_kept(tmp_path: Path) -> None:
    """Not the series alone: a figure's data and a table too, and what is new beside a figure."""
    series, out = tmp_path / "series", tmp_path / "out"
    count = "count = 1"
    draw = DRAW.replace("NAME", "drawn").replace("new {file}", "{count} {file}")
    write_notebook(series, "01-x", count, draw, SHOW.replace("NAME", "lengths"))
    reproduce(Series(series), out)
    saved = {"01-x.ipynb", "tables/lengths/data.csv", "figures/drawn/data.csv", "figures/drawn/mine.txt"}
    save = f"from pathlib import Path\nfor file in {saved!r}: _ = Path({str(out)!r}, file).write_text('{{}}')"
    write_notebook(series, "01-x", "count = 2", draw, SHOW.replace("NAME", "lengths").replace("1234", "5"), save)
    (out / "01-x.ipynb").unlink()
    shutil.copyfile(series / "01-x.ipynb", out / "01-x.ipynb")
    run = reproduce(Series(series), out)
    assert run.failures == ()
    told_anew = ("tables/lengths/cite.bib", "tables/lengths/provenance.json")
    assert run.changed == ("figures/drawn/drawn.png", *told_anew)
    assert run.kept == ("figures/drawn/data.csv", "tables/lengths/data.csv", "01-x.ipynb")
    assert {file: (out / file).read_text() for file in saved} == dict.fromkeys(saved, "{}")
    assert (out / "figures/drawn/data.csv.new").read_text() == "2 data.csv"
    assert (out / "tables/lengths/data.csv.new").read_text("utf-8-sig") == "a\n5\n"
    assert json.loads((out / "01-x.ipynb.new").read_text())["cells"][0]["source"] == ["count = 2"]


def test_what_was_left_half_written_of_a_file_goes_when_it_is_written(tmp_path: Path) -> None:
    for name in (".our[1].txt.7.part", ".their.txt.7.part", ".mine.part"):
        (tmp_path / name).write_text("half")
    write_whole(tmp_path / "our[1].txt", b"ours")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".mine.part", ".their.txt.7.part", "our[1].txt"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "文件.csv"
    assert write_whole(path, b"old")
    assert not write_whole(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CorpusError, match=r"文件\.csv: cannot be written \(No space left on device\)"):
        write_whole(path, b"new and longer")
    assert snapshot(tmp_path) == {"new/文件.csv": b"old"}


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="file: cannot be written"), hold_folder(tmp_path / "file"):
        pass
