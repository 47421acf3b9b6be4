"""A research workbook that turns Chinese government reports into evidence.

The public names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "CorpusError": "corpus.errors",
    "Report": "corpus.report.reports",
    "Reports": "corpus.loading.load_reports",
    "load_reports": "corpus.loading.load_reports",
    "load_labels": "corpus.loading.reading_labels",
    "tabulate_reports": "corpus.analysis.description.report_tables",
    "tabulate_passages": "corpus.analysis.description.report_tables",
    "tabulate_words": "corpus.analysis.words.segmentation",
    "compare_reports": "corpus.analysis.comparison.report_pairs",
    "estimate_boilerplate": "corpus.analysis.comparison.intervals",
    "find_reuse": "corpus.analysis.comparison.shared_passages",
    "align_variants": "corpus.analysis.boilerplate.formulas",
    "find_formulas": "corpus.analysis.boilerplate.formulas",
    "score_boilerplate": "corpus.analysis.boilerplate.definitions",
    "share_boilerplate": "corpus.analysis.boilerplate.definitions",
    "tabulate_boilerplate": "corpus.analysis.boilerplate.definitions",
    "measure_boilerplate": "corpus.analysis.boilerplate.published_measures",
    "find_particulars": "corpus.analysis.particulars.particulars",
    "score_specificity": "corpus.analysis.particulars.specificity",
    "tabulate_specificity": "corpus.analysis.particulars.specificity",
    "trace_origins": "corpus.analysis.boilerplate.origins",
    "share_origins": "corpus.analysis.boilerplate.origins",
    "tabulate_origins": "corpus.analysis.boilerplate.origins",
    "compare_coders": "corpus.analysis.validation.coder_agreement",
    "compare_measures": "corpus.analysis.validation.coding_form",
    "compare_signals": "corpus.analysis.validation.coding_form",
    "tabulate_coding_form": "corpus.analysis.validation.coding_form",
    "compare_with_labels": "corpus.analysis.validation.coder_agreement",
    "align_years": "corpus.analysis.years.changes",
    "measure_years": "corpus.analysis.years.change_measures",
    "compare_years": "corpus.analysis.years.terms_by_year",
    "find_leftovers": "corpus.analysis.leftovers.leftovers",
    "follow_plans": "corpus.analysis.years.plans",
    "find_terms": "corpus.analysis.words.concordance",
    "trace_chronology": "corpus.analysis.words.dated_terms",
    "show_comparison": "corpus.publishing.readers.side_by_side",
    "simulate_panel": "corpus.analysis.simulation.panel",
    "PanelSetting": "corpus.analysis.simulation.planning",
    "score_reuse": "corpus.analysis.validation.passage_scores",
    "score_formulas": "corpus.analysis.validation.passage_scores",
    "score_origins": "corpus.analysis.validation.label_scores",
    "score_changes": "corpus.analysis.validation.label_scores",
    "set_look": "corpus.publishing.figures.look",
    "save_figure": "corpus.publishing.figures.saved_figure",
    "open_claims": "corpus.publishing.evidence.claims",
}

__all__ = ["__version__", *sorted(_HOMES)]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
