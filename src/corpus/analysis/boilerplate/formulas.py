"""Formulas: passages that several reports have, the longest of them, and what other wordings say instead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain, pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from corpus.analysis.index.phrase_families import Families, find_families, merge_overlapping
from corpus.analysis.index.unit_row import IntArray, UnitRow, lay_keys, locate_places, mark_sentence_ends
from corpus.analysis.reuse.base_rates import number_issuers
from corpus.analysis.words.word_tables import score_dispersions
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table, tabulated
from corpus.report.values import Role

_SHORTEST = 2
_SENTENCE_END = re.compile(r"[。！？；\n](?=.)")
_NUMERAL, _GOES_ON = re.compile(r"\d[\d.,]*$"), re.compile(r"[.．,]?\d")
_BRACKETS = {"(": ")", "（": "）", "《": "》", "〔": "〕", "[": "]", "【": "】"}
_LEFT_HANGING = "，,、：:；; "


@tabulated
def find_formulas(
    reports: Reports, *, min_reports: int = 3, min_chars: int = 6, role: Role | None = None, variants: bool = False
) -> pd.DataFrame:
    """Return the passages that stand in several reports, as families, or what differs within the families.

    A passage is a stretch of ``key``, so that punctuation, its width and quotes do not count. It does not go on beyond
    the end of a sentence, unless the same characters stand in one sentence elsewhere.
    It is as long as nineteen in twenty of its places allow: 法治政府建 is no formula where 设 follows nearly each time,
    and 法治政府建设 is one beside 法治政府建设工作 where 工作 follows less often. Places where a few characters were
    changed, put in or left out belong to the family of the passage. A family is left out where one longer family
    stands around all its places.

    Guarantee: where ``min_chars`` characters of ``key`` stand in ``min_reports`` reports or more, and anywhere in one
    sentence, each of their places lies in a place of a family. There is no upper bound on the number of reports: what
    `find_reuse` leaves out because more than ``cap`` reports have it is found here.

    Parameters
    ----------
    reports : Reports
    min_reports : int
        Least number of reports, 2 or more. Three distinguishes what is common from what two reports share.
    min_chars : int
        Least number of key characters that stand in so many reports unchanged, 2 or more. The default, 6, is about
        three words: shorter ones are mostly terms.
    role : str, optional
        Only the parts with this role.
    variants : bool
        Whether to return what stands in other wordings of the families instead of the template's words: another year,
        number, title, place, or other words.

    Returns
    -------
    DataFrame
        One row a family, by n_reports and length_chars, both falling, then key.

        {columns of find_formulas}

        With ``variants`` one row a difference, in the order of the families, then by its place in the template, by
        n_places, falling, and words. A place that breaks off before the template ends, or begins later, has no
        difference there.

        {columns of find_formulas.variants}

    References
    ----------
    Dispersion: Gries (2008), Int. J. Corpus Linguistics 13:403-437, normalised as in Lijffijt & Gries (2012),
    ibid. 17:147-149.

    Raises
    ------
    CorpusError
        If ``min_reports`` or ``min_chars`` is below 2, or the role is none of the roles.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.find_formulas(reports, min_reports=4)["template"].head(2).tolist()
    ['法治政府建设工作', '法治政府建设']
    >>> variants = corpus.find_formulas(reports, min_reports=2, variants=True)
    >>> variants.loc[0, ["swapped", "in_template", "instead"]].tolist()
    ['words', '个别酝酿', '']
    """
    if min_reports < 2:
        raise CorpusError(f"min_reports={min_reports}: a formula stands in 2 reports or more")
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would list single characters; it must be {_SHORTEST} or more")
    row = lay_keys(reports, role=role)
    last_chars = mark_sentence_ends(reports, row)
    found = find_families(row, min_chars, min_reports=min_reports, last_chars=last_chars)
    wordings = _wordings(reports, row, found)
    # Two families may have been completed to one wording.
    _, keys = _templates(found, wordings)
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    if len(numbers) < len(keys):
        family = np.array([numbers[key] for key in keys])[np.cumsum(np.diff(found.family, prepend=-1) != 0) - 1]
        found = merge_overlapping(found._replace(family=family))
        wordings = _wordings(reports, row, found)
    table = build_table(_rows(reports, row, found, wordings), "find_formulas")
    return align_variants(reports, table) if variants else table


def _wordings(reports: Reports, row: UnitRow, found: Families) -> list[str]:
    """Return the key characters of each place."""
    owners, starts = row.trace(found.starts)
    keys = [report.key for report in reports]
    spans = zip(owners.tolist(), starts.tolist(), (found.ends - found.starts).tolist(), strict=True)
    return [keys[owner][start : start + length] for owner, start, length in spans]


def _templates(found: Families, wordings: list[str]) -> tuple[list[tuple[int, int]], list[str]]:
    """Return for each family where its places begin and end in the list, and their commonest wording."""
    firsts = np.flatnonzero(np.diff(found.family, prepend=-1)).tolist()
    spans = list(pairwise([*firsts, len(wordings)]))
    counted = (Counter(wordings[begin:end]) for begin, end in spans)
    return spans, [counts.most_common(1)[0][0] for counts in counted]


def _rows(reports: Reports, row: UnitRow, found: Families, wordings: list[str]) -> list[tuple[Any, ...]]:
    first, last = locate_places(reports, row, [found.starts, found.ends - 1])
    owners, _ = row.trace(found.starts)
    ids = [report.report_id for report in reports]
    names = [ids[owner] for owner in owners.tolist()]
    places = list(zip(names, first.starts.tolist(), last.ends.tolist(), strict=True))
    rows = []
    for (begin, end), key, spread in zip(
        *_templates(found, wordings), _spread(reports, row, found, owners), strict=True
    ):
        alike = (place for place in range(begin, end) if wordings[place] == key)
        quotes = (_printed(reports[int(owners[place])], *places[place][1:]) for place in alike)
        told = next(quotes)
        template = next((quote for quote in chain([told], quotes) if not _SENTENCE_END.search(quote)), told)
        holders = list(dict.fromkeys(names[begin:end]))
        n_issuers, dispersion = spread
        n_wordings = len(set(wordings[begin:end]))
        counts = (len(key), len(holders), n_issuers, end - begin, n_wordings)
        rows.append((template, key, *counts, dispersion, holders, places[begin:end]))
    rows.sort(key=lambda row: (-row[3], -row[2], row[1]))
    return rows


def _printed(report: Report, start: int, end: int) -> str:
    """Return the words of a place so that they end in no numeral, bracket or title that goes on behind them."""
    words, behind = report.quote(start, end), report.raw[end : end + 2]
    shown = _NUMERAL.sub("", words) if _GOES_ON.match(behind) else words
    opened: list[int] = []
    for place, sign in enumerate(shown):
        if sign in _BRACKETS:
            opened.append(place)
        elif opened and sign == _BRACKETS[shown[opened[-1]]]:
            opened.pop()
    if opened and shown == words and behind[:1] == _BRACKETS[shown[opened[-1]]]:
        shown += behind[0]
        opened.pop()
    if opened:
        shown = shown[: opened[0]]
    return words if shown == words else shown.rstrip(_LEFT_HANGING) or words


def _spread(reports: Reports, row: UnitRow, found: Families, owners: IntArray) -> Iterator[tuple[int, float]]:
    """Yield for each family how many issuers have it, and its dispersion over the issuers."""
    issuer_of = number_issuers(reports)
    n_issuers = int(issuer_of.max(initial=-1)) + 1
    lengths = np.bincount(issuer_of[row.owners], weights=row.ends - row.starts, minlength=n_issuers)
    family = np.cumsum(np.diff(found.family, prepend=-1) != 0) - 1
    held_by, dispersion = score_dispersions(family, issuer_of[owners], lengths.tolist())
    return zip(held_by.tolist(), dispersion.tolist(), strict=True)


@tabulated
def keep_longest(formulas: pd.DataFrame) -> pd.DataFrame:
    """Return the formulas that lie in no longer formula of the same reports, in their order.

    法治政府建设 is left out where 法治政府建设工作 stands in the same reports, though not at all the same places.

    Parameters
    ----------
    formulas : DataFrame
        As `corpus.find_formulas` returns it.

    Returns
    -------
    DataFrame
        One row a family, in the order of ``formulas``.

        {columns of find_formulas}
    """
    longer: dict[tuple[str, ...], list[str]] = {}
    kept = []
    by_length = formulas.sort_values("length_chars", ascending=False, kind="stable")
    for index, key, reports in zip(by_length.index, by_length["key"], by_length["reports"], strict=True):
        known = longer.setdefault(tuple(reports), [])
        if not any(key in other for other in known):
            known.append(key)
            kept.append(index)
    return as_table(formulas.loc[sorted(kept)].reset_index(drop=True), "find_formulas")


@tabulated
def spread_formulas(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return one row a formula and report, whether the report has it or not.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        As `corpus.find_formulas` returns it, from the same reports.

    Returns
    -------
    DataFrame
        In the order of the formulas, then of the reports.

        {columns of spread_formulas}
    """
    rows = []
    columns = (formulas[name] for name in ("template", "length_chars", "n_reports", "places"))
    for template, length, n_reports, places in zip(*columns, strict=True):
        words = "".join(template.split())
        for report in reports:
            own = [place for place in places if place[0] == report.report_id]
            rows.append((words, length, n_reports, report.report_id, report.label, len(own), own))
    return build_table(rows, "spread_formulas")


Swapped = Literal["year", "number", "title", "place", "words"]

_LEAST_SAME = 2
_TOKEN = re.compile(r"\d+|\D")
_YEAR = re.compile(r"(19|20)\d\d年?(度)?")
_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿零两]+[个件次人名条项份期场起元年月日]?")
_PLACE = re.compile(r"[一-龥]{1,8}[省市区县州盟旗乡镇]")


@tabulated
def align_variants(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return what stands in other wordings of some formulas: ``find_formulas(variants=True)`` of chosen rows.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        Rows of `corpus.find_formulas` of these reports.

    Returns
    -------
    DataFrame
        One row a difference, as in `find_formulas`.

        {columns of find_formulas.variants}
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
    return build_table(rows, "find_formulas.variants")


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
    # A template may leave off before its key does.
    return [*inside, *[False] * (len(key) - len(inside))] if len(inside) <= len(key) else [False] * len(key)


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
