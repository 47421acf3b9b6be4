"""What holds for every test: no window, no setting of the reader's, the same examples each time."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"
settings.register_profile("workbook", derandomize=True, database=None, deadline=None)
settings.load_profile("workbook")
