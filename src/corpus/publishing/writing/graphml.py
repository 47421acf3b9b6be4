"""Tables of nodes and edges as GraphML, which Gephi, yEd, igraph and networkx read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


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
    >>> print(as_graphml([{"id": "a"}], [{"source": "a", "target": "a", "n": 3}]).splitlines()[-3].strip())
    <edge source="a" target="a"><data key="edge-n">3</data></edge>
    """
    node_rows, edge_rows = list(nodes), list(edges)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<graphml xmlns="{_NAMESPACE}">']
    lines += _keys("node", node_rows, ("id",)) + _keys("edge", edge_rows, ("source", "target"))
    lines.append('  <graph edgedefault="directed">')
    lines += [f"    <node id={_quoted(row['id'])}>{_data('node', row, ('id',))}</node>" for row in node_rows]
    for row in edge_rows:
        ends = f"source={_quoted(row['source'])} target={_quoted(row['target'])}"
        lines.append(f"    <edge {ends}>{_data('edge', row, ('source', 'target'))}</edge>")
    return "\n".join([*lines, "  </graph>", "</graphml>", ""])


def _keys(kind: str, rows: Sequence[Mapping[str, Any]], own: tuple[str, ...]) -> list[str]:
    types: dict[str, str] = {}
    for row in rows:
        for name, value in row.items():
            if name not in own and _known(value):
                found = "string" if isinstance(value, str) else "long" if isinstance(value, int) else "double"
                types[name] = found if types.get(name, found) == found else "double"
    return [
        f'  <key id={_quoted(f"{kind}-{name}")} for="{kind}" attr.name={_quoted(name)} attr.type="{found}"/>'
        for name, found in types.items()
    ]


def _data(kind: str, row: Mapping[str, Any], own: tuple[str, ...]) -> str:
    return "".join(
        f"<data key={_quoted(f'{kind}-{name}')}>{escape(_written(value))}</data>"
        for name, value in row.items()
        if name not in own and _known(value)
    )


def _known(value: Any) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def _written(value: Any) -> str:
    """Return the value without the characters that XML cannot hold."""
    return "".join(
        char if char in "\t\n" or (ord(char) >= 32 and not 0xD800 <= ord(char) < 0xE000) else "�" for char in str(value)
    )


def _quoted(value: Any) -> str:
    return quoteattr(_written(value))
