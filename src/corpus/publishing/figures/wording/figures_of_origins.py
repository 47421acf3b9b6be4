"""The figures of notebook 04 as calls: what of a report others have, where it stands, and in which words."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from corpus.analysis.boilerplate.boilerplate_measures import measure_boilerplate
from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.analysis.boilerplate.formulas import find_formulas, keep_longest, spread_formulas
from corpus.analysis.boilerplate.origins import MIN_ISSUERS, tabulate_strips, trace_origins
from corpus.analysis.boilerplate.phrase_vocabulary import choose_clouds, tabulate_vocabulary
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure, count_loaded
from corpus.publishing.figures.fitting import shorten
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.wording.formula_places import MOST_FORMULAS, draw_formulas, draw_in_place
from corpus.publishing.figures.wording.origin_strips import draw_origins
from corpus.publishing.figures.wording.word_clouds import draw_word_clouds
from corpus.report.reports import Reports

NO_OTHER = Bilingual(
    "there is no other report to have the same words; load two reports or more.",
    "没有可与之比对的其他报告；请载入两份以上。",
)
_QUOTED_EMS = 24.0


def origins(
    reports: Reports,
    traced: pd.DataFrame | None = None,
    *,
    min_issuers: int = MIN_ISSUERS,
    min_chars: int = 12,
    name: str = "origins",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw where the characters of each report come from, in reading order, with the share of each origin.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_origins` returns it with ``min_issuers`` and ``min_chars``; made here if not given.
    min_issuers, min_chars : int
        See `corpus.trace_origins`.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    runs = trace_origins(reports, min_issuers=min_issuers, min_chars=min_chars) if traced is None else traced
    table = tabulate_strips(reports, runs)
    n = count_loaded(reports)
    caption = Bilingual(
        f"Where the characters of each report come from. {n.en}; unit: characters of the bodies. One strip a report "
        "in reading order, by origin; the thin line below shows the parts. Shares are of the key characters (Han, "
        f"letters, digits) of the body and add up to 100%. What others have counts from {min_chars} characters in a "
        f"row on; a formula has {min_issuers} issuers or more. Issuers are counted once, whatever the year.",
        f"各报告文字的来源。{n.zh}；单位：正文的字。每份一条，按阅读顺序；下方细线为报告的各部分。占比以正文字数为分"
        f"母，合计 100%。与其他机关共有者自连续 {min_chars} 字起计；套话（多机关共有）为 {min_issuers} 家以上机关共"
        "有；同一机关只计一次，不论年度。",
    )
    alt = (
        "Strips, one a report in reading order, pale where no other report has the words, with bands of skeleton, "
        "formula and shared words; the shares of each stand at the right."
    )
    return cite_figure(
        draw_origins(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_origins(reports, runs, min_chars),
        parameters={"min_issuers": min_issuers, "min_chars": min_chars},
    )


def _tell_origins(reports: Reports, runs: pd.DataFrame, min_chars: int) -> Bilingual:
    sides = trace_origins(reports, by="report", runs=runs).set_index("report_id")
    others = sides["share_formula"] + sides["share_shared"]
    most = str(others.idxmax())
    label, median = reports[most].label, others.median()
    carried = sides["share_carried_over"]
    carried_en = carried_zh = ""
    if carried.max() > 0:
        keeper = reports[str(carried.idxmax())].label
        carried_en = f" Most carried over from an earlier year of its own: {keeper}, {carried.max():.1%}."
        carried_zh = f"沿用本机关往年文字最多的是{keeper}，{carried.max():.1%}。"
    return Bilingual(
        f"{label} has most in common with other issuers: {others[most]:.1%} of its characters lie in stretches of "
        f"{min_chars} or more that another issuer has, headings that the form prescribes not counted; the median "
        f"report has {median:.1%}.{carried_en}",
        f"与其他机关共有最多的是{label}：{others[most]:.1%} 的字在与其他机关共有的 {min_chars} 字以上文段中（规定标题"
        f"不计）；各报告的中位数为 {median:.1%}。{carried_zh}",
    )


def boilerplate_in_place(
    reports: Reports,
    scores: pd.DataFrame | None = None,
    *,
    setting: BoilerplateSetting | None = None,
    name: str = "boilerplate-in-place",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw where in each report the clauses stand that hold a phrase which other reports have.

    Parameters
    ----------
    reports : Reports
    scores : DataFrame, optional
        As `corpus.measure_boilerplate` returns it by passage with ``setting``; made here if not given.
    setting : BoilerplateSetting, optional
        By default 8 characters, 2 reports, clauses of the body.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    chosen = setting or BoilerplateSetting()
    table = measure_boilerplate(reports, by="passage", setting=chosen) if scores is None else scores
    table = table.assign(report_label=table["report_id"].map({report.report_id: report.label for report in reports}))
    n = count_loaded(reports)
    passages = Bilingual(*_PASSAGES[chosen.segment])
    units = Bilingual(*_UNITS[chosen.unit])
    caption = Bilingual(
        f"{passages.en.capitalize()} with {chosen.n} {units.en} in a row that {chosen.min_reports} reports or more "
        f"have, in their place. {n.en}; unit: {passages.en}. One strip a report, coloured by the number of reports "
        "that have the commonest phrase; grey, no such phrase; the thin line below shows the parts. Quoted: the "
        f"{passages.en} with most {units.en} in common, as far as there is room. Places are characters of the file.",
        f"各报告中含有 {chosen.min_reports} 份以上报告共有的 {chosen.n} 元{units.zh}串的{passages.zh}的位置。{n.zh}；"
        f"单位：{passages.zh}。每份一条，颜色为拥有其中最常见{units.zh}串的报告数，灰色为没有共有{units.zh}串；下方细"
        f"线为报告的各部分。引文为共有{units.zh}数最多的{passages.zh}，位置以文件字符计。",
    )
    alt = "Horizontal strips, mostly grey, with coloured bars where clauses are common, some of them quoted above."
    return cite_figure(
        draw_in_place(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters=asdict(chosen),
    )


_PASSAGES = {
    "sentence": ("sentences", "句子"),
    "clause": ("clauses", "分句"),
    "phrase": ("items and clauses", "并列项和分句"),
}
_UNITS = {"character": ("characters", "字"), "word": ("words", "词")}


def formulas(
    reports: Reports,
    found: pd.DataFrame | None = None,
    *,
    min_reports: int = 3,
    min_chars: int = 6,
    min_chars_of_two: int = 12,
    name: str = "formulas",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the most widespread phrases against the reports that have them.

    Phrases that ``min_reports`` have come first, then longer ones that two reports share; those that lie in a longer
    one of the same reports are left out.

    Parameters
    ----------
    reports : Reports
    found : DataFrame, optional
        As `corpus.find_formulas` returns it with ``min_reports`` and ``min_chars``; made here if not given.
    min_reports, min_chars : int
        See `corpus.find_formulas`.
    min_chars_of_two : int
        Length from which a phrase of two reports is listed too.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where reports have no such phrase.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    inventory = list_formulas(
        reports, found, min_reports=min_reports, min_chars=min_chars, min_chars_of_two=min_chars_of_two
    )
    if inventory.empty:
        return NoFigure(
            name,
            Bilingual(
                f"no phrase of {min_chars} characters stands in {min_reports} of these reports, and none of "
                f"{min_chars_of_two} in two; a smaller min_chars finds shorter ones.",
                f"没有 {min_reports} 份报告共有的 {min_chars} 字以上字串，也没有两份共有的 {min_chars_of_two} 字以上字"
                "串；把 min_chars 调小可找到更短的。",
            ),
        )
    table = spread_formulas(reports, inventory.head(MOST_FORMULAS))
    n, n_all, n_drawn = count_loaded(reports), len(inventory), min(len(inventory), MOST_FORMULAS)
    caption = Bilingual(
        f"{n_drawn:,} of {n_all:,} phrases: of {min_chars} characters or more in {min_reports} reports or more, of "
        f"{min_chars_of_two} or more in two. {n.en}; unit: phrases, by the number of reports, then by length. A disc "
        "stands where the report has the phrase, with the number of places if there are several (with many reports a "
        "tick). As printed in the first report that has it.",
        f"{n_all:,} 个字串中的 {n_drawn:,} 个：{min_reports} 份以上报告共有的 {min_chars} 字以上字串，及两份报告共有的"
        f" {min_chars_of_two} 字以上字串。{n.zh}；单位：字串，按报告数、再按长度排列。圆点表示该报告有此字串，数字为出"
        "现次数（多次者）；报告多时为短线。写法依首见的报告。",
    )
    alt = "A table of phrases and reports, with discs where a report has the phrase; few phrases are in all reports."
    return cite_figure(
        draw_formulas(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_formulas(inventory, len(reports), min_reports),
        parameters={"min_reports": min_reports, "min_chars": min_chars, "min_chars_of_two": min_chars_of_two},
    )


def list_formulas(
    reports: Reports, found: pd.DataFrame | None, *, min_reports: int, min_chars: int, min_chars_of_two: int
) -> pd.DataFrame:
    """Return the phrases that `formulas` draws from, the most widespread first."""
    common = find_formulas(reports, min_reports=min_reports, min_chars=min_chars) if found is None else found
    parts = [common]
    if min_reports > 2:
        of_two = find_formulas(reports, min_reports=2, min_chars=min_chars_of_two)
        parts.append(of_two[of_two["n_reports"] == 2])
    return keep_longest(pd.concat(parts, ignore_index=True))


def _tell_formulas(inventory: pd.DataFrame, n_reports: int, min_reports: int) -> Bilingual:
    widest = inventory.nlargest(1, "n_reports").iloc[0]
    longest = inventory.nlargest(1, "length_chars").iloc[0]
    wide, long = (shorten(str(row["template"]), _QUOTED_EMS) for row in (widest, longest))
    n_common = int((inventory["n_reports"] >= min_reports).sum())
    common = Bilingual(
        f"{n_common:,} phrase{'s stand' if n_common != 1 else ' stands'} in {min_reports} reports or more.",
        f"{min_reports} 份以上报告共有的字串 {n_common:,} 个。",
    )
    return Bilingual(
        f"{common.en} The most widespread, {wide}, stands in {widest['n_reports']:,} of {n_reports:,} reports; the "
        f"longest phrase in the list has {longest['length_chars']} characters, in {longest['n_reports']:,}: {long}.",
        f"{common.zh}分布最广的是“{wide}”，见于 {n_reports:,} 份中的 {widest['n_reports']:,} 份；最长的有 "
        f"{longest['length_chars']} 字，见于 {longest['n_reports']:,} 份：“{long}”。",
    )


def word_clouds(
    reports: Reports,
    vocabulary: pd.DataFrame | None = None,
    *,
    min_reports: int = 2,
    min_chars: int = 8,
    name: str = "word-clouds",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the formulaic and the particular words, the larger the more places they have.

    Parameters
    ----------
    reports : Reports
    vocabulary : DataFrame, optional
        From `corpus.analysis.boilerplate.phrase_vocabulary.tabulate_vocabulary` with ``min_reports`` and ``min_chars``;
        made here if not given.
    min_reports, min_chars : int
        A word is formulaic in phrases of so many characters that so many reports have.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report, or no such word.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    words = (
        tabulate_vocabulary(reports, min_reports=min_reports, min_chars=min_chars) if vocabulary is None else vocabulary
    )
    table = choose_clouds(words)
    if table.empty:
        return NoFigure(
            name,
            Bilingual(
                "no word of these reports is formulaic or particular; load more or longer ones.",
                "这些报告中没有套话词，也没有独有词；请载入更多或更长的报告。",
            ),
        )
    n, stop_words = count_loaded(reports), Bilingual("the stop words (fazhi, 2026-11)", "停用词表（法治，2026-11）")
    caption = Bilingual(
        f"Formulaic words (above; red-brown), sized by their places in phrases of {min_chars} characters or more that "
        f"{min_reports} reports or more have, and particular words (below; dark green), used by one report alone, "
        f"sized by their places there. {n.en}; unit: words, {len(table):,} of them; the larger, the more places. "
        f"Words by jieba with the field lexicon. Left out: {stop_words.en}, figures, single characters, the issuers' "
        "own places.",
        f"上：套话词（见于 {min_reports} 份以上报告共有的 {min_chars} 字以上字串中）；下：独有词（只见于一份报告）。字"
        f"越大，出现处越多。{n.zh}；单位：词，共 {len(table):,} 个，由 jieba 加专业词表切分。未计{stop_words.zh}、数"
        "字、单字和发文机关所在地名。",
    )
    alt = "Word clouds: formulaic words in red-brown above, and below, in dark green, words of one report alone."
    return cite_figure(
        draw_word_clouds(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"min_reports": min_reports, "min_chars": min_chars},
    )
