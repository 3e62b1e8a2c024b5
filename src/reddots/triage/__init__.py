"""Answers, evidence, rules and guidance, joined into an assessment."""
