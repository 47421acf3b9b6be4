"""A report to read through with the origin of its words: nothing is lost, and marks stand where the tables say."""

from __future__ import annotations

import re
from html import unescape

import corpus
from corpus.publishing.readers.read_through import read_through


def test_the_whole_body_is_shown_with_facts_marked_and_what_others_have_underlined() -> None:
    reports = corpus.load_reports()
    report = reports["yiyuan-2022"]
    origins, facts = corpus.trace_origins(reports), corpus.find_particulars(reports)
    html = read_through(reports, "yiyuan-2022")._repr_html_()
    lines = re.findall(r"<p[^>]*>(.*?)</p>", html)[1:]
    shown = "".join(unescape(re.sub("<[^>]*>", "", line)) for line in lines)
    assert "".join(shown.split()) == "".join(report.quote(*report.layout.body).split())
    marked = re.findall(r"<mark[^>]*>(.*?)</mark>", "".join(lines))
    assert marked == facts.loc[facts["report_id"] == "yiyuan-2022", "quote"].tolist()
    runs = origins[(origins["report_id"] == "yiyuan-2022") & (origins["origin"] == "formula")]
    quotes = [report.quote(start, end) for start, end in zip(runs["start"], runs["end"], strict=True)]
    underlined = re.findall(r'<u title="formula"[^>]*>(.*?)</u>', "".join(lines))
    assert [words for words in quotes if "\n" not in words and words not in underlined] == []
