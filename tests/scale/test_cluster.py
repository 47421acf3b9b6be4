"""Workers of Dask give the rows of one process, whichever of them are lost."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.scale import reuse_in_parts
from corpus.scale.packing import pack
from corpus.scale.reuse_in_parts import cluster, find_reuse_in_parts, read_memory

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None or find_spec("pyarrow") is None,
    reason="distributed and pyarrow are not installed: pip install 'fazhi-workbook[cluster]'",
)
BANK = ["".join(chr(0x4E00 + 40 * n + k) for k in range(40)) + "。" for n in range(7)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("folder")
    for number in range(40):
        own = [BANK[(number * k) % 7] for k in range(1, 5)]
        text = f"甲县{number}局二〇二一年法治政府建设情况报告\n" + "".join(own)
        (folder / f"r{number:02}.txt").write_text(text, encoding="utf-8")
    made = tmp_path_factory.mktemp("made") / "archive"
    pack(folder, made, jobs=1)
    return made


def read_rows(out: Path) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(path) for path in sorted(out.glob("*.parquet"))], ignore_index=True)


def assert_as_in_memory(out: Path, archive: Path) -> None:
    expected = corpus.find_reuse(corpus.load_reports(archive), quotes=False)
    rows = read_rows(out)
    assert len(rows) > 500 and list(rows) == list(expected)
    for name in rows:
        assert rows[name].fillna(-1).tolist() == expected[name].fillna(-1).tolist(), name
    assert json.loads((out / "about.json").read_text(encoding="utf-8")).items() <= expected.attrs.items()


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_rows_are_the_same_where_workers_are_killed(archive: Path, tmp_path: Path) -> None:
    killed: list[int] = []
    with cluster(local=2) as engine:

        def losing(function: Any, parts: Sequence[Any]) -> Iterator[Any]:
            if function.func.__name__ in ("mark", "align") and len(killed) < 2:
                (worker, *_) = engine(_process, [0])
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
            return iter(engine(function, parts))

        find_reuse_in_parts(archive, tmp_path / "out", memory=128 * 6000, engine=losing)
    assert len(killed) == 2
    assert_as_in_memory(tmp_path / "out", archive)


def _process(_: int) -> int:
    return os.getpid()


@needs_dask
def test_a_run_that_was_stopped_goes_on(archive: Path, tmp_path: Path) -> None:
    done: list[str] = []

    def stopping(function: Any, parts: Sequence[Any]) -> Iterator[Any]:
        if function.func.__name__ == "align" and "align" not in done:
            done.append("align")
            raise KeyboardInterrupt
        done.extend([function.func.__name__] * len(parts))
        return map(function, parts)

    with pytest.raises(KeyboardInterrupt):
        find_reuse_in_parts(archive, tmp_path / "out", memory=128 * 6000, engine=stopping)
    hashed = done.count("hash_text")
    find_reuse_in_parts(archive, tmp_path / "out", memory=128 * 6000, engine=stopping)
    assert done.count("hash_text") == hashed > 1
    assert_as_in_memory(tmp_path / "out", archive)


@pytest.mark.parametrize(("lib", "extra"), [("distributed", "cluster"), ("pyarrow", "scale")])
def test_what_to_install_is_said(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lib: str, extra: str
) -> None:
    monkeypatch.setattr(reuse_in_parts, "find_spec", lambda name: None if name == lib else name)
    with pytest.raises(CorpusError, match=rf"pip install 'fazhi-workbook\[{extra}\]'"):
        if extra == "cluster":
            with cluster(local=2):
                pass
        find_reuse_in_parts(archive, tmp_path / "out", memory=10**6, engine=map)


def test_an_archive_by_other_rules_is_refused(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reuse_in_parts, "require_pyarrow", lambda: None)
    monkeypatch.setattr(reuse_in_parts, "rules_of_today", lambda: "other rules")
    with pytest.raises(CorpusError, match="corpus pack it again first"):
        find_reuse_in_parts(archive, tmp_path / "out", memory=10**6, engine=map)


def test_memory_is_told_in_words() -> None:
    assert (read_memory("500MB"), read_memory("1.5GB"), read_memory("2TB")) == (5 * 10**8, 15 * 10**8, 2 * 10**12)
    assert read_memory(None) > 10**8
    with pytest.raises(CorpusError, match="write it as"):
        read_memory("much")
