"""How well an analysis finds what was planted in a simulated panel."""

from corpus.analysis.validation.labels import LabelScore, score_changes, score_origins
from corpus.analysis.validation.pairs import ReuseScore, score_formulas, score_reuse

__all__ = ["LabelScore", "ReuseScore", "score_changes", "score_formulas", "score_origins", "score_reuse"]
