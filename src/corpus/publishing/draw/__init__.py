"""From tables to figures: one module a notebook, each ``draw_*`` takes a table and returns a figure."""
