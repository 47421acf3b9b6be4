"""Tables of nodes and edges as GraphML, which Gephi, yEd, igraph and networkx read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

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
