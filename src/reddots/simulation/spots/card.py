"""Model card of the spot detector, written from its side-car: no value is typed by hand."""

from collections.abc import Mapping
from typing import Any

from reddots.spots.side_car import SpotSideCar


def card_text(side_car: SpotSideCar) -> str:
    """Return the card, in Markdown."""
    spec, limits = side_car.input, side_car.thresholds
    return "\n".join(
        [
            f"# Model card: spot detector {side_car.version}",
            "",
            "Written by `reddots simulate spots` from the side-car; no value here was typed.",
            "",
            "## What it is",
            "",
            "A small encoder-decoder network that finds small red, purple and red-brown spots in",
            f"a photo of skin brought to {spec.long_side} pixels. A place counts as a spot from a",
            f"strength of {limits.strength:g}.",
            "",
            "## What it is for, and what not",
            "",
            "It counts, measures and draws spots, for a person to confirm. It names no illness and",
            "is no medical device. Faint and very small spots are missed, and brown spots, hairs,",
            "nipples, lips or things beside the skin are sometimes taken for red ones. That it",
            "finds nothing rules nothing out.",
            "",
            "## What taught it",
            "",
            *(f"- {name.replace('_', ' ')}: {_joined(v)}" for name, v in side_car.data.items()),
            "",
            "Spots were rendered, on skin of photos and on generated skin of all six Fitzpatrick",
            "types; no real red spot taught it.",
            "",
            "## Terms",
            "",
            side_car.licence,
            "",
            "## Measured",
            "",
            *_tables(side_car.metrics),
        ]
    )


def _tables(metrics: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, found in metrics.items():
        lines += [f"### {name.replace('_', ' ')}", ""]
        lines += [
            "| spots | recall | precision | F1 | found, missed, false |",
            "|---|---|---|---|---|",
        ]
        lines += [_row("all", found["all"])]
        for what in ("diameter", "tone"):
            for part, values in found.get(what, {}).items():
                unit = "pixels wide" if what == "diameter" else "Fitzpatrick type"
                label = f"{part} {unit}" if what == "diameter" else f"{unit} {part}"
                lines += [_row(label, values)]
        plain = found.get("photos_without")
        if plain:
            lines += [
                "",
                f"Photos without red spots: {plain['at_most_2']} of {plain['n']} show at most two.",
            ]
        lines += [""]
    return lines


def _row(label: str, values: Mapping[str, Any]) -> str:
    shares = [_share(values[name]) for name in ("recall", "precision", "f1")]
    counts = ", ".join(str(values[name]) for name in ("hits", "missed", "false"))
    return f"| {label} | {' | '.join(shares)} | {counts} |"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _joined(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
