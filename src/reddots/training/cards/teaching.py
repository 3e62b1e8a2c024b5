"""Sections of the model card: what taught outputs besides the training itself."""

from collections.abc import Mapping
from statistics import fmean
from typing import Any

from reddots.classifier.checkpoint import SideCar
from reddots.training.cards.datasheet import table


def last_layer(side_car: SideCar) -> list[str]:
    """Return what was taught anew after the training, where something was."""
    taught = side_car.data.get("last_layer")
    if not taught:
        return []
    output, own = taught["output"], taught["named_in_calibration"]
    others = fmean([share for name, share in own.items() if name != output] or [0.0])
    return [
        f"""{output} was taught anew by last-layer re-training (Kirichenko et al. 2023): with the
network as it was, on {sum(taught["photos"].values())} photos that it had not learnt from. Then it
was given as great a constant as leaves the others their names: of the calibration photos of
{output} {own.get(output, 0.0):.0%} are named so, of all others {others:.1%} (each output counting
the same; at most {taught["wrong"]:.0%} was allowed).""",
    ]


def simulation(side_car: SideCar) -> list[str]:
    """Return how well what was rendered is found, and what real photos taught besides."""
    taught = side_car.data.get("simulation")
    if not taught:
        return []
    cap = side_car.simulated[taught["output"]]
    ratios = [
        f"{own['ratio']:.2f} ({own['low']:.2f} to {own['high']:.2f}) against {kind}"
        for kind, own in taught["likelihood"]["against"].items()
    ]
    return [
        "## Taught by simulation",
        *(_rendered(taught) if taught.get("painted") else []),
        *(_real(taught) if taught.get("real") else []),
        f"""It gives the advice a likelihood ratio from 1 to {cap:.2f}, the lowest end of what was
measured: {"; ".join(ratios)}.""",
    ]


def _rendered(taught: Mapping[str, Any]) -> list[str]:
    names = {"all": "all", "photos": "on photos of skin", "generated": "on generated skin"}
    rows = [
        [names.get(kind, kind), str(own["n"]), str(own["bleeding"]), f"{own['auroc']:.3f}"]
        for kind, own in taught["painted"].items()
        if "auroc" in own
    ]
    alone = "" if taught.get("real") else " only"
    return [
        f"""Of {taught["output"]} there were rendered pictures{alone}. How they are rendered, and
what the output makes of real photos, is in [simulation.md](../docs/simulation.md). On rendered
pictures that it never saw:""",
        table(["rendered", "pictures", "with bleeding", "AUROC"], rows, "lrrr"),
    ]


def _real(taught: Mapping[str, Any]) -> list[str]:
    real = taught["real"]
    alone, joined = (
        fmean(real[f"against_{name}"].values()) for name in ("rendered_alone", "groups_left_out")
    )
    return [
        f"""Rendered pictures taught it, and {real["photos"]} real photos of {real["groups"]}
people besides ([simulation.md](../docs/simulation.md)). Each of these people left out in turn,
against {real["others"]} photos of other skin: AUROC {real["auroc_groups_left_out"]:.3f}, in the
mean over what these show {joined:.3f}; rendered pictures alone reach
{real["auroc_rendered_alone"]:.3f} and {alone:.3f}.""",
    ]
