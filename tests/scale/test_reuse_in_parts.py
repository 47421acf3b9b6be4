"""find_reuse in parts gives the rows of find_reuse, in their order, whatever the parts are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import make_report

import corpus
from corpus.analysis.reuse import passage_search
from corpus.report.reports import Reports
from corpus.scale import reuse_in_parts
from corpus.scale.reuse_in_parts import find_reuse_in_parts


def here(function: Callable[[Any], Any], parts: Iterable[Any]) -> Iterable[Any]:
    return map(function, parts)


@cache
def drawn(seed: int, n_reports: int, repeated: int = 0) -> Reports:
    """Reports that share stretches, repeat themselves, and hold characters beyond 16 bits."""
    dice = np.random.default_rng(seed)
    letters = np.array([*"甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉", "\U00020bb7"])
    bank = ["".join(dice.choice(letters, 30)) for _ in range(6)]
    items = []
    for number in range(n_reports):
        pieces = [bank[k] if k < len(bank) else "".join(dice.choice(letters, 25)) for k in dice.integers(0, 9, 6)]
        pieces.append("之" * int(dice.integers(0, 2)) * repeated)
        items.append(
            make_report(
                f"r{number:03}",
                "，".join(pieces) + "。" * (number % 2),
                issuer=f"局{number % 5}",
                year_reviewed=2010 + number,
            )
        )
    return Reports(tuple(items))


def in_parts(reports: Any, memory: int, **options: Any) -> pd.DataFrame:
    with TemporaryDirectory() as folder:
        kept: list[pd.DataFrame] = []
        with pytest.MonkeyPatch.context() as patch:  # rows as they are before pyarrow writes them
            patch.setattr(reuse_in_parts, "require_pyarrow", lambda: None)
            patch.setattr(pd.DataFrame, "to_parquet", lambda table, *_, **__: kept.append(table))
            n_rows = find_reuse_in_parts(reports, Path(folder) / "out", memory=memory, engine=here, **options)
        assert n_rows == sum(map(len, kept))
        return pd.concat(kept, ignore_index=True)


@settings(max_examples=8)
@example(seed=1, chars=700, min_chars=12)
@given(seed=st.integers(0, 9), chars=st.integers(900, 5000), min_chars=st.sampled_from((4, 6, 9, 12)))
def test_the_rows_are_those_of_one_part(seed: int, chars: int, min_chars: int) -> None:
    reports = drawn(seed, 9)
    expected = corpus.find_reuse(reports, min_chars=min_chars, quotes=False)
    assert len(expected) > 5
    pd.testing.assert_frame_equal(in_parts(reports, 128 * chars, min_chars=min_chars), expected, check_flags=False)


@settings(max_examples=8)
@given(seed=st.integers(20, 29), chars=st.integers(2500, 12000))
def test_so_are_those_of_more_reports_than_are_all_listed(seed: int, chars: int) -> None:
    reports = drawn(seed, 24)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passage_search, "MOST_PAIRS", 20)
        for cap in (None, 3)[seed % 2 :]:
            expected = corpus.find_reuse(reports, quotes=False, cap=cap)
            pd.testing.assert_frame_equal(in_parts(reports, 128 * chars, cap=cap), expected, check_flags=False)


def test_the_bundled_reports_by_role() -> None:
    reports = corpus.load_reports()
    for role in (None, "plan"):
        expected = corpus.find_reuse(reports, quotes=False, role=role)
        pd.testing.assert_frame_equal(in_parts(reports, 128 * 3000, role=role), expected, check_flags=False)


def test_reports_that_repeat_themselves_have_the_same_passages() -> None:
    reports = drawn(3, 9, 300)
    expected = corpus.find_reuse(reports, quotes=False)
    same = [name for name in expected if name not in ("n_reports", "n_issuers", "weight")]
    pd.testing.assert_frame_equal(in_parts(reports, 128 * 2000)[same], expected[same], check_flags=False)
