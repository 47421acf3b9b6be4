"""The examples of the public functions run, and every one that loads or analyses has one."""

from __future__ import annotations

import doctest
from operator import attrgetter

import pytest

import corpus

PUBLIC = [
    *(name for name in corpus.__all__ if callable(getattr(corpus, name))),
    *(f"validation.{name}" for name in corpus.validation.__all__),
    *(f"figures.{name}" for name in corpus.figures.__all__),
]
SHOWN = (
    "report",
    "loading.load_reports",
    "analysis",
    "loading.reading_labels",
)
"""Where the functions lie that must have an example."""


def examples_of(name: str) -> list[doctest.DocTest]:
    found = doctest.DocTestFinder().find(attrgetter(name)(corpus), f"corpus.{name}", module=False, globs={})
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_say_what_comes_out(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for test in examples_of(name):
        runner.run(test)
    assert runner.failures == 0, capsys.readouterr().out


def test_public_functions_have_an_example() -> None:
    homes = {name: attrgetter(name)(corpus).__module__.removeprefix("corpus.") for name in PUBLIC if name != "Report"}
    assert [name for name, home in homes.items() if home.startswith(SHOWN) and not examples_of(name)] == []
