"""The command that asks which passages reports share, which of them stand in sources, and who had them first."""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import corpus
from corpus.cli.asking import FINE, Answer, complain, load_and_name_problems, print_lines, question, told_rows
from corpus.errors import CorpusError
from corpus.publishing.writing.screen import count, fit, table_lines

if TYPE_CHECKING:
    import pandas as pd

    from corpus.report.reports import Reports


_MOST_TOLD = 10
_WIDEST_NAME = 28
_MOST_NAMED = 3
_WIDEST_QUOTE = 100
_INDENT = "  "
_EARLIER = {"report": "the report", "source": "the source", "": "not known"}


def run_reuse(options: argparse.Namespace) -> int:
    return _tell_reuse(options) if options.out is None else _write_in_parts(options)


@question
def _tell_reuse(reports: Reports, options: argparse.Namespace) -> Answer:
    sources = None if options.sources is None else load_and_name_problems(options.sources, options)
    if sources is not None and not sources:
        told = "there is no text here that reports may have drawn on; give another PATH"
        raise CorpusError(f"{options.sources}: {told}")
    from corpus.analysis.reuse.passage_search import leave_out

    if sources is not None and (n_own := len(sources) - len(leave_out(sources, reports))):
        if n_own == len(sources):
            told = "these are the reports themselves; without --sources they are compared with each other"
            raise CorpusError(f"{options.sources}: {told}")
        complain(
            f"{options.sources}: {n_own:,} of {count(len(sources), 'source')} left out, which are reports themselves"
        )
    background = None if options.background is None else load_and_name_problems(options.background, options)
    shares = alone = None
    asked: dict[str, Any] = {"min_chars": options.min_chars}
    if sources is None:
        passages = written = corpus.find_reuse(reports, background=background, quotes=True, **asked)
    else:
        from corpus.analysis.comparison.shared_passages import ask_sources

        tell = ask_sources(reports, sources, background, quotes=True, **asked)
        passages, shares = tell("shared"), tell("report")
        alone = tell("alone") if len(reports) == 1 else None
        written = passages if options.csv is None else _with_sources(passages, tell("passage"))
    if options.graph is not None:
        uptake = corpus.find_reuse(reports, sources=sources, background=background, by="uptake", **asked)
        _write_graph(reports, sources, uptake, Path(options.graph))
    pairs = sum_pairs(passages)
    return Answer(
        lambda: (
            reuse_lines(options, shares, pairs, passages, reports)
            if shares is None or alone is None or sources is None
            else _one_report_lines(options, shares, alone, reports, sources)
        ),
        written,
        lambda: _facts(shares, pairs, passages),
        is_whole=not any(others.problems for others in (sources, background) if others is not None),
    )


def _with_sources(passages: pd.DataFrame, taken: pd.DataFrame) -> pd.DataFrame:
    """Return what reports share, and behind it what stands in sources, as one table."""
    import pandas as pd

    from corpus.report.table_columns import as_table

    taken = taken.assign(inside=-1, share_in_sources=1.0, source_id=taken["report_b"])
    return as_table(pd.concat([passages, taken], ignore_index=True), passages.attrs["table"])


def _write_in_parts(options: argparse.Namespace) -> int:
    from corpus.loading.archived_reports import is_archive
    from corpus.processes import count_cores, keep_processes
    from corpus.scale.reuse_in_parts import cluster, find_reuse_in_parts, read_memory

    if options.path is None or not is_archive(Path(options.path)):
        raise CorpusError("--out works on an archive, which every process opens: corpus pack PATH ARCHIVE makes one")
    if options.sources or options.background or options.graph or options.csv or options.json:
        raise CorpusError(
            "--out writes the rows that reports share; leave out --sources, --background, --graph, --csv and --json"
        )
    by_dask = options.local or options.scheduler or options.scheduler_file
    jobs = options.local or (1 if by_dask else options.jobs or count_cores())
    with (
        cluster(address=options.scheduler, file=options.scheduler_file, local=options.local)
        if by_dask
        else keep_processes(jobs)
    ) as engine:
        asked = {"memory": read_memory(options.memory), "jobs": jobs, "min_chars": options.min_chars}
        n_rows = find_reuse_in_parts(Path(options.path), Path(options.out), engine=engine, **asked)
    print_lines([f"{options.out}: {count(n_rows, 'shared passage')}, in the order of the reports"])
    return FINE


def sum_pairs(passages: pd.DataFrame) -> pd.DataFrame:
    """Return for each pair its matched characters, raw and weighted, each counted once, the most weighted first."""
    outer = passages[passages["inside"] < 0]
    weighted = outer["matched_chars"] * outer["weight"]
    sums = outer.assign(weighted_chars=weighted).groupby(["report_a", "report_b"], sort=False)
    told = sums.agg(
        matched_chars=("matched_chars", "sum"),
        weighted_chars=("weighted_chars", "sum"),
        n_passages=("matched_chars", "size"),
        first=("first", "first"),
        days_apart=("days_apart", "first"),
        dated_by=("dated_by", "first"),
    )
    return told.reset_index().sort_values("weighted_chars", ascending=False, kind="stable", ignore_index=True)


def choose_striking(passages: pd.DataFrame) -> pd.DataFrame:
    """Return what two reports share and nobody else has, in running text, most of own words less edited ones first."""
    alone = passages[(passages["n_reports"] <= 2) & (passages["kind"] == "running text") & (passages["inside"] < 0)]
    if "share_in_sources" in alone:
        alone = alone[alone["share_in_sources"] == 0]
    if "n_background" in alone:
        alone = alone[alone["n_background"] == 0]
    edited = alone["matched_chars"] * (1 / alone["similarity"] - 1)
    own = alone["matched_chars"] * (1 - alone["share_common"]) - edited
    return alone.loc[own.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def reuse_lines(
    options: argparse.Namespace,
    shares: pd.DataFrame | None,
    pairs: pd.DataFrame,
    passages: pd.DataFrame,
    reports: Reports,
) -> list[str]:
    """Tell the shares that stand in sources, the pairs that share most, and what two alone share."""
    lines = [] if shares is None else _share_lines(shares)
    most = pairs.head(_MOST_TOLD)
    told = most.assign(
        report_a=most["report_a"].map(_name),
        report_b=most["report_b"].map(_name),
        first=list(map(_first, most.to_dict("records"))),
    )
    shown = {"report_a": ("a", "{}"), "report_b": ("b", "{}"), "matched_chars": ("characters", "{:,}")}
    shown |= {"weighted_chars": ("weighted", "{:,.0f}"), "n_passages": ("passages", "{:,}"), "first": ("first", "{}")}
    lines += [
        "",
        f"{count(len(pairs), 'pair')} of reports share a passage; the fewer reports have it, the more it weighs:",
    ]
    lines += [f"{_INDENT}{line}" for line in table_lines(told_rows(options, told, shown))]
    if not pairs["dated_by"].astype(bool).all():
        lines.append(f"{_INDENT}first is not known where two reports have no day of one kind, and are not of two years")
    others = {"share_in_sources": "no source", "n_background": "no report of the background"}
    nobody = " and ".join(["no third", *(name for column, name in others.items() if column in passages)])
    lines += ["", *_striking_lines(passages, f"that two reports share and {nobody} has", options, reports)]
    return [*lines, "", _counted_line(passages, "sources" if shares is not None else "")]


def _one_report_lines(
    options: argparse.Namespace, shares: pd.DataFrame, alone: pd.DataFrame, reports: Reports, sources: Reports
) -> list[str]:
    """Tell of one report what share of it stands in which sources, and what it has with one of them alone."""
    most = shares[(shares["source_id"] != "") & (shares["n_passages"] > 0)]
    most = most.sort_values("share", ascending=False, kind="stable").head(_MOST_TOLD)
    told = most.assign(source_id=most["source_id"].map(_name), first=most["first"].map(_EARLIER))
    shown = {"source_id": ("source", "{}"), "share": ("share", "{:.1%}"), "covered_chars": ("characters", "{:,}")}
    shown |= {"n_passages": ("passages", "{:,}"), "first": ("first", "{}")}
    lines = [*_share_lines(shares), ""]
    if len(sources) > _MOST_NAMED:
        lines.append(f"The {count(len(most), 'source')} in which most of it stands:")
        lines += [*(f"{_INDENT}{line}" for line in table_lines(told_rows(options, told, shown))), ""]
    lines += _striking_lines(alone, "that it shares with one source and nobody else has", options, reports, sources)
    return [*lines, "", _counted_line(alone, "sources")]


def _striking_lines(
    passages: pd.DataFrame,
    which: str,
    options: argparse.Namespace,
    reports: Reports,
    sources: Reports | None = None,
) -> list[str]:
    """Tell the most striking passages, and how the first of them is read side by side."""
    striking = choose_striking(passages)
    lines = [f"{count(len(striking), 'passage')} of running text {which}:"]
    for row in striking.head(_MOST_TOLD).to_dict("records"):
        lines.append(f"{_INDENT}{row['matched_chars']} characters, first: {_first(row)}")
        for side in "ab":
            place = f"{row[f'report_{side}']} {row[f'start_{side}']}:{row[f'end_{side}']}"
            quoted = fit(" ".join(row[f"text_{side}"].split()), _WIDEST_QUOTE)
            lines.append(f"{_INDENT * 2}{side} {place}  {quoted}")
    if len(striking):
        first, second = striking.iloc[0][["report_a", "report_b"]]
        others = (reports, options.path) if sources is None else (sources, options.sources or options.path)
        lines += _side_by_side((first, reports, options.path), (second, *others))
    return lines


def _counted_line(passages: pd.DataFrame, among: str) -> str:
    """Tell how many passages are listed, and in what it is counted how common they are, sources among it or not."""
    cap = passages.attrs["cap"]
    listed = "all rows" if cap is None else f"rows whose rarest stretch stands in {cap} reports or fewer"
    n_reports, issuers = passages.attrs["n_reports"], count(passages.attrs["n_issuers"], "issuer")
    told_beside = f", {among} among them" if among else ""
    told_beside += ", and in the background" if "n_background" in passages else ""
    counted = f"{n_reports:,} reports of {issuers}{told_beside}"
    return f"{count(len(passages), 'shared passage')} ({listed}); how common they are is counted in {counted}"


def _share_lines(shares: pd.DataFrame) -> list[str]:
    """Tell what share of each report stands in each of up to three sources, and in all of them together."""
    named = [source for source in dict.fromkeys(shares["source_id"]) if source]
    shown = named if len(named) == 1 else [*named, ""] if len(named) <= _MOST_NAMED else [""]
    of = shares.set_index(["report_id", "source_id"])["share"].to_dict()
    together = shares[shares["source_id"] == ""].assign(by=lambda rows: -rows["share"].fillna(0))
    rows = [["report", *(_name(source) or "all sources" for source in shown), "passages"]]
    single = shares[shares["source_id"] != ""].sort_values("share", ascending=False, kind="stable")
    most = {} if named == shown[:-1] or len(named) == 1 else single.groupby("report_id")["source_id"].first().to_dict()
    rows[0] += ["most in", "share"] if most else []
    for row in together.sort_values("by", kind="stable").to_dict("records"):
        report_id = row["report_id"]
        rows.append([_name(report_id), *(_share(of[report_id, source]) for source in shown), f"{row['n_passages']:,}"])
        rows[-1] += [_name(most[report_id]), _share(of[report_id, most[report_id]])] if most else []
    later = [
        f"{_name(source)} is later than {n:,} of {len(together):,} reports: what these share with it is not from it"
        for source, n in Counter(shares.loc[shares["first"] == "report", "source_id"].tolist()).most_common()
    ]
    return [
        "Share of each report's key characters that lies in passages of a source:",
        *(f"{_INDENT}{line}" for line in [*table_lines(rows), *later[:_MOST_NAMED]]),
        *[f"{_INDENT}and {len(later) - _MOST_NAMED:,} more sources are later than some"] * (len(later) > _MOST_NAMED),
    ]


def _share(share: float) -> str:
    return "-" if math.isnan(share) else f"{share:.1%}"


def _name(report_id: str) -> str:
    """Return the name of a report; without its folders, which may be those of all, where there is no room for them."""
    whole = fit(report_id, _WIDEST_NAME)
    return whole if whole == report_id else fit(report_id.rsplit("/", 1)[-1], _WIDEST_NAME)


def _first(row: Mapping[Any, Any]) -> str:
    if not row["first"]:
        return f"the same day ({row['dated_by']})" if row["dated_by"] else "not known"
    days = "" if math.isnan(row["days_apart"]) else f"{row['days_apart']:.0f} days, "
    return f"{_name(row['report_' + row['first']])} ({days}{row['dated_by']})"


def _side_by_side(*pair: tuple[str, Reports, str | None]) -> list[str]:
    """Tell by which command two reports are read side by side: by their files, or by ids and the PATH of them."""
    from corpus.loading.archived_reports import file_of, folder_of

    named, beside = [], set()
    for report_id, held, given in pair:
        own_id = report_id.removesuffix(" (source)")
        own = held[own_id].source.file
        file = None if given is None else folder_of(Path(given)) / own
        alone = Counter(file_of(other) for other in held)[own] == 1
        is_file = file is not None and file.is_file() and alone
        named.append(quote(str(file) if is_file else own_id))
        beside |= set() if is_file or given is None else {given}
    if len(beside) > 1:
        return []
    return ["", f"The first two side by side: corpus compare {' '.join([*named, *map(quote, beside)])} --html FILE"]


def _facts(shares: pd.DataFrame | None, pairs: pd.DataFrame, passages: pd.DataFrame) -> dict[str, Any]:
    of_sources = {} if shares is None else {"sources": shares.to_dict("records")}
    counted = {name: passages.attrs[name] for name in ("n_reports", "n_issuers", "many_issuers", "cap")}
    return of_sources | {
        "collection": counted,
        "pairs": pairs.to_dict("records"),
        "passages": passages.to_dict("records"),
    }


_OF_NODES = ("label", "issuer", "level", "province", "year_reviewed", "is_source")
_OF_EDGES = ("taken_chars", "weighted_chars", "n_passages", "decided_by", "days_apart")
"""What is told of reports, and of who took up from whom."""
_GRAPHML_TYPES = {int: "long", float: "double"}
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _write_graph(reports: Reports, sources: Reports | None, uptake: pd.DataFrame, path: Path) -> None:
    from corpus.analysis.reuse.passage_search import sources_apart
    from corpus.publishing.writing.whole_files import write_new

    nodes: dict[str, dict[Any, Any]] = {}
    for is_source, some in enumerate((reports, sources_apart(reports, sources))):
        for report in some:
            facts = {name: report.value(name) for name in ("issuer", "level", "province", "year_reviewed")}
            nodes.setdefault(report.report_id, {"label": report.label, **facts, "is_source": is_source})
    edges = uptake[uptake["other_id"].isin(nodes)].to_dict("records")
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for kind, names, rows in (("node", _OF_NODES, list(nodes.values())), ("edge", _OF_EDGES, edges)):
        for name in names:
            type_ = next(
                (_GRAPHML_TYPES.get(type(row[name]), "string") for row in rows if row[name] is not None), "string"
            )
            SubElement(root, "key", {"id": f"{kind}-{name}", "for": kind, "attr.name": name, "attr.type": type_})
    graph = SubElement(root, "graph", edgedefault="directed")

    def add(kind: str, names: Sequence[str], ends: Mapping[str, str], values: Mapping[Any, Any]) -> None:
        element = SubElement(graph, kind, {name: _NOT_IN_XML.sub("�", end) for name, end in ends.items()})
        for name in names:
            if values[name] is not None and values[name] == values[name]:
                SubElement(element, "data", key=f"{kind}-{name}").text = _NOT_IN_XML.sub("�", str(values[name]))

    for report_id, values in nodes.items():
        add("node", _OF_NODES, {"id": report_id}, values)
    for row in edges:
        add("edge", _OF_EDGES, {"source": row["other_id"], "target": row["report_id"]}, row)
    indent(root)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
    write_new(path, text.encode("utf-8"))
