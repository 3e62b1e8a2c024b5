"""Questions in the terminal: each screen's text, its questions, and one line of input for each."""

from collections.abc import Iterator
from typing import TextIO

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge
from reddots.knowledge.questions import Question
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, assess
from reddots.triage.next_questions import Ask

_WORDS = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "?": "not_sure", "not_sure": "not_sure"}
_END = "q"


class _EndOfQuestionsError(Exception):
    """The person wants to see the result now."""


def ask_screens(
    knowledge: Knowledge, read: TextIO, write: TextIO, *, country: str | None = None
) -> Assessment:
    """Ask screen after screen until nothing is left, the end is asked for, or the input ends."""
    answers, skipped = Answers(), set[str]()
    while True:
        result = assess(answers, knowledge=knowledge, skipped=skipped, country=country)
        left = [a for a in result.asks if not set(a.questions) <= skipped | answers.given.keys()]
        if not left:
            return result
        ask = left[0]
        _show_screen(ask, knowledge, write)
        try:
            for question in (knowledge.questions[q] for q in ask.questions):
                answers = _ask(question, answers, knowledge, read, write)
        except _EndOfQuestionsError:
            return assess(answers, knowledge=knowledge, skipped=skipped, country=country)
        skipped |= set(ask.questions) - answers.given.keys()


def _show_screen(ask: Ask, knowledge: Knowledge, write: TextIO) -> None:
    write.write("\n")
    if ask.screen.is_checklist:
        for text in (ask.screen.text, ask.screen.help):
            if text:
                write.write(f"{text}\n")
    elif knowledge.questions[ask.questions[0]].help:
        write.write(f"{knowledge.questions[ask.questions[0]].help}\n")


def _ask(
    question: Question, answers: Answers, knowledge: Knowledge, read: TextIO, write: TextIO
) -> Answers:
    """Ask one question until the line is empty or legal; return the answers with it."""
    write.writelines(f"  {n} {option.text}\n" for n, option in enumerate(question.option, start=1))
    while True:
        write.write(f"{question.text} [{_how(question)}] ")
        write.flush()
        line = read.readline()
        if not line or line.strip().lower() == _END:
            raise _EndOfQuestionsError
        if not line.strip():
            return answers
        try:
            value = _value(question, line.strip().lower())
            return parse_answers({**answers.given, question.id: value}, knowledge)
        except (AnswersError, ValueError, IndexError) as error:
            text = str(error) if isinstance(error, AnswersError) else "Please choose one of these."
            write.write(f"{text}\n")


def _how(question: Question) -> str:
    if question.kind == "tristate":
        return "y, n, ? for not sure"
    if question.kind == "number":
        return question.unit or "number"
    return "number" if question.kind == "choice" else "numbers, such as 1 3"


def _value(question: Question, line: str) -> object:
    if question.kind == "tristate":
        return _WORDS.get(line, line)
    if question.kind == "number":
        return float(line.replace(",", "."))
    chosen = list(_chosen(question, line))
    return chosen if question.kind == "choices" else chosen[0]


def _chosen(question: Question, line: str) -> Iterator[str]:
    for part in line.replace(",", " ").split():
        place = int(part)
        if place < 1:
            raise IndexError(place)
        yield question.option[place - 1].id
