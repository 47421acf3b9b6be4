"""What leads through a folder of results: README.md, the inputs by hash, the list for a CODECHECK."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

import corpus
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.results.contents import (
    CODECHECK,
    CONTENTS,
    INPUTS,
    write_codecheck,
    write_contents,
    write_inputs,
)
from corpus.publishing.series.bundled_series import Series

ROOT = notebooks_path().parent
RESULTS = sorted(path for kind in ("figures", "tables") for path in (notebooks_path() / kind).iterdir())


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures and tables of the project, without its notebooks."""
    root = tmp_path_factory.mktemp("checkout")
    for kind in ("figures", "tables"):
        shutil.copytree(notebooks_path() / kind, root / "notebooks" / kind)
    return root


def test_every_figure_and_table_leads_to_its_notebook_cell_and_data(checkout: Path) -> None:
    assert write_contents(checkout / "notebooks")
    assert not write_contents(checkout / "notebooks")
    text = (checkout / "notebooks" / CONTENTS).read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (figure|table) \[([a-z0-9-]+)\]\((\S+)\) \| \[(\S+)\]\(\S+\) \| `(\S+)` \| \[data", text, re.M
    )
    assert sorted(row[1] for row in rows) == sorted(path.name for path in RESULTS)
    for _, name, shown, notebook, cell in rows:
        assert (checkout / "notebooks" / shown).is_file()
        cells = json.loads((notebooks_path() / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
        assert cell in {each["id"] for each in cells}, name


def test_the_list_for_a_check_has_the_form_of_the_specification_and_no_placeholder(checkout: Path) -> None:
    assert write_codecheck(checkout)
    text = (checkout / CODECHECK).read_text(encoding="utf-8")
    assert text.startswith("---\n") and not re.search("FIXME|TODO|XXX", text)
    told = yaml.safe_load(text)
    assert told["version"] == "https://codecheck.org.uk/spec/config/2.0/"
    assert told["paper"]["title"].startswith("fazhi-workbook") and told["paper"]["authors"][0]["name"]
    assert len(told["manifest"]) == len(RESULTS)
    for item in told["manifest"]:
        assert (checkout / item["file"]).is_file() and len(item["comment"]) > 20


def test_inputs_are_named_by_hash_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("2020年，我局推进法治政府建设。", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    reports = corpus.load_reports(tmp_path)
    write_inputs(tmp_path, Series(tmp_path, tmp_path), reports, command=["corpus", "reproduce", "x"])
    told = json.loads((tmp_path / INPUTS).read_text(encoding="utf-8"))
    assert told["command"] == ["corpus", "reproduce", "x"]
    assert told["reports"] == [{"report_id": "a", "file": "a.txt", "sha256": reports[0].source.sha256}]
    assert told["excluded"] == [{"file": "empty.txt", "place": "", "code": "empty"}]
    assert {"fazhi-workbook", "python", "pandas"} <= told["versions"].keys()


@pytest.mark.skipif(not is_checkout(), reason="a wheel has neither")
def test_those_of_the_project_are_current(checkout: Path) -> None:
    write_contents(checkout / "notebooks")
    write_codecheck(checkout)
    for file in (f"notebooks/{CONTENTS}", CODECHECK):
        assert (checkout / file).read_bytes() == (ROOT / file).read_bytes()
