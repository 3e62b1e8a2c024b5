"""Question selection: what could still raise the urgency first, then what tells candidates apart.

A question is worth asking while some answer to it could change the advice: a rule of a higher level
is still open, the present level could still be lowered, or the answer is expected to move the
candidates. In an emergency only what it rests on for want of an answer is asked.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from operator import itemgetter

import msgspec

from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.conditions import plain_terms, questions_of
from reddots.knowledge.screens import Screen
from reddots.triage.answers import Answers
from reddots.triage.evaluation import Evaluation, evaluate
from reddots.triage.information import information
from reddots.triage.logic import NO, OPEN, UNSURE, YES
from reddots.triage.urgency import Reason

_DOWNWARDS, _RANK = tuple(sorted(Urgency, reverse=True)), itemgetter(0)
LEAST_GAIN = 0.2  # bits; an answer expected to tell less would not change what is said


class Ask(msgspec.Struct, frozen=True):
    """One screen that is worth asking.

    Attributes:
        questions: those of the screen that are still open and matter, in its order.
        could_reach: the highest urgency that an answer could still lead to, the present one
            where it could only lower it; None when it can only tell the candidates apart.
        gain: expected information about the category of its best question, in bits.
    """

    screen: Screen
    questions: tuple[str, ...]
    could_reach: Urgency | None
    gain: float

    def why(self, knowledge: Knowledge) -> str:
        """Say why it is asked, in words for the reader."""
        if self.screen.is_checklist:
            return self.screen.why
        return knowledge.questions[self.questions[0]].why


def next_asks(
    answers: Answers,
    evaluation: Evaluation,
    reasons: Sequence[Reason],
    probabilities: Mapping[str, float],
    knowledge: Knowledge,
    *,
    again: Collection[str] = (),
    skipped: Collection[str] = (),
    gates: Collection[str] = (),
    unconcerned: frozenset[str] = frozenset(),
) -> tuple[Ask, ...]:
    """Return the screens still worth asking, most useful first.

    ``reasons`` are those of the urgency, most urgent first. In an emergency only what could undo it
    is asked. Otherwise first come answers that contradict each other (``again``), then the screens
    that could change the urgency, in their own order, then the rest by expected information.
    ``skipped`` questions were asked and left unanswered, ``unconcerned`` ones cannot concern the
    person. ``gates`` are the safety questions without an answer: they are always worth asking.
    """
    urgency, asked_again = reasons[0].urgency, set(again)
    closed = {*answers.given, *skipped} - asked_again | unconcerned
    if urgency is Urgency.EMERGENCY:
        return _asks_that_undo(reasons, answers, evaluation, knowledge, closed)
    easing = _easing(reasons, evaluation, knowledge).union(gates)
    gains = information(probabilities, knowledge)
    reach = _reach(evaluation, knowledge)
    higher = [(level, reach[level]) for level in _DOWNWARDS if level > urgency]
    wanted = asked_again | easing | {q for q, gain in gains.items() if gain >= LEAST_GAIN}
    wanted.update(*(questions for _, questions in higher))
    if _rests_on_candidates(urgency, evaluation):
        wanted |= knowledge.evidence.by_question.keys()
    # A checklist is shown once, so it has all of its questions that can matter at all.
    shown = wanted.union(*reach.values())
    found = []
    for place, screen in enumerate(knowledge.screens):
        left = [q for q in screen.questions if q not in closed]
        if wanted.isdisjoint(left):
            continue
        asked = tuple(q for q in left if q in shown)
        reached: Urgency | None = urgency if not easing.isdisjoint(left) else None
        for level, questions in higher:
            if not questions.isdisjoint(left):
                reached = level
                break
        gain = max((gains[q] for q in asked), default=0.0)
        if not asked_again.isdisjoint(left):
            rank: tuple[float, float] = (0, place)
        else:
            rank = (2, -gain) if reached is None else (1, place)
        found.append((rank, place, Ask(screen, asked, reached, gain)))
    found.sort(key=_RANK)
    return tuple(ask for _, _, ask in found)


def _asks_that_undo(
    reasons: Sequence[Reason],
    answers: Answers,
    evaluation: Evaluation,
    knowledge: Knowledge,
    closed: Collection[str],
) -> tuple[Ask, ...]:
    """Return the screens with what could undo every emergency; none where one of them stands."""
    ways, wanted = _ways_out(knowledge), set[str]()
    for reason in (r for r in reasons if r.urgency is Urgency.EMERGENCY):
        undoing = {
            question
            for way, questions in ways[reason.rule]
            for question in questions.difference(closed)
            if (
                evaluation.truths[way] is OPEN
                if way
                else _undoes(question, reason.rule, answers, knowledge)
            )
        }
        if not undoing:
            return ()
        wanted |= undoing
    asked = [(s, tuple(q for q in s.questions if q in wanted)) for s in knowledge.screens]
    return tuple(Ask(s, questions, Urgency.EMERGENCY, 0.0) for s, questions in asked if questions)


def _undoes(question_id: str, rule_id: str, answers: Answers, knowledge: Knowledge) -> bool:
    """Whether some answer to the question would end that the rule holds."""
    question = knowledge.questions[question_id]
    values = question.values or (question.minimum or 0.0, question.maximum or 0.0)
    for value in values:
        answer = (value,) if question.kind == "choices" and isinstance(value, str) else value
        truths = evaluate({**answers.given, question_id: answer}, knowledge).rules
        if next(truth for rule, truth in truths if rule.id == rule_id) < UNSURE:
            return True
    return False


def not_concerned(evaluation: Evaluation, knowledge: Knowledge) -> frozenset[str]:
    """Return the ids of the questions that cannot concern the person, as far as is known."""
    truths = evaluation.truths
    only_for, never_for = _audience(knowledge)
    found = [question for question, term in only_for if truths[term] is not YES]
    found += [question for question, term in never_for if truths[term] is YES]
    return frozenset(found)


@cache
def _audience(knowledge: Knowledge) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Return question and term of what must hold, and of what must not, for it to be asked."""
    audience = knowledge.audience
    return tuple(
        tuple((question, term.text) for question, terms in of.items() for term in terms)
        for of in (audience.only_for, audience.never_for)
    )


def _rests_on_candidates(urgency: Urgency, evaluation: Evaluation) -> bool:
    """Whether the urgency could still change with the candidates' probabilities."""
    calm = urgency <= Urgency.ROUTINE
    return any(
        rule.candidates and truth is not NO and (calm or rule.urgency > urgency)
        for rule, truth in evaluation.rules
    )


def next_questions(asks: Collection[Ask]) -> tuple[str, ...]:
    """Return the ids of the questions on these screens, in order."""
    return tuple(q for ask in asks for q in ask.questions)


def _reach(evaluation: Evaluation, knowledge: Knowledge) -> dict[Urgency, set[str]]:
    """Return, for each level, the questions that its rules rest on that hold or still could."""
    found: dict[Urgency, list[frozenset[str]]] = {level: [] for level in Urgency}
    resting_on = _questions_by_rule(knowledge)
    for (rule, truth), questions in zip(evaluation.rules, resting_on, strict=True):
        if truth is not NO:
            found[rule.urgency].append(questions)
            if truth is UNSURE and rule.not_sure_counts:
                # A certain flag that points the same way gives a rule in doubt its whole level.
                found[rule.urgency].append(_supporting(questions, knowledge))
    found[Urgency.SELF_CARE] = []
    return {level: set[str]().union(*questions) for level, questions in found.items()}


@cache
def _supporting(questions: frozenset[str], knowledge: Knowledge) -> frozenset[str]:
    """Return the red-flag questions that point the same way as any of ``questions``."""
    ways = {way for q in questions for way in knowledge.questions[q].points_to}
    return frozenset(
        q for q in knowledge.flags if ways.intersection(knowledge.questions[q].points_to)
    )


@cache
def _questions_by_rule(knowledge: Knowledge) -> tuple[frozenset[str], ...]:
    return tuple(knowledge.questions_of(rule) for rule in knowledge.rules.most_urgent_first)


def _easing(reasons: Sequence[Reason], evaluation: Evaluation, knowledge: Knowledge) -> set[str]:
    """Return the questions whose answers could lower the urgency.

    They could undo every reason of the highest level, or, where only the default rule holds, fulfil
    a self-care rule.
    """
    top = reasons[0]
    if top.rule in {knowledge.rules.default.id, knowledge.rules.unsettled.id}:
        return set().union(
            *(
                knowledge.questions_of(rule)
                for rule, truth in evaluation.rules
                if rule.urgency is Urgency.SELF_CARE and truth is not NO
            )
        )
    ways = _ways_out(knowledge)
    found: set[str] = set()
    for reason in reasons:
        if reason.urgency is not top.urgency:
            break
        undone = {
            question
            for way, questions in ways.get(reason.rule, ())
            if not way or evaluation.truths[way] in {OPEN, UNSURE}
            for question in questions
        }
        if not undone:
            return set()
        found |= undone
    return found


@cache
def _ways_out(knowledge: Knowledge) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
    """Return what could still undo each rule: a term and the questions that it rests on.

    It is a term that switches the rule off while that is open, or, with an empty name, the answer
    to a question that the rule takes as unanswered.
    """
    conditions = knowledge.rules.conditions
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for rule in knowledge.rules.rules:
        terms = plain_terms((*rule.all, *rule.any), conditions)
        unanswered = frozenset(t.subject for t in terms if t.operator == "unknown")
        off = [(t.text, questions_of([t], conditions)) for t in rule.unless]
        found[rule.id] = (("", unanswered), *off)
    return found
