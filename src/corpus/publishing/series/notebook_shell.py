"""The cells of a notebook run in this process, from top to bottom, and what each of them shows."""

from __future__ import annotations

import io
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

_CONFIG = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor", "banner1": ""}})
_IN_LINES = ("text/", "application/javascript", "image/svg+xml")


class _Stream(io.TextIOBase):
    """What a cell prints, all of one stream together."""

    encoding = "utf-8"

    def __init__(self, shell: _Shell, name: str) -> None:
        super().__init__()
        self._shell, self._name = shell, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not text:
            return 0
        for output in self._shell.outputs:
            if output.get("name") == self._name:
                output["text"] += text
                break
        else:
            self._shell.outputs.append({"name": self._name, "output_type": "stream", "text": text})
        return len(text)


class _Hook(DisplayHook):
    """Takes the value of a cell's last expression."""

    shell: _Shell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        result = {"execution_count": self.shell.number, "output_type": "execute_result"}
        self.shell.outputs.append({**result, "data": format_dict, "metadata": md_dict or {}})


class _Publisher(DisplayPublisher):
    """Takes what a cell displays."""

    shell: _Shell

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        told = {"data": data, "metadata": metadata or {}}
        name = (transient or {}).get("display_id")
        shown: dict[str, dict[str, Any]] = self.shell.displayed
        if update and name in shown:
            shown[name].update(told)
            return
        output = {"output_type": "display_data", **told}
        self.shell.outputs.append(output)
        if name:
            shown[name] = output

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class _Shell(InteractiveShell):
    """What `get_ipython` gives in a notebook that runs here."""

    def __init__(self, **how: Any) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.displayed: dict[str, dict[str, Any]] = {}
        self.request: dict[str, Any] = {}
        self.report = ""
        self.number = 0
        super().__init__(  # type: ignore[no-untyped-call]
            displayhook_class=_Hook, display_pub_class=_Publisher, **how
        )

    def get_parent(self) -> dict[str, Any]:
        """Return the request that runs, as a kernel of Jupyter has it: `running_cell` reads it."""
        return self.request

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.report = "\n".join(stb)

    def enable_gui(self, gui: str | None = None) -> None:
        pass


def run_cells(notebook: dict[str, Any], *, on_cell: Callable[[int], object]) -> tuple[int, str, str] | None:
    """Run the code cells of a notebook and put their outputs and numbers into it, as JupyterLab saves them.

    Parameters
    ----------
    notebook : dict
        Of format 4.
    on_cell : callable
        Called with the place of each cell, from 0, before it runs.

    Returns
    -------
    (int, str, str) or None
        The cell that raised, what it raised, and the traceback. Cells behind it were not run.
    """
    shell = _Shell.instance(config=_CONFIG)
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Stream(shell, "stdout"), _Stream(shell, "stderr")
    try:
        for index, cell in enumerate(notebook["cells"]):
            on_cell(index)
            source = "".join(cell["source"])
            cell["source"] = source.splitlines(keepends=True)
            if cell["cell_type"] != "code":
                continue
            cell["outputs"], cell["execution_count"] = [], None
            if not source.strip():
                continue
            shell.outputs = cell["outputs"]
            shell.request = {"metadata": {"cellId": cell["id"]}, "content": {"code": source}}
            shell.number += 1
            cell["execution_count"] = shell.number
            result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                return index, f"{type(error).__name__}: {error}", shell.report
    finally:
        sys.stdout, sys.stderr = streams
    for cell in notebook["cells"]:  # only now, since a later cell may change what an earlier one shows
        if "outputs" in cell:
            cell["outputs"] = list(map(_as_saved, cell["outputs"]))
    return None


def _as_saved(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output in the form of a file: text in lines, bytes as base64."""
    if output["output_type"] == "stream":
        return {**output, "text": output["text"].splitlines(keepends=True)}
    data = {}
    for kind, value in output["data"].items():
        plain = b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        in_lines = isinstance(plain, str) and kind.startswith(_IN_LINES)
        data[kind] = plain.splitlines(keepends=True) if in_lines else plain
    return {**output, "data": data}
