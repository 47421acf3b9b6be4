"""A report and a sequence of reports: what every floor of the library passes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.passages import Outline, Scope, locate_units
from corpus.report.record import Record, join_names
from corpus.report.values import (
    CATALOGUE_FACTS,
    FACTS,
    ROLES,
    UNITS,
    Passage,
    Problem,
    Role,
    Unit,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Report(Record):
    """One report, from its bytes to its facts. Made by `corpus.load_reports`.

    Attributes
    ----------
    report_id : str
        Readable name, unique among the reports loaded together.
    source : Source
        The file and how it was decoded.
    raw : str
        The decoded file. Every public ``start`` and ``end`` counts its code points, end exclusive.
    text : str
        For quoting: ``raw`` with the faithful fixes that ``changes`` lists.
    key : str
        For matching only: Han, letters and digits of ``text``; width folded, traditional characters
        written as simplified ones. Punctuation, quotes and spaces are not in it.
    text_map, key_map : OffsetMap
        From ``text`` to ``raw``, and from ``key`` to ``text``.
    changes : tuple of Change
    layout : Layout
    headings : tuple of Heading
    parts : tuple of Part
        They follow each other and cover the body.
    facts : mapping of str to Fact
        By the names in ``corpus.report.values.FACTS`` and ``CATALOGUE_FACTS``.
    warnings : tuple of Notice
    """

    def passages(self, unit: Unit = "sentence", *, role: Role | None = None, scope: Scope = "body") -> list[Passage]:
        """Return the passages of the body in reading order.

        Parameters
        ----------
        unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
            See `corpus.report.passages.split_text` for where each ends. Sections partition the body: one for each
            heading of depth 1, and what stands before the first.
        role : str, optional
            Only the passages that begin in a part with this role.
        scope : {"body", "file"}
            ``file`` takes the page clutter too.

        Raises
        ------
        CorpusError
            If the unit or the role is none of these.
        """
        if unit not in UNITS:
            raise CorpusError(f"no such unit: {unit!r}; the units are {', '.join(UNITS)}")
        if role is not None and role not in ROLES:
            raise CorpusError(f"no such role: {role!r}; the roles are {', '.join(ROLES)}")
        outline = Outline(self)
        found = []
        for first, last in locate_units(self, unit, scope=scope):
            start, end = self.text_map.source_span(first, last)
            heading = outline.heading_over(start)
            passage_role = outline.role_at(start)
            if role is None or passage_role == role:
                section = heading.text if heading else ""
                # A heading is the whole of it, its label and closing stop included.
                is_heading = heading is not None and unit != "section" and heading.start < end <= heading.end + 1
                found.append(Passage(start, end, self.text[first:last], unit, section, passage_role, is_heading))
        return found

    def __repr__(self) -> str:
        return f"<Report {self.report_id}: {self.issuer or 'issuer unknown'}, {self.year_reviewed or 'year unknown'}>"

    def _repr_html_(self) -> str:
        from corpus.report.html_view import report_page

        return report_page(self)


@dataclass(frozen=True, eq=False)
class Reports(Sequence[Report]):
    """Reports in the order of year reviewed, then report_id; a sequence that never changes.

    Attributes
    ----------
    items : tuple of Report
    problems : tuple of Problem
        What was left out, and why.
    lexicon : Lexicon
        The vocabulary that the analyses use.
    """

    items: tuple[Report, ...]
    problems: tuple[Problem, ...] = ()
    lexicon: Lexicon = field(default_factory=Lexicon)
    # What `corpus.report.table_columns` keeps; a selection of the reports begins with nothing.
    kept_tables: dict[Any, pd.DataFrame] = field(default_factory=dict, init=False)

    def __add__(self, others: Reports) -> Reports:
        """Return both, in the order of year reviewed, then report_id, with the problems and the lexicon of both.

        A report that is in both counts once; one whose bytes are in the first under another name, or that is a copy in
        another format, is left out, and named among the problems, as where both lie in one folder.

        Raises
        ------
        CorpusError
            If two different reports have the same report_id.

        Examples
        --------
        >>> import corpus
        >>> reports = corpus.load_reports()
        >>> reports[:2] + reports[1:3]
        <Reports: 3 (zaozhuang-2019, longgang-2020, qinan-2020)>
        """
        if not isinstance(others, Reports):
            return NotImplemented
        held = {report.report_id: report for report in self.items}
        names = {report.sha256: report.report_id for report in self.items}
        left_out = []
        for report in others.items:
            report_id, sha256, file = report.report_id, report.sha256, report.source.file
            if held.get(names.get(sha256, ""), report).report_id != report_id:
                message = f"the same bytes as {names[sha256]}, which is counted once"
                left_out.append(Problem(file, "", "duplicate", message, "remove one of the two"))
            elif held.setdefault(report_id, report).sha256 != sha256:
                raise CorpusError(
                    f"{report_id!r} is the name of two different reports, {held[report_id].source.file} and {file}; "
                    "give one of them another report_id"
                )
        items, copies = count_copies_once(held.values())
        left_out += copies
        return Reports(
            in_order(items),
            tuple(dict.fromkeys((*self.problems, *others.problems, *left_out))),
            self.lexicon if self.items else others.lexicon,
        )

    @overload
    def __getitem__(self, index: int | str) -> Report: ...
    @overload
    def __getitem__(self, index: slice) -> Reports: ...
    def __getitem__(self, index: int | str | slice) -> Report | Reports:
        """Return the report at a position or with a report_id, or the reports of a slice."""
        if isinstance(index, slice):
            return replace(self, items=self.items[index])
        if isinstance(index, int):
            return self.items[index]
        if index in self._places:
            return self.items[self._places[index]]
        near = [report_id for report_id in self._places if index in report_id]
        known = ", ".join((near or list(self._places))[:_MOST_NAMED])
        told = "these are called much like it" if near else "loaded are"
        raise CorpusError(f"no report is called {index!r}; {told}: {known or 'none'}")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {report.report_id: place for place, report in enumerate(self.items)}

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Report]:
        return iter(self.items)

    def select(self, **criteria: Any) -> Reports:
        """Return the reports whose facts have these values.

        Parameters
        ----------
        **criteria
            Name of a fact (or ``report_id``, ``place``) and the value it must have, a collection of values, or a
            function that takes the value and returns a truth value.

        Raises
        ------
        CorpusError
            If a name is not that of a fact.

        Examples
        --------
        >>> import corpus
        >>> [report.report_id for report in corpus.load_reports().select(level="county", year_reviewed=2020)]
        ['longgang-2020', 'qinan-2020']
        """
        for name in criteria:
            if name not in (*FACTS, *CATALOGUE_FACTS, "report_id", "place"):
                hint = "; role is an argument of the analyses" if name == "role" else ""
                raise CorpusError(f"reports cannot be selected by {name!r}{hint}")
        chosen = (
            report
            for report in self.items
            if all(_meets(_fact_or_name(report, name), wanted) for name, wanted in criteria.items())
        )
        return replace(self, items=tuple(chosen))

    def join_renamed(self) -> Reports:
        """Return the reports with each organ that was renamed under its latest name.

        Joined are offices that a reform renamed (法制办公室, 司法局), and those of a county that became a district,
        where reports under both names are at hand and those under the old one are the earlier;
        ``lexicon.renamed_organs`` and ``lexicon.divisions`` say what became what. Where several organs became one,
        each stays alone. The printed name remains the evidence of the fact, and a warning of the code ``renamed`` says
        it.

        Examples
        --------
        >>> import corpus
        >>> corpus.load_reports().join_renamed()[0].issuer
        '枣庄市科学技术局'
        """
        joined = join_names(self.items, self.lexicon.renamed_organs, self.lexicon.divisions)
        items = []
        for report in self.items:
            if report.report_id in joined:
                facts, notice = joined[report.report_id]
                report = report.revise(facts=MappingProxyType(facts), warnings=(*report.warnings, notice))
            items.append(report)
        return replace(self, items=tuple(items))

    def __repr__(self) -> str:
        names = ", ".join(report.report_id for report in self.items[:8])
        more = ", …" if len(self) > 8 else ""
        left_out = f"; {len(self.problems)} left out" if self.problems else ""
        return f"<Reports: {len(self)} ({names}{more}){left_out}>"

    def _repr_html_(self) -> str:
        from corpus.report.html_view import reports_table

        return reports_table(self.items, self.problems)


_MOST_NAMED = 12
_PLAINEST_FIRST = ("plain text", "html", "docx", "pdf")
_OF_VERSIONS = ("title", "signed", "document_number")


def count_copies_once(reports: Iterable[Report]) -> tuple[list[Report], list[Problem]]:
    """Return reports without copies in another format or with other page furniture, and each copy as a problem.

    Copies are of one issuer and one year, and every letter, digit and Han character of their texts is the same, or, in
    files of two formats, of their bodies; where titles, days of signature or document numbers differ, they are
    versions, and both stay. Of copies the one stays that a catalogue or a table tells of, then that in
    the plainest format: text, web page, Word file, PDF; then the first.
    """
    held = list(reports)
    groups: dict[Any, list[Report]] = {}
    for report in held:
        year = report.facts["year_reviewed"]
        groups.setdefault((report.issuer and report.issuer_key, year.value, year.readings), []).append(report)
    left_out: dict[str, Problem] = {}
    for group in groups.values():
        by_key: dict[str, list[Report]] = {}
        by_format: dict[int, list[Report]] = {}
        for report in sorted(group, key=_rank) if len(group) > 1 else ():
            own = _format(report)
            near = list(by_key.get(report.key, ()))
            if report.issuer is not None:
                near += (other for kind, some in by_format.items() if kind != own for other in some)
            first = next((other for other in near if _are_copies(report, other)), None)
            if first is None:
                by_key.setdefault(report.key, []).append(report)
                by_format.setdefault(own, []).append(report)
            else:
                message = f"the same report as {first.source.file}, which is counted once"
                remedy = "remove one of the two, or give each its issuer and year in catalogue.csv if they are two"
                left_out[report.report_id] = Problem(report.source.file, "", "same-report", message, remedy)
    copies = [left_out[report.report_id] for report in held if report.report_id in left_out]
    return [report for report in held if report.report_id not in left_out], copies


def _rank(report: Report) -> tuple[bool, int]:
    return all(fact.basis != "catalogue" for fact in report.facts.values()), _format(report)


def _format(report: Report) -> int:
    kinds = (report.source.reader, report.source.file.rsplit(".", 1)[-1].lower())
    return next((place for place, name in enumerate(_PLAINEST_FIRST) if name in kinds), 1)


def _are_copies(one: Report, other: Report) -> bool:
    if one.key != other.key:
        first, second = (report.key[slice(*report.key_span(*report.layout.body))] for report in (one, other))
        if first != second:
            return False
    said = ((one.value(name), other.value(name)) for name in _OF_VERSIONS)
    keys = [["".join(filter(str.isalnum, str(value))) for value in pair] for pair in said if None not in pair]
    return all(first == second for first, second in keys)


def in_order(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return reports by year reviewed, those of an unknown year last, then by report_id."""
    return tuple(sorted(reports, key=lambda report: (report.year_reviewed or 9999, report.report_id)))


def _fact_or_name(report: Report, name: str) -> Any:
    return getattr(report, name) if name in ("report_id", "place") else report.value(name)


def _meets(value: Any, wanted: Any | Callable[[Any], bool] | Collection[Any]) -> bool:
    if callable(wanted):
        return bool(wanted(value))
    if isinstance(wanted, Collection) and not isinstance(wanted, str):
        return value in wanted
    return bool(value == wanted)
