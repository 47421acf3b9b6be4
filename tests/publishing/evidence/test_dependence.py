"""What a result rests on: the flow of collections through the cells of a notebook."""

from __future__ import annotations

import json
import linecache
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from making_notebooks import write_notebook

import corpus
from corpus.loading.record import Loaded, Member
from corpus.publishing.evidence.claims import read_claims
from corpus.publishing.results.staleness import find_stale
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.running import reproduce
from corpus.publishing.writing import dependence
from corpus.publishing.writing.dependence import WHOLE, Flow, Input, Inputs

BUNDLED = corpus.load_reports()
LOAD = "reports = load()\nothers = load(2)"


class Register:
    """Stands for a notebook's claims: one of each kind."""

    def inputs_of(self, name: str) -> Inputs | None:
        return {"a": frozenset({FIRST}), "b": frozenset({SECOND}), "free": frozenset()}.get(name)

    def slots_of(self, text: str) -> Sequence[str]:
        return [part.partition("}")[0] for part in text.split("{")[1:]]


def _loaded(line: int) -> Loaded:
    return Loaded((("load-cell", line),), "data", (Member(f"r{line}", "file", "0", ""),))


FIRST, SECOND = (Input(_loaded(line).places, "data", WHOLE) for line in (1, 2))
VALUES: Mapping[str, Any] = {
    **{
        "reports": BUNDLED,
        "others": BUNDLED[1:],
        "claims": Register(),
        "corpus": corpus,
        "pd": pd,
        "load": lambda: None,
    },
    **{name: [name] for name in ("table", "rows", "copy", "name", "value", "unknown", "given")},
}


@pytest.fixture(autouse=True)
def _two_collections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependence, "recall", lambda: (_loaded(1), _loaded(2)))
    lines = [f"{line}\n" for line in LOAD.splitlines()]
    monkeypatch.setitem(linecache.cache, "load-cell", (len(LOAD), None, lines, "load-cell"))


def rests(*cells: str, line: int | None = None, values: Mapping[str, Any] = VALUES) -> str:
    """What the last line of the last cell rests on: 1 and 2 for the collections, r1:x for a report of the first."""
    flow = Flow(values)
    flow.names["load"] = flow.names["f"] = frozenset()
    for cell in (LOAD, *cells[:-1]):
        flow.run(cell)
    inputs = flow.at(cells[-1], line or len(cells[-1].splitlines()))
    return " ".join(
        sorted(f"{each.places[0][1]}{'' if each.report_id == WHOLE else each.report_id}" for each in inputs)
    )


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("draw(reports)",), "1"),
        (("table = f(reports)", "draw(table)"), "1"),
        (("table = f(reports)\ntable = f(others)", "draw(table)"), "2"),
        (("table = f(reports)\nif given:\n    table = f(others)", "draw(table)"), "1 2"),
        (("name = 5", "draw(name)"), ""),
        (("draw([row for row in f(others)])",), "2"),
        (("table, rows = f(reports), f(others)", "draw(table)"), "1 2"),
        (("rows = f(others)\nx = [row for row in f(reports)]", "draw(rows)"), "2"),
        (("draw(y := f(reports))",), "1"),
    ],
)
def test_what_is_loaded_flows_with_the_names(cells: Sequence[str], told: str) -> None:
    assert rests(*cells) == told


def test_one_report_is_told_from_the_collection() -> None:
    assert rests('draw(reports["a-2020"])') == "1a-2020"
    assert rests('value = f(reports["a-2020"])\nrows = f(reports["b-2021"])', "draw(value, rows)") == "1a-2020 1b-2021"
    assert rests('draw(reports["a-2020"], reports)') == "1 1a-2020"
    assert rests("draw(reports[0])") == rests("name = 5", "draw(reports[name])") == "1"


def test_where_it_is_open_which_statement_runs_all_of_them_count() -> None:
    loop = "for value in f(others):\n    name = value\n    draw(name)"
    assert rests(loop) == "2"
    chain = "table = rows = copy = 0\nfor value in range(9):\n    table = rows\n    rows = copy\n    copy = f(reports)"
    assert rests(chain, "draw(table)") == "1"
    assert rests("if f(others):\n    draw(1)") == "2"
    assert rests("try:\n    table = f(reports)\nexcept OSError:\n    table = f(others)", "draw(table)") == "1 2"


def test_a_line_rests_on_its_own_statement_only() -> None:
    cell = "draw(reports)\ndraw(others)\ndraw(\n    0,\n    reports,\n)"
    assert [rests(cell, line=line) for line in (1, 2, 4)] == ["1", "2", "1"]


@pytest.mark.parametrize(
    "change",
    [
        "table['x'] = f(others)",
        "table.x = f(others)",
        "table.append(f(others))",
        "change(table, others)",
        "setattr(table, 'x', others)",
    ],
)
def test_what_changes_an_object_flows_into_it(change: str) -> None:
    assert rests("table = f(reports)", change, "draw(table)") == "1 2"


def test_a_change_reaches_the_other_names_of_an_object() -> None:
    shared: list[int] = []
    values = {**VALUES, "table": shared, "copy": shared}
    assert rests("table = f(reports)\ncopy = table", "copy['x'] = f(others)", "draw(table)", values=values) == "1 2"


def test_functions_of_corpus_change_nothing() -> None:
    assert rests("table = f(reports)", "corpus.save_figure(table, others)", "draw(table)") == "1"


def test_a_function_of_the_notebook_rests_on_what_it_reads_when_it_is_called() -> None:
    function = "def g(row):\n    return row + table"
    assert rests("table = f(reports)", function, "table = f(others)", "draw(g(0))") == "1 2"
    assert rests("table = 0", "name = lambda row: row + table", "table = f(others)", "draw(name(0))") == "2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"{a} words"', "1"),
        ('"{free}"', ""),
        ('f"{name} and {{b}}"', "2"),
        ('f"{{{name}}}"', "1 2"),
        ('"{a}" + given', "1 2"),
        ('"{nobody}"', "1 2"),
    ],
)
def test_a_sentence_rests_on_the_claims_that_it_prints(text: str, told: str) -> None:
    assert rests("name = 5\ngiven = 6", f"draw(claims.say({text}).text)") == told


def test_a_claim_can_be_read_again() -> None:
    assert rests('draw(claims["b"].value)') == "2"
    assert rests("name = 5", "draw(claims[name].value)") == "1 2"


def test_what_is_not_known_counts_as_everything() -> None:
    assert rests("draw(unknown)") == "1 2"
    assert rests("%magic\n") == "1 2"
    assert rests("get_ipython().run_cell_magic('time', '', 'draw(reports)')") == "1 2"
    assert rests("draw(eval('reports'))") == "1 2"


def test_outside_of_a_notebook_everything_that_was_loaded_counts() -> None:
    assert {each.report_id for each in dependence.inputs_here()} == {WHOLE}


CELLS = (
    "import corpus\nfrom corpus.publishing.figures.style import new_figure\nimport pandas as pd",
    "reports_path = None\nreading = {}",
    'reports = corpus.load_reports(reports_path, **reading)\nclaims = corpus.open_claims("01-x")',
    "made = corpus.simulate_panel(2, 1, seed=1)\nsimulated = corpus.load_reports(made.texts)",
    'claims.add("all", len(reports), unit="reports")\nclaims.add("made", len(simulated), unit="reports")\n'
    'claims.add("one", len(reports["a"].text), unit="characters")\nclaims.add("none", 8, unit="characters")',
    """for name, table in {"real": corpus.tabulate_reports(reports), "plain": pd.DataFrame({"x": [1]})}.items():
    pass
with new_figure(width_mm=89, height_mm=20) as figure:
    text = figure.text(0.5, 0.5, "x")
caption = claims.say("Made of {made} reports.\\n\\n{made} 份。").text
corpus.save_figure(figure, pd.DataFrame({"x": [len(simulated)]}), name="made", caption=caption, alt="x" * 40)""",
    'caption = claims.say("Of {all} reports.\\n\\n{all} 份。").text\n'
    'corpus.save_figure(figure, pd.DataFrame({"x": [1]}), name="counted", caption=caption, alt="x" * 40)',
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of two reports, and that of a series that ran on it."""
    root = tmp_path_factory.mktemp("ran")
    (root / "mine").mkdir()
    for name, report in zip("ab", BUNDLED, strict=False):
        (root / "mine" / f"{name}.txt").write_bytes(report.raw_bytes)
    path = write_notebook(root / "series", "01-x", *CELLS)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["cells"][1]["metadata"] = {"tags": ["parameters"]}
    path.write_text(json.dumps(content), encoding="utf-8")
    run = reproduce(Series(root / "series", root / "mine"), root / "out")
    assert not run.failures
    return root / "mine", root / "out"


def test_a_run_takes_down_what_each_result_rests_on(ran: tuple[Path, Path]) -> None:
    claims = read_claims(ran[1] / "claims.json")
    assert {name: [rest[:2] for rest in claim.rests_on] for name, claim in claims.items()} == {
        "all": [("elsewhere", "*")],
        "made": [("memory", "*")],
        "one": [("elsewhere", "a")],
        "none": [],
    }
    told = {name: json.loads((ran[1] / f"figures/{name}/provenance.json").read_text()) for name in ("made", "counted")}
    origins = {name: [each["origin"] for each in one["inputs"]["collections"]] for name, one in told.items()}
    assert origins == {"made": ["memory"], "counted": ["elsewhere"]}


def stale(ran: tuple[Path, Path], reports: Path) -> dict[str, tuple[str, ...]]:
    return {each.name: each.reasons for each in find_stale(ran[1], reports=corpus.load_reports(reports)).stale}


def test_a_report_more_or_less_makes_exactly_what_rests_on_it_stale(ran: tuple[Path, Path], tmp_path: Path) -> None:
    assert stale(ran, ran[0]) == {}
    for name, report in zip("abc", BUNDLED, strict=False):
        (tmp_path / f"{name}.txt").write_bytes(report.raw_bytes)
    assert stale(ran, tmp_path) == dict.fromkeys(("counted", "all"), ("elsewhere: c was added",))
    (tmp_path / "c.txt").unlink()
    (tmp_path / "b.txt").unlink()
    assert stale(ran, tmp_path) == dict.fromkeys(("counted", "all"), ("elsewhere: b was removed",))
    (tmp_path / "b.txt").write_bytes(BUNDLED[1].raw_bytes)
    (tmp_path / "a.txt").write_bytes(BUNDLED[3].raw_bytes)
    assert stale(ran, tmp_path) == dict.fromkeys(("counted", "all", "one"), ("elsewhere: a changed",))


def test_what_cannot_be_looked_at_is_said(ran: tuple[Path, Path]) -> None:
    found = find_stale(ran[1])
    assert (found.stale, found.n_figures, found.n_claims) == ((), 2, 4)
    assert found.unknown == ("reports of your own: name them with --reports",)


def test_an_edited_cell_makes_what_it_made_stale(ran: tuple[Path, Path], tmp_path: Path) -> None:
    for path in ran[1].rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(ran[1])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    notebook = tmp_path / "01-x.ipynb"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace('unit=\\"reports\\"', 'unit=\\"texts\\"'))
    names = {each.name: each.reasons for each in find_stale(tmp_path, reports=corpus.load_reports(ran[0])).stale}
    assert names == dict.fromkeys(("all", "made", "none", "one"), ("cell cell-5 of 01-x was edited",))
