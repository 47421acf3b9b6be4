"""Leftovers of an older or a borrowed text, and sentences that only look like one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.analysis.simulation.issuers import Issuer, Place
from corpus.analysis.simulation.randomness import Stream
from corpus.analysis.simulation.vocabulary import NAME_CHARACTERS

_PLAN_YEARS = 5


@dataclass(frozen=True, slots=True)
class Leftover:
    """An opening clause to be put before a sentence; ``quote`` is the part of it that gives it away."""

    kind: str
    quote: str
    clause: str
    is_leftover: bool
    in_plan: bool = False


# Each kind with ways to say it; {quote} is what is looked at, {year} the year reviewed.
_LEFTOVERS = {
    "stale-year": ("{quote}，我局认真履行职责，", "{quote}以来，全局上下共同努力，", "{quote}度各项任务全面完成，"),
    "foreign-place": (
        "{quote}各部门密切配合，",
        "在“{quote}发布”公众号刊发信息，",
        "全力打造{quote}改革样板，",
        "结合{quote}实际制定方案，",
    ),
}
_LOOK_ALIKES = {
    "plan-year": ("{quote}，我局将继续努力，", "提前谋划{quote}工作，"),
    "look-back": ("与{quote}相比明显改善，", "比{quote}有较大增长，"),
    "law-period": ("对照法治宣传规划（{quote}）要求，", "落实法治宣传规划（{quote}）任务，"),
    "superior-place": ("按照{quote}统一部署，", "认真落实{quote}有关要求，"),
    "lower-place": ("在{quote}开展试点，", "组织{quote}现场观摩，"),
    "partner-place": ("与{quote}签订合作协议，", "赴{quote}学习考察，", "同{quote}开展对口协作，"),
}


def draw_leftover(
    issuer: Issuer, year: int, issuers: Sequence[Issuer], stream: Stream, *, genuine: bool
) -> Leftover | None:
    """Return a leftover for a report of this issuer and year, or what looks like one.

    ``None`` where the panel has no place to name: no foreign one, or none above the issuer's own.
    """
    ways = _LEFTOVERS if genuine else _LOOK_ALIKES
    kind = stream.pick(tuple(ways))
    quote = _quote(kind, issuer.place, year, issuers, stream)
    if quote is None:
        return None
    return Leftover(kind, quote, stream.pick(ways[kind]).format(quote=quote), genuine, kind == "plan-year")


def _quote(kind: str, place: Place, year: int, issuers: Sequence[Issuer], stream: Stream) -> str | None:
    if kind in ("stale-year", "look-back"):
        return f"{year - 1}年"
    if kind == "plan-year":
        return f"{year + 1}年"
    if kind == "law-period":
        first = year - (year - 1) % _PLAN_YEARS
        return f"{first}—{first + _PLAN_YEARS - 1}年"
    if kind == "superior-place":
        above = [name for name in (place.province, place.prefecture) if name and name != place.name]
        return stream.pick(above) if above else None
    if kind == "lower-place":
        return stream.pick(NAME_CHARACTERS) + stream.pick(NAME_CHARACTERS) + "镇"
    for _ in range(20):
        other = stream.pick(issuers).place
        if other.name != place.name and not other.is_related(place):
            return other.name
    return None
