"""A research workbook that turns Chinese government reports into evidence.

The public names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "CorpusError": "corpus.values",
    "Report": "corpus.report",
    "Reports": "corpus.report",
    "load_reports": "corpus.loading",
    "load_labels": "corpus.loading.labels",
    "load_chronology": "corpus.loading.chronology",
    "tabulate_reports": "corpus.analysis.tables",
    "tabulate_passages": "corpus.analysis.tables",
    "tabulate_words": "corpus.analysis.words",
    "compare_reports": "corpus.analysis.comparison",
    "compare_edits": "corpus.analysis.comparison",
    "compare_with_chance": "corpus.analysis.chance",
    "estimate_boilerplate": "corpus.analysis.estimates",
    "estimate_containment": "corpus.analysis.estimates",
    "estimate_coverage": "corpus.analysis.estimates",
    "find_reuse": "corpus.analysis.reuse",
    "quote_reuse": "corpus.analysis.reuse",
    "align_variants": "corpus.analysis.variants",
    "find_formulas": "corpus.analysis.formulas",
    "score_boilerplate": "corpus.analysis.boilerplate",
    "share_boilerplate": "corpus.analysis.boilerplate",
    "tabulate_boilerplate": "corpus.analysis.boilerplate",
    "measure_boilerplate": "corpus.analysis.published",
    "score_dispersion": "corpus.analysis.dispersion",
    "tabulate_dispersion": "corpus.analysis.dispersion",
    "find_particulars": "corpus.analysis.particulars",
    "score_specificity": "corpus.analysis.specificity",
    "tabulate_specificity": "corpus.analysis.specificity",
    "trace_origins": "corpus.analysis.origins",
    "share_origins": "corpus.analysis.origins",
    "tabulate_origins": "corpus.analysis.origins",
    "compare_coders": "corpus.analysis.agreement",
    "compare_measures": "corpus.analysis.coding",
    "compare_signals": "corpus.analysis.coding",
    "tabulate_coding_form": "corpus.analysis.coding",
    "compare_with_labels": "corpus.analysis.agreement",
    "align_years": "corpus.analysis.revisions",
    "measure_years": "corpus.analysis.modification",
    "compare_years": "corpus.analysis.years",
    "find_leftovers": "corpus.analysis.leftovers",
    "follow_plans": "corpus.analysis.plans",
    "find_terms": "corpus.analysis.concordance",
    "trace_chronology": "corpus.analysis.chronology",
    "show_comparison": "corpus.publishing.reader",
    "simulate_panel": "corpus.analysis.simulation",
    "PanelSetting": "corpus.analysis.simulation",
    "score_reuse": "corpus.analysis.validation",
    "score_formulas": "corpus.analysis.validation",
    "score_origins": "corpus.analysis.validation",
    "score_changes": "corpus.analysis.validation",
    "set_look": "corpus.publishing.look",
    "save_figure": "corpus.publishing.bundle",
    "open_claims": "corpus.publishing.claims",
}

__all__ = ["__version__", *sorted(_HOMES)]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
