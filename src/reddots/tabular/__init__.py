"""Tabular files: one reader and one writer of CSV, JSON Lines and Parquet for every command."""
