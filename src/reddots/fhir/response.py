"""QuestionnaireResponse: the answers that were given.

https://hl7.org/fhir/R4/questionnaireresponse.html. It is ``in-progress`` while a safety question
has no answer, as the urgency is then only a floor.
"""

from datetime import datetime

from reddots.fhir.codes import load_codes
from reddots.fhir.questionnaire import canonical, group_id
from reddots.fhir.version import Resource
from reddots.knowledge import Knowledge
from reddots.triage.assessment import Assessment


def questionnaire_response(
    assessment: Assessment, knowledge: Knowledge, when: datetime, *, device: str
) -> Resource:
    """Return the QuestionnaireResponse; unanswered questions are left out.

    Args:
        assessment: whose answers to report.
        knowledge: the questions, in the language of the texts.
        when: with its time zone.
        device: the URL of the Device, which wrote the answers down.
    """
    items: list[Resource] = []
    for screen in knowledge.screens:
        given = [q for q in screen.questions if assessment.answers.get(q) is not None]
        answered = [_answered(q, assessment, knowledge) for q in given]
        if screen.is_checklist and answered:
            items.append({"linkId": group_id(screen), "text": screen.text, "item": answered})
        else:
            items += answered
    resource: Resource = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": canonical(),
        "status": "completed" if assessment.settled else "in-progress",
        "authored": when.isoformat(),
        "author": {"reference": device},
    }
    return {**resource, "item": items} if items else resource


def _answered(question_id: str, assessment: Assessment, knowledge: Knowledge) -> Resource:
    question, answer = knowledge.questions[question_id], assessment.answers.get(question_id)
    if isinstance(answer, float):
        values: list[Resource] = [{"valueDecimal": answer}]
    else:
        codes = load_codes()
        chosen = answer if isinstance(answer, tuple) else (str(answer),)
        values = [{"valueCoding": codes.answer(question, value)} for value in chosen]
    return {"linkId": question.id, "text": question.text, "answer": values}
