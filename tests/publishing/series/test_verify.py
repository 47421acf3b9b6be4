"""Verifying: silence where nothing differs, the name of the file where a byte does."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from making_notebooks import DRAW, SHOW, snapshot, write_notebook

from corpus.errors import CorpusError
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.series import verify as verifying
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.running import Run, reproduce
from corpus.publishing.series.verify import DRAWN_WITH, Verdict, verify, verify_quickly
from corpus.publishing.writing.whole_files import MANIFEST, write_manifest

SHOW_PICTURE = """get_ipython().display_pub.publish(
    {"image/png": "AAAA", "text/html": "<img src='data:image/png;base64,AAAA'> words"}
)"""


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    shown = SHOW.replace("NAME", "lengths")
    write_notebook(folder, "01-x", DRAW.replace("NAME", "drawn"), shown, "print('one')", SHOW_PICTURE)
    (folder / "README.md").write_text("not a product")
    run = reproduce(Series(folder), folder)
    assert not run.failures
    return folder


@pytest.fixture
def copy(committed: Path, tmp_path: Path) -> Path:
    for name, content in snapshot(committed).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def ran_before(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the kernel: a run makes again what it made when the series was committed."""

    def reproduce_again(series: Series, out: Path, **_: Any) -> Run:
        for name, content in snapshot(committed).items():
            if name != "README.md":
                (out / name).parent.mkdir(parents=True, exist_ok=True)
                (out / name).write_bytes(content)
        return Run(("01-x",), ("drawn",), (), (), (), (), (), 0.0)

    monkeypatch.setattr(verifying, "reproduce", reproduce_again)


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def told(verdict: Verdict) -> list[str]:
    return [str(difference) for difference in verdict.differences]


def test_nothing_differs_and_nothing_is_touched(copy: Path) -> None:
    before = snapshot(copy)
    verdict = verify(Series(copy))
    assert (told(verdict), verdict.n_files) == ([], 8)
    assert snapshot(copy) == before


@pytest.mark.usefixtures("ran_before")
def test_each_changed_byte_and_each_odd_file_is_named(copy: Path) -> None:
    replace_in(copy / "figures/drawn/data.csv", "new", "neu")
    replace_in(copy / "01-x.ipynb", '"one\\n"', '"two\\n"')
    replace_in(copy / "tables/lengths/data.csv", "1234", "1235")
    (copy / "figures/drawn/drawn.png").unlink()
    (copy / "figures/drawn/odd.svg").write_text("")
    assert told(verify(Series(copy))) == [
        "01-x.ipynb: cell 3 (cell-3): differs in outputs",
        "figures/drawn/data.csv: differs from byte 2 on",
        "figures/drawn/drawn.png: is made now, and is not committed",
        "figures/drawn/odd.svg: is committed, and is not made any more",
        "tables/lengths/data.csv: differs from byte 8 on",
    ]


def test_a_notebook_that_fails_is_the_only_difference(copy: Path) -> None:
    replace_in(copy / "01-x.ipynb", "print('one')", "print(1 / 0)")
    verdict = verify(Series(copy))
    assert told(verdict) == ["01-x.ipynb: cell 3 (cell-3): ZeroDivisionError: division by zero"]


@pytest.mark.usefixtures("ran_before")
@pytest.mark.parametrize("other", [("version", lambda name: "3.12.0"), ("machine", lambda: "arm64")])
def test_elsewhere_and_with_another_matplotlib_tables_stand_for_pictures(
    copy: Path, monkeypatch: pytest.MonkeyPatch, other: tuple[str, Any]
) -> None:
    monkeypatch.setattr(verifying, *other)
    replace_in(copy / "figures/drawn/drawn.png", "new", "old")
    replace_in(copy / "01-x.ipynb", '"AAAA"', '"BBBB"')
    replace_in(copy / "01-x.ipynb", "AAAA'> words\"\n", "BBBB'> words\"\n")
    verdict = verify(Series(copy))
    assert verdict.note.startswith(f"pictures are not compared: drawn with {DRAWN_WITH}, here is matplotlib 3.1")
    assert (told(verdict), verdict.n_files) == ([], 7)


def compare_with(copy: Path, committed: Path, file: str) -> list[str]:
    return list(verifying._compare(copy / file, committed / file, pictures=True))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"metadata": {},\n   "outputs": []', '"metadata": {"a": 1},\n   "outputs": []', "differs in metadata"),
        ('"name": "stdout",', '"name": "stderr",', r"cell 3 \(cell-3\): differs in outputs"),
        ('"version": 3', '"version": 4', "its metadata differ"),
        ('\n "nbformat_minor": 5', '\n "nbformat_minor":  5', "says the same in other bytes"),
        ('{\n "cells"', '[\n "cells"', "no notebook of format 4"),
    ],
)
def test_what_differs_in_a_notebook_is_told(copy: Path, committed: Path, old: str, new: str, what: str) -> None:
    replace_in(copy / "01-x.ipynb", old, new)
    found = compare_with(copy, committed, "01-x.ipynb")
    assert len(found) == 1 and re.search(what, found[0])


def test_a_missing_cell_is_told(copy: Path, committed: Path) -> None:
    path = copy / "01-x.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "cells": content["cells"][:-1]}), encoding="utf-8")
    assert compare_with(copy, committed, "01-x.ipynb") == ["has 3 cells, and would have 4"]


def test_pictures_are_compared_with_the_version_that_is_pinned() -> None:
    requirements = Path(__file__).resolve().parents[3] / "requirements.txt"
    assert f"\nmatplotlib=={DRAWN_WITH.split()[1]} " in requirements.read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    notebook = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    for file, content in {"data/a.csv": "1\n", "notebooks/n.ipynb": notebook, "src/corpus/x.py": "y = 1\n"}.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content, encoding="utf-8")
    (tmp_path / "src/corpus/__pycache__").mkdir()
    (tmp_path / "src/corpus/__pycache__/x.pyc").write_bytes(b"0")
    write_manifest(tmp_path)
    return tmp_path


def test_a_manifest_is_in_the_form_of_sha256sum(checkout: Path) -> None:
    lines = (checkout / MANIFEST).read_text(encoding="utf-8").splitlines()
    assert lines[0].split("  ")[0] == sha256(b"1\n").hexdigest()
    assert [line.split("  ")[1] for line in lines] == ["data/a.csv", "notebooks/n.ipynb", "src/corpus/x.py"]


def test_the_quick_check_names_each_file_that_was_changed_added_or_lost(checkout: Path) -> None:
    assert told(verify_quickly(checkout)) == []
    (checkout / "data/a.csv").write_text("2\n", encoding="utf-8")
    (checkout / "data/b.csv").write_text("3\n", encoding="utf-8")
    (checkout / "src/corpus/x.py").unlink()
    assert told(verify_quickly(checkout)) == [
        "data/a.csv: is not the file that is listed: its sha256 differs",
        "data/b.csv: is there, and is not listed",
        "src/corpus/x.py: is listed, and is not there",
    ]


@pytest.mark.skipif(not is_checkout(), reason="a wheel has no pyproject.toml")
def test_the_quick_check_names_wrong_marks_and_notebooks_that_cannot_be_read(checkout: Path) -> None:
    (checkout / "README.md").write_text("All <!--no.such-->7<!--/--> reports.\n", encoding="utf-8")
    shutil.copy(notebooks_path().parent / "pyproject.toml", checkout)
    cells = [{"cell_type": "markdown", "id": "cell-1", "metadata": {}, "source": ["Of <!--no.such-->8<!--/-->."]}]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (checkout / "notebooks/o.ipynb").write_text(json.dumps(content), encoding="utf-8")
    (checkout / "notebooks/n.ipynb").write_text("{", encoding="utf-8")
    shown = told(verify_quickly(checkout))
    for words in (
        "README.md: line 1: no.such: no table",
        "o.ipynb: cell 1 (cell-1), a mark would speak of any",
        "no notebook",
    ):
        assert any(words in line for line in shown), (words, shown)


def test_files_beside_the_folders_are_listed(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text("a==1\n", encoding="utf-8")
    (checkout / "notes.txt").write_text("mine\n", encoding="utf-8")
    assert told(verify_quickly(checkout)) == ["requirements.txt: is there, and is not listed"]


def test_a_manifest_in_other_bytes_is_named(checkout: Path) -> None:
    path = checkout / MANIFEST
    lines = path.read_bytes().splitlines(keepends=True)
    for other in (b"".join(reversed(lines)), b"".join([*lines, lines[0]]), b"".join(lines).rstrip(b"\n")):
        path.write_bytes(other)
        assert told(verify_quickly(checkout)) == [
            f"{MANIFEST}: lists the same in other bytes; corpus manifest writes it anew"
        ]


def test_a_broken_manifest_is_refused(checkout: Path) -> None:
    (checkout / MANIFEST).write_text("no hash\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="line 1"):
        verify_quickly(checkout)
    (checkout / MANIFEST).unlink()
    with pytest.raises(CorpusError, match="corpus manifest"):
        verify_quickly(checkout)


@pytest.mark.skipif(not is_checkout(), reason="a wheel has no manifest")
def test_the_manifest_of_the_project_is_current() -> None:
    assert told(verify_quickly(notebooks_path().parent)) == []


def test_likely_causes_are_told(tmp_path: Path) -> None:
    report = {"report_id": "a", "file": "raw/a.txt", "sha256": "1" * 64}
    told_then = {
        "versions": {"numpy": "2.4.0", "jieba": "0.42.1"},
        "inputs": {"data": {"fonts/x.ttf": "a" * 64}, "collections": [{"reports": [report]}]},
    }
    told_now = {
        "versions": {"numpy": "2.5.0", "jieba": "0.42.1"},
        "inputs": {"data": {"fonts/x.ttf": "b" * 64}, "collections": [{"reports": []}]},
    }
    for name, content in (("then", told_then), ("now", told_now)):
        (tmp_path / name / "figures/drawn").mkdir(parents=True)
        (tmp_path / name / "figures/drawn/provenance.json").write_text(json.dumps(content), encoding="utf-8")
    assert list(verifying._causes(tmp_path / "then", tmp_path / "now")) == [
        "library numpy: 2.4.0 then, 2.5.0 now",
        "data fonts/x.ttf: aaaaaaaaaaaa… then, bbbbbbbbbbbb… now",
        "report raw/a.txt: 111111111111… then, none now",
    ]
