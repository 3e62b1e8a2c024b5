"""``reddots data``: the public photo sets, and manifests of photos."""

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

data = typer.Typer(help="The public photo sets, and manifests of photos.", no_args_is_help=True)


@data.command("list")
def list_sets() -> None:
    """Print the sets with their terms and whether they may be trained on."""
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast
    from rich.table import Table  # noqa: PLC0415

    from reddots.datasets.catalogue import read_catalogue  # noqa: PLC0415

    table = Table("id", "what", "licence", "train", "where", title="Public photo sets")
    for entry in read_catalogue().values():
        may = "yes" if entry.may_train else "no: measures only"
        table.add_row(entry.id, entry.what, entry.licence, may, entry.url)
    Console().print(table)


@data.command("get")
def get_set(name: Annotated[str, typer.Argument(help="A set's id, as in “data list”.")]) -> None:
    """Print where a set can be had and how to bring it in."""
    from reddots.datasets.catalogue import read_catalogue  # noqa: PLC0415
    from reddots.errors import ManifestError  # noqa: PLC0415

    catalogue = read_catalogue()
    if name not in catalogue:
        raise ManifestError(f"There is no set “{name}”. The sets are: {', '.join(catalogue)}.")
    entry = catalogue[name]
    sys.stdout.write(
        f"{entry.name}: {entry.what}\nLicence: {entry.licence}\nCite: {entry.citation}\n"
        f"1. Get it from {entry.url}, and read its terms there.\n"
        "2. Put its photos in one folder a label, named by output id.\n"
        f"3. reddots data import FOLDER --dataset {entry.id} -o manifest.csv\n"
    )


@data.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="A folder with one folder of photos a label.")],
    dataset: Annotated[str, typer.Option(help="The set's id, as in “data list”.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The manifest to write.")],
) -> None:
    """Write a manifest of a folder that has one folder of photos a label."""
    from reddots.datasets.folders import manifest_of_folders  # noqa: PLC0415
    from reddots.datasets.manifest import write_manifest  # noqa: PLC0415
    from reddots.errors import ManifestError  # noqa: PLC0415

    rows, dropped = manifest_of_folders(folder, dataset, output.parent)
    try:
        write_manifest(rows, output)
    except OSError as error:
        raise ManifestError(f"{output} cannot be written: {error.strerror}.") from error
    for reason in dropped:
        sys.stderr.write(f"reddots: left out: {reason}\n")
    sys.stderr.write(f"reddots: {len(rows)} photos, {len(dropped)} left out\n")


@data.command("check")
def check_manifest(
    manifest: Annotated[Path, typer.Argument(help="The photos' manifest (CSV).")],
) -> None:
    """Look for missing, damaged and doubled photos, and groups that splits tear apart."""
    from reddots.datasets.check import check  # noqa: PLC0415
    from reddots.datasets.manifest import read_manifest  # noqa: PLC0415

    listed = read_manifest(manifest)
    findings = check(listed)
    for finding in findings:
        sys.stdout.write(f"{finding.kind}\t{finding.photo}\t{finding.text}\n")
    by_kind = ", ".join(f"{n} {kind}" for kind, n in Counter(f.kind for f in findings).items())
    sys.stderr.write(f"reddots: {len(listed.rows)} photos; {by_kind or 'nothing found'}\n")
    if findings:
        raise typer.Exit(1)
