"""What to ask next: red flags first and always, then what tells the candidates apart best."""

import math
from collections.abc import Mapping

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import Question
from reddots.triage.answers import Answers

_LEAST_GAIN = 0.01  # bits; below it an answer would not change what is said


def next_questions(
    answers: Answers, urgency: Urgency, probabilities: Mapping[str, float], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the ids of the questions still worth asking, most useful first.

    Nothing is asked in an emergency: the next step is to call. Red flags and the person's age come
    first in their own order, then the rest by expected information about the category, in bits.
    """
    if urgency is Urgency.EMERGENCY:
        return ()
    open_questions = [q for q in knowledge.questions.values() if answers.get(q.id) is None]
    first = [q for q in open_questions if q.red_flag or q.kind == "number"]
    rest = [(information(q, probabilities, knowledge), q) for q in open_questions if q not in first]
    useful = sorted((item for item in rest if item[0] >= _LEAST_GAIN), key=lambda i: -i[0])
    return tuple(q.id for q in (*first, *(q for _, q in useful)))


def information(
    question: Question, probabilities: Mapping[str, float], knowledge: Knowledge
) -> float:
    """Return how much an answer is expected to tell about the category, in bits, 0 or more.

    Mutual information of answer and category (Shannon 1948), with the chance of each answer given a
    category taken as proportional to its likelihood ratio in the evidence.
    """
    entries = knowledge.evidence.by_question.get(question.id, ())
    chances: dict[str, dict[str, float]] = {}
    for category in probabilities:
        ratios = dict.fromkeys(question.values, 1.0)
        for entry in entries:
            if entry.category == category:
                values = (entry.value,) if isinstance(entry.value, str) else entry.value
                ratios.update(dict.fromkeys(values, knowledge.evidence.ratio(entry.word)))
        total = sum(ratios.values())
        chances[category] = {value: ratio / total for value, ratio in ratios.items()}
    gain = 0.0
    for value in question.values:
        overall = sum(p * chances[c][value] for c, p in probabilities.items())
        for category, p in probabilities.items():
            joint = p * chances[category][value]
            if joint > 0:
                gain += joint * math.log2(joint / (p * overall))
    return max(gain, 0.0)
