"""What the result says about an assessment."""

import pytest

from reddots.knowledge import load
from reddots.knowledge.translation import languages, load_in
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_answers
from reddots.triage.assessment import Assessment, assess
from reddots_app.i18n import page_texts
from reddots_app.session import Session
from reddots_app.settings import page_settings
from reddots_app.ui import presenter
from reddots_app.ui.doctor_sheet import doctor_sheet

TEXTS = page_texts()["en"]
KNOWN = load()


def case(**answers: object) -> Assessment:
    return assess(parse_answers(answers))


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("age_years", 6.0, "6 years"),  # a number has its unit
        ("age_years", 0.08, "1 month"),  # that of a baby in months
        ("age_years", 7 / 12, "7 months"),  # also of an older one
        ("age_years", 1.5, "18 months"),  # up to two years
        ("age_years", 1.0, "12 months"),  # and a whole year
        ("age_years", 0.0, "0 years"),  # just born
        ("age_years", 2.5, "2.5 years"),  # no longer a baby
        ("fever", "yes", "Yes"),  # the page's own words
        ("blanches", "not_sure", "Not sure"),  # also for unsure
        ("onset", "days", "Days"),  # the option's text
        ("sites", ("face", "mouth"), "Face, Inside the mouth"),  # a list
    ],
)
def test_an_answer_in_words(question: str, answer: float | str, words: str) -> None:
    assert presenter.answer_words(KNOWN.questions[question], answer, TEXTS) == words


@pytest.mark.parametrize(
    ("language", "words"), [("en", "2.5 years"), ("fr", "2,5 ans"), ("pt", "2,5 anos")]
)
def test_a_number_is_written_as_in_the_language(language: str, words: str) -> None:
    question = load_in(language).questions["age_years"]
    assert presenter.answer_words(question, 2.5, page_texts()[language]) == words


# language, question, answer, what is read
NUMBERS = [
    ("en", "fever_days", 0, "0 days"),
    ("en", "fever_days", 1, "1 day"),
    ("en", "fever_days", 1.5, "1.5 days"),
    ("en", "fever_days", 2, "2 days"),
    ("en", "pregnancy_weeks", 1, "1 week"),
    ("es", "fever_days", 0, "0 días"),
    ("es", "fever_days", 1, "1 día"),
    ("es", "pregnancy_weeks", 1, "1 semana"),
    ("es", "age_years", 1 / 12, "1 mes"),
    ("es", "age_years", 1, "12 meses"),
    ("fr", "fever_days", 0, "0 jour"),
    ("fr", "fever_days", 1, "1 jour"),
    ("fr", "fever_days", 1.5, "1,5 jour"),
    ("fr", "fever_days", 2, "2 jours"),
    ("fr", "pregnancy_weeks", 0, "0 semaine"),
    ("fr", "age_years", 0, "0 an"),
    ("pt", "fever_days", 0, "0 dias"),
    ("pt", "fever_days", 1, "1 dia"),
    ("pt", "pregnancy_weeks", 2, "2 semanas"),
    ("pt", "age_years", 1 / 12, "1 mês"),
]


@pytest.mark.parametrize(("language", "question", "answer", "words"), NUMBERS)
def test_the_noun_beside_a_number_is_as_the_language_counts(
    language: str, question: str, answer: float, words: str
) -> None:
    asked = load_in(language).questions[question]
    assert presenter.answer_words(asked, float(answer), page_texts()[language]) == words


def test_one_and_many_differ_wherever_a_question_has_a_unit() -> None:
    for language in languages():
        units = [q for q in load_in(language).questions.values() if q.unit]
        assert len(units) >= 3
        for question in units:
            assert question.unit != question.unit_one, f"{language}: {question.id}"


def test_nothing_known_names_nothing() -> None:
    assert presenter.candidate_rows(case(), TEXTS) == ()


def test_a_rejected_photo_alone_names_nothing() -> None:
    rejected = assess(parse_answers({}), PhotoResult(status="rejected", problems=("not_skin",)))
    assert presenter.candidate_rows(rejected, TEXTS) == ()
    assert presenter.photo_sentence(rejected, TEXTS) == TEXTS.result.photo_unused


def test_candidates_have_words_and_shares_most_probable_first() -> None:
    answers = {"blanches": "no", "surface": ["flat"], "size": "pinpoint", "onset": "days"}
    rows = presenter.candidate_rows(case(**answers), TEXTS)
    assert len(rows) == len(KNOWN.candidates)
    order = [word.id for word in page_settings().likelihood]
    assert [order.index(r.word_id) for r in rows] == sorted(order.index(r.word_id) for r in rows)
    assert {"0%", "100%"}.isdisjoint(r.share for r in rows)


def test_evidence_names_the_answer_and_the_way_it_points() -> None:
    groups = presenter.evidence_groups(case(blanches="no", size="pinpoint"), KNOWN, TEXTS)
    bars = [bar for group in groups for bar in group.bars]
    assert any(bar.label.endswith("No") and bar.speaks_for for bar in bars)
    assert all(0 < bar.percent <= 100 for bar in bars)


def test_sources_stand_once_and_whole() -> None:
    sources = presenter.sources(case(sore_throat="yes", joint_pain="yes", age_years=9))
    assert len(sources) == len(set(sources))
    assert any("131:1806" in source and source.startswith("Gewitz") for source in sources)
    assert all(source[0].isupper() for source in sources), "no half of one stands alone"


def test_the_sheet_keeps_apart_what_was_denied_skipped_and_never_asked() -> None:
    answers = {"fever": "no", "age_years": 6, "blanches": "no", "itchy": "not_sure", "cough": "no"}
    session = Session("en", answers=parse_answers(answers), skipped=frozenset({"vomiting"}))
    assessment = assess(session.answers, skipped=session.skipped)
    sheet = doctor_sheet(session, assessment, KNOWN, TEXTS)
    facts = {row.id: row.answer for row in sheet.facts}
    assert tuple(facts) == page_settings().sheet.first
    assert facts["age_years"] == "6 years"
    assert facts["blanches"] == "No"
    assert facts["onset"] == TEXTS.sheet.not_asked
    assert next(row for row in sheet.facts if row.id == "blanches").warning
    assert KNOWN.questions["fever"].text in sheet.warnings_denied
    assert KNOWN.questions["blanches"].text not in sheet.warnings_denied, "this “no” warns"
    assert KNOWN.questions["cough"].text in sheet.denied
    assert [row.id for row in sheet.present] == ["itchy"]
    assert sheet.skipped == (KNOWN.questions["vomiting"].text,)
    assert KNOWN.questions["vomiting"].text not in sheet.never_asked
    total = len(sheet.never_asked) + len(sheet.skipped) + len(answers)
    assert total == len(KNOWN.questions), "every question stands somewhere"
