"""View model (presenter) of the result: an assessment as the values that the templates lay out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reddots.knowledge import Knowledge
from reddots.knowledge.plural import plural_form
from reddots.knowledge.questions import Answer, Question
from reddots.triage.assessment import Assessment, Candidate
from reddots.triage.differential import PHOTO, Contribution
from reddots.triage.guidance import About
from reddots_app.i18n import Texts
from reddots_app.session import Session
from reddots_app.settings import page_settings

MONTHS_A_YEAR: Final = 12
_NEXT_SOURCE: Final = re.compile(r"; (?=[A-Z])")  # in small letters a source goes on
_LEAST_SHARE: Final = 0.01  # what lies nearer to 0 or 1 is not given as a number
_EXPLAINED: Final = 3  # candidates whose evidence is shown
_FULL_BAR: Final = 13.0  # decibans, a likelihood ratio of 20: the longest bar


@dataclass(frozen=True)
class CandidateRow:
    """One kind of spot: how likely by word and in percent, and the named kind inside it."""

    name: str
    kind: str
    word_id: str
    word: str
    share: str


@dataclass(frozen=True)
class EvidenceBar:
    """One answer or photo: which way it counts, and the bar's length in percent."""

    label: str
    speaks_for: bool
    percent: int
    counted: bool


@dataclass(frozen=True)
class EvidenceGroup:
    """What speaks for and against one kind of spot."""

    name: str
    bars: tuple[EvidenceBar, ...]


@dataclass(frozen=True)
class AnswerRow:
    """One question with its answer in words; ``warning`` where that answer is a warning sign."""

    id: str
    question: str
    answer: str
    warning: bool = False


def candidate_rows(assessment: Assessment, texts: Texts) -> tuple[CandidateRow, ...]:
    """Return a row for each candidate, most probable first; none when nothing is known."""
    usable_photo = assessment.photo is not None and assessment.photo.status == "ok"
    if not assessment.answers.given and not usable_photo:
        return ()
    return tuple(_row(candidate, texts) for candidate in assessment.candidates)


def evidence_groups(
    assessment: Assessment, knowledge: Knowledge, texts: Texts
) -> tuple[EvidenceGroup, ...]:
    """Return what speaks for and against the most probable candidates, weightiest first."""
    groups = []
    for candidate in assessment.candidates[:_EXPLAINED]:
        found = [c for c in assessment.contributions if c.category == candidate.category]
        found.sort(key=lambda c: (not c.counted, -abs(c.weight)))
        bars = tuple(_bar(c, assessment, knowledge, texts) for c in found if round(c.weight) != 0)
        groups.append(EvidenceGroup(candidate.name, bars))
    return tuple(groups)


def answer_rows(session: Session, knowledge: Knowledge, texts: Texts) -> tuple[AnswerRow, ...]:
    """Return every answered question with its answer in words, in asking order."""
    return tuple(
        AnswerRow(q.id, q.text, answer_words(q, answer, texts), _is_warning(q, answer))
        for q, answer in _answered(session, knowledge)
    )


def is_denied(question: Question, answer: Answer) -> bool:
    """Whether an answer simply says “no”, where that is no warning sign."""
    return answer == "no" and question.red_flag != "no"


def in_months(question: Question, answer: Answer | None) -> int | None:
    """Return a baby's years in months; None where nobody would say it so, and at birth."""
    below = question.months_below
    if below is None or not isinstance(answer, float) or answer >= below:
        return None
    return round(answer * MONTHS_A_YEAR) or None


def answer_words(question: Question, answer: Answer, texts: Texts) -> str:
    """Return an answer as a person reads it."""
    months = in_months(question, answer)
    if months:
        words = texts.question
        template = plural_form(months, words.one_month, words.some_months, texts.language.code)
        return template.format(count=months)
    if isinstance(answer, float):
        number = f"{answer:g}".replace(".", texts.punctuation.decimal)
        one, many = question.unit_one or "", question.unit or ""
        return f"{number} {plural_form(answer, one, many, texts.language.code)}".strip()
    chosen = (answer,) if isinstance(answer, str) else answer
    return ", ".join(option_text(question, value, texts) for value in chosen)


def option_text(question: Question, value: str, texts: Texts) -> str:
    """Return what a person reads for one legal value."""
    if question.kind == "tristate":
        return str(texts.question[value])
    return next(option.text for option in question.option if option.id == value)


def photo_sentence(assessment: Assessment, texts: Texts) -> str:
    """Return what became of the photo."""
    words, photo = texts.result, assessment.photo
    if photo is None:
        return str(words.photo_none)
    if photo.status == "rejected":
        return str(words.photo_unused)
    return str(words.photo_abstained if photo.abstained else words.photo_used)


def about_groups(
    assessment: Assessment, knowledge: Knowledge
) -> tuple[tuple[str, tuple[About, ...]], ...]:
    """Return the facts about each kind of spot, under its name; general facts under ''."""
    groups: dict[str, list[About]] = {}
    for item in assessment.guidance.about:
        groups.setdefault(item.category, []).append(item)
    return tuple(
        (knowledge.categories[category].name if category else "", tuple(items))
        for category, items in groups.items()
    )


def sources(assessment: Assessment) -> tuple[str, ...]:
    """Return every source that the result rests on, each once."""
    named = (
        *(r.source for r in assessment.reasons),
        *(a.source for a in assessment.guidance.about),
        *(c.source for c in assessment.contributions if c.counted and c.evidence != PHOTO),
    )
    single = (part.strip() for source in named for part in _NEXT_SOURCE.split(source))
    return tuple(dict.fromkeys(part for part in single if part))


def _row(candidate: Candidate, texts: Texts) -> CandidateRow:
    word = page_settings().likelihood_of(candidate.probability)
    return CandidateRow(
        candidate.name,
        candidate.kind.name if candidate.kind else "",
        word,
        str(texts.result[word]),
        _percent(candidate.probability, texts),
    )


def _answered(session: Session, knowledge: Knowledge) -> Iterator[tuple[Question, Answer]]:
    for question, answer in session.answers.given.items():
        yield knowledge.questions[question], answer


def _is_warning(question: Question, answer: Answer) -> bool:
    return question.red_flag is not None and answer in {question.red_flag, "not_sure"}


def _percent(probability: float, texts: Texts) -> str:
    if probability < _LEAST_SHARE:
        return str(texts.result.under_one_percent)
    if probability > 1 - _LEAST_SHARE:
        return str(texts.result.over_99_percent)
    return str(texts.result.percent.format(percent=round(100 * probability)))


def _bar(
    item: Contribution, assessment: Assessment, knowledge: Knowledge, texts: Texts
) -> EvidenceBar:
    if item.evidence == PHOTO:
        label = str(texts.result.the_photo)
    else:
        question = knowledge.questions[item.evidence.partition("=")[0]]
        answer = assessment.answers.given[question.id]
        label = f"{question.text} {answer_words(question, answer, texts)}"
    percent = round(100 * min(abs(item.weight) / _FULL_BAR, 1.0))
    return EvidenceBar(label, item.weight > 0, percent, item.counted)
