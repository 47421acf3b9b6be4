"""The figures of appendix A1 as calls: what the search for shared passages finds of passages that were planted."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.simulation.panel import Panel
from corpus.analysis.validation.passage_scores import ReuseScore, score_thresholds, tabulate_recall
from corpus.publishing.figures.figure_to_cite import FigureToCite, cite_figure, count_loaded
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.planted_recall import draw_recall, draw_thresholds
from corpus.report.reports import Reports

THRESHOLDS = (6, 8, 10, 12, 16, 20, 30, 40)


def planted_recall(
    panel: Panel,
    score: ReuseScore,
    *,
    harder: tuple[Panel, ReuseScore] | None = None,
    min_chars: int = 12,
    seed: int | None = None,
    name: str = "planted-recall",
    width_mm: float | None = None,
) -> FigureToCite:
    """Draw how much of planted pairs of passages was found, by what became of them and by how much they were edited.

    Parameters
    ----------
    panel : Panel
        From `corpus.validation.simulate_panel`.
    score : ReuseScore
        Of `corpus.find_reuse` on it, by `corpus.validation.score_reuse` with ``min_chars=0``.
    harder : (Panel, ReuseScore), optional
        A second panel with more edits, whose rates stand behind a dashed line.
    min_chars : int
        That of `corpus.find_reuse`.
    seed : int, optional
        That of the panel, for the caption.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.
    """
    by_kind = tabulate_recall(score.cases, ["kind", "moved"])
    cases = pd.concat([score.cases, harder[1].cases]) if harder else score.cases
    by_rate = tabulate_recall(cases[cases["kind"] != "renumbered"], ["kind", "edit_rate"])
    table = pd.concat([by_kind, by_rate])
    seeded = _tell_seed(seed)
    second = Bilingual("", "")
    if harder:
        n_more, n_pairs = len(harder[0].texts), len(harder[1].cases)
        second = Bilingual(
            f" Beyond the dashed line: a second panel of {n_more} reports ({n_pairs:,} pairs).",
            f"虚线以右：另一组 {n_more} 份报告（{n_pairs:,} 对）。",
        )
    n_cases, n_reports = len(score.cases), len(panel.texts)
    caption = Bilingual(
        f"What find_reuse (min_chars={min_chars}) found of planted pairs of passages, in characters of both sides. n "
        f"= {n_cases:,} planted pairs in a simulated panel of {n_reports} reports{seeded.en}; all were loaded. Left: "
        "by what became of the passage; filled: in place, hollow: moved. Right: by the share of Chinese characters "
        f"that were edited, moved or not; what was carried over word for word begins the lower line.{second.en} The "
        "axes do not begin at 0. No real bureau: it checks the search, and says nothing about reports.",
        f"在模拟报告中，find_reuse（min_chars={min_chars}）找到的植入文段对占其两侧字数的比例。n = {n_cases:,} 对植入"
        f"文段，{n_reports} 份模拟报告{seeded.zh}，全部载入。左：按文段的去向；实心：位置未变，空心：已移动。右：按被"
        f"改动汉字的比例，不论是否移动；逐字沿用者为下方折线的起点。{second.zh}坐标轴不从 0 起。与真实机关无关：只检验"
        "查找程序。",
    )
    alt = (
        "Left, dots in rows, one a kind of planted passage, by the share that was found. Right, two lines over the "
        "share of characters that were edited; that of single sentences falls the more steeply."
    )
    most_edited = max(panel.setting.edit_rates)
    return cite_figure(
        draw_recall(by_kind, by_rate, most_edited=most_edited, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"min_chars": min_chars} | ({} if seed is None else {"seed": seed}),
    )


def least_length(
    reports: Reports,
    panel: Panel,
    thresholds: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    seed: int | None = None,
    name: str = "least-length",
    width_mm: float | None = None,
) -> FigureToCite:
    """Draw recall and precision of the search for shared passages by the length that it asks for.

    Parameters
    ----------
    reports : Reports
        ``load_reports(panel.texts)``.
    panel : Panel
    thresholds : DataFrame, optional
        From `corpus.analysis.validation.passage_scores.score_thresholds`; made here if not given.
    min_chars : int
        The length that is marked.
    seed : int, optional
        That of the panel, for the caption.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.
    """
    table = score_thresholds(reports, panel, THRESHOLDS) if thresholds is None else thresholds
    n, seeded = count_loaded(reports), _tell_seed(seed)
    caption = Bilingual(
        f"Recall and precision of find_reuse by min_chars, on a simulated panel{seeded.en}. {n.en}; unit: characters. "
        "Precision: of all passages found, however short. Recall: of planted pairs that are the same word for word, "
        "and of pairs with one Chinese character in ten edited or more. The axis does not begin at 0.",
        f"find_reuse 的查全率与查准率随 min_chars 的变化（模拟报告{seeded.zh}）。{n.zh}；单位：字。查准率：就所有找到"
        "的文段而言，不论长短；查全率：分别就逐字相同的植入文段和改动至少一成汉字的植入文段而言。纵轴不从 0 起。",
    )
    alt = (
        "Three lines over the least length. Precision rises steeply and then stays; recall of edited passages begins "
        "to fall where precision levels off, that of passages that are the same word for word only later."
    )
    return cite_figure(
        draw_thresholds(table, marked=min_chars, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"min_chars": min_chars} | ({} if seed is None else {"seed": seed}),
    )


def _tell_seed(seed: int | None) -> Bilingual:
    return Bilingual("", "") if seed is None else Bilingual(f" (seed {seed})", f"（随机种子 {seed}）")
