"""What stands in other wordings of a formula instead: another year, number, title, place, or other words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.report import Reports

Swapped = Literal["year", "number", "title", "place", "words"]

_COLUMNS = {
    "key": "",
    "start_chars": "int64",
    "swapped": "",
    "in_template": "",
    "instead": "",
    "n_places": "int64",
    "places": "object",
}
_LEAST_SAME = 2
_TOKEN = re.compile(r"\d+|\D")
_YEAR = re.compile(r"(19|20)\d\d年?(度)?")
_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿零两]+[个件次人名条项份期场起元年月日]?")
_PLACE = re.compile(r"[一-龥]{1,8}[省市区县州盟旗乡镇]")


def align_variants(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return what stands in other wordings of formulas instead of the template's words.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        Rows of `corpus.find_formulas` of these reports.

    Returns
    -------
    DataFrame
        One row a difference, in the order of the formulas, then by its place in the template, by n_places, falling, and
        words. key: of the template; start_chars: characters of ``key`` before the difference; in_template, instead:
        the key characters that differ, empty where the one or the other has none; swapped: ``year``, ``number``,
        ``title`` (words between 《 and 》, as of a law, in both), ``place`` (a name of the reports' own places, or one
        that ends in 省, 市, 区, 县 or the like) or ``words``; n_places; places: list of (report_id, start, end) of the
        passages, code points of ``raw``. A place that breaks off before the template ends, or begins later, has no
        difference there.
    """
    known = {report.report_id: report for report in reports}
    names = _place_names(reports)
    rows = []
    for template, key, places in zip(formulas["template"], formulas["key"], formulas["places"], strict=True):
        found: dict[tuple[int, str, str], list[tuple[str, int, int]]] = {}
        differences: dict[str, list[tuple[int, str, str]]] = {}
        for place in places:
            report_id, start, end = place
            report = known[report_id]
            words = report.key[slice(*report.key_span(start, end))]
            if words not in differences:
                differences[words] = _differences(key, words)
            for difference in differences[words]:
                found.setdefault(difference, []).append(place)
        for (at, old, new), own in sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
            titles = _in_titles(template, key)
            swapped = _kind(old, new, at=at, titles=titles, names=names)
            rows.append((key, at, swapped, old, new, len(own), own))
    return build_table(rows, _COLUMNS)


def _differences(key: str, words: str) -> list[tuple[int, str, str]]:
    """Return where two wordings differ: numbers are whole, and one character in between does not part a difference."""
    one, other = _TOKEN.findall(key), _TOKEN.findall(words)
    spans: list[list[int]] = []
    last = len(one), len(other)
    for name, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        # What a place lacks that begins later or breaks off has nothing instead.
        if name == "equal" or (name == "delete" and (k == 0 or (j, m) == last)):
            continue
        if spans and i - spans[-1][1] < _LEAST_SAME:
            spans[-1][1], spans[-1][3] = j, m
        else:
            spans.append([i, j, k, m])
    return [(len("".join(one[:i])), "".join(one[i:j]), "".join(other[k:m])) for i, j, k, m in spans]


def _in_titles(template: str, key: str) -> list[bool]:
    """Return which key characters of a template stand between 《 and 》."""
    inside = []
    depth = 0
    for char in template:
        depth += (char == "《") - (char == "》")
        if char.isalnum():
            inside.append(depth > 0)
    return inside if len(inside) == len(key) else [False] * len(key)


def _kind(old: str, new: str, *, at: int, titles: list[bool], names: frozenset[str]) -> Swapped:
    sides = [side for side in (old, new) if side]
    if all(_YEAR.fullmatch(side) for side in sides):
        return "year"
    if all(_NUMBER.fullmatch(side) for side in sides):
        return "number"
    if old and all(titles[at : at + len(old)]):
        return "title"
    if all(side in names or _PLACE.fullmatch(side) for side in sides):
        return "place"
    return "words"


def _place_names(reports: Reports) -> frozenset[str]:
    facts = ("province", "prefecture", "county")
    full = {name for report in reports for fact in facts if (name := report.value(fact))}
    return frozenset(full | {name[:-1] for name in full if len(name) > 2})
