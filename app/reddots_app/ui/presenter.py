"""What the result says about an assessment, in values that the templates lay out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reddots.knowledge import Knowledge
from reddots.knowledge.questions import Answer, Question
from reddots.triage.assessment import Assessment
from reddots.triage.differential import PHOTO, Contribution
from reddots.triage.guidance import About
from reddots_app.i18n import PageTexts

MORE_LIKELY = 0.35  # at least this probable
POSSIBLE = 0.10
MONTHS_A_YEAR = 12
_NEXT_SOURCE = re.compile(r"; (?=[A-Z])")  # in small letters a source goes on: “; our judgement”
_LEAST_SHARE = 0.01  # what lies nearer to 0 or 1 is not given as a number
_EXPLAINED = 3  # candidates whose evidence is shown
_FULL_BAR = 13.0  # decibans, a likelihood ratio of 20: the longest bar


@dataclass(frozen=True)
class CandidateBar:
    """One kind of spot, how likely in words and in percent, and its bar's length in percent."""

    name: str
    words: str
    share: str
    percent: int


@dataclass(frozen=True)
class EvidenceBar:
    """One finding: what was said, which way it counts, and the bar's length in percent."""

    label: str
    speaks_for: bool
    percent: int
    source: str
    counted: bool


@dataclass(frozen=True)
class EvidenceGroup:
    """What speaks for and against one kind of spot."""

    name: str
    bars: tuple[EvidenceBar, ...]


def likelihood_word(probability: float, texts: PageTexts) -> str:
    """Return a probability, 0 to 1, in words."""
    if probability >= MORE_LIKELY:
        return texts.result.more_likely
    return texts.result.possible if probability >= POSSIBLE else texts.result.less_likely


def candidate_bars(assessment: Assessment, texts: PageTexts) -> tuple[CandidateBar, ...]:
    """Return a bar for each candidate, most probable first; none when nothing is known."""
    usable_photo = assessment.photo is not None and assessment.photo.status == "ok"
    if not assessment.answers.given and not usable_photo:
        return ()
    return tuple(
        CandidateBar(
            c.name,
            likelihood_word(c.probability, texts),
            _percent(c.probability, texts),
            round(100 * c.probability),
        )
        for c in assessment.candidates
    )


def evidence_groups(
    assessment: Assessment, knowledge: Knowledge, texts: PageTexts
) -> tuple[EvidenceGroup, ...]:
    """Return what speaks for and against the most probable candidates, weightiest first."""
    groups = []
    for candidate in assessment.candidates[:_EXPLAINED]:
        found = [c for c in assessment.contributions if c.category == candidate.category]
        found.sort(key=lambda c: (not c.counted, -abs(c.weight)))
        bars = tuple(_bar(c, assessment, knowledge, texts) for c in found if round(c.weight) != 0)
        groups.append(EvidenceGroup(candidate.name, bars))
    return tuple(groups)


def answer_rows(
    assessment: Assessment, knowledge: Knowledge, texts: PageTexts
) -> tuple[tuple[str, str], ...]:
    """Return each answered question with its answer in words, without what was simply denied."""
    return tuple(
        (question.text, answer_words(question, answer, texts))
        for question, answer in _answered(assessment, knowledge)
        if not _is_denied(question, answer)
    )


def denied(assessment: Assessment, knowledge: Knowledge) -> tuple[str, ...]:
    """Return each question that was answered with “no”, where that is no warning sign."""
    return tuple(
        question.text
        for question, answer in _answered(assessment, knowledge)
        if _is_denied(question, answer)
    )


def in_months(question: Question, answer: Answer | None) -> int | None:
    """Return a baby's years in months; None where nobody would say it so, and at birth."""
    below = question.months_below
    if below is None or not isinstance(answer, float) or answer >= below:
        return None
    return round(answer * MONTHS_A_YEAR) or None


def answer_words(question: Question, answer: Answer, texts: PageTexts) -> str:
    """Return an answer as a person reads it."""
    months = in_months(question, answer)
    if months:
        words = texts.question
        return words.one_month if months == 1 else words.some_months.format(count=months)
    if isinstance(answer, float):
        return f"{answer:g} {question.unit or ''}".strip()
    chosen = (answer,) if isinstance(answer, str) else answer
    return ", ".join(option_text(question, value, texts) for value in chosen)


def option_text(question: Question, value: str, texts: PageTexts) -> str:
    """Return what a person reads for one legal value."""
    if question.kind == "tristate":
        words = texts.question
        return {"yes": words.yes, "no": words.no, "not_sure": words.not_sure}[value]
    return next(option.text for option in question.option if option.id == value)


def photo_sentence(assessment: Assessment, texts: PageTexts) -> str:
    """Return what became of the photo."""
    words, photo = texts.result, assessment.photo
    if photo is None:
        return words.photo_none
    if photo.status == "rejected":
        return words.photo_unused
    return words.photo_abstained if photo.abstained else words.photo_used


def about_groups(
    assessment: Assessment, knowledge: Knowledge
) -> tuple[tuple[str, tuple[About, ...]], ...]:
    """Return what is told about each kind of spot, under its name; general facts under ''."""
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


def _answered(assessment: Assessment, knowledge: Knowledge) -> Iterator[tuple[Question, Answer]]:
    for question, answer in assessment.answers.given.items():
        yield knowledge.questions[question], answer


def _is_denied(question: Question, answer: Answer) -> bool:
    return answer == "no" and question.red_flag != "no"


def _percent(probability: float, texts: PageTexts) -> str:
    if probability < _LEAST_SHARE:
        return texts.result.under_one_percent
    if probability > 1 - _LEAST_SHARE:
        return texts.result.over_99_percent
    return texts.result.percent.format(percent=round(100 * probability))


def _bar(
    item: Contribution, assessment: Assessment, knowledge: Knowledge, texts: PageTexts
) -> EvidenceBar:
    if item.evidence == PHOTO:
        label = texts.result.the_photo
    else:
        question = knowledge.questions[item.evidence.partition("=")[0]]
        answer = assessment.answers.given[question.id]
        label = f"{question.text} {answer_words(question, answer, texts)}"
    percent = round(100 * min(abs(item.weight) / _FULL_BAR, 1.0))
    return EvidenceBar(label, item.weight > 0, percent, item.source, item.counted)
