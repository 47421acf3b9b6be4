"""Changed bytes: one of each kind of file here, 1,000 by ``python tests/bench/tampering.py``."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from bench import tampering

from corpus.field.data_files import is_checkout
from corpus.publishing.series.verify import verify_quickly
from corpus.publishing.writing.whole_files import MANIFEST, write_manifest

pytestmark = pytest.mark.skipif(not is_checkout(), reason="a wheel has no manifest")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with two figures and the heads of its notebooks: what is the same is not read 32 times."""
    folder = tampering.prepare(tmp_path_factory.mktemp("tampering") / "copy")
    for figure in sorted((folder / "notebooks" / "figures").iterdir())[2:]:
        shutil.rmtree(figure)
    for path in (folder / "notebooks").glob("*.ipynb"):
        content = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**content, "cells": content["cells"][:4]}, indent=1), encoding="utf-8")
    write_manifest(folder)
    return folder


def test_each_changed_byte_is_named_and_nothing_else_is(copy: Path) -> None:
    outcomes = list(tampering.run(copy, len(tampering.KINDS), seed=1, sums=None))
    assert {change.kind for change, *_ in outcomes} == set(tampering.KINDS)
    assert [str(change) for change, is_named, _ in outcomes if not is_named] == []
    assert verify_quickly(copy).differences == ()


def test_the_bench_sees_a_change_that_is_not_named(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tampering, "alter", lambda content, chance: (content, 0, "left alone"))
    assert not next(tampering.run(copy, 1, seed=1, sums=None))[1]


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\r", "\x1c", "\u2028"])
def test_a_list_with_other_line_ends_is_named(copy: Path, character: str) -> None:
    sound = (copy / MANIFEST).read_bytes()
    (copy / MANIFEST).write_bytes(sound.replace(b"\n", character.encode("utf-8"), 1))
    with tampering.restored(copy / MANIFEST, sound):
        change = tampering.Change("manifest", MANIFEST, 0, "changed", (MANIFEST, "CITATION.cff"))
        assert tampering.named(copy, change)


def test_every_kind_of_change_is_drawn() -> None:
    chance = random.Random(1)
    altered = [tampering.alter(b"0123456789", chance) for _ in range(40)]
    assert {deed for *_, deed in altered} == {"changed", "put in", "taken out"}
    assert all(content != b"0123456789" for content, *_ in altered)
