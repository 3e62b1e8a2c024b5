"""The model card, the data sheet and the checkpoint's licence, written from the side-car alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reddots.classifier.checkpoint import SideCar
from reddots.datasets.catalogue import read_catalogue

_TOO_FEW = 20  # as in evaluation.metrics, which the main install cannot import
_SPLITS = ("train", "validation", "calibration", "test")


def write_cards(side_car: SideCar, folder: Path) -> None:
    """Write ``MODEL_CARD.md``, ``DATASHEET.md`` and ``LICENSE.md`` beside the checkpoint."""
    texts = {
        "MODEL_CARD.md": model_card(side_car),
        "DATASHEET.md": data_sheet(side_car),
        "LICENSE.md": licence_text(side_car),
    }
    for name, text in texts.items():
        partial = folder / f"{name}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder / name)


def model_card(side_car: SideCar) -> str:
    """Return the model card (after Mitchell et al. 2019) in Markdown."""
    code, thresholds = side_car.code, side_car.thresholds
    calibrated_on = sum(side_car.data["calibration"].values())
    parts = [
        f"# Model card: reddots {side_car.version}",
        "Written by `reddots export` from the side-car; no figure here was typed.",
        "## What it is",
        f"""A {code["recipe"]} with ImageNet weights, trained further on public photos of skin.
Input: {side_car.input.size} × {side_car.input.size} pixels.
Outputs: {", ".join(side_car.outputs)}.
Taught by simulation alone: {", ".join(side_car.simulated) or "none"}.""",
        "## What it is for",
        """One of two voices in Red Dots, where it may raise but never lower the urgency that a
person's answers demand. It is no diagnosis and no medical device. Where the list of outputs has no
purpura, a photo of petechiae, purpura or vasculitis is called something else: nothing it says rules
out a dangerous cause.""",
        "## Terms",
        side_car.licence + ".",
        "## How its output is read",
        f"""Temperature {side_car.temperature:.3f}. Below a top probability of
{thresholds.abstention:.3f} the photo is called unclear; from {thresholds.not_skin:.3f} on the
output not_skin it is turned away. All were set on the calibration split of
{calibrated_on} photos.""",
        "## Figures",
        f"""Intervals are 95%: Wilson for sensitivity, specificity and accuracy, bootstrap over
groups for the others. A line with fewer than {_TOO_FEW} photos is too few to say anything from.""",
    ]
    for name, metrics in side_car.metrics.items():
        parts += [f"### {_title(name)}", _overall(metrics), _per_output(metrics)]
        parts += [_uncovered(metrics["uncovered"])] if metrics.get("uncovered") else []
    parts += [
        "## Known weaknesses",
        """Source and label go together in the training photos: dermoscopy shows only moles and
vessels, normal skin is only close crops and hands. Keratosis pilaris and cherry angioma have few
photos, and dark skin has few (see the data sheet). Believe the table of the other source.""",
        "## Made by",
        f"""`{code["command"]}` at revision {code["git"]};
`{code["export"]}` at revision {code["released_from"]}.""",
    ]
    return "\n\n".join(parts) + "\n"


def data_sheet(side_car: SideCar) -> str:
    """Return the data sheet (after Gebru et al. 2021) in Markdown."""
    catalogue = read_catalogue()
    counts: Mapping[str, Any] = side_car.data["counts"]
    labels = sorted({label for split in counts.values() for label in split})
    lines = ["| label | " + " | ".join(_SPLITS) + " |", "|---|" + "---:|" * len(_SPLITS)]
    for label in labels:
        cells = [str(sum(counts.get(s, {}).get(label, {}).values())) for s in _SPLITS]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    sets = ["| set | photos | licence | citation |", "|---|---:|---|---|"]
    for name, licence in side_car.data["licences"].items():
        total = sum(by_set.get(name, 0) for split in counts.values() for by_set in split.values())
        sets.append(f"| {name} | {total} | {licence} | {catalogue[name].citation} |")
    parts = [
        f"# Data sheet: photos of reddots {side_car.version}",
        "Written by `reddots export` from the side-car; no count here was typed.",
        "## Photos by label and split",
        "\n".join(lines),
        "Splits are by group: no patient, lesion or near-duplicate cluster is in two of them.",
        "## Sources",
        "\n".join(sets),
        f"""No photo is shipped. Each photo's path, source, licence, split and hash is in
`{side_car.data["manifest"]}` (sha256 {side_car.data["manifest_sha256"]}).""",
        "## Skin types (Fitzpatrick)",
        ", ".join(f"{kind}: {n}" for kind, n in side_car.data["fitzpatrick"].items()) + ".",
        "## Terms",
        side_car.licence + ".",
    ]
    return "\n\n".join(parts) + "\n"


def licence_text(side_car: SideCar) -> str:
    """Return the checkpoint's own licence."""
    sets = "\n".join(f"- {name}: {licence}" for name, licence in side_car.data["licences"].items())
    return (
        f"# Licence of the checkpoint reddots {side_car.version}\n\n"
        "The code of Red Dots is under the Apache License 2.0. These weights are not: they carry "
        f"the terms that follow from the photos that taught them.\n\n{side_car.licence}.\n\n"
        f"The photos' terms:\n\n{sets}\n\n"
        "The ImageNet weights that training started from are under the Apache License 2.0.\n"
    )


def _title(name: str) -> str:
    own = {"validation", "test"}
    return f"Own photos, split “{name}”" if name in own else f"Another source: {name}"


def _overall(metrics: Mapping[str, Any]) -> str:
    named = metrics["named"]
    share = f"{metrics['named_right'] / named:.3f}" if named else "none"
    return (
        f"{metrics['n']} photos in {metrics['groups']} groups; left out, as no output covers their "
        f"label: {metrics['left_out']}. "
        f"Accuracy {_figure(metrics, 'accuracy')}, balanced accuracy "
        f"{_figure(metrics, 'balanced_accuracy')}, log loss {_figure(metrics, 'log_loss')}, Brier "
        f"{_figure(metrics, 'brier')}, expected calibration error {_figure(metrics, 'ece')}. "
        f"Clear enough to name: {named} photos, of which {metrics['named_right']} right ({share})."
    )


def _per_output(metrics: Mapping[str, Any]) -> str:
    lines = [
        "| output | photos | sensitivity | specificity | AUROC | |",
        "|---|---:|---|---|---|---|",
    ]
    for output, figures in metrics["per_output"].items():
        note = "too few to say" if figures["n"] < _TOO_FEW else ""
        cells = [_figure(figures, name) for name in ("sensitivity", "specificity", "auroc")]
        lines.append(f"| {output} | {figures['n']} | " + " | ".join(cells) + f" | {note} |")
    return "\n".join(lines)


def _uncovered(uncovered: Mapping[str, Mapping[str, int]]) -> str:
    lines = ["What photos are called whose label no output covers:", ""]
    for label, called in uncovered.items():
        names = ", ".join(f"{output} {n}" for output, n in called.items())
        lines.append(f"- {label} ({sum(called.values())} photos): {names}")
    return "\n".join(lines)


def _figure(figures: Mapping[str, Any], name: str) -> str:
    value, interval = figures[name], figures[f"{name}_ci"]
    if value is None:
        return "–"
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})" if interval else f"{value:.3f}"
