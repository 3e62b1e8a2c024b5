"""``reddots sample-size``: how many photos an evaluation needs, before it is done."""

import math
import sys
from typing import Annotated

import typer

from reddots._extras import require_extra


def sample_size(
    prevalence: Annotated[
        float, typer.Option(help="The share of photos with the class that is expected.")
    ],
    sensitivity: Annotated[float, typer.Option(help="That is expected.")] = 0.8,
    specificity: Annotated[float, typer.Option(help="That is expected.")] = 0.8,
    auroc: Annotated[float, typer.Option(help="That is expected.")] = 0.8,
    width: Annotated[float, typer.Option(help="Of the 95% interval, from end to end.")] = 0.1,
    photos_a_group: Annotated[
        float, typer.Option(help="Photos of one patient or lesion, on average.", min=1)
    ] = 1.0,
    correlation: Annotated[
        float, typer.Option(help="Of the results within a group, 0 to 1.", min=0, max=1)
    ] = 0.5,
) -> None:
    """Print how many photos an evaluation needs for intervals of a wanted width.

    Groups count by the design effect, 1 + (photos a group − 1) × correlation.
    """
    require_extra("evaluate")
    from reddots.errors import TableError
    from reddots.evaluation.metrics.inference.sample_size import (
        LEAST_EVENTS,
        photos_for_area,
        photos_for_expected_observed,
        photos_for_share,
    )

    named = {
        "prevalence": prevalence,
        "sensitivity": sensitivity,
        "specificity": specificity,
        "auroc": auroc,
        "width": width,
    }
    for name, value in named.items():
        if not 0 < value < 1:
            raise TableError(f"--{name} is above 0 and below 1, not {value:g}.")
    effect = 1 + (photos_a_group - 1) * correlation
    events = photos_for_share(sensitivity, width, effect)
    others = photos_for_share(specificity, width, effect)
    rows = [
        (
            f"at least {LEAST_EVENTS} events and others",
            LEAST_EVENTS / min(prevalence, 1 - prevalence),
        ),
        (f"sensitivity {sensitivity:g} ({events} events)", events / prevalence),
        (f"specificity {specificity:g} ({others} others)", others / (1 - prevalence)),
        (f"AUROC {auroc:g}", photos_for_area(auroc, prevalence, width) * effect),
        ("expected : observed 1", photos_for_expected_observed(prevalence, width) * effect),
    ]
    for name, photos in rows:
        sys.stdout.write(f"{name}: {math.ceil(photos - 1e-9)} photos\n")
