"""Model card (Mitchell et al. 2019), generated from the side-car alone."""

from collections.abc import Mapping
from typing import Any

from reddots.classifier.checkpoint import SideCar
from reddots.training.cards.datasheet import photos_by_label, table
from reddots.training.cards.sections import SAY, TOO_FEW, Values, measured_set
from reddots.training.cards.teaching import last_layer, simulation

_FEW = 100  # training photos of an output
_SELDOM = 0.25  # sensitivity
_OWN = {"validation", "test"}


def model_card(side_car: SideCar) -> str:
    """Return the model card in Markdown."""
    code = side_car.code
    parts = [
        f"# Model card: reddots {side_car.version}",
        "Written by `reddots export` from the side-car; no number here was typed.",
        "## What it is",
        f"""A {code["recipe"]} with ImageNet weights, trained further on public photos of skin.
Input: {side_car.input.size} × {side_car.input.size} pixels.
Outputs: {", ".join(side_car.outputs)}.
{_taught_apart(side_car)}""",
        "## What it is for",
        """One of two voices in Red Dots, where it may raise but never lower the urgency that a
person's answers demand. It is for adults and children who ask what red spots on the skin may be,
and for those who study such tools; it was tried on photos only, never in care.""",
        "## What it is not for, and cannot do",
        _limits(side_car),
        "## Terms",
        side_car.licence + ".",
        "## What it learnt from",
        photos_by_label(side_car),
        "Sources, licences and skin types are in [the data sheet](DATASHEET.md).",
        *last_layer(side_car),
        *_curves(side_car),
        "## How its output is read",
        _reading(side_car),
        _priors(side_car),
        "## Metrics",
        f"""Intervals are 95% and count photos of one group as dependent: Wilson with a design
effect for sensitivity, specificity, accuracy and coverage, bootstrap over groups for the others.
A line with fewer than {TOO_FEW} photos is {SAY} anything from. Noise makes a calibration error
larger than it is; without that bias it has an interval that covers in simulations. All values are
of one training: another seed gives others, and no interval holds that chance.""",
    ]
    parts += _figures_of(side_car)
    for name, metrics in side_car.metrics.items():
        parts += [f"### {_title(name)}", *measured_set(metrics)]
    parts += [
        *simulation(side_car),
        "## Known weaknesses",
        _weaknesses(side_car),
        "## Made by",
        f"""`{code["command"]}` at revision {code["git"]};
`{code["export"]}` at revision {code["released_from"]}.""",
        f"It comes from {code['derived_from']}." if "derived_from" in code else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def pictured(side_car: SideCar) -> dict[str, Values]:
    """Return the measured sets whose reliability and risk can be drawn, by title."""
    found = {_title(name): m for name, m in side_car.metrics.items() if m.get("reliability")}
    return dict(sorted(found.items(), key=lambda item: not item[0].startswith("Own")))


def _limits(side_car: SideCar) -> str:
    lines = [
        "- It is no diagnosis and no medical device.",
        "- It knows its outputs only: everything else is called one of them, or unclear.",
    ]
    real = _real_photos(side_car)
    if "purpura" not in side_car.outputs:
        few = f"Only {real['photos']} photos" if real else "No photo"
        lines.append(
            f"- {few} of petechiae, purpura or vasculitis taught it: such a photo is often called "
            "something else, and nothing it says rules out a dangerous cause."
        )
    if side_car.simulated:
        names = ", ".join(side_car.simulated)
        seen = f"and {real['photos']} photos" if real else "only"
        lines.append(
            f"- Of {names} it has seen rendered pictures {seen}; it may raise, never calm."
        )
    return "\n".join([*lines, "- Rheumatic fever cannot be seen on a photo by it at all."])


def _curves(side_car: SideCar) -> list[str]:
    if not side_car.code.get("log"):
        return []
    return ["![Losses and sensitivities by epoch](curves.png)"]


def _reading(side_car: SideCar) -> str:
    thresholds = side_car.thresholds
    strange = ""
    if thresholds.ood_score is not None:
        strange = f""" It is called unclear, too, where the energy of its outputs for skin (Liu et
al. 2020) is above {thresholds.ood_score:.2f}: the photo is too strange."""
    return f"""Temperature {side_car.temperature:.3f}. Below a top probability of
{thresholds.abstention:.3f} the photo is called unclear; from {thresholds.not_skin:.3f} on the
output not_skin it is turned away.{strange} All were set on the calibration split of
{sum(side_car.data["calibration"].values())} photos. An output stays in the set of what is possible
while its probability is at least the limit below: sets should hold the truth in 90% of photos."""


def _priors(side_car: SideCar) -> str:
    """Return the table of shares and limits: the priors of training and of use apart."""
    training, use = side_car.priors.training, side_car.priors.deployment
    rows = [
        [o, f"{training[o]:.3f}", f"{use[o]:.3f}", f"{1 - side_car.thresholds.conformal[o]:.3f}"]
        for o in side_car.outputs
    ]
    head = ["output", "share in training", "share expected in use", "possible from"]
    return table(head, rows, "lrrr") + (
        "\n\nProbabilities are those under the shares of training; the advice divides them out and "
        "puts the shares expected in use, and the answers, in their place."
    )


def _figures_of(side_car: SideCar) -> list[str]:
    if not pictured(side_car):
        return []
    return [
        "![Reliability before and after calibration](reliability.png)",
        "![Risk against coverage; the diamonds are the shipped thresholds](risk-coverage.png)",
    ]


def _title(name: str) -> str:
    return f"Own photos, split “{name}”" if name in _OWN else f"Another source: {name}"


def _real_photos(side_car: SideCar) -> Mapping[str, Any] | None:
    """Return what is known of the real photos that taught the simulated output; None without."""
    real: Mapping[str, Any] | None = side_car.data.get("simulation", {}).get("real")
    return real


def _taught_apart(side_car: SideCar) -> str:
    names = ", ".join(side_car.simulated) or "none"
    real = _real_photos(side_car)
    if real:
        return f"Taught by simulation and {real['photos']} photos: {names}."
    return f"Taught by simulation alone: {names}."


def _weaknesses(side_car: SideCar) -> str:
    """Return what the counts say: few photos, and outputs that a source gives away."""
    train: dict[str, dict[str, int]] = side_car.data["counts"].get("train", {})
    lines = []
    for output in side_car.outputs:
        by_set = train.get(output, {})
        total = sum(by_set.values())
        if total < _FEW:
            lines.append(f"- {output} has {total} training photos, few to learn from.")
        if total and len(by_set) <= 2:  # hardly a choice of sources
            sets = " and ".join(by_set)
            lines.append(f"- {output} comes from {sets} only: what is theirs may be taken for it.")
    skin = side_car.data["fitzpatrick"]
    known = sum(n for kind, n in skin.items() if kind != "unknown")
    if known:
        dark = skin.get("5", 0) + skin.get("6", 0)
        lines.append(f"- Of {known} photos with a known skin type, {dark} are of types 5 and 6.")
    never = [o for o in side_car.outputs if not _measured_elsewhere(side_car, o)]
    if never and any(name not in _OWN for name in side_car.metrics):
        lines.append(f"- Not measured on another source: {', '.join(never)}.")
    lines += _hardly_found(side_car)
    lines.append("- Metrics on own photos flatter it: believe those of another source.")
    return "\n".join(lines)


def _hardly_found(side_car: SideCar) -> list[str]:
    """Return a line for each output that is seldom recognised in another source's photos."""
    lines = []
    for name, metrics in side_car.metrics.items():
        for output, own in metrics["per_output"].items():
            found = own["sensitivity"]
            if name not in _OWN and own["n"] >= TOO_FEW and found is not None and found < _SELDOM:
                lines.append(
                    f"- Of {own['n']} photos of {output} in {name} it names {found:.0%} so: do not "
                    "rely on that output elsewhere."
                )
    return lines


def _measured_elsewhere(side_car: SideCar, output: str) -> bool:
    others = [m for name, m in side_car.metrics.items() if name not in _OWN]
    return any(m["per_output"].get(output, {}).get("n") for m in others)
