"""What is measured of a checkpoint on a set of photos, from made-up logits."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="intervals need statsmodels, of the extra “train”")

from sklearn.metrics import roc_auc_score

from reddots.classifier.checkpoint import SideCar
from reddots.datasets.manifest import Row
from reddots.training.evaluate_checkpoint import CheckpointOutput, evaluate_checkpoint
from reddots.training.plots import draw_reliability
from tiny_checkpoint import OUTPUTS, side_car

GATE = OUTPUTS.index("not_skin")


def checkpoint(**thresholds: object) -> SideCar:
    description = side_car()
    description["thresholds"].update(thresholds)
    description["sha256"] = {"onnx": "", "safetensors": ""}
    return msgspec.convert(description, SideCar)


def predicted(strange: int = 3) -> CheckpointOutput:
    """Thirty photos that are called right, but for three; and some that no output covers."""
    rows, logits, truth = [], [], []
    for index in range(30):
        output = index % len(OUTPUTS)
        said = (output + 1) % len(OUTPUTS) if index in {0, 1, 2} else output
        logits.append(4.0 * np.eye(len(OUTPUTS))[said])
        truth.append(np.eye(len(OUTPUTS), dtype=bool)[output])
        rows.append(Row(f"{index}.png", OUTPUTS[output], dataset="xy"[index % 2], group=f"g{index}", fitzpatrick=1 + index % 2 if index < 25 else None))  # fmt: skip
    odd = [Row(f"s{i}.png", "purpura", dataset="x", licence="CC0") for i in range(strange)]
    flat = np.zeros((strange, len(OUTPUTS)))
    return CheckpointOutput(rows, np.array(logits), np.array(truth), odd, flat)


def test_every_figure_is_there_and_plain() -> None:
    found = evaluate_checkpoint(checkpoint(ood_score=-2.0), predicted())
    assert msgspec.json.decode(msgspec.json.encode(found)) == found, "it can stand in a side-car"
    assert (found["n"], found["left_out"]) == (30, 3)
    assert found["accuracy"] == pytest.approx(0.9)
    assert sum(map(sum, found["confusion"])) == 30
    assert found["uncovered"] == {"purpura": {OUTPUTS[0]: 3}}
    assert found["sources"]["x"]["n"] == 18


@pytest.mark.slow
def test_strange_photos_are_told_from_usual_skin() -> None:
    found = evaluate_checkpoint(checkpoint(ood_score=-2.0), predicted())["ood_score"]
    assert found["usual"] == 24, "photos without skin are not usual"
    assert found["near"]["energy"] == {"auroc": 1.0, "fpr_at_95": 0.0}
    assert found["near"]["beyond_threshold"] == 1.0
    assert found["far"]["n"] == 6
    assert found["far"]["energy"]["auroc"] > 0.9, "nothing that skin shows is likely"
    assert found["far"]["not_skin"]["auroc"] > 0.9, "and the gate says so"
    assert evaluate_checkpoint(checkpoint(), predicted(0))["ood_score"]["near"]["energy"] is None


def test_groups_of_people_have_their_own_figures() -> None:
    found = evaluate_checkpoint(checkpoint(), predicted())["subgroups"]
    values = {v["value"]: (v["n"], v["too_few"]) for v in found["fitzpatrick"]}
    assert values == {"1": (13, True), "2": (12, True), "not known": (5, True)}
    assert [v["n"] for v in found["dataset"]] == [15, 15]


# strangeness's limit, photos that are named, why
NAMED = [
    (None, 30, "it does not count"),
    (0.0, 30, "none is so strange"),
    (-9.0, 0, "all are"),
    (-2.0, 24, "the six without skin are"),
]


@pytest.mark.parametrize(("limit", "named", "why"), NAMED, ids=[r[2] for r in NAMED])
@pytest.mark.slow
def test_what_is_too_strange_is_not_named(limit: float | None, named: int, why: str) -> None:
    assert evaluate_checkpoint(checkpoint(ood_score=limit), predicted())["named"] == named, why


def test_a_coarse_truth_is_counted_in_the_row_of_its_first_output() -> None:
    base = predicted(0)
    truth = base.truth.copy()
    truth[4, 0] = True  # its own output, and what it is called, is the last
    before, after = (
        np.array(evaluate_checkpoint(checkpoint(), found)["confusion"])
        for found in (base, replace(base, truth=truth))
    )
    moved = np.zeros_like(before)
    moved[[0, 4], 4] = 1, -1
    assert (after - before).tolist() == moved.tolist()


@pytest.mark.slow
def test_what_simulation_taught_is_found_among_all_else_by_group() -> None:
    base = predicted()
    shows = np.append(np.zeros(30, dtype=bool), np.ones(3, dtype=bool))
    ratio = np.append(np.linspace(0, 1, 30), [0.5, 0.9, 2.0])
    output = replace(base, simulated={"purpura": (ratio, shows)})
    found = evaluate_checkpoint(checkpoint(), output)["simulated"]["purpura"]
    assert (found["n"], found["others"]) == (3, 30)
    assert found["auroc"] == pytest.approx(roc_auc_score(shows, ratio))
    assert found["auroc_ci"][0] < found["auroc"] < found["auroc_ci"][1]
    clear = output.where(lambda row: row.photo not in {"0.png", "s2.png"})
    assert (len(clear.rows), len(clear.strange)) == (29, 2)
    own = evaluate_checkpoint(checkpoint(), clear)["simulated"]["purpura"]
    assert (own["n"], own["others"]) == (2, 29)
    assert own["auroc"] == pytest.approx(roc_auc_score(shows[1:-1], ratio[1:-1]))


@pytest.mark.slow
def test_photos_of_one_group_widen_every_interval() -> None:
    base = predicted(0)
    grouped = [replace(row, group=f"g{index // 5}") for index, row in enumerate(base.rows)]
    alone, together = (
        evaluate_checkpoint(checkpoint(), replace(base, rows=rows))
        for rows in ([replace(row, group="") for row in base.rows], grouped)
    )
    assert (alone["groups"], together["groups"]) == (30, 6), "without a group, one of its own"

    def width(found: dict[str, Any]) -> float:
        return float(found["sets"]["coverage_ci"][1] - found["sets"]["coverage_ci"][0])

    assert width(together) > width(alone)
    assert alone["ece_debiased_ci"][0] <= alone["ece_debiased"] <= alone["ece_debiased_ci"][1]


@pytest.mark.slow
def test_a_bin_of_one_group_is_drawn_without_its_interval() -> None:
    base = predicted(0)
    rows = [replace(row, group="one") for row in base.rows]
    found = evaluate_checkpoint(checkpoint(), replace(base, rows=rows))
    assert found["reliability"]["after"][0]["observed_ci"] is None
    assert draw_reliability({"one group": found}).png.startswith(b"\x89PNG")
