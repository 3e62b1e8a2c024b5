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
