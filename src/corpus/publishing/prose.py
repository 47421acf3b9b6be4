"""Where people read words of ours: the prose of a notebook's cells, its captions, descriptions and heads of columns."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NAMED = ("caption", "alt")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a cell that is shown to readers, as written; ``{}`` stands where a program fills something in.

    ``first`` and ``last`` are the lines of the cell, from 1, between which it stands; ``source`` is the cell's.
    """

    text: str
    first: int
    last: int
    source: str

    def line_of(self, start: int, found: str) -> int:
        """Return the line of the cell on which what stands at a place of the text is written."""
        if self.text == self.source:
            return 1 + self.text.count("\n", 0, start)
        before = self.text[max(0, start - 12) : start].rpartition("\n")[2]
        lines = self.source.split("\n")
        for words in (before + found, before[-4:] + found, found):
            for number in range(self.first, self.last + 1):
                if words in lines[number - 1]:
                    return number
        return self.first


def shown_texts(cell: Mapping[str, Any], heads: frozenset[str]) -> Iterator[Piece]:
    """Yield what a cell shows: all of Markdown; of code what is said, captions, descriptions and heads of columns.

    Parameters
    ----------
    cell : mapping
        Of a notebook of format 4.
    heads : frozenset of str
        See `heads_named`.
    """
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield Piece(source, 1, source.count("\n") + 1, source)
    elif cell["cell_type"] == "code":
        for node in _literals(_parsed(source), heads):
            if node.end_lineno is not None:
                yield Piece(_written(node), node.lineno, node.end_lineno, source)


def heads_named(cells: list[dict[str, Any]]) -> frozenset[str]:
    """Return the names that a notebook gives to heads of columns: those that `show_table` is called with."""
    trees = (_parsed("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")
    calls = (call for tree in trees for call in _calls(tree, "show_table"))
    nodes = (node for call in calls for argument in call.args[1:] for node in ast.walk(argument))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic of Jupyter, or a cell that does not run: running it tells
        return ast.Module([], [])


def _literals(tree: ast.Module, heads: frozenset[str]) -> Iterator[ast.expr]:
    """Yield the strings of code that readers see, in the order of the code, each once."""
    found = {id(text): text for node in ast.walk(tree) for text in _shown(node, heads)}
    yield from sorted(found.values(), key=lambda node: (node.lineno, node.col_offset))


def _shown(node: ast.AST, heads: frozenset[str]) -> Iterator[ast.expr]:
    candidates: list[ast.expr] = []
    if isinstance(node, ast.Call) and _called(node) == "say":
        candidates = node.args[:1]
    elif isinstance(node, ast.Call) and _called(node) == "save_figure":
        candidates = [keyword.value for keyword in node.keywords if keyword.arg in _NAMED]
    elif isinstance(node, ast.Call) and _called(node) == "show_table":
        candidates = [value for argument in node.args[1:] for value in _values(argument)]
    elif isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        candidates = [node.value] if names & set(_NAMED) else _values(node.value) if names & heads else []
    for candidate in candidates:
        parts = ast.walk(candidate) if isinstance(candidate, ast.BinOp) else [candidate]
        yield from (part for part in parts if isinstance(part, ast.expr) and _is_text(part))


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == name)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _values(tree: ast.AST) -> list[ast.expr]:
    return [value for node in ast.walk(tree) if isinstance(node, ast.Dict) for value in node.values]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return str(getattr(node, "value", ""))
