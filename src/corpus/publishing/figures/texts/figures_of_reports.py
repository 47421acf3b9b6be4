"""The figures of notebooks 01 and 02 as calls: what reports are made of, and what the characters of a file are."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.report_tables import tabulate_outline, tabulate_pages, tabulate_roles
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure, count_loaded
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.texts.file_to_text import draw_pages
from corpus.publishing.figures.texts.parts_of_reports import draw_outline, draw_roles
from corpus.report.reports import Reports

NO_REPORT = Bilingual("no report was loaded; load some first.", "没有载入任何报告；请先载入。")


def parts_of_reports(
    reports: Reports,
    outline: pd.DataFrame | None = None,
    *,
    name: str = "parts-of-reports",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw each report as a strip in reading order, divided by what its parts do, with its headings and numbers.

    Parameters
    ----------
    reports : Reports
    outline : DataFrame, optional
        From `corpus.analysis.report_tables.tabulate_outline`; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.
    """
    if not reports:
        return NoFigure(name, NO_REPORT)
    table = tabulate_outline(reports) if outline is None else outline
    n = count_loaded(reports)
    caption = Bilingual(
        f"Parts of the reports in reading order. {n.en}; unit: characters of the body as in report.text, without "
        "title, clutter, salutation and signature. Full colour: a heading names what the part does; pale: no heading "
        "does, the words of its first sentence do, or the headings name fields of work. Ticks above: headings, those "
        "of the first level longer; ticks below: numbers in digits, without years and labels of headings and lists. "
        "Numbers on and behind the strips: characters.",
        f"各报告的组成部分，按行文顺序排列。{n.zh}；单位：正文字符数（不含标题、网页噪声、主送机关和署名）。"
        "深色：有标题点明该部分的作用；浅色：没有这样的标题，据段首文字判断，或标题所列为工作领域。"
        "上方短线为标题（一级较长），下方短线为阿拉伯数字（年份和序号除外）。条上和条后的数字为字符数。",
    )
    alt = (
        "One horizontal strip for each report, as long as its body, divided into coloured parts by what each part "
        "does, with ticks for headings above and ticks for numbers below."
    )
    return cite_figure(draw_outline(table, width_mm=width_mm), table, name=name, caption=caption, alt=alt)


def shares_of_parts(
    reports: Reports,
    roles: pd.DataFrame | None = None,
    *,
    name: str = "shares-of-parts",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the share of each report that goes to each of the parts that the rule on supervision names.

    Parameters
    ----------
    reports : Reports
    roles : DataFrame, optional
        From `corpus.analysis.report_tables.tabulate_roles`; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.
    """
    if not reports:
        return NoFigure(name, NO_REPORT)
    table = tabulate_roles(reports) if roles is None else roles
    n = count_loaded(reports)
    caption = Bilingual(
        "Share of the body that goes to each of the first four of the five parts that the Provisions on Supervision "
        f"(督察工作规定) name. {n.en}; denominator: all characters of the report's body; preamble and closing are not "
        "shown, so the shares of a report sum to less than 1. Full colour: a heading names the part; pale: none does.",
        f"《督察工作规定》所列五项中的前四项各占正文的比例。{n.zh}；分母：该报告正文的全部字符；引言和结语未列出，"
        "故各项之和小于 1。深色：有标题；浅色：无标题。",
    )
    alt = (
        "Panels of horizontal bars, one panel a part and one bar a report, with the share of the body that goes to "
        "measures, shortcomings, the first responsible person and the plan."
    )
    return cite_figure(draw_roles(table, width_mm=width_mm), table, name=name, caption=caption, alt=alt)


def file_to_body(
    reports: Reports,
    pages: pd.DataFrame | None = None,
    *,
    name: str = "file-to-body",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw what the characters of each file are: title, clutter of the page, salutation, body, signature.

    Parameters
    ----------
    reports : Reports
    pages : DataFrame, optional
        From `corpus.analysis.report_tables.tabulate_pages`; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.
    """
    if not reports:
        return NoFigure(name, NO_REPORT)
    table = tabulate_pages(reports) if pages is None else pages
    n_files, n_left_out = len(reports), len(reports.problems)
    caption = Bilingual(
        f"What the characters of each file are, in file order. n = {n_files} file{'s' if n_files != 1 else ''}, left "
        f"out: {n_left_out}; unit: characters of the decoded file. Left: the whole file; middle and right: its "
        "beginning and its end on a larger scale. Blank: white space outside the body. The lines below the strips "
        "mark words that show a fact (issuer, year, dates); facts shown elsewhere in the body are not marked.",
        f"各文件中字符的归属，按文件顺序排列。n = {n_files} 个文件，未载入 {n_left_out} 个；单位：解码后的字符。左：整"
        "个文件；中、右：文件开头与结尾的放大图。空白处为正文以外的空白字符。条下横线标出载有事实（发文机关、报告年"
        "度、日期等）的文字，正文他处所载者不标。",
    )
    alt = (
        "One strip for each file, from its first to its last character, then its beginning and its end enlarged: "
        "title, page clutter, salutation, body, signature and date follow each other; lines mark the words that show "
        "issuer, year and dates."
    )
    return cite_figure(draw_pages(table, width_mm=width_mm), table, name=name, caption=caption, alt=alt)
