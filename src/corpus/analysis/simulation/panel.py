"""Simulated panels of reports whose truth is known character by character."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from corpus.analysis.simulation.drafting import N_SKELETON_UNITS, Common, Drafts
from corpus.analysis.simulation.planning import Copy, Formula, PanelSetting, SharedPassage, deal_formulas, deal_passages
from corpus.analysis.simulation.planted import Truth, appoint_issuers
from corpus.analysis.simulation.prose import Prose
from corpus.analysis.simulation.randomness import Stream
from corpus.analysis.simulation.truth import PanelTables
from corpus.errors import CorpusError
from corpus.report.table_columns import as_table, telling_columns

__all__ = ["Panel", "PanelSetting", "simulate_panel"]

_MOST_YEARS = 50


@telling_columns
@dataclass(frozen=True, slots=True)
class Panel:
    """Simulated reports with the truth on them. Made by `simulate_panel`.

    Every start and end counts code points of a row's ``text``, end exclusive; so it does in ``raw`` after
    ``load_reports(panel.texts)``. A passage is a sentence or a heading (without its label), a title, a signature. What
    stands between passages (line ends, indents, labels) belongs to none. Passages that were made from each other have
    the same ``unit``, through all years and issuers, and so have all occurrences of a formula.

    Attributes
    ----------
    texts : DataFrame
        One row a report, those of an issuer together. `corpus.load_reports` takes it as it is, or
        ``texts[["report_id", "text"]]`` where the facts shall be inferred from the text.

        {columns of simulate_panel.texts}

    layers : DataFrame
        One row a passage, in reading order.

        {columns of simulate_panel.layers}

    cases : DataFrame
        One row a planted pair that a search for shared passages should find. Neighbouring passages of the same kind and
        rate that were neighbours before are one pair. Formulas and skeleton are no pairs.

        {columns of simulate_panel.cases}

    changes : DataFrame
        One row a passage of the body (lead, headings, sentences) and pair of adjacent years.

        {columns of simulate_panel.changes}

    formulas : DataFrame
        One row a formula, the commonest first.

        {columns of simulate_panel.formulas}

    leftovers : DataFrame
        One row a planted leftover or look-alike.

        {columns of simulate_panel.leftovers}

    setting : PanelSetting
    seed : int
    """

    texts: pd.DataFrame = field(repr=False)
    layers: pd.DataFrame = field(repr=False)
    cases: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
    formulas: pd.DataFrame = field(repr=False)
    leftovers: pd.DataFrame = field(repr=False)
    setting: PanelSetting
    seed: int


def simulate_panel(
    n_issuers: int,
    n_years: int,
    *,
    setting: PanelSetting | None = None,
    divisions: Iterable[tuple[str, str, str]] | None = None,
    seed: int = 1,
) -> Panel:
    """Return simulated reports of some issuers over some years, with the truth on every passage.

    The reports have the form of the genre: title, salutation, four prescribed sections with sub-headings, signature and
    date; some are printed with half-width punctuation, some with indents. Their sentences are made of common words at
    random and mean nothing. What they are made for is their history: who took which passage from whom, what was carried
    over from the year before, and how it was changed on the way.

    The same arguments give the same panel on any machine, whatever the version of numpy and the order of hashes: of
    numpy's random numbers only the raw output of PCG64 is used, which is promised to stay.

    Parameters
    ----------
    n_issuers, n_years : int
        Every issuer has a report on each of the years.
    setting : PanelSetting, optional
        How the reports are composed.
    divisions : iterable of (str, str, str), optional
        Province, prefecture and county of the places that report, '' for what is not there. By default the places are
        invented, so that no simulated report can be taken for a real one; a search for foreign places knows the names
        of real ones only.
    seed : int
        0 or more.

    Returns
    -------
    Panel

    Raises
    ------
    CorpusError
        If there are no issuers or years, more than 50 years, or more issuers than places and bureaus.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(2, 3, seed=1)
    >>> len(panel.texts), panel.changes["change"].value_counts().to_dict()
    (6, {'kept': 137, 'new': 99, 'dropped': 97, 'renumbered': 54, 'reworded': 47})
    """
    if n_issuers < 1 or not 1 <= n_years <= _MOST_YEARS or seed < 0:
        raise CorpusError(
            f"simulate_panel({n_issuers}, {n_years}, seed={seed}): give one issuer or more, 1 to {_MOST_YEARS} years, "
            "and a seed of 0 or more"
        )
    setting = setting or PanelSetting()
    stream = Stream(seed, 1)
    prose = Prose(Stream(seed, 2))
    issuers = appoint_issuers(n_issuers, divisions, stream)
    formulas = deal_formulas(n_issuers, setting, prose, stream)
    passages = deal_passages((n_issuers, n_years), setting, prose, stream)
    first_unit = N_SKELETON_UNITS + len(formulas)
    common = Common(
        setting, issuers, n_years, _by_issuer(formulas, n_issuers), _by_issuer_and_year(passages, first_unit)
    )
    truth = Truth(first_unit + sum(len(passage.original.sentences) for passage in passages))
    texts: list[str] = []
    for number in range(n_issuers):
        drafts = Drafts(number, common, prose=prose, stream=stream, truth=truth)
        texts += drafts.write(number * n_years)
    for passage in passages:
        passage.lead_back(truth.lead_back)
    table = pd.DataFrame(
        [
            (
                f"s{number:05}-{year}",
                issuer.name,
                issuer.place.province,
                issuer.place.prefecture,
                issuer.place.county,
                year,
            )
            for number, issuer in enumerate(issuers, 1)
            for year in range(setting.first_year, setting.first_year + n_years)
        ],
        columns=["report_id", "issuer", "province", "prefecture", "county", "year_reviewed"],
    ).assign(text=texts)
    table = as_table(table, "simulate_panel.texts")
    tables = PanelTables(truth, table["report_id"].tolist(), table["issuer"].tolist())
    return Panel(
        texts=table,
        layers=tables.layers(setting.min_issuers),
        cases=tables.cases(),
        changes=tables.changes(),
        formulas=tables.formulas(formulas),
        leftovers=tables.leftovers(),
        setting=setting,
        seed=seed,
    )


def _by_issuer(formulas: list[Formula], n_issuers: int) -> list[list[Formula]]:
    used: list[list[Formula]] = [[] for _ in range(n_issuers)]
    for formula in formulas:
        for issuer in formula.issuers:
            used[issuer].append(formula)
    return used


def _by_issuer_and_year(passages: list[SharedPassage], unit: int) -> dict[tuple[int, int], list[tuple[Copy, int]]]:
    """Return every copy of a passage, the source among them, with the unit of its first sentence."""
    due: dict[tuple[int, int], list[tuple[Copy, int]]] = {}
    for passage in passages:
        for place, copy in passage.standing():
            due.setdefault(place, []).append((copy, unit))
        unit += len(passage.original.sentences)
    return due
