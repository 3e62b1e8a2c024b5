"""ServiceRequest: the proposal that a doctor sees the spots, with its priority.

https://hl7.org/fhir/R4/servicerequest.html. It is a draft and a proposal: nothing is ordered.
"""

from datetime import datetime

from reddots.fhir.codes import load_codes
from reddots.fhir.risk_assessment import PERSON
from reddots.fhir.version import FhirVersion, Resource
from reddots.triage.assessment import Assessment


def service_request(
    assessment: Assessment,
    when: datetime,
    *,
    based_on: str,
    device: str,
    version: FhirVersion = FhirVersion.R4,
) -> Resource | None:
    """Return the ServiceRequest, or None where the urgency asks for no doctor.

    Args:
        assessment: what to report.
        when: with its time zone.
        based_on: the URL of the RiskAssessment.
        device: the URL of the Device.
        version: the FHIR release.
    """
    priority = load_codes().urgencies[assessment.urgency].priority
    if priority is None:
        return None
    guidance = assessment.guidance
    return {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "priority": priority,
        "code": version.concept("Examination of spots on the skin by a doctor"),
        "subject": PERSON,
        "authoredOn": when.isoformat(),
        "requester": {"reference": device},
        "supportingInfo": [version.supporting(based_on)],
        **version.patient_instruction(" ".join((guidance.summary, *guidance.do_now))),
    }
