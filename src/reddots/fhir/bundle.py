"""Bundle: an assessment as a collection of FHIR resources.

https://hl7.org/fhir/R4/bundle.html. In order: Device (what computed it), QuestionnaireResponse (the
answers), RiskAssessment (the advice) and, where a doctor is needed, ServiceRequest (its priority).
"""

import uuid
from datetime import datetime

from reddots.fhir.device import device
from reddots.fhir.response import questionnaire_response
from reddots.fhir.risk_assessment import risk_assessment
from reddots.fhir.service_request import service_request
from reddots.fhir.version import FhirVersion, Resource
from reddots.knowledge import Knowledge
from reddots.triage.assessment import Assessment

_NAMESPACE = uuid.UUID("6f2f4a2e-5d0f-5f0e-9d5e-0b7a7e1c2d11")  # ours (RFC 9562, version 5)


def assessment_bundle(
    assessment: Assessment,
    knowledge: Knowledge,
    when: datetime,
    version: FhirVersion = FhirVersion.R4,
) -> Resource:
    """Return the Bundle as a JSON object; the same arguments give the same Bundle.

    It names no person and holds no photo: whoever takes it up sets the subject.

    Args:
        assessment: what to report.
        knowledge: the questions, in the language of the texts.
        when: with its time zone.
        version: the FHIR release.

    Example:
        See `reddots.fhir`.
    """
    urls = {kind: _url(assessment.id, kind) for kind in ("device", "answers", "risk", "request")}
    software, risk = urls["device"], urls["risk"]
    resources = {
        "device": device(assessment, version),
        "answers": questionnaire_response(assessment, knowledge, when, device=software),
        "risk": risk_assessment(assessment, when, based_on=urls["answers"], device=software),
        "request": service_request(
            assessment, when, based_on=risk, device=software, version=version
        ),
    }
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": when.isoformat(),
        "entry": [
            {"fullUrl": urls[kind], "resource": resource}
            for kind, resource in resources.items()
            if resource
        ],
    }


def _url(assessment_id: str, kind: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{assessment_id}/{kind}')}"
