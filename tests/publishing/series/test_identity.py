"""The same bytes in other surroundings: a small series here, the whole one by ``python tests/bench/identity.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench import identity
from making_notebooks import DRAW, write_notebook

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other locales and time zones there")


def test_what_depends_on_the_surroundings_is_seen_where_they_are_let_in(tmp_path: Path) -> None:
    write_notebook(tmp_path, "01-same", DRAW.replace("NAME", "drawn"), "sorted('甲乙丙')")
    write_notebook(tmp_path, "02-hash", "hash('x')")
    found = identity.run(2, [sys.executable], ways=["open"], series=tmp_path)
    assert sorted(found) == ["01-same.ipynb", "02-hash.ipynb", "figures/drawn/data.csv", "figures/drawn/drawn.png"]
    assert identity.differing(found) == ["02-hash.ipynb"]


@pytest.mark.parametrize("n_pythons", [1, 2, 3])
def test_twenty_processes_go_through_every_value(n_pythons: int) -> None:
    drawn = list(identity.settings(20, [f"python{number}" for number in range(n_pythons)], "open"))
    assert {setting.hash_seed for setting in drawn} == set(identity.HASH_SEEDS)
    for name, values in (("locale", identity.LOCALES), ("time_zone", identity.TIME_ZONES)):
        assert {getattr(setting, name) for setting in drawn} == set(values)
    surroundings = {(setting.folder, setting.cache, setting.time_zone) for setting in drawn}
    assert len(surroundings) == len(identity.FOLDERS) * len(identity.CACHES) * len(identity.TIME_ZONES)
    assert len({setting.python for setting in drawn}) == n_pythons
