"""Hypothesis strategies: any answers a person can give, any result a photo can have."""

from collections.abc import Mapping
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from reddots.knowledge import load
from reddots.knowledge.questions import Answer, Question
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers


def _values(question: Question) -> st.SearchStrategy[Any]:
    if question.kind == "number":
        around = [0.0, 0.02, 0.2, 5, 8, 15, 17.9, 18, 40, 120]
        least, most = question.minimum or 0.0, question.maximum
        legal = [a for a in around if least <= a and (most is None or a <= most)]
        return st.sampled_from(legal).map(float)
    if question.kind == "choices":
        options = st.lists(st.sampled_from(question.values), min_size=1, max_size=3, unique=True)
        return options.map(lambda chosen: tuple(v for v in question.values if v in chosen))
    return st.sampled_from(question.values)


# What a person answers who sees no danger sign, is well, and whose spots fade.
CALM = " ".join(
    [
        *(f"{q}=no" for g in load().gates for q in g.questions if q != "blanches"),
        "blanches=yes",
    ]
)


@st.composite
def answers_objects(draw: st.DrawFn) -> Answers:
    """Any legal answers object."""
    questions = load().questions
    asked = draw(st.lists(st.sampled_from(sorted(questions)), unique=True, max_size=14))
    given = {q: draw(_values(questions[q])) for q in questions if q in asked}
    assume(not impossible(given))
    return Answers(given)


def impossible(given: Mapping[str, Answer]) -> bool:
    """Whether answers cannot all be true, so that they are refused."""
    return bool(load().contradicted(given, load().impossible))


@st.composite
def photo_results(draw: st.DrawFn) -> PhotoResult:
    """Any photo result a checkpoint could give, purpura output or simulated head included."""
    outputs = sorted({c.output for c in load().categories.values() if c.output})
    present = draw(st.lists(st.sampled_from(outputs), min_size=1, unique=True))
    weights = [draw(st.floats(1e-6, 1)) for _ in present]
    total = sum(weights)
    rejected = draw(st.booleans())
    simulated = [o for o in outputs if o not in present]
    return PhotoResult(
        status="rejected" if rejected else "ok",
        problems=("not_skin",) if rejected else (),
        categories={o: w / total for o, w in zip(present, weights, strict=True)},
        abstained=draw(st.booleans()),
        prediction_set=tuple(present),
        not_skin=rejected,
        training_priors=dict.fromkeys(present, 1 / len(present)),
        simulated_ratios={o: draw(st.floats(1, 30)) for o in simulated},
    )
