"""What holds for every test: no window, no setting of the reader's, the same examples each time."""

import gc
import os

import pytest
from hypothesis import settings
from making import BUNDLED

from corpus.report.reports import Reports

# Thousands of tests and all that is loaded live to the end: to look through them for garbage took a tenth of the time.
gc.set_threshold(50_000, 20, 20)
os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("workbook", derandomize=True, database=None, deadline=None)
settings.load_profile("workbook")


@pytest.fixture(scope="session")
def bundled() -> Reports:
    """The five reports of the project."""
    return BUNDLED


def pytest_collection_finish() -> None:
    """Leave what was collected out of what is looked through."""
    gc.collect()
    gc.freeze()
