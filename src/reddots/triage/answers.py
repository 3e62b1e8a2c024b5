"""Answers (questionnaire responses): checked against the questions, never guessed."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, load
from reddots.knowledge.questions import Answer, Question
from reddots.tabular.json_lines import RepeatedKeyError, decode


@dataclass(frozen=True)
class Answers:
    """Answers by question id; a question without an answer is unknown.

    Values are an option's id, a number, or for lists the options' ids in the question's order.
    """

    given: Mapping[str, Answer] = field(default_factory=dict)

    def get(self, question: str) -> Answer | None:
        """Return the answer to ``question``, or None when it is unknown."""
        return self.given.get(question)

    def as_dict(self) -> dict[str, object]:
        """Return the answers as a JSON object."""
        return {k: list(v) if isinstance(v, tuple) else _plain(v) for k, v in self.given.items()}


def parse_answers(raw: object, knowledge: Knowledge | None = None) -> Answers:
    """Check ``raw``, a decoded JSON object, against the questions.

    An empty list names none of the options, so that the question stays unanswered, as if its key
    were missing: no option says “none of these”, and what is unknown never calms.

    Raises:
        AnswersError: it is no object, has an unknown key or value, and then the message names what
            is legal, or has answers that cannot all be true.
    """
    known = knowledge or load()
    questions = known.questions
    if not isinstance(raw, Mapping):
        raise AnswersError("The answers must be a JSON object such as {“fever”: “yes”}.")
    given: dict[str, Answer] = {}
    legal = known.legal
    for key, value in raw.items():
        if isinstance(value, str) and (key, value) in legal:
            given[key] = value
            continue
        question = _question(str(key), questions)
        answer = _answer(question, value)
        if answer != ():
            given[question.id] = answer
    answers = Answers({key: given[key] for key in sorted(given, key=known.places.__getitem__)})
    _require_possible(answers, known)
    return answers


def parse_settings(settings: Iterable[str], knowledge: Knowledge | None = None) -> Answers:
    """Check ``key=value`` strings, as the command line takes them; lists are comma-separated.

    Raises:
        AnswersError: one has no ``=``, is given twice, or has an unknown key or value.
    """
    questions = (knowledge or load()).questions
    raw: dict[str, object] = {}
    for setting in settings:
        key, equals, text = (part.strip() for part in setting.partition("="))
        if not equals:
            raise AnswersError(f"“{setting}” is not of the form key=value, such as fever=yes.")
        question = _question(key, questions)
        if key in raw:
            raise AnswersError(f"“{key}” is set twice.")
        raw[key] = _decode(question, text)
    return parse_answers(raw, knowledge)


def read_answers(path: Path, knowledge: Knowledge | None = None) -> Answers:
    """Read answers from a JSON file.

    Raises:
        AnswersError: the file cannot be read, is not JSON, or its answers are not legal.
    """
    try:
        raw = decode(path.read_bytes())
    except OSError as error:
        raise AnswersError(f"The answers file {path} cannot be read: {error.strerror}.") from error
    except RepeatedKeyError as error:
        raise AnswersError(f"“{error.key}” stands twice in the JSON. Which is it?") from error
    except ValueError as error:
        raise AnswersError(f"The answers file {path} is not valid JSON.") from error
    return parse_answers(raw, knowledge)


def join_answers(first: Answers, second: Answers, knowledge: Knowledge | None = None) -> Answers:
    """Return both answers objects in one.

    Raises:
        AnswersError: they answer a question differently, or together cannot all be true.
    """
    known = knowledge or load()
    for key in known.questions:
        one, other = first.get(key), second.get(key)
        if one is not None and other is not None and one != other:
            raise AnswersError(
                f"“{key}” is answered twice, as {_shown(one)} and as {_shown(other)}. Which is it?"
            )
    given = {**first.given, **second.given}
    joined = Answers({key: given[key] for key in known.questions if key in given})
    _require_possible(joined, known)
    return joined


def _require_possible(answers: Answers, knowledge: Knowledge) -> None:
    for contradiction in knowledge.contradicted(answers.given, knowledge.impossible):
        raise AnswersError(contradiction.text)


def _shown(answer: Answer) -> str:
    return ", ".join(answer) if isinstance(answer, tuple) else f"{_plain(answer)}"


def _question(key: str, questions: Mapping[str, Question]) -> Question:
    if key in questions:
        return questions[key]
    near = get_close_matches(key, questions, n=1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    raise AnswersError(
        f"There is no question “{key}”.{hint} The questions are: {', '.join(questions)}."
    )


def _decode(question: Question, text: str) -> object:
    if question.kind == "choices":
        return [part.strip() for part in text.split(",") if part.strip()]
    if question.kind == "number":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _answer(question: Question, value: object) -> Answer:
    if question.kind == "number":
        return _number(question, value)
    if question.kind == "choices":
        if not isinstance(value, list | tuple) or not set(map(str, value)) <= set(question.values):
            raise _illegal(question, value)
        chosen = set(value)
        return tuple(option for option in question.values if option in chosen)
    if not isinstance(value, str) or value not in question.values:
        raise _illegal(question, value)
    return value


def _number(question: Question, value: object) -> float:
    low, high = question.minimum, question.maximum
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _illegal(question, value)
    if low is None or high is None or not math.isfinite(value) or not low <= value <= high:
        raise _illegal(question, value)
    return float(value)


def _plain(value: str | float) -> str | float | int:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _illegal(question: Question, value: object) -> AnswersError:
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "…"
    return AnswersError(f"“{question.id}” cannot be {shown}; it must be {question.legal()}.")
