"""What the result says about an assessment."""

import pytest

from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_answers
from reddots.triage.assessment import Assessment, assess
from reddots_app.i18n import page_texts
from reddots_app.ui import presenter

TEXTS = page_texts()["en"]
KNOWN = load()


def case(**answers: object) -> Assessment:
    return assess(parse_answers(answers))


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.99, TEXTS.result.more_likely),  # nearly certain
        (0.35, TEXTS.result.more_likely),  # the limit itself
        (0.2, TEXTS.result.possible),  # in between
        (0.10, TEXTS.result.possible),  # the limit itself
        (0.01, TEXTS.result.less_likely),  # hardly
    ],
)
def test_likelihood_in_words(probability: float, word: str) -> None:
    assert presenter.likelihood_word(probability, TEXTS) == word


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


def test_nothing_known_names_nothing() -> None:
    assert presenter.candidate_bars(case(), TEXTS) == ()


def test_a_rejected_photo_alone_names_nothing() -> None:
    rejected = assess(parse_answers({}), PhotoResult(status="rejected", problems=("not_skin",)))
    assert presenter.candidate_bars(rejected, TEXTS) == ()
    assert presenter.photo_sentence(rejected, TEXTS) == TEXTS.result.photo_unused


def test_candidates_are_all_there_most_probable_first() -> None:
    bars = presenter.candidate_bars(case(blanches="no", surface=["flat"], size="pinpoint"), TEXTS)
    assert len(bars) == len(KNOWN.candidates)
    assert [b.percent for b in bars] == sorted((b.percent for b in bars), reverse=True)
    assert sum(b.percent for b in bars) == pytest.approx(100, abs=5)


def test_no_share_is_called_nought_or_all() -> None:
    answers = {"blanches": "no", "surface": ["flat"], "size": "pinpoint", "onset": "days"}
    shares = [b.share for b in presenter.candidate_bars(case(**answers), TEXTS)]
    assert "0 %" not in shares
    assert "100 %" not in shares


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


def test_every_answer_is_on_the_sheet_what_was_denied_apart() -> None:
    told = case(fever="no", age_years=6, sites=["face"], blanches="no", itchy="not_sure")
    rows = presenter.answer_rows(told, KNOWN, TEXTS)
    assert [words for _, words in rows] == ["6 years", "No", "Face", "Not sure"]
    assert rows[1][0] == KNOWN.questions["blanches"].text, "this “no” is a warning sign"
    assert presenter.denied(told, KNOWN) == (KNOWN.questions["fever"].text,)
