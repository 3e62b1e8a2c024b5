"""FHIR (Fast Healthcare Interoperability Resources): questions and advice for a clinic's system.

`questionnaire` gives the questions, `assessment_bundle` answers and advice, `terminology_bundle`
the codes that both use. R4 is the default, R5 is a choice. Each returns a JSON object; `qr_svg`
draws one as a QR code.

Example:
    >>> from datetime import UTC, datetime
    >>> from reddots.fhir import assessment_bundle
    >>> from reddots.knowledge import load
    >>> from reddots.triage.answers import parse_settings
    >>> from reddots.triage.assessment import assess
    >>> result = assess(parse_settings(["age_years=6", "fever=yes", "blanches=no"]))
    >>> bundle = assessment_bundle(result, load(), datetime.now(UTC))
    >>> bundle["entry"][3]["resource"]["priority"]
    'stat'
"""

from reddots.fhir.bundle import assessment_bundle
from reddots.fhir.qr_code import qr_svg
from reddots.fhir.questionnaire import questionnaire
from reddots.fhir.terminology import terminology_bundle
from reddots.fhir.version import FhirVersion, Resource

__all__ = [
    "FhirVersion",
    "Resource",
    "assessment_bundle",
    "qr_svg",
    "questionnaire",
    "terminology_bundle",
]
