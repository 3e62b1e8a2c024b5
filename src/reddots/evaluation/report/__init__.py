"""Evaluation report: page, plots, LaTeX table, checklists."""
