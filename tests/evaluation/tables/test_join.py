"""Predictions find their truth, and every row that does not is accounted for."""

from pathlib import Path

import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from evaluation.tables import write
from reddots.errors import TableError
from reddots.evaluation.core.sample import Sample
from reddots.evaluation.tables.reader import Reading

HEAD = "photo,sha256,status,p_other_rash,p_mole_or_growth"


def joined(folder: Path, predictions: str, manifest: str) -> Sample:
    table = write(folder / "p.csv", f"{HEAD}\n{predictions}")
    truth = write(folder / "m.csv", f"photo,label,sha256\n{manifest}")
    reading = Reading()
    return reading.sample(table, reading.manifest(truth))


GOOD = "a.jpg,AA,ok,0.9,0.1"
TRUE = "a.jpg,other_rash,aa"
# predictions, manifest, what the account says, why
ACCOUNTS = [
    (GOOD, TRUE, {"judged": 1, "unknown": 0, "other_hash": 0}, "hashes are the same in any case"),
    (f"{GOOD}\nz.jpg,,ok,0.5,0.5", TRUE, {"judged": 1, "unknown": 1}, "a photo nobody listed"),
    (f"{GOOD}\na.jpg,aa,ok,0.1,0.9", TRUE, {"judged": 1, "duplicates": 1}, "the first row counts"),
    (GOOD, f"{TRUE}\nb.jpg,other_rash,", {"not_predicted": 1}, "a photo without a row"),
    (GOOD, f"{TRUE}\n{TRUE}", {"judged": 1, "conflicting": 0}, "listed twice alike"),
    (
        f"{GOOD}\nb.jpg,,ok,0.5,0.5",
        f"{TRUE}\na.jpg,mole_or_growth,aa\nb.jpg,other_rash,",
        {"judged": 1, "conflicting": 1},
        "listed twice with rival labels",
    ),
    (f"{GOOD}\nelse/b.jpg,BB,ok,0.5,0.5", f"{TRUE}\nb.jpg,other_rash,bb", {"judged": 2, "by_sha256": 1}, "found by its hash"),
    (f"{GOOD}\nb.jpg,CC,ok,0.5,0.5", f"{TRUE}\nb.jpg,other_rash,bb", {"judged": 2, "other_hash": 1}, "the path counts, but it is told"),
    (f"{GOOD}\nb.jpg,,ok,0.5,0.5", f"{TRUE}\nb.jpg,,", {"judged": 1, "unlabelled": 1}, "nobody said what it shows"),
    (f"{GOOD}\nb.jpg,,ok,0.5,0.5", f"{TRUE}\nb.jpg,purpura,", {"judged": 1, "uncovered": 1}, "a label that no output covers"),
    (f"{GOOD}\nb.jpg,,error,,", f"{TRUE}\nb.jpg,other_rash,", {"judged": 1, "no_prediction": 1}, "an error is no prediction"),
    (f"{GOOD}\nb.jpg,,rejected,0.5,0.5", f"{TRUE}\nb.jpg,other_rash,", {"judged": 2, "rejected": 1}, "a photo turned away is judged"),
    (f"{GOOD}\nb.jpg,,ok,0.9,0.9", f"{TRUE}\nb.jpg,other_rash,", {"judged": 2, "rescaled": 1}, "not summing to 1"),
    (f"{GOOD}\nb.jpg,,ok,0.9,0.1", f"{TRUE}\nb.jpg,other_rash|mole_or_growth,", {"judged": 2, "coarse": 1}, "a coarse truth"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("predictions", "manifest", "counts", "why"), ACCOUNTS, ids=[r[3] for r in ACCOUNTS]
)
def test_every_row_is_accounted_for(
    predictions: str, manifest: str, counts: dict[str, int], why: str, tmp_path: Path
) -> None:
    account = joined(tmp_path, predictions, manifest).account.to_json()
    assert {name: account[name] for name in counts} == counts, why


def test_paths_that_lead_to_the_same_place_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    given = f"{tmp_path.name}/a.jpg,,ok,0.9,0.1"
    found = joined(tmp_path, f"{given}\n./{tmp_path.name}/b.jpg,,ok,0.9,0.1", f"{TRUE}\nb.jpg,x,")
    assert found.account.judged == 1
    assert found.account.unknown == 0
    assert found.account.by_sha256 == 0


def test_the_first_of_two_rows_counts(tmp_path: Path) -> None:
    found = joined(tmp_path, f"{GOOD}\na.jpg,aa,ok,0.1,0.9", TRUE)
    assert found.scored.probabilities.tolist() == [[0.9, 0.1]]


def test_missing_probabilities_are_named_and_those_without_any_only_counted(tmp_path: Path) -> None:
    rows = f"{GOOD}\nb.jpg,,ok,nan,0.1\nc.jpg,,error,,"
    found = joined(
        tmp_path, rows, f"{TRUE}\nb.jpg,other_rash,\nc.jpg,other_rash,\nd.jpg,other_rash,"
    )
    assert found.account.no_prediction == 2
    assert found.eligible == 4, "the one that was never predicted as well"
    assert len(found.useless) == 1
    assert "line 3 (row 2), column “p_other_rash”" in found.useless[0]


# predictions, manifest, words of the message, why
NOTHING = [
    ("z.jpg,,ok,0.5,0.5", TRUE, ["z.jpg", "a.jpg", "agree"], "no photo is listed"),
    (GOOD, "a.jpg,purpura,", ["purpura", "--map-label"], "no label is covered"),
    ("a.jpg,,error,,", TRUE, ["lacks probabilities"], "nothing was predicted"),
]  # fmt: skip


@pytest.mark.parametrize(("predictions", "manifest", "words", "why"), NOTHING)
def test_when_nothing_can_be_judged_it_says_why(
    predictions: str, manifest: str, words: list[str], why: str, tmp_path: Path
) -> None:
    with pytest.raises(TableError) as caught:
        joined(tmp_path, predictions, manifest)
    for word in words:
        assert word in str(caught.value), why
