"""Prior, answers and photo are joined by Bayes' rule, and a photo cannot argue some things away."""

import math
from typing import Any

import pytest
from hypothesis import given, settings

from any_case import answers_objects, photo_results
from reddots.knowledge import load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.differential import PHOTO, Contribution, fuse, photo_ratios

FIRST = (
    "keratosis_pilaris cherry_angioma other_vascular other_rash mole_or_growth normal_skin not_skin"
)
OUTPUTS = tuple(FIRST.split())  # of a checkpoint without purpura
NEVER = ("petechiae", "vasculitis", "rheumatic_fever")  # what it cannot see


def photo(call: str, probability: float = 0.94, **more: Any) -> PhotoResult:
    """A photo that is called so, the others sharing the rest; trained on equal shares."""
    rest = (1 - probability) / (len(OUTPUTS) - 1)
    return PhotoResult(
        status=more.pop("status", "ok"),
        categories={o: probability if o == call else rest for o in OUTPUTS},
        training_priors=dict.fromkeys(OUTPUTS, 1 / len(OUTPUTS)),
        **more,
    )


def probabilities(answers: str = "", seen: PhotoResult | None = None) -> dict[str, float]:
    return dict(fuse(parse_settings(answers.split()), seen, load()).probabilities)


def test_nothing_known_is_the_prior() -> None:
    priors = {c.id: c.prior for c in load().candidates}
    assert probabilities() == pytest.approx(priors)


# age, whether it is one at which rheumatic fever is likelier, why
AGES = [
    (4.99, False, "just before the fifth birthday"),
    (5, True, "the fifth birthday"),
    (15.5, True, "fifteen and a half is still fifteen"),
    (16, False, "the sixteenth birthday"),
    (29.5, False, "twenty-nine and a half"),
    (120, False, "the oldest"),
]


@pytest.mark.parametrize(("age", "likelier", "why"), AGES)
def test_every_age_has_its_evidence(age: float, likelier: bool, why: str) -> None:
    prior = probabilities()["rheumatic_fever"]
    posterior = probabilities(f"age_years={age}")["rheumatic_fever"]
    assert (posterior > prior) == likelier, why
    assert posterior != pytest.approx(prior), "no age falls between two ranges"


def test_one_answer_is_bayes_rule_by_hand() -> None:
    known = load()
    ratios = dict.fromkeys((c.id for c in known.candidates), 1.0)
    for entry in known.evidence.entries:
        if entry.question == "worse_in_winter" and "yes" in entry.answers:
            ratios[entry.category] = known.evidence.ratio(entry.word)
    weights = {c.id: c.prior * ratios[c.id] for c in known.candidates}
    total = sum(weights.values())
    expected = {c: w / total for c, w in weights.items()}
    assert probabilities("worse_in_winter=yes") == pytest.approx(expected)


@settings(max_examples=200)
@given(answers_objects())
def test_the_counted_contributions_are_all_that_moves_a_category(answers: Answers) -> None:
    known = load()
    fusion = fuse(answers, None, known)
    limit = 10 * math.log10(known.evidence.limits.answers)
    scores = {}
    for category in known.candidates:
        counted = (
            c.weight for c in fusion.contributions if c.counted and c.category == category.id
        )
        decibans = min(max(math.fsum(counted), -limit), limit)
        scores[category.id] = category.prior * 10 ** (decibans / 10)
    total = math.fsum(scores.values())
    assert dict(fusion.probabilities) == pytest.approx({c: s / total for c, s in scores.items()})


def contributions(answers: str, category: str) -> list[Contribution]:
    fusion = fuse(parse_settings(answers.split()), None, load())
    return [c for c in fusion.contributions if c.category == category]


def test_of_answers_that_say_the_same_only_the_weightiest_counts() -> None:
    found = contributions("aspirin=yes heparin_or_anticoagulant=yes", "petechiae")
    groups = {e.question: e.group for e in load().evidence.entries if e.category == "petechiae"}
    same_group = groups["aspirin"] == groups["heparin_or_anticoagulant"]
    counted = [c for c in found if c.counted]
    assert len(counted) == (1 if same_group else 2)
    assert max(found, key=lambda c: abs(c.weight)).counted


def test_of_equal_answers_the_one_that_speaks_for_it_counts() -> None:
    rough, flat = (contributions(f"surface={v}", "keratosis_pilaris")[0] for v in ("rough", "flat"))
    assert rough.weight == -flat.weight, "the row of answers is a tie"
    both = contributions("surface=flat,rough", "keratosis_pilaris")
    assert [c.weight for c in both if c.counted] == [rough.weight]


def test_the_total_of_the_answers_is_capped() -> None:
    limit = 10 * math.log10(load().evidence.limits.answers)
    answers = (
        "blanches=no size=pinpoint surface=flat pattern=clustered colour=purple sites=eyelids "
        "easy_bruising=yes chemotherapy_or_radiotherapy=yes blood_disorder=yes straining=yes"
    )
    total = sum(c.weight for c in contributions(answers, "petechiae") if c.counted)
    assert total > limit, "the row of answers is strong enough to be capped"
    odds = probabilities(answers)["petechiae"] / probabilities()["petechiae"]
    assert odds < load().evidence.limits.answers


def test_each_contribution_names_its_source() -> None:
    fusion = fuse(parse_settings(["fever=yes", "sites=face,neck"]), photo("other_rash"), load())
    assert all(c.source and c.evidence for c in fusion.contributions)
    assert {c.evidence for c in fusion.contributions if c.evidence != PHOTO} == {
        "fever=yes", "sites=face; neck",
    }  # fmt: skip


# ---------------------------------------------------------------- the photo


@pytest.mark.parametrize("call", OUTPUTS[:-1])
def test_a_photo_raises_what_it_is_called(call: str) -> None:
    assert probabilities(seen=photo(call))[call] > probabilities()[call]


@pytest.mark.parametrize("call", OUTPUTS)
@pytest.mark.parametrize("answers", ["", "sore_throat=yes joint_pain=yes age_years=9"])
def test_a_photo_never_moves_rheumatic_fever(call: str, answers: str) -> None:
    before, after = probabilities(answers), probabilities(answers, photo(call))
    assert after["rheumatic_fever"] == pytest.approx(before["rheumatic_fever"], rel=1e-9)


# what the photo is called, whether petechiae keep their share against it, why
MISTAKEN = [
    ("other_rash", True, "a rash may be petechiae"),
    ("other_vascular", True, "so may a vessel"),
    ("cherry_angioma", True, "so may an angioma"),
    ("mole_or_growth", False, "a mole is hardly mistaken for them"),
    ("keratosis_pilaris", False, "nor are rough bumps"),
]


@pytest.mark.parametrize("category", ["petechiae", "vasculitis"])
@pytest.mark.parametrize(("call", "keeps", "why"), MISTAKEN)
def test_without_the_output_the_likeliest_mistake_counts(
    category: str, call: str, keeps: bool, why: str
) -> None:
    ratios = photo_ratios(photo(call), probabilities(), load())
    assert (ratios[category] == pytest.approx(max(ratios.values()))) == keeps, why
    assert ratios[category] == pytest.approx(
        max(ratios[o] for o in load().categories[category].mistaken_for)
    )


@pytest.mark.parametrize("call", OUTPUTS)
def test_a_photo_called_something_else_does_not_undo_the_glass_test(call: str) -> None:
    answers = "blanches=no size=pinpoint surface=flat pattern=clustered colour=purple"
    after = probabilities(answers, photo(call, 0.99))
    if call in load().categories["petechiae"].mistaken_for:
        assert max(after, key=lambda c: after[c]) == "petechiae"
    assert after["petechiae"] > 0.1, "whatever the photo is called"


def test_with_the_output_it_is_the_photos_own_word() -> None:
    own = PhotoResult(
        "ok",
        categories={"purpura": 0.9, "other_rash": 0.1},
        training_priors={"purpura": 0.5, "other_rash": 0.5},
    )
    ratios = photo_ratios(own, probabilities(), load())
    assert ratios["petechiae"] == ratios["vasculitis"] == max(ratios.values())
    assert ratios["petechiae"] > ratios["other_rash"]


@pytest.mark.parametrize("ratio", [1.0, 1.5, 5.0, 30.0])
def test_a_simulated_output_only_ever_raises(ratio: float) -> None:
    before = probabilities(seen=photo("other_rash"))
    after = probabilities(seen=photo("other_rash", simulated_ratios={"purpura": ratio}))
    for category in ("petechiae", "vasculitis"):
        assert after[category] >= before[category] - 1e-12
        assert (after[category] > before[category] + 1e-9) == (ratio > 1)


def test_a_simulated_ratio_below_one_is_no_argument_against() -> None:
    plain = probabilities(seen=photo("other_rash"))
    lowered = probabilities(seen=photo("other_rash", simulated_ratios={"purpura": 0.01}))
    assert lowered == pytest.approx(plain)


def test_a_rejected_photo_says_nothing() -> None:
    assert probabilities(seen=photo("cherry_angioma", status="rejected")) == probabilities()
    assert probabilities(seen=PhotoResult("rejected", ("missing",))) == probabilities()


def test_shares_in_training_are_divided_out() -> None:
    seen = PhotoResult(
        "ok",
        categories={"cherry_angioma": 0.5, "other_rash": 0.5},
        training_priors={"cherry_angioma": 0.1, "other_rash": 0.9},
    )
    ratios = photo_ratios(seen, probabilities(), load())
    assert ratios["cherry_angioma"] / ratios["other_rash"] == pytest.approx(9)


@settings(max_examples=200)
@given(answers_objects(), photo_results())
def test_a_photos_word_is_capped(answers: Answers, seen: PhotoResult) -> None:
    known = load()
    limit = known.evidence.limits.photo
    simulated = max(seen.simulated_ratios.values(), default=1.0)
    before = fuse(answers, None, known).probabilities
    for ratio in photo_ratios(seen, before, known).values():
        assert 1 / limit - 1e-9 <= ratio <= limit * simulated + 1e-9
