"""The figures of notebook 03 as calls: what two reports have in common, and where."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.comparison.clustering import tabulate_directions
from corpus.analysis.comparison.report_pairs import MIN_REFERENCE, compare_reports
from corpus.analysis.comparison.sentence_edits import LEAST_SAME, align_sentences
from corpus.analysis.comparison.shared_passages import find_reuse, locate_reuse, quote_reuse, tabulate_lengths
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure, count_loaded
from corpus.publishing.figures.fitting import shorten
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.texts.aligned_sentences import draw_alignment
from corpus.publishing.figures.texts.similarity_figures import (
    draw_passage_lengths,
    draw_shared_passages,
    draw_similarity_matrix,
)
from corpus.report.reports import Reports

MARGIN_CHARS = 100
"""Most characters that are shown on either side of an aligned passage."""

LEAST_FOR_COSINE = 10
"""Reports from which the matrix of cosines is drawn: with fewer a word's weight rests on the others' silence."""

_QUOTED_EMS = 24.0
_NO_PAIR = Bilingual(
    "there is no pair of reports to compare; load two reports or more.", "没有两份可以比较的报告；请载入两份以上。"
)


def shared_passages(
    reports: Reports,
    passages: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    name: str = "shared-passages",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the pairs of reports with the longest shared passages, as two strips with bands between them.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame, optional
        As `corpus.find_reuse` returns it with ``min_chars``; made here if not given.
    min_chars : int
        Key characters in a row from which a passage counts, or twice as many across small edits.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a passage.
    """
    if len(reports) < 2:
        return NoFigure(name, _NO_PAIR)
    found = find_reuse(reports, min_chars=min_chars) if passages is None else passages
    if found.empty:
        return NoFigure(name, _tell_nothing_shared(min_chars))
    places = locate_reuse(reports, found)
    n, n_pairs = count_loaded(reports), len(reports) * (len(reports) - 1) // 2
    n_sharing = len(places[["report_a", "report_b"]].drop_duplicates())
    caption = Bilingual(
        f"Passages that two reports share, small edits inside included, where they stand in each. {n.en}; unit: "
        f"passages, {len(places):,} in {n_sharing:,} of {n_pairs:,} pairs. Each strip is the body of a report in "
        "reading order; bands join what is shared, and cross where the order differs. Punctuation, quotation marks "
        "and spaces do not count. The longest passage of each pair, edged in black, is quoted as the upper report "
        f"has it, with the number of characters that agree ({min_chars} in a row, or {2 * min_chars} in all, at "
        "least). Drawn are the pairs with the longest passages, as many as there is room for.",
        f"两份报告的共享文段（可有少量改动，不计标点、引号和空格）及其位置。{n.zh}；单位：文段，{n_pairs:,} 对中的 "
        f"{n_sharing:,} 对共有 {len(places):,} 段。横条为报告正文，按阅读顺序；连线连接共享文段，次序不同则交叉。每对"
        f"按上方报告引出最长的一段（加黑边），并注明相同字数（至少连续 {min_chars} 字，或合计 {2 * min_chars} 字）。只"
        "画文段最长的若干对，以画得下为限。",
    )
    alt = (
        "Pairs of grey strips, a strip for each report, with coloured bands from the shared passages of the upper "
        "one to those of the lower."
    )
    return cite_figure(
        draw_shared_passages(places, width_mm=width_mm),
        places,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_shared(places, n_sharing, n_pairs),
        parameters={"min_chars": min_chars},
    )


def _tell_shared(places: pd.DataFrame, n_sharing: int, n_pairs: int) -> Bilingual:
    longest = places.nlargest(1, "matched_chars").iloc[0]
    quoted = shorten("".join(longest["text_a"].split()), _QUOTED_EMS)
    a, b, chars = longest["label_a"], longest["label_b"], longest["matched_chars"]
    by_pair = places.groupby(["report_a", "report_b"], sort=False)
    counts = by_pair.agg(n=("kind", "size"), a=("label_a", "first"), b=("label_b", "first"))
    most = counts[counts["n"] == counts["n"].max()]
    pair, n_most = most.iloc[0], int(counts["n"].max())
    if len(most) == 1 and len(counts) > 1:
        most_en = f" {pair['a']} and {pair['b']} share most passages, {n_most}."
        most_zh = f"共享文段最多的是{pair['a']} 与{pair['b']}，{n_most} 段。"
    else:
        most_en = most_zh = ""
    return Bilingual(
        f"{n_sharing:,} of {n_pairs:,} pairs of reports share a passage.{most_en} The longest agrees in {chars} "
        f"characters, in {a} and {b}: 「{quoted}」",
        f"{n_pairs:,} 对报告中有 {n_sharing:,} 对共享文段。{most_zh}最长的一段有 {chars} 字相同，见于{a} 与{b}："
        f"「{quoted}」",
    )


def similarity_matrix(
    reports: Reports,
    pairs: pd.DataFrame | None = None,
    *,
    n: int = 8,
    min_chars: int = 12,
    name: str = "similarity-matrix",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw how alike all pairs of reports are: containment, cosine, the longest shared passage.

    The matrix of cosines is drawn from 10 reports on.

    Parameters
    ----------
    reports : Reports
    pairs : DataFrame, optional
        As `corpus.compare_reports` returns it with ``n``, of all pairs; made here if not given.
    n : int
        Length of the n-grams of key characters.
    min_chars : int
        As in `corpus.find_reuse`.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is no pair.
    """
    if len(reports) < 2:
        return NoFigure(name, _NO_PAIR)
    compared = compare_reports(reports, n=n) if pairs is None else pairs
    table = tabulate_directions(reports, compared, passages=find_reuse(reports, min_chars=min_chars))
    has_cosine = len(reports) >= LEAST_FOR_COSINE and bool(table["cosine_tfidf"].notna().any())
    loaded, n_pairs = count_loaded(reports), len(table) // 2
    cosine = Bilingual(
        f" Cosine: of words weighted by TF-IDF with these reports as reference ({MIN_REFERENCE} at least).",
        f"余弦：词频按 TF-IDF 加权，以这些报告为参照（至少 {MIN_REFERENCE} 份）。",
    )
    is_ordered = len(reports) >= LEAST_FOR_COSINE
    caption = Bilingual(
        f"Measures of all pairs of reports. {loaded.en}; unit: pairs, {n_pairs:,} of them. Containment: per cent of "
        f"the different {n}-grams of the row's report that stand in the column's "
        f"report.{cosine.en if has_cosine else ''} Longest shared passage: characters that agree, {min_chars} in a "
        f"row or {2 * min_chars} in all at least. Few reports: values in the cells, the highest framed; many: in the "
        "order of a dendrogram (mean resemblance). Shades compare cells of one matrix only.",
        f"报告两两比较。{loaded.zh}；单位：报告对，共 {n_pairs:,} 对。包含度：行报告的 {n} 元字串中，列报告也有的占百"
        f"分之几。{cosine.zh if has_cosine else ''}最长共享文段：两者相同的字数，至少连续 {min_chars} 字或合计 "
        f"{2 * min_chars} 字。报告少时注明数值，最大值加框；多时按聚类树（平均相似度）排序。颜色深浅只在同一矩阵内可"
        "比。",
    )
    alt = (
        "Square tables with a row and a column for each report, shaded by value: containment in both directions, the "
        "other measures symmetric. "
        f"{'A tree above gives their order.' if is_ordered else 'The cells have their values.'}"
    )
    drawn = table if has_cosine else table.assign(cosine_tfidf=np.nan)
    return cite_figure(
        draw_similarity_matrix(drawn, width_mm=width_mm),
        table if has_cosine else table.drop(columns="cosine_tfidf"),
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_alike(table, n),
        parameters={"n": n, "min_chars": min_chars},
    )


def _tell_alike(table: pd.DataFrame, n: int) -> Bilingual:
    shares = table["containment"].dropna()
    if shares.empty:
        return Bilingual("", "")
    most, median = table.nlargest(1, "containment").iloc[0], shares.median()
    a, b = most["report_label"], most["other_label"]
    n_none = int((table["longest_chars"] == 0).sum()) // 2
    return Bilingual(
        f"At most {most['containment']:.1%} of the {n}-grams of one report stand in another ({a} in {b}); the median "
        f"over all directions is {median:.1%}. {n_none:,} of {len(table) // 2:,} pairs share no passage.",
        f"一份报告的 {n} 元字串至多有 {most['containment']:.1%} 见于另一份（{a} 见于{b}）；全部方向的中位数为 "
        f"{median:.1%}。{len(table) // 2:,} 对中有 {n_none:,} 对没有共享文段。",
    )


def passage_lengths(
    reports: Reports,
    lengths: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    least_chars: int = 6,
    name: str = "passage-lengths",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the stretches that each pair shares without an edit, by length: what another threshold would find.

    Parameters
    ----------
    reports : Reports
    lengths : DataFrame, optional
        From `corpus.analysis.comparison.shared_passages.tabulate_lengths` with ``least_chars``; made here if not given.
    min_chars : int
        The threshold that is marked.
    least_chars : int
        Shorter stretches are not counted.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a stretch.
    """
    if len(reports) < 2:
        return NoFigure(name, _NO_PAIR)
    table = tabulate_lengths(reports, min_chars=least_chars) if lengths is None else lengths
    if table.empty:
        return NoFigure(name, _tell_nothing_shared(least_chars))
    n, n_pairs = count_loaded(reports), len(reports) * (len(reports) - 1) // 2
    caption = Bilingual(
        "Different stretches that two reports share without an edit, by their length in Chinese characters, letters "
        f"and digits (logarithmic scale). {n.en}; unit: different stretches. The area of a dot, and the number where "
        f"there is room for one, say how many have that length. To the right of the line: {min_chars} characters or "
        f"more. Drawn are those of the {n_pairs:,} pairs that have the longest, as many as there is room for; fewer "
        f"than {least_chars} characters were not counted.",
        f"每对报告一字不差的共享文段（不同者），按字数（只计汉字、字母和数字；对数刻度）。{n.zh}；单位：不同的文段。圆"
        f"点面积（及其中数字）为该长度的段数。竖线以右为 {min_chars} 字以上。共 {n_pairs:,} 对，只画文段最长的若干对，"
        f"以画得下为限；不足 {least_chars} 字者不计。",
    )
    alt = (
        "A row for each pair of reports, with dots by the length of the passages it shares, and a dashed line at the "
        "least length of a passage."
    )
    return cite_figure(
        draw_passage_lengths(table, threshold=min_chars, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"min_chars": min_chars, "least_chars": least_chars},
    )


def longest_passage(
    reports: Reports,
    passages: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    name: str = "longest-passage",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Set the sentences of two reports around a shared passage one above the other, character over character.

    Without ``passages`` it is the longest that two reports share without an edit. Given a single row, it is that one;
    of more rows it is the one in which most characters agree.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame, optional
        Rows of `corpus.find_reuse`.
    min_chars : int
        As in `corpus.find_reuse`.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is no such passage.
    """
    if len(reports) < 2:
        return NoFigure(name, _NO_PAIR)
    if passages is None:
        found = find_reuse(reports, min_chars=min_chars)
        found = found[found["similarity"] == 1]
    else:
        found = passages
    if found.empty:
        return NoFigure(name, _tell_nothing_shared(min_chars))
    row = found.nlargest(1, "matched_chars")
    table = align_sentences(reports, row, margin_chars=MARGIN_CHARS)
    n, shown = count_loaded(reports), quote_reuse(reports, row).iloc[0]
    a, b = reports[shown["report_a"]].label, reports[shown["report_b"]].label
    head = _head_of_aligned(a, b, is_longest=passages is None)
    caption = Bilingual(
        f"{head.en}, in the sentences that hold it (at most {MARGIN_CHARS} characters on each side). {n.en}; unit: "
        "characters. Each character stands over its counterpart; on colour: the same in both, in stretches of "
        f"{LEAST_SAME} or more. Underlined: signs that differ in width only. The numbers are the places in the files "
        "where the lines begin.",
        f"{head.zh}及其所在句子（两侧至多 {MARGIN_CHARS} 字），逐字上下对照。{n.zh}；单位：字。底色：两者相同"
        f"（{LEAST_SAME} 字以上）；下划线：仅全角半角不同的符号；数字：该行首字在文件中的位置。",
    )
    alt = (
        "Sentences of two reports set one above the other, "
        "character over character; what they share is on a blue ground."
    )
    parameters: dict[str, Any] = {"margin_chars": MARGIN_CHARS}
    return cite_figure(
        draw_alignment(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_aligned(shown, a, b),
        parameters=parameters | ({"min_chars": min_chars} if passages is None else {}),
    )


def _head_of_aligned(a: str, b: str, *, is_longest: bool) -> Bilingual:
    if is_longest:
        return Bilingual(
            f"The longest passage that two of the reports share without an edit, {a} and {b}",
            f"两份报告（{a} 与{b}）间一字不差的最长共享文段",
        )
    return Bilingual(f"A passage that {a} and {b} share", f"{a} 与{b} 的一段共享文段")


def _tell_aligned(row: pd.Series, a: str, b: str) -> Bilingual:
    chars = row["matched_chars"]
    if row["similarity"] == 1:
        return Bilingual(
            f"{a} and {b} agree in {chars} characters in a row.", f"{a} 与{b} 有连续 {chars} 字相同（不计标点）。"
        )
    return Bilingual(
        f"{a} and {b} agree in {chars} characters, with edits between them.",
        f"{a} 与{b} 有 {chars} 字相同，其间有改动。",
    )


def _tell_nothing_shared(min_chars: int) -> Bilingual:
    return Bilingual(
        f"no two of these reports share a passage of {min_chars} characters; a smaller min_chars finds shorter ones.",
        f"没有两份报告共享 {min_chars} 字以上的文段；把 min_chars 调小可找到更短的文段。",
    )
