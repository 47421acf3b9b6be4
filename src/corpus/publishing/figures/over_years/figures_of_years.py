"""The figures of notebook 05 as calls: dated terms, laws, and the words that set a year apart."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.report_tables import tabulate_reports
from corpus.analysis.words.dated_terms import tabulate_mentions, trace_chronology
from corpus.analysis.years.terms_by_year import compare_years, tabulate_markers
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.over_years.chronology import draw_chronology, draw_laws
from corpus.publishing.figures.over_years.words_over_years import describe_panel, draw_keyness
from corpus.report.reports import Reports


def chronology(
    reports: Reports,
    traced: pd.DataFrame | None = None,
    *,
    years_before: int = 5,
    min_days_apart: int = 30,
    name: str = "chronology",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw dated terms as lines that begin on the day they came, with the reports that name them and those that do not.

    Drawn are terms whose day was checked, that came within ``years_before`` years before the first report or later, and
    that a report names.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_chronology` returns it; made here if not given.
    years_before : int
    min_days_apart : int
        Where two reports lie fewer days apart, those on a year are one column.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no report that can be placed in time names such a term.
    """
    table = trace_chronology(reports) if traced is None else traced
    dated = table[(table["checked"] == "search") & table["from_day"].notna()]
    since = table["report_day"].min() - pd.DateOffset(years=years_before) if len(table) else pd.NaT
    recent = dated[dated["from_day"] >= since] if pd.notna(since) else dated.iloc[:0]
    marks = tabulate_mentions(recent, min_days_apart=min_days_apart)
    if marks.empty:
        return NoFigure(
            name,
            Bilingual(
                "no report that can be placed in time names a term of its last years; reports need a year or a date.",
                "没有可确定时间的报告提到近年的用语；报告须有年度或日期。",
            ),
        )
    named = dated.loc[dated["n_mentions"] > 0, "term"]
    n_drawn, n_older = marks["term"].nunique(), named.nunique() - marks["term"].nunique()
    n_unchecked = table.loc[~table["term"].isin(dated["term"]) & (table["n_mentions"] > 0), "term"].nunique()
    panel = _count_panel(reports)
    caption = Bilingual(
        f"Dated terms and the reports that name them. {panel.en} Unit: terms. Drawn: {n_drawn} terms that came within "
        f"{years_before} years before the first report or later, that at least one report names, and whose day was "
        f"checked by search; left out though named: {n_older} older terms and {n_unchecked} whose day is from memory "
        "or not known. A day known to the month or year stands at its first day. Reports stand at the day they were "
        "signed, else published, else (dashed) at the end of the year they review; where they are many, or two lie "
        f"less than {min_days_apart} days apart, the reports on a year are one column at its end. Filled: names it; "
        "hollow: was there and is not named. Full titles and fixed forms only; matched without punctuation, except "
        "where a form has some.",
        f"有日期可考的用语及提到它们的报告。{panel.zh}单位：用语；不同报告之间不连线。图中 {n_drawn} 个用语均出现于首"
        f"份报告之前 {years_before} 年以内或更晚，至少有一份报告提到，起始日期经检索核对；另有 {n_older} 个较早的用语"
        f"和 {n_unchecked} 个日期未经核对的用语虽被提到而未画出。只知年月者置于该月或该年首日。报告按落款日期（其次发"
        f"布日期）定位，均不详者（虚线）置于报告年度的年末；报告较多或日期相距不足 {min_days_apart} 天时，同一年度的报"
        "告合为一列。实心：提到；空心：当时已有而未提到。只计全称和固定写法。",
    )
    alt = (
        "Rows of dated terms, oldest on top, each a line that begins on the day the term came, forming a staircase; "
        "at the day of each report a filled mark where it names the term and a hollow one where it does not."
    )
    return cite_figure(
        draw_chronology(marks, limits=describe_panel(tabulate_reports(reports)), width_mm=width_mm),
        marks,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_terms(recent, years_before),
        parameters={"years_before": years_before, "min_days_apart": min_days_apart},
    )


def _tell_terms(recent: pd.DataFrame, years_before: int) -> Bilingual:
    named = recent[recent["n_mentions"] > 0]
    holders = named.groupby("term", sort=False)["report_id"].nunique()
    n_single, most, n_most = int((holders == 1).sum()), str(holders.idxmax()), int(holders.max())
    day = named.loc[named["term"] == most, "from"].iloc[0]
    n_reports = recent["report_id"].nunique()
    n_as_wide = int((holders == n_most).sum()) - 1
    others = (
        Bilingual(f" (as are {n_as_wide} more)", f"（另有 {n_as_wide} 个相同）") if n_as_wide else Bilingual("", "")
    )
    return Bilingual(
        f"Of {len(holders)} such terms {n_single} are named by one report only. The most widely named, {most} "
        f"({day}), is named by {n_most} of {n_reports} reports{others.en}.",
        f"{len(holders)} 个用语中有 {n_single} 个只有一份报告提到。提到最多的是“{most}”（{day}），{n_reports} 份报告中"
        f"有 {n_most} 份{others.zh}。",
    )


def laws_by_year(
    reports: Reports,
    traced: pd.DataFrame | None = None,
    *,
    name: str = "laws-by-year",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw how often each report, or the reports on each year, name each law and rule of the chronology.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_chronology` returns it; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no report that can be placed in time names a law of the chronology.
    """
    table = trace_chronology(reports) if traced is None else traced
    marks = tabulate_mentions(table[table["kind"].isin(["law", "regulation"])])
    if marks.empty:
        return NoFigure(
            name,
            Bilingual(
                "no report that can be placed in time names a law of the chronology; reports need a year or a date.",
                "没有可确定时间的报告提到年表中的法律法规；报告须有年度或日期。",
            ),
        )
    panel, n_laws = _count_panel(reports), marks["term"].nunique()
    caption = Bilingual(
        f"Laws and rules by report. {panel.en} Unit: mentions. {n_laws} laws, regulations, policy documents and "
        "systems of the chronology that at least one report names, by the day from which they were in force (rules "
        "of the party and systems set up by a document: its day). Area and number: times named, in any of the forms "
        "that the chronology lists, the longest counting. Hollow: named after its end. Dot: in force and not named; "
        "acts of one province or city concern no other. first-last: first and last year under review on which a "
        "report names it. Days in brackets are from memory.",
        f"各报告提到的法律法规等。{panel.zh}单位：提到的次数。年表中至少有一份报告提到的法律、法规、政策文件和制度 "
        f"{n_laws} 项，按施行日期排列（党内法规和由文件设立的制度按文件日期）。面积和数字：提到的次数（各种写法合"
        "计）；空心：废止之后仍被提到；小点：施行中而未提到（一省一市的法规只对当地而言）；首次—末次提及年度另列；括"
        "号中的日期凭记忆，未经核对。",
    )
    alt = (
        "A matrix of laws by reports: circles grow with how often a report names a law, hollow circles stand for "
        "laws named after their repeal, small dots for laws in force that the report does not name."
    )
    return cite_figure(
        draw_laws(marks, limits=describe_panel(tabulate_reports(reports)), width_mm=width_mm),
        marks,
        name=name,
        caption=caption,
        alt=alt,
    )


def keyness(
    reports: Reports,
    markers: pd.DataFrame | None = None,
    *,
    n_above: int = 8,
    n_below: int = 3,
    name: str = "keyness",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the words that set each year apart from all others.

    Parameters
    ----------
    reports : Reports
    markers : DataFrame, optional
        From `corpus.analysis.years.terms_by_year.tabulate_markers` with ``n_above`` and ``n_below``; made here if not
        given.
    n_above, n_below : int
        At most so many words a year with signed G² above 0, and below.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there are no two years to compare.
    """
    described = tabulate_reports(reports)
    no_years = Bilingual(
        "no word sets a year apart: this needs reports on two years or more that differ in their words.",
        "没有使某一年度区别于其他年度的词：须有两个以上年度、用词不同的报告。",
    )
    if described["year_reviewed"].nunique() < 2:
        return NoFigure(name, no_years)
    table = tabulate_markers(reports, n_above=n_above, n_below=n_below) if markers is None else markers
    if table.empty:
        return NoFigure(name, no_years)
    compared = compare_years(reports)
    n_words, n_undated = compared.loc[compared["kind"] == "word", "term"].nunique(), len(compared.attrs["excluded"])
    panel, n_high, n_low = _count_panel(reports), int((table["g2"] > 0).sum()), int((table["g2"] < 0).sum())
    caption = Bilingual(
        "Words that set each year apart: signed G² of the year's reports against those of all other years. "
        f"{panel.en} Unit: words. Of {n_words:,} different words (jieba with the field lexicon; without numbers and "
        f"the list “fazhi stop words, 2026-11”) at most {n_above} a year with the highest G² above 0 and {n_below} "
        f"with the lowest below 0 are drawn: {n_high} and {n_low}. n: occurrences in the year; reports: how many of "
        f"the year's have the word. Reports left out for want of a year: {n_undated}.",
        f"各报告年度的特征词：该年度报告与其余各年度报告相比的带符号对数似然值（G²）。{panel.zh}单位：词，共 "
        f"{n_words:,} 个不同的词（jieba 加专业词表；不计数字和停用词表（法治，2026-11））。每年度至多取 G² 最高的 "
        f"{n_above} 个词和最低的 {n_below} 个词，图中分别为 {n_high} 个和 {n_low} 个；n 为当年度出现次数；reports 为当"
        f"年度有此词的报告数；无年度而未计入的报告 {n_undated} 份。",
    )
    alt = (
        "One panel for each year with horizontal bars for words: to the right the words with the highest signed G², "
        "to the left those with the lowest; dark bars are words of one issuer only."
    )
    return cite_figure(
        draw_keyness(table, limits=describe_panel(described), width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"n_above": n_above, "n_below": n_below},
    )


def _count_panel(reports: Reports) -> Bilingual:
    """Return how many reports, issuers and years there are, and how many issuers come back."""
    table = tabulate_reports(reports)
    years = table.groupby(table["issuer"].fillna(table["report_id"]))["year_reviewed"].nunique()
    n, left_out, n_years = len(table), len(reports.problems), table["year_reviewed"].nunique()
    n_returning = int((years > 1).sum())
    only_some = Bilingual(
        "; between the others a difference of years is one of issuers too", "，其余机关之间，年度的差别也是机关的差别"
    )
    ending = only_some if n_returning < len(years) else Bilingual("", "")
    return Bilingual(
        f"n = {n:,} report{'s' if n != 1 else ''} of {len(years):,} issuers on {n_years} years, files left out: "
        f"{left_out}; issuers with reports on two years or more: {n_returning:,}{ending.en}.",
        f"n = {n:,} 份报告、{len(years):,} 个发文机关、{n_years} 个报告年度，未载入文件 {left_out} 份；有两个以上年度"
        f"报告的机关 {n_returning:,} 个{ending.zh}。",
    )
