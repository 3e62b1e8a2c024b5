"""A photo raises what answers left calm, but for an old angioma only where it is clear."""

import pytest

from any_case import CALM
from reddots.knowledge import Urgency, load
from reddots.photo.result import PhotoResult
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import assess

ANGIOMA = f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years changed=no"
PILARIS = f"{CALM} age_years=15 surface=rough sites=upper_arms onset=years"
SHARES = {
    "mole_or_growth": 0.25,
    "other_vascular": 0.25,
    "cherry_angioma": 0.25,
    "keratosis_pilaris": 0.25,
}


def photo(output: str, probability: float, ratio: float = 1.0) -> PhotoResult:
    """Return a photo's result: an output, and what the answers fit shares the rest."""
    rest = [o for o in ("cherry_angioma", "keratosis_pilaris") if o != output]
    found = {o: (1 - probability) / len(rest) for o in rest} | {output: probability}
    return PhotoResult(
        "ok",
        categories={o: found.get(o, 0.0) for o in SHARES},
        training_priors=SHARES,
        simulated_ratios={"purpura": ratio},
    )


# answers, what the photo shows, how likely, urgency, why
CASES = [
    (ANGIOMA, "mole_or_growth", 0.45, "self_care", "below the rule's limit"),
    (ANGIOMA, "mole_or_growth", 0.6, "self_care", "an old angioma is often taken for a mole"),
    (ANGIOMA, "other_vascular", 0.6, "self_care", "or for another vessel"),
    (ANGIOMA, "mole_or_growth", 0.92, "routine", "a clear photo raises all the same"),
    (ANGIOMA, "other_vascular", 0.92, "routine", "and so does that of a vessel"),
    (PILARIS, "mole_or_growth", 0.6, "routine", "the exception is the angioma's alone"),
    (ANGIOMA.replace("changed=no", "changed=not_sure"), "mole_or_growth", 0.6, "routine", "not sure whether it changed"),
    (ANGIOMA.replace("changed=no", "changed=yes"), "mole_or_growth", 0.6, "within_days", "changed"),
    (ANGIOMA.replace("onset=years", "onset=weeks"), "mole_or_growth", 0.6, "routine", "new"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "output", "probability", "urgency", "why"), CASES, ids=[c[-1] for c in CASES]
)
def test_what_a_photo_raises(
    answers: str, output: str, probability: float, urgency: str, why: str
) -> None:
    given = parse_settings(answers.split())
    found = assess(given, photo(output, probability)).urgency
    assert found == Urgency.named(urgency), why
    assert found >= assess(given).urgency, "a photo never lowers"


def test_marks_that_can_be_bleeding_raise_a_typical_angioma() -> None:
    (rule,) = (r for r in load().rules.photo_rules if r.output == "purpura")
    shown = photo("cherry_angioma", 0.9, ratio=rule.at_least)
    assert assess(parse_settings(ANGIOMA.split()), shown).urgency == Urgency.WITHIN_DAYS
