"""How far the measures can be trusted: simulated panels, scores against a known truth, and coding by people.

The names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "PanelSetting": "corpus.analysis.simulation.planning",
    "compare_coders": "corpus.analysis.validation.coder_agreement",
    "compare_with_labels": "corpus.analysis.validation.coder_agreement",
    "load_labels": "corpus.loading.catalogue",
    "score_changes": "corpus.analysis.validation.label_scores",
    "score_formulas": "corpus.analysis.validation.passage_scores",
    "score_origins": "corpus.analysis.validation.label_scores",
    "score_reuse": "corpus.analysis.validation.passage_scores",
    "simulate_panel": "corpus.analysis.simulation.panel",
    "tabulate_coding_form": "corpus.analysis.validation.coder_agreement",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus.validation' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
