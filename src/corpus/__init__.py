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
    "tabulate_reports": "corpus.analysis.report_tables",
    "tabulate_facts": "corpus.analysis.report_tables",
    "tabulate_passages": "corpus.analysis.report_tables",
    "tabulate_problems": "corpus.analysis.report_tables",
    "tabulate_words": "corpus.analysis.words.word_tables",
    "compare_reports": "corpus.analysis.comparison.report_pairs",
    "find_reuse": "corpus.analysis.comparison.shared_passages",
    "find_formulas": "corpus.analysis.boilerplate.formulas",
    "BoilerplateSetting": "corpus.analysis.boilerplate.definitions",
    "measure_boilerplate": "corpus.analysis.boilerplate.boilerplate_measures",
    "find_particulars": "corpus.analysis.particulars.specificity",
    "trace_origins": "corpus.analysis.boilerplate.origins",
    "align_years": "corpus.analysis.years.changes",
    "measure_years": "corpus.analysis.years.change_measures",
    "compare_years": "corpus.analysis.years.terms_by_year",
    "find_leftovers": "corpus.analysis.leftovers.leftovers",
    "follow_plans": "corpus.analysis.years.plans",
    "tabulate_panel": "corpus.analysis.panel_for_regression",
    "find_terms": "corpus.analysis.words.concordance",
    "trace_chronology": "corpus.analysis.words.dated_terms",
    "show": "corpus.publishing.readers.table_to_cite",
}

_SPACES = ("figures", "validation")

__all__ = ["__version__", *sorted([*_HOMES, *_SPACES])]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _SPACES:
        return import_module(f"corpus.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
