"""A manifest's label means the outputs that it trains and scores."""

import pytest

from reddots.datasets.labels import label_outputs, outputs_in_order, truth_mask
from reddots.knowledge import load
from reddots.knowledge.categories import Category


def category(name: str, output: str | None, **more: object) -> Category:
    return Category(
        id=name, name=name, kind="target", photo="own", summary="", sources=("x",), output=output,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


# Two categories share “bleeding”; “fever” has no output; “dot” is an output of “red_dot”.
CATEGORIES = {
    c.id: c
    for c in [
        category("red_dot", "dot"),
        category("pinpoint", "bleeding"),
        category("vessel", "bleeding"),
        category("fever", None),
        category("skin", "skin"),
    ]
}

# label, outputs it may mean, why
LABELS = [
    ("dot", {"dot"}, "an output"),
    ("red_dot", {"dot"}, "a category stands for its output"),
    ("skin", {"skin"}, "a category and an output of one name"),
    ("pinpoint", {"bleeding"}, "a category of a shared output"),
    ("bleeding", {"bleeding"}, "the shared output itself"),
    ("pinpoint|vessel", {"bleeding"}, "two categories of one output"),
    ("dot|skin", {"dot", "skin"}, "coarse: either of two outputs"),
    ("red_dot|vessel", {"dot", "bleeding"}, "coarse: either of two categories"),
    ("dot|dot", {"dot"}, "the same twice"),
    ("fever", set(), "a category without an output says nothing about the photo"),
    ("measles", set(), "an unknown label"),
    ("", set(), "no label"),
    ("|", set(), "a bar alone"),
    ("DOT", set(), "ids are in lower case"),
]


@pytest.mark.parametrize(("label", "outputs", "why"), LABELS, ids=[row[2] for row in LABELS])
def test_labels_mean_outputs(label: str, outputs: set[str], why: str) -> None:
    assert label_outputs(label, CATEGORIES) == outputs, why


# label, outputs: the same with the shipped categories
SHIPPED = [
    ("petechiae", {"purpura"}),
    ("vasculitis", {"purpura"}),
    ("purpura", {"purpura"}),
    ("keratosis_pilaris|cherry_angioma", {"keratosis_pilaris", "cherry_angioma"}),
    ("rheumatic_fever", set()),
    ("not_skin", {"not_skin"}),
]


@pytest.mark.parametrize(("label", "outputs"), SHIPPED)
def test_shipped_labels_mean_outputs(label: str, outputs: set[str]) -> None:
    assert label_outputs(label, load().categories) == outputs


def test_outputs_are_in_the_order_of_the_categories_each_once() -> None:
    assert outputs_in_order(CATEGORIES) == ("dot", "bleeding", "skin")


def test_truth_has_a_row_for_each_label_and_a_column_for_each_output() -> None:
    labels = ["red_dot", "dot|skin", "", "vessel", "red_dot"]
    assert truth_mask(labels, ["skin", "dot"], CATEGORIES) == [
        [False, True],
        [True, True],
        [False, False],
        [False, False],
        [False, True],
    ], "columns as asked for; an output that is not asked for has none"
    assert truth_mask([], ["skin"], CATEGORIES) == []
