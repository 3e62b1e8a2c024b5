"""Any system's advice is scored on vignettes: by hand, and by the formulas of symptomcheckR."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from cli.command_line import CommandLine
from evaluation.tables import read_json, write
from reddots.errors import TableError
from reddots.evaluation.metrics.inference.proportions import wilson
from reddots.evaluation.vignettes.measures import score
from reddots.evaluation.vignettes.results import Results, Vignette, read_results, read_vignettes
from reddots.evaluation.vignettes.scale import Scale, read_scale

THREE = Scale(("home", "doctor", "hospital"))
NAN = float("nan")


def results(*systems: list[float]) -> Results:
    """Four vignettes: home, home to doctor, doctor, hospital."""
    golds = [(0, 0), (1, 0), (1, 1), (2, 2)]
    cases = tuple(Vignette(str(i), gold, least) for i, (gold, least) in enumerate(golds))
    names = tuple("ab"[: len(systems)])
    return Results(THREE, cases, names, np.array(systems, dtype=float))


# what one system advised, measures, why
WORKED = [
    ([0, 1, 1, 2], {"safe": 1.0, "exact": 1.0, "over": 0.0, "missed_emergency": 0.0}, "all right"),
    ([0, 0, 1, 2], {"safe": 1.0, "exact": 1.0}, "the less urgent of a range is right as well"),
    ([2, 2, 2, 2], {"safe": 1.0, "exact": 0.25, "over": 0.75, "inclination_to_over_triage": 1.0}, "everybody to hospital is safe"),
    ([0, 0, 0, 0], {"safe": 0.5, "exact": 0.5, "under": 0.5, "missed_emergency": 1.0, "inclination_to_over_triage": 0.0}, "everybody home"),
    ([0, NAN, NAN, NAN], {"comprehensiveness": 0.25, "safe": 0.25, "safe_given": 1.0, "exact_given": 1.0, "missed_emergency": 1.0}, "no advice is not safe"),
]  # fmt: skip


@pytest.mark.parametrize(("advised", "measures", "why"), WORKED, ids=[r[2] for r in WORKED])
def test_measures_by_hand(advised: list[float], measures: dict[str, float], why: str) -> None:
    own = score(results(advised))["systems"]["a"]
    assert {name: own[name] for name in measures} == measures, why
    assert own["safe_ci"] == wilson(round(own["safe"] * 4), 4)
    assert len(own["missed_emergencies"]) == own["missed_emergency"]
    assert own["capability_comparison_score"] is None, "one system alone has none"


def test_difficulty_and_capability_are_symptomcheckrs() -> None:
    """get_item_difficulty and get_ccs 0.1.3, by hand: a solves cases 0 to 2, b solves 0 only."""
    report = score(results([0, 1, 1, 0], [0, 2, 0, NAN]))
    assert report["item_difficulty"] == {"0": 1.0, "1": 0.5, "2": 0.5, "3": 0.0}
    a, b = (report["systems"][n]["capability_comparison_score"] for n in "ab")
    assert a == pytest.approx(100 * ((0 + 0.5 + 0.5 + 0) / 4 + 1) / 2)
    assert b == pytest.approx(100 * ((0 - 0.5 - 0.5) / 3 + 1) / 2)
    exact = next(c for c in report["comparisons"] if c["measure"] == "exact")
    assert (exact["difference"], exact["only_first"], exact["only_second"]) == (-0.5, 2, 0)
    assert exact["p"] == 0.5, "two of two, McNemar exact"
    assert exact["p_holm"] >= exact["p"]


def vignettes(folder: Path) -> Path:
    rows = [
        {"id": "1", "urgency": "emergency", "kind": "typical"},
        {
            "id": "2",
            "urgency": "within_days",
            "accept": ["routine", "within_days"],
            "kind": "typical",
        },
        {"id": "3", "urgency": "self_care", "kind": "near_miss"},
    ]
    path = folder / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_words_of_other_systems_are_mapped_by_a_small_file(tmp_path: Path) -> None:
    scale = tmp_path / "levels.toml"
    scale.write_text(
        'order = ["home", "doctor", "hospital"]\n'
        '[levels]\n"A&E" = "hospital"\nGP = "doctor"\n"cannot say" = ""\n'
        '[gold]\nself_care = "home"\nroutine = "doctor"\nwithin_days = "doctor"\n'
        'same_day = "hospital"\nemergency = "hospital"\n'
    )
    found = read_scale(scale)
    cases = read_vignettes([vignettes(tmp_path)], found)
    table = write(
        tmp_path / "x.csv",
        "id,urgency,system\n1,A&E,x\n2,GP,x\n3,home,x\n1,GP,y\n2,cannot say,y\n9,GP,y",
    )
    own = read_results([table], cases, found)
    assert own.systems == ("x", "y")
    assert own.exact.tolist() == [[True, True, True], [False, False, False]]
    assert own.given.tolist() == [[True] * 3, [True, False, False]]


# files, words of the message, why
WRONG = [
    ("id,urgency\n1,soon", "soon", "a word that is no level"),
    ("id,level\n1,emergency", "urgency", "a column that is not there"),
    ("id,urgency\n9,emergency", "ids must agree", "no vignette fits"),
    ("id,urgency\n1,emergency\n1,routine", "twice", "two rows of one vignette"),
]


@pytest.mark.parametrize(("text", "word", "why"), WRONG, ids=[r[2] for r in WRONG])
def test_bad_results_are_named(text: str, word: str, why: str, tmp_path: Path) -> None:
    cases = read_vignettes([vignettes(tmp_path)], Scale())
    with pytest.raises(TableError) as caught:
        read_results([write(tmp_path / "x.csv", text)], cases, Scale())
    assert word in str(caught.value), why


@pytest.mark.parametrize("text", ["order = 3", "speed = 1", '[levels]\nx = "moon"', "order = ["])
def test_bad_scales_are_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "levels.toml"
    path.write_text(text)
    with pytest.raises(TableError, match=r"levels\.toml"):
        read_scale(path)


@pytest.mark.slow
def test_the_command_scores_what_triage_wrote(reddots: CommandLine, tmp_path: Path) -> None:
    own = tmp_path / "ours.jsonl"
    own.write_text(
        '{"id": "1", "urgency": "emergency"}\n{"id": "2", "urgency": "routine"}\n{"id": "3", "error": "x"}\n'
    )
    other = write(tmp_path / "theirs.csv", "id,urgency\n1,routine\n2,routine\n3,emergency")
    done = reddots("score", own, other, "--vignettes", vignettes(tmp_path), "-o", tmp_path / "r")
    assert done.code == 0, done.err
    assert "ours: safe 0.667" in done.out
    found = read_json(tmp_path / "r" / "score.json")
    assert found["systems"]["theirs"]["missed_emergencies"] == ["1"]
    assert found["systems"]["ours"]["by_level"]["emergency"]["exact"] == 1.0
    assert found["systems"]["ours"]["by_group"]["kind"]["near_miss"]["given"] == 0
    page = (tmp_path / "r" / "score.html").read_text()
    assert "Emergencies missed" in page
    assert (tmp_path / "r" / "figures" / "systems.pdf").exists()


@pytest.mark.slow
def test_vignettes_are_files_or_a_folder_and_never_results(
    reddots: CommandLine, tmp_path: Path
) -> None:
    """What a shell makes of ``--vignettes cases/*.jsonl`` is refused, not scored as a system."""
    folder = tmp_path / "cases"
    (folder / "more").mkdir(parents=True)
    first = vignettes(folder)
    second = folder / "more" / "later.jsonl"
    second.write_text('{"id": "4", "urgency": "routine"}\n')
    own = write(tmp_path / "x.csv", "id,urgency\n1,emergency\n4,routine")
    done = reddots("score", own, "--vignettes", folder, "-o", tmp_path / "r")
    assert done.code == 0, done.err
    assert "advice for 2 of 4" in done.out
    done = reddots("score", own, "--vignettes", first, second, "-o", tmp_path / "r")
    assert done.code == 2
    assert "Then give their folder" in done.err
