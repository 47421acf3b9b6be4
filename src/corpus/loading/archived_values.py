"""How the values of a report are written as JSON, and come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any

from corpus.report.values import Change, Fact, Heading, Layout, Notice, Part, SetAside, Span

_ABSENT = Fact()


def json_line(value: Any) -> bytes:
    """Return a value as a line of JSON."""
    return json.dumps(to_json(value), separators=(",", ":")).encode("ascii") + b"\n"


def to_json(value: Any) -> Any:
    """Return a value as JSON has it: what has fields as a list of them, and an absent fact as null."""
    if value == _ABSENT:
        return None
    if is_dataclass(value):
        return [to_json(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {name: to_json(item) for name, item in value.items()}
    return value


def _span(told: list[int] | None) -> Span | None:
    return None if told is None else Span(*told)


def _fact(told: list[Any]) -> Fact:
    value, basis, evidence, readings = told
    return Fact(value, basis, _span(evidence), tuple(readings))


def read_notice(told: list[Any]) -> Notice:
    """Return a notice that came from JSON."""
    code, message, evidence = told
    return Notice(code, message, _span(evidence))


def _layout(told: list[Any]) -> Layout:
    body, title, salutation, signature, set_aside = told
    left_out = tuple(SetAside(*one) for one in set_aside)
    return Layout(Span(*body), _span(title), _span(salutation), _span(signature), left_out)


def _facts(told: dict[str, Any]) -> Mapping[str, Fact]:
    return MappingProxyType({name: _ABSENT if fact is None else _fact(fact) for name, fact in told.items()})


FROM_JSON: Mapping[str, Callable[[Any], Any]] = {
    "facts": _facts,
    "layout": _layout,
    "headings": lambda told: tuple(Heading(*one) for one in told),
    "parts": lambda told: tuple(Part(*one) for one in told),
    "changes": lambda told: tuple(Change(*one) for one in told),
    "warnings": lambda told: tuple(map(read_notice, told)),
}
"""How fields of a report come back from JSON."""
