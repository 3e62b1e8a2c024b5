"""Cards and licence of a checkpoint, written beside it from the side-car alone."""

from pathlib import Path
from typing import TYPE_CHECKING

from reddots._atomic import atomic_write
from reddots.classifier.checkpoint import SideCar
from reddots.training.cards.datasheet import data_sheet
from reddots.training.cards.model_card import model_card, pictured

if TYPE_CHECKING:
    from reddots.evaluation.report.style import Drawing

__all__ = ["data_sheet", "licence_text", "model_card", "write_cards"]


def write_cards(side_car: SideCar, folder: Path) -> None:
    """Write ``MODEL_CARD.md``, ``DATASHEET.md`` and ``LICENSE.md``, and the card's figures."""
    texts = {
        "MODEL_CARD.md": model_card(side_car),
        "DATASHEET.md": data_sheet(side_car),
        "LICENSE.md": licence_text(side_car),
    }
    for name, text in texts.items():
        atomic_write(folder / name, text.encode())
    for drawing in _drawings(side_car):
        atomic_write(folder / f"{drawing.name}.png", drawing.png)


def _drawings(side_car: SideCar) -> list["Drawing"]:
    from reddots.training.calibration import ACCEPTABLE_RISK
    from reddots.training.history import draw_curves
    from reddots.training.plots import draw_reliability, draw_risk

    sets = pictured(side_car)
    found = [draw_reliability(sets), draw_risk(sets, ACCEPTABLE_RISK)] if sets else []
    log = side_car.code.get("log")
    return [*found, *([draw_curves(log)] if log else [])]


def licence_text(side_car: SideCar) -> str:
    """Return the checkpoint's own licence."""
    sets = "\n".join(f"- {name}: {licence}" for name, licence in side_car.data["licences"].items())
    return (
        f"# Licence of the checkpoint reddots {side_car.version}\n\n"
        "The code of Red Dots is under the Apache License 2.0. These weights are not: they carry "
        f"the terms that follow from the photos that taught them.\n\n{side_car.licence}.\n\n"
        f"The photos' terms:\n\n{sets}\n\n"
        "Who is to be credited for single photos is in data/credits.csv.\n\n"
        "The ImageNet weights that training started from are under the Apache License 2.0.\n"
    )
