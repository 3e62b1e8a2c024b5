"""Interview (adaptive questionnaire): screens asked one after the other until nothing is left.

The page and the terminal show its screens; here somebody whose answers are already known walks
through it, so that what is asked and what is concluded can be measured.
"""

from dataclasses import dataclass

from reddots.knowledge import Knowledge
from reddots.triage.answers import Answers
from reddots.triage.assessment import Assessment, assess
from reddots.triage.next_questions import Ask


@dataclass(frozen=True)
class Walk:
    """One way through the interview.

    Attributes:
        asked: the screens shown, in order.
        assessment: what is concluded at the end.
    """

    asked: tuple[Ask, ...]
    assessment: Assessment


def walk(answers: Answers, knowledge: Knowledge) -> Walk:
    """Answer every screen that is asked from ``answers``; what they lack is skipped.

    Example:
        >>> from reddots.knowledge import load
        >>> from reddots.triage.answers import parse_settings
        >>> walked = walk(parse_settings(["age_years=6", "fever=yes", "blanches=no"]), load())
        >>> walked.assessment.urgency.id
        'emergency'
    """
    given: dict[str, str | float | tuple[str, ...]] = {}
    skipped: set[str] = set()
    asked: list[Ask] = []
    while True:
        present = Answers({q: given[q] for q in knowledge.questions if q in given})
        result = assess(present, knowledge=knowledge, skipped=skipped)
        open_ones = [a for a in result.asks if not set(a.questions) <= given.keys() | skipped]
        if not open_ones:
            return Walk(tuple(asked), result)
        ask = open_ones[0]
        asked.append(ask)
        for question in ask.questions:
            answer = answers.get(question)
            if answer is None:
                skipped.add(question)
            else:
                given[question] = answer
