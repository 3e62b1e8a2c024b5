"""``reddots calibrate``: temperature scaling and thresholds of a finished run."""

import sys
from pathlib import Path
from typing import Annotated

import typer


def calibrate(
    run: Annotated[Path, typer.Argument(help="The folder of a training run.")],
    photos: Annotated[Path, typer.Option(help="The folder that the manifest's paths start from.")],
) -> None:
    """Set temperature and thresholds on the calibration split. Needs the extra “train”.

    Writes calibration.json and figures of reliability and abstention into the run's folder.
    """
    from reddots.training.calibrate_run import calibrate_run
    from reddots.training.calibration import doubts
    from reddots.training.run_folder import RunFolder

    found = calibrate_run(RunFolder(run), photos)
    sys.stderr.write(
        f"reddots: temperature {found.temperature:.3f}, abstention {found.abstention:.3f}, "
        f"not_skin {found.not_skin:.3f}, OOD score {found.ood_score:.2f}, "
        f"on {sum(found.counts.values())} photos\n"
    )
    for sentence in doubts(found):
        sys.stderr.write(f"reddots: {sentence}\n")
