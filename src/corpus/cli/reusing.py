"""The command that asks which passages reports share, which of them stand in sources, and who had them first."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from corpus.cli.asking import FINE, INCOMPLETE, answer, heads_of, load_and_name_problems, print_lines, write_csv
from corpus.errors import CorpusError
from corpus.publishing.writing.screen import count, fit, table_lines

if TYPE_CHECKING:
    import pandas as pd

    from corpus.report.reports import Reports


_MOST_TOLD = 10
_WIDEST_NAME = 28
_WIDEST_QUOTE = 100
_INDENT = "  "


def run_reuse(options: argparse.Namespace) -> int:
    import pandas as pd

    from corpus.analysis.comparison.shared_passages import find_reuse
    from corpus.report.table_columns import as_table

    if options.out is not None:
        return _write_in_parts(options)
    reports = load_and_name_problems(options.path, options)
    sources = None if options.sources is None else load_and_name_problems(options.sources, options)
    asked: dict[str, Any] = {"min_chars": options.min_chars, "sources": sources}
    if sources is None:
        shares, passages = None, find_reuse(reports, quotes=True, **asked)
        written = passages
    elif not sources:
        told = "there is no text here that reports may have drawn on; give another PATH"
        raise CorpusError(f"{options.sources}: {told}")
    else:
        shares, passages = (
            find_reuse(reports, by="report", **asked),
            find_reuse(reports, by="shared", quotes=True, **asked),
        )
        if options.csv is not None:
            taken = find_reuse(reports, quotes=True, **asked)
            taken = taken.assign(inside=-1, share_in_sources=1.0, source_id=taken["report_b"])
            written = as_table(pd.concat([passages, taken], ignore_index=True), passages.attrs["table"])
    if options.csv is not None:
        write_csv(written, options)
    if options.graph is not None:
        _write_graph(reports, sources, find_reuse(reports, by="uptake", **asked), Path(options.graph))
    pairs = sum_pairs(passages)
    answer(
        options,
        lambda: _facts(shares, pairs, passages),
        lambda: reuse_lines(options, shares, pairs, passages, reports),
    )
    return INCOMPLETE if reports.problems or (sources is not None and sources.problems) else FINE


def _write_in_parts(options: argparse.Namespace) -> int:
    from corpus.loading.archived_reports import is_archive
    from corpus.loading.processes import count_cores, keep_processes
    from corpus.scale.reuse_in_parts import cluster, find_reuse_in_parts, read_memory

    if options.path is None or not is_archive(Path(options.path)):
        raise CorpusError("--out works on an archive, which every process opens: corpus pack PATH ARCHIVE makes one")
    if options.sources or options.graph or options.csv or options.json:
        raise CorpusError("--out writes the rows that reports share; leave out --sources, --graph, --csv and --json")
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
    """Return what two reports share and no third and no source has, in running text, most of own words first."""
    alone = passages[(passages["n_reports"] <= 2) & (passages["kind"] == "running text") & (passages["inside"] < 0)]
    if "share_in_sources" in alone:
        alone = alone[alone["share_in_sources"] == 0]
    own = alone["matched_chars"] * (1 - alone["share_common"])
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
    heads = heads_of(options, passages)
    above = ["a", "b", heads.get("matched_chars", "characters"), heads.get("weight", "weighted"), "passages", "first"]
    told = [
        [
            *_names(row),
            *(f"{row[name]:,.0f}" for name in ("matched_chars", "weighted_chars", "n_passages")),
            _first(row),
        ]
        for row in pairs.head(_MOST_TOLD).to_dict("records")
    ]
    lines += ["", f"{count(len(pairs), 'pair')} of reports share a passage; by weighted characters:"]
    lines += [f"{_INDENT}{line}" for line in table_lines([above, *told])]
    if not pairs["dated_by"].astype(bool).all():
        lines.append(f"{_INDENT}first is not known where two reports have no day of one kind, and are not of two years")
    striking = choose_striking(passages)
    nobody = "no third" if shares is None else "no third and no source"
    lines += ["", f"{count(len(striking), 'passage')} of running text that two reports share and {nobody} has:"]
    for row in striking.head(_MOST_TOLD).to_dict("records"):
        lines.append(f"{_INDENT}{row['matched_chars']} characters, first: {_first(row)}")
        for side in "ab":
            place = f"{row[f'report_{side}']} {row[f'start_{side}']}:{row[f'end_{side}']}"
            quoted = fit(" ".join(row[f"text_{side}"].split()), _WIDEST_QUOTE)
            lines.append(f"{_INDENT * 2}{side} {place}  {quoted}")
    if len(striking):
        files = [_file_of(options, reports, striking.iloc[0][f"report_{side}"]) for side in "ab"]
        lines += ["", f"The first two side by side: corpus compare {files[0]} {files[1]} --html FILE"]
    attrs = passages.attrs
    counted = f"{attrs['n_reports']:,} reports of {count(attrs['n_issuers'], 'issuer')}, sources among them"
    listed = (
        "all rows" if attrs["cap"] is None else f"rows whose rarest stretch stands in {attrs['cap']} reports or fewer"
    )
    return [
        *lines,
        "",
        f"{count(len(passages), 'shared passage')} ({listed}); how common they are is counted in {counted}",
    ]


def _share_lines(shares: pd.DataFrame) -> list[str]:
    """Tell what share of each report stands in each of up to three sources, and in all of them together."""
    named = [source for source in dict.fromkeys(shares["source_id"]) if source]
    shown = named if len(named) == 1 else [*named, ""] if len(named) <= 3 else [""]
    of = shares.set_index(["report_id", "source_id"])["share"].to_dict()
    together = shares[shares["source_id"] == ""].assign(by=lambda rows: -rows["share"].fillna(0))
    rows = [["report", *(_name(source) or "all sources" for source in shown), "passages"]]
    for row in together.sort_values("by", kind="stable").to_dict("records"):
        cells = (of[row["report_id"], source] for source in shown)
        told = ("-" if math.isnan(share) else f"{share:.1%}" for share in cells)
        rows.append([_name(row["report_id"]), *told, f"{row['n_passages']:,}"])
    return [
        "Share of each report's key characters that lies in passages of a source:",
        *(f"{_INDENT}{line}" for line in table_lines(rows)),
    ]


def _names(row: Mapping[Any, Any]) -> list[str]:
    return [_name(row[f"report_{side}"]) for side in "ab"]


def _name(report_id: str) -> str:
    """Return the name of a report; without its folders, which may be those of all, where there is no room for them."""
    whole = fit(report_id, _WIDEST_NAME)
    return whole if whole == report_id else fit(report_id.rsplit("/", 1)[-1], _WIDEST_NAME)


def _first(row: Mapping[Any, Any]) -> str:
    if not row["first"]:
        return f"the same day ({row['dated_by']})" if row["dated_by"] else "not known"
    days = "" if math.isnan(row["days_apart"]) else f"{row['days_apart']:.0f} days, "
    return f"{_name(row['report_' + row['first']])} ({days}{row['dated_by']})"


def _file_of(options: argparse.Namespace, reports: Reports, report_id: str) -> str:
    from corpus.loading.archived_reports import folder_of

    path = None if options.path is None else folder_of(Path(options.path))
    return str(path / reports[report_id].source.file) if path is not None and path.is_dir() else report_id


def _facts(shares: pd.DataFrame | None, pairs: pd.DataFrame, passages: pd.DataFrame) -> dict[str, Any]:
    of_sources = {} if shares is None else {"sources": shares.to_dict("records")}
    counted = {name: passages.attrs[name] for name in ("n_reports", "n_issuers", "many_issuers", "cap")}
    told = {"collection": counted, "pairs": pairs.to_dict("records"), "passages": passages.to_dict("records")}
    return {**of_sources, **told}


def _write_graph(reports: Reports, sources: Reports | None, uptake: pd.DataFrame, path: Path) -> None:
    from corpus.publishing.writing.whole_files import write_new

    nodes: dict[str, dict[str, Any]] = {}
    for is_source, some in enumerate((reports, sources or ())):
        for report in some:
            node = {
                "id": report.report_id,
                "label": report.label,
                **{name: report.value(name) for name in ("issuer", "level", "province", "year_reviewed")},
                "is_source": int(is_source),
            }
            nodes.setdefault(report.report_id, node)
    edges = [
        {
            "source": row["other_id"],
            "target": row["report_id"],
            **{name: row[name] for name in ("taken_chars", "weighted_chars", "n_passages", "decided_by", "days_apart")},
        }
        for row in uptake.to_dict("records")
        if row["other_id"] in nodes
    ]
    write_new(path, as_graphml(nodes.values(), edges).encode("utf-8"))


_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_OWN = {"node": ("id",), "edge": ("source", "target")}


def as_graphml(nodes: Iterable[Mapping[str, Any]], edges: Iterable[Mapping[str, Any]]) -> str:
    """Return a directed graph.

    Parameters
    ----------
    nodes : iterable of mapping
        Each with ``id``; whatever else it has are its attributes.
    edges : iterable of mapping
        Each with ``source`` and ``target``, ids of nodes, and its attributes. An attribute that is missing or not a
        number where numbers are is left out.

    Examples
    --------
    >>> print(as_graphml([{"id": "a"}], [{"source": "a", "target": "a", "n": 3}]).splitlines()[-4].strip())
    <data key="edge-n">3</data>
    """
    root = Element("graphml", xmlns=_NAMESPACE)
    rows = {"node": list(nodes), "edge": list(edges)}
    for kind, own in _OWN.items():
        for name, held in _types(rows[kind], own).items():
            SubElement(root, "key", {"id": f"{kind}-{name}", "for": kind, "attr.name": name, "attr.type": held})
    graph = SubElement(root, "graph", edgedefault="directed")
    for kind, own in _OWN.items():
        for row in rows[kind]:
            element = SubElement(graph, kind, {name: _written(row[name]) for name in own})
            for name, value in _known(row, own).items():
                SubElement(element, "data", key=f"{kind}-{name}").text = _written(value)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _types(rows: Sequence[Mapping[str, Any]], own: tuple[str, ...]) -> dict[str, str]:
    types: dict[str, str] = {}
    for row in rows:
        for name, value in _known(row, own).items():
            found = "string" if isinstance(value, str) else "long" if isinstance(value, int) else "double"
            types[name] = found if types.get(name, found) == found else "double"
    return types


def _known(row: Mapping[str, Any], own: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if name not in own and value is not None and not (isinstance(value, float) and not math.isfinite(value))
    }


def _written(value: Any) -> str:
    """Return the value without the characters that XML cannot hold."""
    return "".join(
        char if char in "\t\n" or (ord(char) >= 32 and not 0xD800 <= ord(char) < 0xE000) else "�" for char in str(value)
    )
