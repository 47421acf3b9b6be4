"""What holds for every test: no window, no setting of the reader's, the same examples each time."""

import gc
import os

from hypothesis import settings

# Thousands of tests and all that is loaded live to the end: to look through them for garbage took a tenth of the time.
gc.set_threshold(50_000, 20, 20)
os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("workbook", derandomize=True, database=None, deadline=None)
settings.load_profile("workbook")


def pytest_collection_finish() -> None:
    """Leave what was collected out of what is looked through."""
    gc.collect()
    gc.freeze()
