"""Work that processes share comes back in its order, from any script, and whatever goes wrong is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading import load_reports
from corpus.processes import share_out


def test_answers_come_in_the_order_of_the_portions() -> None:
    lists = [[*range(n)] for n in (40_000, 3, 0, 7)]
    assert list(share_out(sum, lists, jobs=2)) == [sum(numbers) for numbers in lists]


def test_one_portion_and_one_process_are_done_here() -> None:
    here = os.getpid()
    assert list(share_out(_process, [None], jobs=2)) == [here]
    assert list(share_out(_process, [None] * 3, jobs=1)) == [here] * 3
    assert list(share_out(_process, [None] * 3, least=4)) == [here] * 3


def _process(_: None) -> int:
    return os.getpid()


def test_read_only_mappings_come_and_go() -> None:
    given = [MappingProxyType({"a": MappingProxyType({"b": 1})}), MappingProxyType({"c": 2})]
    assert list(share_out(dict, given, jobs=2)) == [dict(one) for one in given]


def test_an_error_is_raised_where_the_answer_is_taken() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(share_out(int, ["1", "one", "2"], jobs=2))


def test_a_process_that_is_ended_is_said() -> None:
    with pytest.raises(CorpusError, match=r"was ended; .*jobs=1"):
        list(share_out(os._exit, [3, 4], jobs=2))


def test_no_process_is_refused() -> None:
    with pytest.raises(CorpusError, match="jobs=0"):
        corpus.load_reports(data_path("raw"), jobs=0)


def test_processes_load_the_same_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_reports, "_AT_ONCE", 2)
    one, two = (corpus.load_reports(data_path("raw"), jobs=jobs) for jobs in (1, 2))
    for a, b in zip(one, two, strict=True):
        told: list[Any] = [(r.report_id, r.text, r.key, dict(r.facts), r.headings, r.warnings) for r in (a, b)]
        assert told[0] == told[1]


def test_a_script_without_a_guard_may_ask_for_processes(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import os\nfrom corpus.processes import share_out\n"
        "print('begun')\nprint(list(share_out(abs, [-1, -2, -3], jobs=2)))\n",
        encoding="utf-8",
    )
    source = str(Path(corpus.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, script], env={**os.environ, "PYTHONPATH": source}, capture_output=True, text=True, timeout=120
    )
    assert (done.stdout.split("\n"), done.stderr) == (["begun", "[1, 2, 3]", ""], "")
