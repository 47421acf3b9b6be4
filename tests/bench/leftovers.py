"""How surely leftovers are found: planted into real reports, and counted where nothing was planted.

Run with ``PYTHONPATH=src python tests/bench/leftovers.py [FOLDER …]``; the bundled reports are always among those
used. Stale years take the place of the year reviewed in headings and openings; foreign places that of the report's
own place, with or without its unit. Sentences that must not be flagged are put in beside them. What is reported in a
report without a plant is printed, to be judged by reading.
"""

from __future__ import annotations

import argparse
import platform
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pandas as pd

import corpus
from corpus.analysis.leftovers.leftovers import find_leftovers
from corpus.analysis.leftovers.stale_years import year_under_review
from corpus.field.divisions import Division
from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.report.reports import Report, Reports

_KINDS = ("stale-year", "foreign-place")
_LEAD = r"(?:^[^\S\n]*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d+[.、])?[^\S\n]*|(?<=。))"


_BEFORE_OWN = "法治|平安|美丽|数字|健康|清廉|信用|幸福"
_AFTER_OWN = "高质量|发展|建设|人民|经济社会|实践|新篇章|篇章|工作的|县委|市委|区委|科技|普法|发布"


class Plant(NamedTuple):
    """A text with something put in at ``start:end``, which must be reported or must not be."""

    kind: str
    text: str
    start: int
    end: int
    must: bool


def _reload(report: Report, text: str) -> Report:
    facts = {name: report.value(name) for name in ("issuer", "province", "prefecture", "county", "adcode", "level")}
    facts = {name: value for name, value in facts.items() if value is not None}
    facts["year_reviewed"] = year_under_review(report)
    source = replace(report.source, kept_bytes=b"", landmarks=())
    return assemble_report(report.report_id, Document(source, text, ()), catalogue_facts=facts)


def _with(text: str, start: int, end: int, words: str) -> tuple[str, int, int]:
    return text[:start] + words + text[end:], start, start + len(words)


def stale_years(report: Report, year: int, chance: random.Random) -> Iterator[Plant]:
    """Yield plants of an earlier year where the report is set under the year it reviews."""
    ends = [part.start for part in report.parts if part.role == "plan"]
    body_end = min(ends, default=report.layout.body.end)
    text = report.raw
    for match in re.finditer(rf"{_LEAD}{year}年(?!底|末|[^\n。]{{0,12}}[—-])", text, re.MULTILINE):
        place = text.index(str(year), match.start())
        if report.layout.body.start < place < body_end:
            earlier = year - chance.choice((1, 1, 1, 1, 2))
            yield Plant("stale-year", *_with(text, place, place + 4, str(earlier)), True)


def foreign_places(report: Report, rows: Sequence[Division], chance: random.Random) -> Iterator[Plant]:
    """Yield plants of another place of the same level where the report names its own."""
    own = [row for row in rows if row.code == report.value("adcode") and row.valid_until is None]
    if not own:
        return
    level = [
        row for row in rows if row.level == own[0].level and row.valid_until is None and row.stem and row.code < "71"
    ]
    near = [row for row in level if row.parent_code == own[0].parent_code and row.code != own[0].code]
    start, end = report.layout.body
    bare = f"(?<={_BEFORE_OWN}){own[0].stem}|{own[0].stem}(?={_AFTER_OWN})" if own[0].stem else None
    for match in re.finditer("|".join(filter(None, (own[0].name, bare))), report.raw[start:end]):
        other = chance.choice(near if near and chance.random() < 0.6 else level)
        if other.code != own[0].code and other.stem not in report.raw:
            words = other.name if match[0] == own[0].name else other.stem
            yield Plant("foreign-place", *_with(report.raw, start + match.start(), start + match.end(), words), True)


def hard_negatives(report: Report, year: int, rows: Sequence[Division], chance: random.Random) -> Iterator[Plant]:
    """Yield sentences on next year, other years that belong, superiors, subordinates and partners."""
    code = report.value("adcode") or ""
    own = next((row for row in rows if row.code == code), None)
    sentences = [
        ("stale-year", f"{year + 1}年，我们将继续加强法治宣传教育。"),
        ("stale-year", f"认真贯彻《法治政府建设实施纲要（{year - 3}—{year + 1}年）》。"),
        ("stale-year", f"受理事项比{year - 1}年增长百分之十。"),
        ("stale-year", f"完成{year - 1}年度省级科技计划项目验收工作。"),
        ("stale-year", f"按时公开{year - 1}年度法治政府建设情况报告。"),
        ("stale-year", f"自{year - 2}年以来，已连续三年无行政诉讼败诉案件。"),
        ("stale-year", f"与{year - 1}年相比，办理时限缩短一半。"),
        ("stale-year", f"在{year - 1}年度全市考核中被评为优秀。"),
        ("stale-year", f"深入实施{year - 2}—{year}年三年行动计划。"),
        ("stale-year", f"该制度{year - 2}年制定，{year}年修订。"),
    ]
    if own is not None:
        others = [row for row in rows if row.level in ("prefecture", "county") and row.stem and not row.lies_in(own)]
        other = chance.choice([row for row in others if row.valid_until is None and row.code[:2] != own.code[:2]])
        near = [row for row in others if row.parent_code == own.parent_code and row.code != own.code]
        beside = chance.choice(near or [other])
        above = [row for row in rows if own.lies_in(row) and row.valid_until is None]
        below = [row for row in rows if row.lies_in(own) and row.valid_until is None]
        for partner in (other, beside):
            sentences += [
                ("foreign-place", f"与{partner.name}建立合作机制。"),
                ("foreign-place", f"组织干部赴{partner.name}学习考察。"),
                ("foreign-place", f"借鉴{partner.name}优化营商环境的经验做法。"),
                ("foreign-place", f"深化与{partner.stem}对口协作。"),
                ("foreign-place", f"加强同{partner.name}司法局的交流。"),
                ("foreign-place", f"{partner.name}、本地两家企业签订技术合同。"),
                ("foreign-place", f"向{partner.name}某公司作出行政处罚决定。"),
            ]
        sentences += [("foreign-place", f"在{row.name}委、{row.name}政府的坚强领导下开展工作。") for row in above]
        sentences += [("foreign-place", f"认真落实《{row.name}优化营商环境条例》。") for row in above]
        sentences += [("foreign-place", f"指导{row.name}司法局开展执法检查。") for row in below[:2]]
    start, end = report.layout.body
    places = [match.end() for match in re.finditer("。", report.raw[start:end])] or [0]
    for kind, sentence in sentences:
        place = start + chance.choice(places)
        yield Plant(kind, *_with(report.raw, place, place, sentence), False)


def _reported(report: Report, reports: Reports) -> pd.DataFrame:
    found = find_leftovers(replace(reports, items=(report,)))
    return found[found["kind"].isin(_KINDS)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--plants", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=int, default=0, help="how many misses and false alarms to print")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    collections = [corpus.load_reports(), *map(corpus.load_reports, options.folders)]
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {date.today()}")
    by_kind: dict[str, list[tuple[Report, Reports, Plant]]] = defaultdict(list)
    n_reports = 0
    unplanted: Counter[str] = Counter()
    standing: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reports in collections:
        for report in reports:
            year = year_under_review(report)
            if year is None or report.facts["year_reviewed"].value is None:
                continue
            n_reports += 1
            own = _reload(report, report.raw)
            for row in find_leftovers(replace(reports, items=(own,))).itertuples():
                unplanted[row.kind] += 1
                standing[report.report_id, report.source.sha256].add(row.quote)
                print(f"  unplanted: {row.report_id} {row.kind} {row.strength} {row.quote!r}: {row.why}")
            rows = reports.lexicon.divisions.rows
            for plants in (stale_years(report, year, chance), foreign_places(report, rows, chance)):
                for plant in plants:
                    by_kind[plant.kind].append((report, reports, plant))
            for plant in hard_negatives(report, year, rows, chance):
                by_kind[f"not {plant.kind}"].append((report, reports, plant))
    print(f"{n_reports} reports; reported where nothing was planted: {dict(unplanted)}")
    began = time.process_time()
    for kind in _KINDS:
        tally: Counter[str] = Counter()
        shown = 0
        for name in (kind, f"not {kind}"):
            pool = by_kind[name]
            for report, reports, plant in chance.sample(pool, min(options.plants // 2, len(pool))):
                found = _reported(_reload(report, plant.text), reports)
                hit = any(row.start < plant.end and row.end > plant.start for row in found.itertuples())
                known = standing[report.report_id, report.source.sha256]
                extra = [
                    row
                    for row in found.itertuples()
                    if row.quote not in known and not (row.start < plant.end and row.end > plant.start)
                ]
                tally["planted" if plant.must else "hard negatives"] += 1
                tally["found" if plant.must and hit else "missed" if plant.must else "false" if hit else "kept"] += 1
                tally["false"] += len(extra)
                if (plant.must != hit or extra) and shown < options.misses:
                    shown += 1
                    around = plant.text[max(0, plant.start - 30) : plant.start]
                    around += f"【{plant.text[plant.start : plant.end]}】{plant.text[plant.end : plant.end + 30]}"
                    verdict = "missed" if plant.must and not hit else "false"
                    print(f"  {verdict}: {report.report_id} {kind} {around!r} {[row.quote for row in extra]}")
        precision = tally["found"] / max(1, tally["found"] + tally["false"])
        recall = tally["found"] / max(1, tally["planted"])
        print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}, {dict(tally)}")
    print(f"{time.process_time() - began:.1f} s of CPU")


if __name__ == "__main__":
    sys.exit(main())
