"""Triage: answers, evidence, rules and guidance, joined into an assessment."""
