"""Questions in the terminal: each screen's text, its questions, and one line of input for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from reddots.errors import AnswersError
from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.questions import Question
from reddots.knowledge.stale_translations import texts_in
from reddots.knowledge.translation import SOURCE_LANGUAGE
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, assess
from reddots.triage.next_questions import Ask

_WORDS = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "?": "not_sure", "not_sure": "not_sure"}
_KEYS = ("y", "n", "?")
_END, _BACK = "q", "b"


@dataclass(frozen=True)
class _Place:
    """How far somebody has come: what was said, what was skipped, what is left of the screen."""

    answers: Answers
    skipped: frozenset[str] = frozenset()
    pending: tuple[str, ...] = ()


def ask_screens(
    knowledge: Knowledge,
    read: TextIO,
    write: TextIO,
    *,
    country: str | None = None,
    language: str = SOURCE_LANGUAGE,
) -> Assessment:
    """Ask screen after screen until nothing is left, the end is asked for, or the input ends.

    An emergency leaves the screen and is said at once; then only what could undo it is asked.
    ``language`` is that of ``knowledge``.
    """
    place, past, alarmed = _Place(Answers()), list[_Place](), False
    write.write(f"{texts_in(language)['page.terminal.help']}\n")
    while True:
        result = assess(place.answers, knowledge=knowledge, skipped=place.skipped, country=country)
        emergency = result.urgency is Urgency.EMERGENCY
        if emergency and not alarmed:
            place = replace(place, pending=())
            if result.asks:
                write.write(f"\n!!! {result.guidance.summary}\n")
        alarmed = emergency
        if not place.pending:
            closed = place.skipped | place.answers.given.keys()
            ask = next((a for a in result.asks if not closed.issuperset(a.questions)), None)
            if ask is None:
                return result
            _show_screen(ask, knowledge, write)
            place = replace(place, pending=ask.questions)
        question = knowledge.questions[place.pending[0]]
        line, answers = _ask(question, place.answers, knowledge, read, write, language)
        if line == _END:
            return result
        if line == _BACK:
            place = past.pop() if past else place
            continue
        past.append(place)
        unanswered = {question.id} - answers.given.keys()
        place = _Place(answers, place.skipped | unanswered, place.pending[1:])


def _show_screen(ask: Ask, knowledge: Knowledge, write: TextIO) -> None:
    write.write("\n")
    if ask.screen.is_checklist:
        for text in (ask.screen.text, ask.screen.help):
            if text:
                write.write(f"{text}\n")
    elif knowledge.questions[ask.questions[0]].help:
        write.write(f"{knowledge.questions[ask.questions[0]].help}\n")


def _ask(
    question: Question,
    answers: Answers,
    knowledge: Knowledge,
    read: TextIO,
    write: TextIO,
    language: str,
) -> tuple[str, Answers]:
    """Ask one question until the line is empty, a command or legal; return it and the answers."""
    write.writelines(f"  {n} {option.text}\n" for n, option in enumerate(question.option, start=1))
    while True:
        write.write(f"{question.text} [{_how(question, texts_in(language))}] ")
        write.flush()
        read_line = read.readline()
        line = read_line.strip().lower() if read_line else _END
        if line in {"", _END, _BACK}:
            return line, answers
        try:
            value = _value(question, line)
            return line, parse_answers({**answers.given, question.id: value}, knowledge)
        except (AnswersError, ValueError, IndexError) as error:
            # What an error says is English.
            why = isinstance(error, AnswersError) and language == SOURCE_LANGUAGE
            write.write(f"{error if why else texts_in(language)['page.terminal.choose']}\n")


def _how(question: Question, texts: Mapping[str, str]) -> str:
    if question.kind == "tristate":
        return ", ".join(f"{key} = {texts[f'page.question.{_WORDS[key]}']}" for key in _KEYS)
    if question.kind == "number":
        return question.unit or "0"
    return f"1–{len(question.option)}" if question.kind == "choice" else "1 3 …"


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
