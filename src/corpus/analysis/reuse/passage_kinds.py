"""What kind of words a shared passage is: a name, a heading, a set phrase, or running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow
from corpus.report.reports import Report

Kind = Literal["running text", "set phrase", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "set phrase", "heading", "title")
"""What a shared passage may be, see `name_kinds`."""

MOSTLY = 0.5
OWN_CHARS = 40
"""See `name_kinds`."""
LEAST_ISSUERS = 20
"""With fewer nobody can tell what is a set phrase of the centre, but where provinces share it."""
_TITLE = re.compile(r"《[^《》]*》")


class Printed(NamedTuple):
    """Where the headings and the titles in 《》 begin and end in a row, in order, two arrays each."""

    headings: tuple[IntArray, IntArray]
    titles: tuple[IntArray, IntArray]


def name_kinds(
    printed: Printed, passages: Alignments, share_common: npt.NDArray[np.float64], distant: BoolArray
) -> npt.NDArray[np.object_]:
    """Return what kind of words each passage is.

    ``title`` where all of them stand between 《 and 》 in both reports, as names of laws and plans do; ``heading``
    where they stand in a heading of one of the reports at least; ``set phrase`` where half of them lie in stretches
    of 6 characters that many issuers have (`least_of_many`), or where the reports are of different provinces and fewer
    than 40 characters of them are in no such stretch: nothing but the centre stands above both, and what they share is
    as a rule a text of the centre, or the genre, that the others of the collection did not happen to quote (a
    collection of fewer than 20 issuers can tell it of provinces only); else ``running text``.

    Read by a model: of 160 random passages of running text that three of 103 cities or fewer have (100 of them after
    the rule was chosen), it found 100 to be more than the genre or the centre (a programme, a list or a sentence of
    one province or city); all are of one province. Of 31 provinces no such passage is left, and of 60 of the 496 that
    16 provinces had, and of 25 random ones that the rule took out, none is more. Below 20 issuers of other levels it
    cannot say this: of 20 passages of running text that two of 14 cities alone have, it found 2 to be more, and half
    of all such passages stand in four or more of 103 cities. There running text is what is no title and no heading;
    ``background`` in `corpus.find_reuse` tells more.

    Parameters
    ----------
    printed : Printed
    passages : Alignments
    share_common : array of float
        See `share_common`.
    distant : array of bool
        Which passages are of different provinces; below 20 issuers, of two reports of provinces.
    """
    kinds = np.full(len(passages), "running text", dtype=object)
    few_own = passages.matched * (1 - share_common) < OWN_CHARS
    kinds[(share_common >= MOSTLY) | (distant & few_own)] = "set phrase"
    in_heading = np.zeros(len(passages), dtype=bool)
    in_title = np.ones(len(passages), dtype=bool)
    for starts, ends in ((passages.p_start, passages.p_end), (passages.q_start, passages.q_end)):
        in_heading |= _lie_in(printed.headings, starts, ends)
        in_title &= _lie_in(printed.titles, starts, ends)
    kinds[in_title] = "title"
    kinds[in_heading] = "heading"
    return kinds


def number_provinces(reports: Sequence[Report], issuers: IntArray) -> IntArray:
    """Return a number for the province of each report; those of which none is known have one number.

    Below 20 issuers only reports of provinces themselves have numbers of 0 or more: see
    `name_kinds`.
    """
    provinces = [report.value("province") or "" for report in reports]
    numbers = np.unique(provinces, return_inverse=True)[1] if provinces else np.zeros(0, dtype=np.int64)
    if len(distinct(issuers)) < LEAST_ISSUERS:
        numbers[[report.value("level") != "province" for report in reports]] = -1
    return numbers


def _lie_in(spans: tuple[IntArray, IntArray], starts: IntArray, ends: IntArray) -> BoolArray:
    """Tell which stretches lie in one of the spans, which are in order."""
    number = np.searchsorted(spans[0], starts, side="right")
    inside: BoolArray = np.append(0, spans[1]).take(number) >= ends
    return inside


def find_printed(reports: Sequence[Report], row: UnitRow, wanted: IntArray) -> Printed:
    """Return where the headings and titles of some reports, given by their positions, stand in their row."""
    headings, titles = [np.zeros((2, 0), np.int64)], [np.zeros((2, 0), np.int64)]
    for owner in np.unique(wanted).tolist():
        report = reports[owner]
        marked = [report.key_map.derived_span(*found.span()) for found in _TITLE.finditer(report.text)]
        headed = [report.key_span(one.label_start, one.end) for one in report.headings]
        first, last = np.searchsorted(row.owners, [owner, owner + 1]).tolist()
        for spans, found in ((headings, headed), (titles, marked)):
            places = np.array(found, dtype=np.int64).reshape(-1, 2).T
            for stretch in range(first, last):
                start, end = row.starts[stretch], row.ends[stretch]
                own = np.clip(places + start - row.origins[stretch], start, end)
                spans.append(own[:, own[0] < own[1]])
    starts, ends = np.concatenate(titles, axis=1)
    # Two titles with nothing between that is matched on are one.
    opens = np.append(True, starts[1:] > ends[:-1])[: len(starts)]
    starts, ends = starts[opens], ends[np.append(opens, True)[1:]]
    edges = np.concatenate(headings, axis=1)
    return Printed((edges[0], edges[1]), (starts, ends))
