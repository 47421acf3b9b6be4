"""The figures of the series, each drawn once for each look, for all tests that change nothing in them."""

from __future__ import annotations

from functools import cache

import pytest
from drawn import OF_A_PANEL, Drawn, use_look

import corpus
from corpus.publishing.figures.figure_to_cite import FigureToCite
from corpus.publishing.figures.look import DOUBLE_MM, Language, Look
from corpus.report.reports import Reports


@pytest.fixture(scope="session")
def drawn(bundled: Reports) -> Drawn:
    """Return a figure by name, language and width: of the five, or of a small panel whose truth is known."""
    panel = corpus.validation.simulate_panel(n_issuers=3, n_years=3, seed=1)
    simulated = corpus.load_reports(panel.texts)

    @cache
    def draw(name: str, labels: Language, width_mm: float) -> FigureToCite:
        with use_look(Look(labels, "screen", width_mm)):
            if name == "least_length":
                figure = corpus.figures.least_length(simulated, panel, seed=1)
            else:
                figure = getattr(corpus.figures, name)(simulated if name in OF_A_PANEL else bundled)
        assert isinstance(figure, FigureToCite), repr(figure)
        return figure

    return lambda name, labels="en", width_mm=DOUBLE_MM: draw(name, labels, width_mm)
