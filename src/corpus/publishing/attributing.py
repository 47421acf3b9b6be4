"""Where the characters of reports come from, as a table that fits on a terminal, and what nobody else has."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.publishing.terminal import columns, count, fit, fold, pad, printable, screen_columns, table_lines, wrap

_INDENT = "  "
_WIDEST_ID = 14
_MOST_SPECIFIC = 10
_ORIGINS = {
    "skeleton": ("skeleton", "prescribed headings, and the words that announce the report"),
    "formula": ("formula", "3 issuers or more have it"),
    "shared": ("shared", "2 issuers have it"),
    "carried_over": ("carried", "no other issuer has it, but this one in the year before"),
    "own_or_carried": ("own?", "no other issuer has it; the year before is not at hand"),
    "own": ("own", "no other issuer has it, nor the year before"),
}
"""What each origin is called in a table of a terminal, and what it means."""


def boilerplate_lines(
    shares: Sequence[Mapping[str, Any]],
    passages: Sequence[Mapping[str, Any]],
    *,
    ranges: Mapping[str, tuple[float, float]],
) -> list[str]:
    """Tell where the characters of each report come from, and quote what no other issuer has, the most specific.

    ``ranges`` gives for a report the lowest and the highest share that is boilerplate under any setting.
    """
    present = [name for name in _ORIGINS if any(row[f"share_{name}"] > 0 for row in shares)]
    rows = [("report", "chars", *(_ORIGINS[name][0] for name in present), "range")]
    for row in shares:
        low, high = ranges.get(row["report_id"], (math.nan, math.nan))
        parts = [_percent(row[f"share_{name}"]) for name in present]
        spread = "-" if math.isnan(low) else f"{100 * low:.0f}-{100 * high:.0f}"
        rows.append((fit(row["report_id"], _WIDEST_ID), f"{row['n_key_chars']:,}", *parts, spread))
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    told = [
        *(_ORIGINS[name] for name in present),
        ("range", "the share that is boilerplate, lowest and highest of all definitions"),
    ]
    return [
        *wrap(
            "",
            "Where the characters of each body come from, in %. What others have counts from 12 characters on.",
        ),
        *(f"{_INDENT}{line}" for line in table_lines(told)),
        "",
        *(
            "  ".join(pad(cell, width, right=at > 0) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        ),
        *_particular_lines(passages),
    ]


def _particular_lines(passages: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [row for row in passages if not row["is_heading"]]
    alone = [row for row in told if row["origin"] in ("own", "own_or_carried") and row["share_origin"] == 1]
    alone.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    best = list({row["report_id"]: row for row in reversed(alone)}.values())
    best.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    lines = [
        "",
        f"Of {count(len(told), 'passage')} besides headings, {len(alone):,} share no such stretch with another issuer.",
    ]
    first = f", the first {_MOST_SPECIFIC}" if len(best) > _MOST_SPECIFIC else ""
    if best:
        lines += [f"The most specific of each report{first}:"]
    for row in best[:_MOST_SPECIFIC]:
        lines.append(f"{_INDENT}{row['report_id']} {row['start']}:{row['end']}  specificity {row['specificity']:.2f}")
        lines += fold(
            _INDENT * 2, fit(printable(" ".join(row["text"].split())), 3 * (screen_columns() - 2 * len(_INDENT)))
        )
    return lines


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}"
