"""``reddots calibrate``: temperature scaling and thresholds of a finished run."""

from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.terminal import tell


def calibrate(
    run: Annotated[Path, typer.Argument(help="The folder of a training run.")],
    photos: Annotated[Path, typer.Option(help="The folder that the manifest's paths start from.")],
) -> None:
    """Set temperature and thresholds on the calibration split. Needs the extra “train”.

    Writes calibration.json and figures of reliability and abstention into the run's folder.
    """
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.training.calibrate_run import calibrate_run
    from reddots.training.calibration import doubts
    from reddots.training.run_folder import RunFolder

    if run.is_dir():
        until_end(reserved_folder(run))
    found = calibrate_run(RunFolder(run), photos)
    tell(
        f"temperature {found.temperature:.3f}, abstention {found.abstention:.3f}, "
        f"not_skin {found.not_skin:.3f}, OOD score {found.ood_score:.2f}, "
        f"on {sum(found.counts.values())} photos"
    )
    for sentence in doubts(found):
        tell(sentence)
