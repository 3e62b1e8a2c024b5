"""Confirmed observations: what a person said yes to becomes answers; law 1 holds."""

from collections.abc import Mapping
from typing import Any

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, load
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import assess


def with_confirmed(
    answers: Answers, confirmed: Mapping[str, Any], knowledge: Knowledge | None = None
) -> Answers:
    """Return the answers with what a person confirmed of a photo.

    What the person answered stays as it is. A finding is left out, so that its question is asked,
    where it would lower the urgency (law 1) or cannot be true beside the other answers.

    Args:
        answers: what was answered.
        confirmed: values by question, such as ``Confirmation.answers`` of ``reddots.spots``.
        knowledge: the questions and rules; the shipped ones if left out.

    Example:
        >>> with_confirmed(Answers({"size": "large"}), {"count": "many", "size": "small"}).as_dict()
        {'size': 'large', 'count': 'many'}
    """
    known = knowledge or load()
    least = assess(answers, knowledge=known).urgency
    for question, value in confirmed.items():
        if question in answers.given:
            continue
        try:
            more = parse_answers({**answers.given, question: value}, known)
        except AnswersError:
            continue
        if assess(more, knowledge=known).urgency >= least:
            answers = more
    return answers
