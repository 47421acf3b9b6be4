"""How a statement of Python stands to names: which it reads, sets and changes, and what decides whether it runs."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

# Methods that change what they are called on.
_CHANGING = frozenset({"add", "append", "extend", "insert", "reverse", "setdefault", "sort", "update"})


def written_pieces(node: ast.expr) -> Iterator[str]:
    """Yield the pieces of a text as they are written; a brace alone where there is something else."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield str(part.value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from written_pieces(node.left)
        yield from written_pieces(node.right)
    else:
        yield "{"


REPLACING = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.Delete)
"""Statements after which a name holds nothing of what it held before."""


class Parts(NamedTuple):
    """What `parts_of` tells of a statement."""

    head: list[ast.expr]
    targets: list[ast.expr]
    blocks: list[list[ast.stmt]]


def parts_of(statement: ast.stmt) -> Parts:
    """Return what decides over the blocks of a statement, the names that it sets for them, and the blocks."""
    if isinstance(statement, ast.If | ast.While):
        return Parts([statement.test], [], [statement.body, statement.orelse])
    if isinstance(statement, ast.For | ast.AsyncFor):
        return Parts([statement.iter], [statement.target], [statement.body, statement.orelse])
    if isinstance(statement, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in statement.items if item.optional_vars is not None]
        return Parts([item.context_expr for item in statement.items], targets, [statement.body])
    if isinstance(statement, ast.Try | ast.TryStar):
        handlers = [handler.body for handler in statement.handlers]
        return Parts([], [], [statement.body, *handlers, statement.orelse, statement.finalbody])
    return Parts([], [], [])


def set_names(statement: ast.stmt) -> list[str]:
    """Return the names that a statement is there to set."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    if isinstance(statement, ast.Assign | ast.Delete):
        return [name for target in statement.targets for name in stored_names(target)]
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return stored_names(statement.target)
    return []


def set_inside(statement: ast.stmt) -> list[str]:
    """Return the names that the expressions of a statement set by ``:=``."""
    return [
        name for node in ast.walk(statement) if isinstance(node, ast.NamedExpr) for name in stored_names(node.target)
    ]


def stored_names(node: ast.AST) -> list[str]:
    return [
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store | ast.Del)
    ]


def read_late(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that are read only when what the statement makes is called or walked through."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Lambda | ast.GeneratorExp):
            yield from loaded_names(node)


def loaded_names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))


def changed_names(statement: ast.stmt, is_harmless: Callable[[ast.expr], bool]) -> Iterator[str]:
    """Yield the names of the objects that a statement may change."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from _root(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            in_place = any(keyword.arg == "inplace" for keyword in node.keywords)
            if node.func.attr in _CHANGING or in_place:
                yield from _root(node.func)
        if isinstance(node, ast.Call) and not is_harmless(node.func):
            if isinstance(node.func, ast.Attribute):
                yield from _root(node.func)
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _root(argument)


def _root(node: ast.AST) -> Iterator[str]:
    """Yield the name that attributes, items and calls begin with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
