"""RiskAssessment: how urgent it is, and what the spots may be.

https://hl7.org/fhir/R4/riskassessment.html. The first prediction holds the urgency, from our value
set “urgency”; each further one holds a candidate and its probability in percent.
"""

from datetime import datetime

from reddots.fhir.codes import load_codes
from reddots.fhir.version import Resource
from reddots.triage.assessment import Assessment, Candidate

PERSON = {"display": "The person with the spots"}


def risk_assessment(
    assessment: Assessment, when: datetime, *, based_on: str, device: str
) -> Resource:
    """Return the RiskAssessment; it is the same in R4 and R5.

    Its notes are the reasons with their sources, its mitigation is what to do now. It stays
    ``preliminary``: no health professional has checked it.

    Args:
        assessment: what to report.
        when: with its time zone.
        based_on: the URL of the QuestionnaireResponse.
        device: the URL of the Device.
    """
    codes, guidance = load_codes(), assessment.guidance
    urgency: Resource = {
        "outcome": {"text": "How soon a doctor should see the spots"},
        "qualitativeRisk": {"coding": [codes.urgency(assessment.urgency)]},
        "rationale": guidance.summary,
    }
    reasons = [f"{r.urgency.id}: {r.text} ({r.source})" for r in assessment.reasons]
    resource = {
        "resourceType": "RiskAssessment",
        "status": "preliminary",
        "subject": PERSON,
        "occurrenceDateTime": when.isoformat(),
        "performer": {"reference": device},
        "basis": [{"reference": based_on}],
        "prediction": [urgency, *(_prediction(c) for c in assessment.candidates)],
        "note": [{"text": text} for text in (*reasons, assessment.disclaimer)],
    }
    return {**resource, "mitigation": " ".join(guidance.do_now)} if guidance.do_now else resource


def _prediction(candidate: Candidate) -> Resource:
    """Return a candidate; a kind inside it is a second coding, and its advice the rationale."""
    codes = load_codes()
    codings = [codes.category(candidate.category, candidate.name)]
    resource: Resource = {
        "outcome": {"coding": codings},
        "probabilityDecimal": round(100 * candidate.probability, 2),
    }
    if candidate.kind is None:
        return resource
    codings.append(codes.kind(candidate.kind.id, candidate.kind.name))
    return {**resource, "rationale": candidate.kind.advice}
