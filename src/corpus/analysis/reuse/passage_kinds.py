"""What kind of words a shared passage is: a name, a heading, a set phrase, or running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.unit_row import BoolArray, UnitRow
from corpus.report.reports import Report

Kind = Literal["running text", "set phrase", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "set phrase", "heading", "title")
"""What a shared passage may be, see `name_kinds`."""

MOSTLY = 0.5
OWN_CHARS = 40
LEAST_ISSUERS = 20
"""See `name_kinds`."""
_TITLE = re.compile(r"《[^《》]*》")


class Printed(NamedTuple):
    """At each place of a row: the number of its heading or 0, and how many before it are in no title."""

    heading: npt.NDArray[np.int32]
    outside: npt.NDArray[np.int32]


def name_kinds(
    printed: Printed, passages: Alignments, share_common: npt.NDArray[np.float64], distant: BoolArray
) -> npt.NDArray[np.object_]:
    """Return what kind of words each passage is.

    ``title`` where all of them stand between 《 and 》 in both reports, as names of laws and plans do; ``heading``
    where they stand in a heading of one of the reports at least; ``set phrase`` where half of them lie in stretches
    of 6 characters that many issuers have (`least_of_many`), or where the reports are of different provinces and fewer
    than 40 characters of them are in no such stretch: nothing but the centre stands above both, and what they share is
    as a rule a text of the centre, or the genre, that the others of the collection did not happen to quote (a
    collection of fewer than 20 issuers cannot tell); else ``running text``.

    Read by a model: of 60 random passages of running text that three of 103 cities or fewer have, it found 40 to be
    more than the genre or the centre (a programme, a list or a sentence of one province or city); all are of one
    province. Of reports of 31 provinces no passage that three or fewer have is left as running text, and of 25 random
    ones that the last rule took out, none is more. Below 20 issuers it cannot say this: of 20 passages of running text
    that two of 14 cities alone have, it found 2 to be more, and half of all such passages stand in four or more of 103
    cities. There running text is what is no title and no heading; ``background`` in `corpus.find_reuse` tells more.

    Parameters
    ----------
    printed : Printed
    passages : Alignments
    share_common : array of float
        See `share_common`.
    distant : array of bool
        Which passages are of different provinces; none in a collection of fewer than 20 issuers.
    """
    heading, outside = printed
    kinds = np.full(len(passages), "running text", dtype=object)
    few_own = passages.matched * (1 - share_common) < OWN_CHARS
    kinds[(share_common >= MOSTLY) | (distant & few_own)] = "set phrase"
    in_heading = np.zeros(len(passages), dtype=bool)
    in_title = np.ones(len(passages), dtype=bool)
    for starts, ends in ((passages.p_start, passages.p_end), (passages.q_start, passages.q_end)):
        first = heading.take(starts)
        in_heading |= (first > 0) & (first == heading.take(ends.astype(np.int64) - 1))
        in_title &= outside.take(starts) == outside.take(ends)
    kinds[in_title] = "title"
    kinds[in_heading] = "heading"
    return kinds


def find_printed(reports: Sequence[Report], row: UnitRow) -> Printed:
    """Return where the headings and titles of reports stand in their row."""
    heading = np.zeros(len(row.units), dtype=np.int32)
    outside = np.ones(len(row.units) + 1, dtype=np.int32)
    outside[0] = 0
    n_headings = 0
    for owner in np.unique(row.owners).tolist():
        report = reports[owner]
        titles = [report.key_map.derived_span(*found.span()) for found in _TITLE.finditer(report.text)]
        headings = [report.key_span(one.label_start, one.end) for one in report.headings]
        first, last = np.searchsorted(row.owners, [owner, owner + 1]).tolist()
        for stretch in range(first, last):
            start, end = int(row.starts[stretch]), int(row.ends[stretch])
            shift = start - int(row.origins[stretch])
            for n, (one, other) in enumerate(headings):
                heading[max(one + shift, start) : max(min(other + shift, end), start)] = n_headings + n + 1
            for one, other in titles:
                outside[max(one + shift, start) + 1 : max(min(other + shift, end), start) + 1] = 0
        n_headings += len(headings)
    return Printed(heading, np.cumsum(outside, dtype=np.int32))
