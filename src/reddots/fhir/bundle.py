"""An assessment as a FHIR R5 Bundle: a QuestionnaireResponse and the RiskAssessment based on it."""

import uuid
from datetime import datetime

from reddots.fhir.questionnaire import URL, Resource, coding
from reddots.knowledge import Knowledge
from reddots.triage.assessment import Assessment

URGENCY = "urn:reddots:urgency"
CATEGORIES = "urn:reddots:categories"
_SPACE = uuid.UUID("6f2f4a2e-5d0f-5f0e-9d5e-0b7a7e1c2d11")  # ours, to make ids from an assessment's


def assessment_bundle(assessment: Assessment, knowledge: Knowledge, when: datetime) -> Resource:
    """Return the Bundle as a JSON object; the same assessment and time give the same Bundle.

    It names no person: whoever takes it up sets the subject.
    """
    response_url, risk_url = (
        f"urn:uuid:{uuid.uuid5(_SPACE, f'{assessment.id}/{kind}')}" for kind in ("answers", "risk")
    )
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": when.isoformat(),
        "entry": [
            {
                "fullUrl": response_url,
                "resource": questionnaire_response(assessment, knowledge, when),
            },
            {
                "fullUrl": risk_url,
                "resource": risk_assessment(assessment, when, based_on=response_url),
            },
        ],
    }


def questionnaire_response(
    assessment: Assessment, knowledge: Knowledge, when: datetime
) -> Resource:
    """Return the answers as a QuestionnaireResponse; unanswered questions are left out."""
    items: list[Resource] = []
    for screen in knowledge.screens:
        given = [q for q in screen.questions if assessment.answers.get(q) is not None]
        answered = [_answered(q, assessment, knowledge) for q in given]
        if screen.is_checklist and answered:
            items.append({"linkId": f"screen.{screen.id}", "item": answered})
        else:
            items += answered
    resource: Resource = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": URL,
        "status": "completed",
        "authored": when.isoformat(),
    }
    return {**resource, "item": items} if items else resource


def risk_assessment(assessment: Assessment, when: datetime, based_on: str) -> Resource:
    """Return the advice as a RiskAssessment.

    The urgency is an extension, the candidates are its predictions (in percent, as R5 asks), what
    to do now its mitigation, and the reasons with their sources and the disclaimer its notes.
    """
    notes = [
        *(f"{r.urgency.id}: {r.text} ({r.source})" for r in assessment.reasons),
        assessment.disclaimer,
    ]
    model = f", checkpoint {assessment.model.version}" if assessment.model else ""
    return {
        "resourceType": "RiskAssessment",
        "status": "preliminary",
        "extension": [{"url": URGENCY, "valueCode": assessment.urgency.id}],
        "method": {"text": f"Red Dots{model}"},
        "subject": {"display": "The person with the spots"},
        "occurrenceDateTime": when.isoformat(),
        "basis": [{"reference": based_on}],
        "prediction": [
            {
                "outcome": {
                    "coding": [{"system": CATEGORIES, "code": c.category, "display": c.name}]
                },
                "probabilityDecimal": round(100 * c.probability, 2),
            }
            for c in assessment.candidates
        ],
        "mitigation": " ".join((assessment.guidance.summary, *assessment.guidance.do_now)),
        "note": [{"text": text} for text in notes],
    }


def _answered(question_id: str, assessment: Assessment, knowledge: Knowledge) -> Resource:
    question, answer = knowledge.questions[question_id], assessment.answers.get(question_id)
    if isinstance(answer, float):
        values: list[Resource] = [{"valueDecimal": answer}]
    else:
        chosen = answer if isinstance(answer, tuple) else (str(answer),)
        values = [{"valueCoding": coding(question, value)} for value in chosen]
    return {"linkId": question.id, "text": question.text, "answer": values}
