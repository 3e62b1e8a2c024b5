"""What a photo says is a value: problems are added to it, each once, and nothing else changes."""

import pytest

from reddots.photo.result import PhotoResult

# problems that are there, problems that are added, all of them, why
ADDED = [
    ((), ("blurred",), ("blurred",), "the first"),
    (("not_skin",), ("blurred", "too_dark"), ("not_skin", "blurred", "too_dark"), "in order"),
    (("blurred",), ("blurred",), ("blurred",), "each once"),
    (("blurred",), (), ("blurred",), "none"),
]


@pytest.mark.parametrize(("there", "added", "problems", "why"), ADDED)
def test_problems_are_added(
    there: tuple[str, ...], added: tuple[str, ...], problems: tuple[str, ...], why: str
) -> None:
    finding = PhotoResult("ok", there, {"a": 1.0}, prediction_set=("a",))
    after = finding.with_problems(added)
    assert tuple(after.problems) == problems, why
    assert tuple(finding.problems) == there, "the value itself does not change"
    assert (after.status, after.categories) == ("ok", {"a": 1.0})


# probabilities, shares of training, shares in use, gate, in use, as trained, why
NAMES = [
    ({"a": 0.6, "b": 0.4}, {"a": 0.9, "b": 0.1}, {"a": 0.5, "b": 0.5}, False, "b", "a", "rare there"),
    ({"a": 0.6, "b": 0.4}, {"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5}, False, "a", "a", "same shares"),
    ({"a": 0.6, "b": 0.4}, {"a": 0.9, "b": 0.1}, {}, False, "a", "a", "nothing is expected"),
    ({"a": 0.6, "b": 0.4}, {"a": 0.9, "b": 0.1}, {"a": 1.0}, False, "a", "a", "a share is missing"),
    ({"a": 0.4, "not_skin": 0.6}, {"a": 0.2, "not_skin": 0.8}, {"a": 0.9, "not_skin": 0.1}, True,
     "not_skin", "not_skin", "what was turned away is named as that"),
    ({}, {}, {}, False, "", "", "never looked at"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "training", "use", "gate", "named", "trained", "why"),
    NAMES,
    ids=[n[-1] for n in NAMES],
)
def test_a_photo_is_named_by_the_shares_in_use(
    found: dict[str, float],
    training: dict[str, float],
    use: dict[str, float],
    gate: bool,
    named: str,
    trained: str,
    why: str,
) -> None:
    result = PhotoResult(
        "rejected" if gate else "ok",
        categories=found,
        not_skin=gate,
        training_priors=training,
        deployment_priors=use,
    )
    assert (result.category, result.category_training) == (named, trained), why
    assert sum(result.in_use.values()) == pytest.approx(1.0 if found else 0.0), why
