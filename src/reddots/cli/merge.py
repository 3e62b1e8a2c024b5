"""``reddots merge``: the tables of all shards into one."""

from pathlib import Path
from typing import Annotated

import typer

from reddots.cli.render.terminal import tell


def merge(
    parts: Annotated[
        list[Path],
        typer.Argument(help="Tables that “reddots classify --shard” wrote, in any order."),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The table: .csv, .jsonl or .parquet.")
    ],
) -> None:
    """Join the parts of a classification, and check that no photo is missing or double."""
    from reddots.batch.merge import merge_parts

    total = merge_parts(parts, output)
    tell(f"{total} photos of {len(parts)} parts; wrote {output}")
