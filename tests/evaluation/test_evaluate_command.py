"""``reddots evaluate`` from files to a report, on the edge as in the middle."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from sklearn import metrics as sk

from cli.command_line import CommandLine
from evaluation.tables import OUTPUTS, read_json, sample_files, write


def run(reddots: CommandLine, folder: Path, *more: object, count: int = 60) -> dict[str, Any]:
    """Evaluate a fabricated table; return metrics.json."""
    predictions, manifest = sample_files(folder, count)
    return run_on(reddots, predictions, manifest, folder / "report", *more)


def run_on(
    reddots: CommandLine, predictions: Path, manifest: Path, output: Path, *more: object
) -> dict[str, Any]:
    done = reddots(
        "evaluate", predictions, "--truth", manifest, "-o", output, "--replicates", 25,
        *([] if "--plots" in more else ["--no-plots"]), *more,
    )  # fmt: skip
    assert done.code == 0, done.err
    return read_json(output / "metrics.json")


def test_the_figures_are_those_of_scikit_learn_on_the_file(
    reddots: CommandLine, tmp_path: Path
) -> None:
    found = run(reddots, tmp_path)
    with (tmp_path / "predictions.csv").open() as file:
        p = np.array([[float(row[f"p_{o}"]) for o in OUTPUTS] for row in csv.DictReader(file)])
    with (tmp_path / "manifest.csv").open() as file:
        y = np.array([OUTPUTS.index(row["label"]) for row in csv.DictReader(file)])
    top, hot = p.argmax(axis=1), np.eye(3)[y]
    assert found["n"] == 60
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(y, top))
    assert found["balanced_accuracy"] == pytest.approx(sk.balanced_accuracy_score(y, top))
    assert found["log_loss"] == pytest.approx(sk.log_loss(y, p), abs=1e-5)
    assert found["brier"] == pytest.approx(((p - hot) ** 2).sum(axis=1).mean())
    conf, ece = p.max(axis=1), 0.0
    for b in range(15):
        own = (conf > b / 15) & (conf <= (b + 1) / 15)
        if own.any():
            ece += own.mean() * abs(conf[own].mean() - (top == y)[own].mean())
    assert found["ece"] == pytest.approx(ece)
    for k, output in enumerate(OUTPUTS):
        own = found["per_output"][output]
        assert own["n"] == (y == k).sum()
        assert own["sensitivity"] == pytest.approx((top[y == k] == k).mean())
        assert own["specificity"] == pytest.approx((top[y != k] != k).mean())
        assert own["auroc"] == pytest.approx(sk.roc_auc_score(y == k, p[:, k]))
        for name in ("sensitivity", "specificity", "auroc"):
            low, high = own[f"{name}_ci"]
            assert low <= own[name] <= high
    for name in ("accuracy", "balanced_accuracy", "log_loss", "brier", "ece_debiased"):
        assert len(found[f"{name}_ci"]) == 2


@pytest.mark.slow
def test_the_report_is_one_page_that_needs_no_other_file(
    reddots: CommandLine, tmp_path: Path
) -> None:
    figures = tmp_path / "report" / "figures"
    figures.mkdir(parents=True)
    old, mine = figures / "roc.of-an-earlier-run.svg", figures / "mine.png"
    for path in (old, mine, tmp_path / "outside.svg"):
        path.write_text("here before")
    listed = [f"figures/{old.name}", "figures/../../outside.svg", "../outside.svg", 7]
    (figures / ".reddots-figures.json").write_text(json.dumps(listed))
    run(reddots, tmp_path, "--plots")
    assert not old.exists(), "a figure of an earlier run"
    assert mine.exists(), "a figure of somebody else"
    assert (tmp_path / "outside.svg").exists(), "a list that was tampered with"
    page = (tmp_path / "report" / "report.html").read_text()
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    assert all(link.startswith(("data:", "#")) for link in links)
    assert "url(" not in page
    assert "<script" not in page
    for section in ("data", "confusion", "outputs", "curves", "calibration", "selective",
                    "conformal", "strange", "decisions", "subgroups", "errors"):  # fmt: skip
        assert f'id="{section}"' in page
    names = {f.name for f in (tmp_path / "report" / "figures").iterdir()}
    for figure in ("confusion", "reliability", "risk-coverage", "decisions", "roc.other_rash",
                   "precision.other_rash", "subgroup.age", "panel", "costs"):  # fmt: skip
        assert {f"{figure}.{end}" for end in ("svg", "png", "pdf")} <= names
    table = (tmp_path / "report" / "table.tex").read_text()
    assert "\\toprule" in table
    assert "mole or growth" in table
    assert not list((tmp_path / "report").rglob("*.partial"))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(reddots: CommandLine, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        more = ["--plots"] if name != "c" else []
        run(reddots, tmp_path / name, "--seed", 1 if name == "c" else 0, *more)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(files) > 20
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
    other = tmp_path / "c" / "report" / "metrics.json"
    assert other.read_bytes() != (tmp_path / "a" / "report" / "metrics.json").read_bytes()


HEAD = "photo,p_other_rash,p_mole_or_growth,p_not_skin"
# predictions, labels in order, figures, why
EDGES: list[tuple[list[str], list[str], dict[str, Any], str]] = [
    (["1,0,0", "0.9,0.1,0"], ["other_rash"] * 2, {"accuracy": 1.0, "balanced_accuracy": 1.0, "kappa": None}, "one truth only"),
    (["0.4,0.3,0.3"] * 4, ["other_rash", "mole_or_growth"] * 2, {"accuracy": 0.5, "balanced_accuracy": 0.5, "ece": pytest.approx(0.1)}, "all one prediction"),
    (["0.5,0.5,0"] * 2, ["other_rash", "mole_or_growth"], {"accuracy": 0.5, "log_loss": pytest.approx(np.log(2))}, "ties go to the first"),
    (["0,1,0"], ["other_rash"], {"n": 1, "accuracy": 0.0, "brier": 2.0}, "one photo, surely wrong"),
    (["0.2,0.2,0.4"], ["not_skin"], {"accuracy": 1.0, "log_loss": pytest.approx(np.log(2))}, "a sum of 0.8 is made 1"),
    (["0.5,0.5,0"], ["other_rash|mole_or_growth"], {"accuracy": 1.0, "log_loss": 0.0, "brier": None}, "a coarse truth alone"),
    (["0.6,0.4,0"], ["other_rash;mole_or_growth"], {"accuracy": 1.0, "brier": None}, "two truths at once"),
    (["0.5,0.5,0", "0.9,0.1,0", "0.2,nan,0.3"], ["purpura", "other_rash", "other_rash"], {"n": 1, "eligible": 2, "accuracy_if_missing_is_wrong": 0.5}, "not covered and not a number"),
]  # fmt: skip


@pytest.mark.parametrize("edge", EDGES, ids=[r[3] for r in EDGES])
def test_figures_on_the_edge(edge: Any, reddots: CommandLine, tmp_path: Path) -> None:
    rows, labels, figures, why = edge
    table = "\n".join(f"{i}.jpg,{row}" for i, row in enumerate(rows))
    truth = "\n".join(f"{i}.jpg,{label}" for i, label in enumerate(labels))
    predictions = write(tmp_path / "p.csv", f"{HEAD}\n{table}")
    manifest = write(tmp_path / "m.csv", f"photo,label\n{truth}")
    found = run_on(reddots, predictions, manifest, tmp_path / "report")
    assert {name: found[name] for name in figures} == figures, why


def test_ten_photos_are_warned_of(reddots: CommandLine, tmp_path: Path) -> None:
    predictions, manifest = sample_files(tmp_path, 10)
    done = reddots("evaluate", predictions, "--truth", manifest, "-o", tmp_path / "r",
                   "--replicates", 5, "--no-plots")  # fmt: skip
    assert done.code == 0
    assert "Only 10 photos" in done.err
    assert "too few to say" in (tmp_path / "r" / "report.html").read_text()


def test_labels_and_outputs_of_a_foreign_file_are_one_flag_away(
    reddots: CommandLine, tmp_path: Path
) -> None:
    predictions = tmp_path / "x.jsonl"
    rows = [{"file": f"{i}.jpg", "nv": 0.7, "mel": 0.1, "eczema": 0.2} for i in range(4)]
    predictions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    truth = "\n".join(f"{i}.jpg,{'naevus' if i else 'other_rash'},p{i}" for i in range(4))
    manifest = write(tmp_path / "m.csv", f"image,dx,patient\n{truth}")
    found = run_on(
        reddots, predictions, manifest, tmp_path / "r",
        "--photo-column", "file", "--map", "nv=mole_or_growth", "--map", "mel=mole_or_growth",
        "--map", "eczema=other_rash", "--truth-photo-column", "image", "--label-column", "dx",
        "--group-column", "patient", "--map-label", "naevus=mole_or_growth",
        "--prevalence", "0.5", "--dangerous", "mole_or_growth",
    )  # fmt: skip
    assert found["accuracy"] == 0.75
    assert found["outputs"] == ["mole_or_growth", "other_rash"]
    stated = found["per_output"]["other_rash"]["predictive_values"]
    assert [row["prevalence"] for row in stated if row["kind"] == "stated"] == [0.5]


def test_what_a_file_says_is_never_markup(reddots: CommandLine, tmp_path: Path) -> None:
    predictions = write(tmp_path / "p.csv", "photo,p_<b>,p_x$_y\n<i>.jpg,0.9,0.1\nb.jpg,0.9,0.1")
    manifest = write(tmp_path / "m.csv", "photo,label\n<i>.jpg,x$_y\nb.jpg,<b>")
    run_on(reddots, predictions, manifest, tmp_path / "r")
    page = (tmp_path / "r" / "report.html").read_text()
    assert "<i>" not in page
    assert "&lt;i&gt;.jpg" in page
    assert "x\\$ y" in (tmp_path / "r" / "table.tex").read_text()


# arguments after the two files, words of the message, why
WRONG = [
    (["--dangerous", "melanoma"], "melanoma", "an output that is not there"),
    (["--prevalence", "1.5"], "1.5", "a share above 1"),
    (["--map", "p_x"], "--map", "half a pair"),
    (["--subgroup", "hair"], "hair", "a column that is not there"),
    (["--split", "test"], "test", "a split that is not there"),
    (["--group-column", "patient"], "patient", "groups that are not there"),
    (["--decision-column", "verdict"], "verdict", "a decision that is not there"),
    (["--threshold", "other_rash=2"], "other_rash=2", "a threshold above 1"),
    (["--task", "regression"], "regression", "a task that there is not"),
    (["--match", "sound"], "sound", "a way of matching that there is not"),
    (["--preset", "imagenet"], "imagenet", "a preset that there is not"),
    (["--weight-column", "age2"], "age2", "weights that are not there"),
]


@pytest.mark.parametrize(("arguments", "word", "why"), WRONG, ids=[r[2] for r in WRONG])
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], word: str, why: str, reddots: CommandLine, tmp_path: Path
) -> None:
    predictions, manifest = sample_files(tmp_path, 10)
    done = reddots("evaluate", predictions, "--truth", manifest, "-o", tmp_path / "r", *arguments)
    assert done.code == 2, why
    assert word in done.err
    assert done.err.startswith("reddots: ")
    assert not list((tmp_path / "r").glob("*")), "nothing is written"


def test_a_bad_cell_is_exit_code_2(reddots: CommandLine, tmp_path: Path) -> None:
    predictions, manifest = sample_files(tmp_path, 10)
    predictions.write_text(predictions.read_text() + "x.jpg,ok,0.1,many,0.2\n")
    done = reddots("evaluate", predictions, "--truth", manifest, "-o", tmp_path / "r")
    assert done.code == 2
    assert "line 12 (row 11), column “p_mole_or_growth”: “many” is no number" in done.err


def test_rows_that_are_left_out_are_told_on_stderr(reddots: CommandLine, tmp_path: Path) -> None:
    rows = "0.jpg,1,0\n0.jpg,0,1\nz.jpg,1,0\n1.jpg,1,0\n2.jpg,1,0"
    predictions = write(tmp_path / "p.csv", f"photo,p_a,p_b\n{rows}")
    manifest = write(tmp_path / "m.csv", "photo,label\n0.jpg,a\n1.jpg,\n2.jpg,c")
    done = reddots("evaluate", predictions, "--truth", manifest, "-o", tmp_path / "r",
                   "--replicates", 0, "--no-plots")  # fmt: skip
    assert done.code == 0
    for word in ("does not list", "have a row already", "have no label", "no output covers"):
        assert word in done.err


def test_a_missing_extra_is_named(
    reddots: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    predictions, manifest = sample_files(tmp_path, 10)
    monkeypatch.setattr("reddots._extras._is_installed", lambda name: name != "scipy")
    for command in (("evaluate", predictions), ("compare", predictions, predictions)):
        done = reddots(*command, "--truth", manifest, "-o", tmp_path / "r")
        assert done.code == 2
        assert "“evaluate”: scipy is not installed" in done.err
        assert 'pip install "reddots[evaluate]"' in done.err


@pytest.mark.slow
def test_subgroups_have_counts_intervals_the_worst_and_the_gap(
    reddots: CommandLine, tmp_path: Path
) -> None:
    found = run(reddots, tmp_path, count=150)
    assert set(found["subgroups"]) == {"fitzpatrick", "body_site", "age", "dataset"}
    skin = found["subgroups"]["fitzpatrick"]
    assert [v["n"] for v in skin["values"]] == [25] * 6
    rates = {v["value"]: v["accuracy"] for v in skin["values"]}
    assert skin["gap"] == pytest.approx(max(rates.values()) - min(rates.values()))
    assert rates[skin["worst"]] == min(rates.values())
    assert found["subgroups"]["dataset"]["gap"] is None, "one value is not compared"


def test_photos_that_all_have_a_problem_are_a_subgroup_alone(
    reddots: CommandLine, tmp_path: Path
) -> None:
    predictions = write(tmp_path / "p.csv", "photo,quality,p_a,p_b\n0.jpg,too_dark;blurred,1,0")
    manifest = write(tmp_path / "m.csv", "photo,label\n0.jpg,a")
    found = run_on(reddots, predictions, manifest, tmp_path / "r")
    values = found["subgroups"]["photo quality"]["values"]
    assert [(v["value"], v["n"]) for v in values] == [("blurred", 1), ("too_dark", 1)]


@pytest.mark.slow
def test_without_replicates_there_are_no_bootstrap_intervals(
    reddots: CommandLine, tmp_path: Path
) -> None:
    found = run(reddots, tmp_path, "--replicates", 0)
    assert found["log_loss_ci"] is None
    assert found["accuracy_ci"] is not None
    assert found["per_output"]["other_rash"]["average_precision_ci"] is None


@pytest.mark.slow
def test_thumbnails_are_there_only_on_request(reddots: CommandLine, tmp_path: Path) -> None:
    from PIL import Image

    for i in range(60):
        Image.new("RGB", (40, 30), (200, 100, i)).save(tmp_path / f"{i}.jpg")
    run(reddots, tmp_path)
    page = tmp_path / "report" / "report.html"
    assert "data:image/jpeg" not in page.read_text()
    run(reddots, tmp_path, "--thumbnails")
    assert "data:image/jpeg" in page.read_text()
    assert "data:image/jpeg" not in (tmp_path / "report" / "metrics.json").read_text()


def test_a_dangerous_label_that_no_class_covers_is_an_event_that_is_only_missed(
    reddots: CommandLine, tmp_path: Path
) -> None:
    """Petechiae in a table without purpura: decision curves and selective prediction count them."""
    rows = "\n".join(f"{i}.jpg,{0.9 if i % 3 else 0.2},{0.1 if i % 3 else 0.8}" for i in range(60))
    predictions = write(tmp_path / "p.csv", f"photo,p_other_rash,p_mole_or_growth\n{rows}")
    labels = ["mole_or_growth" if i % 3 == 0 else "other_rash" for i in range(60)]
    truth = "\n".join(f"{i}.jpg,{'petechiae' if i % 10 == 1 else w}" for i, w in enumerate(labels))
    found = run_on(
        reddots, predictions, write(tmp_path / "m.csv", f"photo,label\n{truth}"), tmp_path / "r"
    )
    gone = sum(i % 10 == 1 for i in range(60))
    own = found["decisions"]
    assert (found["n"], own["n"]) == (60 - gone, 60)
    assert own["events_uncovered"] == gone
    assert own["events"] == sum(i % 3 == 0 or i % 10 == 1 for i in range(60))
    assert own["all"][49] == pytest.approx(2 * own["events"] / 60 - 1), "at 50%: events less others"
    assert found["selective"]["dangerous"]["uncovered"] == gone
    assert "petechiae" in found["settings"]["dangerous"]


def test_a_truth_without_groups_is_reported_at_the_top(
    reddots: CommandLine, tmp_path: Path
) -> None:
    predictions, manifest = sample_files(tmp_path, 20)
    lines = [
        ",".join(c for i, c in enumerate(row.split(",")) if i != 3)
        for row in manifest.read_text().splitlines()
    ]
    manifest.write_text("\n".join(lines) + "\n")
    found = run_on(reddots, predictions, manifest, tmp_path / "r")
    assert found["data"]["group_column"] == ""
    page = (tmp_path / "r" / "report.html").read_text()
    assert page.index("no column of patients") < page.index("<nav")


def test_the_tables_own_decision_is_the_operating_point(
    reddots: CommandLine, tmp_path: Path
) -> None:
    """An application that flags from 10% on: by the likeliest class it would find nothing."""
    rows = "\n".join(
        f"{i}.jpg,{0.3 if i < 8 else 0.05},{'yes' if i < 8 else 'no'}" for i in range(24)
    )
    predictions = write(tmp_path / "p.csv", f"image_id,melanoma,flag\n{rows}")
    truth = "\n".join(f"{i}.jpg,{1 if i < 10 else 0},g{i}" for i in range(24))
    manifest = write(tmp_path / "m.csv", f"image_name,target,patient_id\n{truth}")
    plain = run_on(reddots, predictions, manifest, tmp_path / "r", "--map", "melanoma=melanoma")
    assert plain["outputs"] == ["melanoma", "not melanoma"]
    assert plain["per_output"]["melanoma"]["sensitivity"] == 0.0
    assert plain["settings"]["event"] == "positive"
    for more in (["--decision-column", "flag"], ["--threshold", "melanoma=0.1"]):
        found = run_on(
            reddots, predictions, manifest, tmp_path / "r", "--map", "melanoma=melanoma", *more
        )
        own = found["per_output"]["melanoma"]
        assert (own["sensitivity"], own["specificity"]) == (0.8, 1.0)
    assert "doctor" not in (tmp_path / "r" / "report.html").read_text()


@pytest.mark.slow
def test_several_runs_have_the_spread_between_them(reddots: CommandLine, tmp_path: Path) -> None:
    predictions, manifest = sample_files(tmp_path)
    (tmp_path / "two").mkdir()
    other, _ = sample_files(tmp_path / "two", seed=0)
    other.write_text(other.read_text().replace("0.9", "0.4"))
    found = run_on(reddots, predictions, manifest, tmp_path / "r", "--run", other)["runs"]
    own = found["metrics"]["accuracy"]
    assert own["between_runs_sd"] == pytest.approx(np.std(own["values"], ddof=1))
    assert own["mean_ci"][0] < own["mean"] < own["mean_ci"][1]
