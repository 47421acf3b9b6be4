"""From reports to tables: every analysis takes `Reports` and returns a pandas DataFrame."""
