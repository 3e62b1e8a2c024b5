"""``reddots retrain``: last-layer re-training of one output of a checkpoint."""

from pathlib import Path
from typing import Annotated

import typer

from reddots._output import reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.terminal import tell


def retrain(
    checkpoint: Annotated[Path, typer.Argument(help="A checkpoint's side-car (JSON).")],
    manifest: Annotated[Path, typer.Argument(help="All photos, old and new (CSV).")],
    output_name: Annotated[
        str, typer.Option("--output-name", help="The output to teach, such as normal_skin.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The new run's folder.")],
    wrong: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of other photos that may be named as the output."),
    ] = 0.05,
    seed: Annotated[int, typer.Option(help="Of the new photos' splits.", min=0)] = 0,
) -> None:
    """Teach one output anew on photos that the network did not learn from (last-layer re-training).

    The network and the other outputs stay. Then “calibrate” and “export” the run. Needs “train”.
    """
    from reddots.training.retrain import retrain_output
    from reddots.training.run_folder import RunFolder

    until_end(reserved_folder(output, [checkpoint, manifest]))
    found = retrain_output(
        checkpoint, manifest, output_name, RunFolder(output), wrong=wrong, seed=seed
    )
    own = found["named_in_calibration"].get(output_name, 0.0)
    tell(
        f"taught “{output_name}” by {sum(found['photos'].values())} photos; of its calibration "
        f"photos {own:.0%} are named so; “reddots calibrate {output}” is next"
    )
