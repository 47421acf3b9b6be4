"""On which reports a figure or a number rests: the flow of what was loaded through the cells that have run.

Each statement of a cell reads names and sets others. What `corpus.load_reports` loads in a statement flows into the
names that it sets, and on with every statement that reads them. A figure rests on what flows into the call that saves
it. ``reports["yiyuan-2022"]`` takes one report of a collection; everything else takes the collection as a whole, with
which reports are in it. What can flow is counted, whether or not it changes a value: nothing that a figure rests on is
missed.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, NamedTuple, Protocol

from corpus.loading.record import Loaded, Place, recall
from corpus.publishing.writing.statements import (
    REPLACING,
    changed_names,
    loaded_names,
    parts_of,
    read_late,
    set_inside,
    set_names,
    stored_names,
    written_pieces,
)
from corpus.report.reports import Reports

WHOLE = "*"
"""Stands for all reports of a collection, and for which there are."""


class Input(NamedTuple):
    """Something that a result rests on: a report of a collection, or `WHOLE`."""

    places: tuple[Place, ...]
    origin: str
    report_id: str


Inputs = frozenset[Input]
_NOTHING: Inputs = frozenset()

# Functions and methods of these give a result and leave their arguments as they are, but for what `statements` names.
_HARMLESS = frozenset({"builtins", "collections", "corpus", "itertools", "IPython", "numpy", "pandas"})

# But these are there to change an argument.
_FILLING = frozenset({"setattr", "delattr", "copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis"})
_UNCHANGING = (ModuleType, Reports, str, int, float)

# Behind these stands code that is not read here, as that of a cell with a magic.
_HIDING = frozenset({"get_ipython", "eval", "exec", "globals", "locals", "vars"})


class Register(Protocol):
    """What a register of claims tells of the values in it."""

    def inputs_of(self, name: str) -> Inputs | None:
        """Return what a claim rests on, None where there is none of that name."""

    def slots_of(self, text: str) -> Sequence[str]:
        """Return the names of the claims that a text has slots for."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A collection that a result rests on.

    Attributes
    ----------
    loaded : Loaded
    report_ids : frozenset of str or None
        The reports that it rests on; None for all, and for which there are.
    """

    loaded: Loaded
    report_ids: frozenset[str] | None


def inputs_here() -> Inputs:
    """Return what the statement of the reader's program rests on that is running now.

    Outside of a notebook, where the statements that ran before are not known, that is all that was loaded.
    """
    shell = _shell()
    place = None if shell is None else _place_in(shell.user_global_ns)
    if shell is None or place is None:
        return _everything()
    cell = "".join(linecache.getlines(place[0])).rstrip("\n")
    history: list[str] = shell.user_ns.get("In", [])
    # The list holds the cell that runs as its last entry, and begins with an empty one.
    before = [source for source in history[1:-1] if source]
    flow = _flow_after(before, shell.user_ns)
    return flow.at(cell, place[1])


def resolve(inputs: Inputs) -> tuple[Resting, ...]:
    """Return the collections behind inputs, each once, in the order in which they were loaded."""
    found = []
    for loaded in recall():
        ids = {each.report_id for each in inputs if (each.places, each.origin) == (loaded.places, loaded.origin)}
        if ids:
            found.append(Resting(loaded, None if WHOLE in ids else frozenset(ids)))
    return tuple(found)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def _place_in(namespace: Mapping[str, Any]) -> Place | None:
    """Return the line that runs in the reader's own namespace, the outermost where they are nested."""
    frame, place = sys._getframe(1), None
    while frame is not None:
        if frame.f_globals is namespace:
            place = (frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back  # type: ignore[assignment]
    return place


def _everything() -> Inputs:
    return frozenset(Input(loaded.places, loaded.origin, WHOLE) for loaded in recall())


_flows: list[Flow] = []


def _flow_after(cells: Sequence[str], namespace: Mapping[str, Any]) -> Flow:
    """Return the flow through these cells, going on from where the last call came to."""
    known = _flows[0] if _flows else None
    if known is None or known.namespace is not namespace or known.cells != list(cells[: len(known.cells)]):
        known = Flow(namespace)
        _flows[:] = [known]
    for cell in cells[len(known.cells) :]:
        known.run(cell)
    return known


@dataclass(slots=True)
class Flow:
    """What the names of a notebook rest on after some of its cells.

    Attributes
    ----------
    namespace : mapping
        The names with their values, as they are now.
    cells : list of str
        The sources of the cells, in the order in which they ran.
    names : dict of str to frozenset of Input
    reads : dict of str to frozenset of str
        The names that the body of a function of the notebook reads when it is called.
    """

    namespace: Mapping[str, Any]
    cells: list[str] = field(default_factory=list)
    names: dict[str, Inputs] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)

    def run(self, cell: str) -> None:
        """Go on through one more cell."""
        _Pass(self, cell).block(_parse(cell))
        self.cells.append(cell)

    def at(self, cell: str, line: int) -> Inputs:
        """Return what the statement at a line of a cell rests on that is running and not among `cells` yet."""
        passing = _Pass(Flow(self.namespace, [], dict(self.names), dict(self.reads)), cell)
        passing.block(_parse(cell))
        around = [(last - first, -first) for first, last in passing.lines if first <= line <= last]
        if not around:
            return _everything()
        length, first = min(around)
        return passing.lines[-first, length - first]


def _parse(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:  # what only IPython understands; `_Pass.block` knows no line of it
        return []


class _Pass:
    """One way through the statements of a cell."""

    def __init__(self, flow: Flow, cell: str) -> None:
        self.flow = flow
        self.lines: dict[tuple[int, int], Inputs] = {}
        self._loads = [
            (line, Input(loaded.places, loaded.origin, WHOLE))
            for loaded in recall()
            for file, line in loaded.places
            if "".join(linecache.getlines(file)).rstrip("\n") == cell.rstrip("\n")
        ]

    def block(self, statements: Iterable[ast.stmt], *, control: Inputs = _NOTHING, is_certain: bool = True) -> None:
        """Go through statements; ``control`` decides whether they run, and where that is open nothing is forgotten."""
        for statement in statements:
            self._statement(statement, control, is_certain)

    def _statement(self, statement: ast.stmt, control: Inputs, is_certain: bool) -> None:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._definition(statement, control)
            return
        parts = parts_of(statement)
        if not parts.blocks:
            inputs = control | self._inputs(statement)
            self._note(statement, inputs)
            names = set_names(statement)
            self._set(names, inputs, is_certain=is_certain and isinstance(statement, REPLACING))
            self._set(set_inside(statement), inputs, is_certain=False)
            late = frozenset(read_late(statement))
            for name in names if late else ():
                self.flow.reads[name] = self.flow.reads.get(name, frozenset()) | late
            self._change(statement, inputs)
            return
        head: Inputs = control
        for part in parts.head:
            head |= self._inputs(part)
        for part in parts.head:
            self._note(part, head)
        for target in parts.targets:
            self._set(stored_names(target), head, is_certain=False)
        before: dict[str, Inputs] = {}
        # What runs once more reads what was set below it.
        while before != self.flow.names:
            before = dict(self.flow.names)
            for block in parts.blocks:
                self.block(block, control=head, is_certain=is_certain and isinstance(statement, ast.With))

    def _note(self, node: ast.stmt | ast.expr, inputs: Inputs) -> None:
        lines = node.lineno, node.end_lineno or node.lineno
        self.lines[lines] = self.lines.get(lines, _NOTHING) | inputs

    def _definition(self, statement: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, control: Inputs) -> None:
        inputs = control | self._inputs(statement)
        self._note(statement, inputs)
        self.flow.reads[statement.name] = frozenset(loaded_names(statement))
        self._set([statement.name], inputs, is_certain=False)
        for node in ast.walk(statement):
            if isinstance(node, ast.Global):
                self._set(node.names, inputs, is_certain=False)

    def _inputs(self, node: ast.AST) -> Inputs:
        """Return what flows into a piece of code: from the names that it reads, and from what it loads itself."""
        last = getattr(node, "end_lineno", None) or 0
        found = {each for line, each in self._loads if getattr(node, "lineno", 1) <= line <= last}
        for part in self._reading(node):
            found |= part
        return frozenset(found)

    def _reading(self, node: ast.AST) -> Iterator[Inputs]:
        special = self._one_report(node) or self._printed(node)
        if special is not None:
            yield special[0]
            for rest in special[1]:
                yield from self._reading(rest)
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and not self._is_register(node):
                yield self._of(node.id, set())
        else:
            for child in ast.iter_child_nodes(node):
                yield from self._reading(child)

    def _one_report(self, node: ast.AST) -> tuple[Inputs, list[ast.AST]] | None:
        """Return what ``reports["yiyuan-2022"]`` or ``claims["a.b"]`` takes, None for any other code."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        name = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if self._is_register(node.value):
            claimed = self.flow.namespace[node.value.id].inputs_of(name) if isinstance(name, str) else None
            return (_everything() if claimed is None else claimed), [node.slice]
        inputs = self._of(node.value.id, set())
        is_collection = isinstance(self.flow.namespace.get(node.value.id), Reports) and len(inputs) == 1
        if not is_collection or not isinstance(name, str):
            return None
        return frozenset(each._replace(report_id=name) for each in inputs if each.report_id == WHOLE), []

    def _printed(self, node: ast.AST) -> tuple[Inputs, list[ast.AST]] | None:
        """Return what ``claims.say("… {a.b} …")`` prints, with the code in it that is no text; None for other code."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return None
        if not self._is_register(node.func.value) or node.func.attr != "say":
            return None
        assert isinstance(node.func.value, ast.Name)
        register: Register = self.flow.namespace[node.func.value.id]
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        found: Inputs = _NOTHING
        for text in (text for argument in arguments for text in written_pieces(argument)):
            claimed = [register.inputs_of(name) for name in register.slots_of(text)]
            # Of a text that is put together so that a slot is, which claim it names is not known before.
            is_whole = text.count("{") == text.count("}") and None not in claimed
            found |= frozenset().union(*filter(None, claimed)) if is_whole else _everything()
        return found, list(arguments)

    def _is_register(self, node: ast.AST) -> bool:
        value = self.flow.namespace.get(node.id) if isinstance(node, ast.Name) else None
        return hasattr(value, "inputs_of") and hasattr(value, "slots_of")

    def _of(self, name: str, asked: set[str]) -> Inputs:
        """Return what a name rests on, and what a function of the notebook reads when it is called."""
        if name in asked:
            return _NOTHING
        asked.add(name)
        inputs = self.flow.names.get(name)
        if name in _HIDING:
            return _everything()
        if inputs is None:
            return _NOTHING if self._is_free(name) else _everything()
        for read in self.flow.reads.get(name, ()):
            inputs |= self._of(read, asked)
        return inputs

    def _is_free(self, name: str) -> bool:
        """Whether a name that no statement set holds nothing of a report: it is no name of the notebook at all."""
        if name not in self.flow.namespace:
            return True  # of a comprehension, a parameter, a builtin
        value = self.flow.namespace[name]
        return isinstance(value, ModuleType) or name in ("exit", "quit", "open", "display")

    def _set(self, names: Iterable[str], inputs: Inputs, *, is_certain: bool) -> None:
        for name in names:
            self.flow.names[name] = inputs if is_certain else self.flow.names.get(name, _NOTHING) | inputs
            if is_certain:
                self.flow.reads.pop(name, None)

    def _change(self, statement: ast.stmt, inputs: Inputs) -> None:
        """Let what a statement reads flow into the objects that it may change, under all of their names."""
        for name in set(changed_names(statement, self._is_harmless)):
            value = self.flow.namespace.get(name)
            if self._is_register(ast.Name(name)) or isinstance(value, _UNCHANGING) or callable(value):
                continue
            same = [other for other in self.flow.names if self.flow.namespace.get(other) is value and value is not None]
            self._set({name, *same}, inputs, is_certain=False)

    def _is_harmless(self, function: ast.expr) -> bool:
        """Whether a function is known to leave its arguments as they are."""
        root = function
        if (root.attr if isinstance(root, ast.Attribute) else getattr(root, "id", "")) in _FILLING:
            return False
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        if root.id not in self.flow.namespace and not hasattr(builtins, root.id):
            return False
        value = self.flow.namespace.get(root.id, getattr(builtins, root.id, None))
        if isinstance(value, ModuleType):
            module = value.__name__
        else:
            named = value if isinstance(value, FunctionType | BuiltinFunctionType | type) else type(value)
            module = named.__module__ or ""
        return module.partition(".")[0] in _HARMLESS
