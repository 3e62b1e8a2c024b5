"""``reddots data``: the public photo sets, and manifests of photos."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reddots.datasets.manifest import Row

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
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Also write everything to this JSON file.")
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge-groups", help="Write a manifest whose groups hold all copies.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The manifest that --merge-groups writes.")
    ] = None,
) -> None:
    """Look for damaged and doubled photos, torn groups, label conflicts and marks of a source."""
    from reddots.cli.evaluate import bar  # noqa: PLC0415
    from reddots.datasets.check import look_at  # noqa: PLC0415
    from reddots.datasets.groups import merge_groups  # noqa: PLC0415
    from reddots.datasets.manifest import read_manifest  # noqa: PLC0415
    from reddots.errors import ManifestError  # noqa: PLC0415

    if merge != (output is not None):
        raise ManifestError("Give --merge-groups and -o together: what to do, and where to write.")
    listed = read_manifest(manifest)
    with bar("photos", len(listed.rows)) as advance:
        found = look_at(listed, advance)
    for finding in found.findings:
        sys.stdout.write(f"{finding.kind}\t{finding.photo}\t{finding.text}\n")
    for mark in found.marks:
        example = listed.rows[mark.example].photo
        text = f"{mark.share:.0%} of {mark.dataset}, {mark.place}"
        sys.stdout.write(f"{mark.kind}\t{example}\t{text}\n")
    by_kind = ", ".join(f"{n} {kind}" for kind, n in found.report()["counts"].items())
    marked = f"; {len(found.marks)} marks of a source" if found.marks else ""
    sys.stderr.write(f"reddots: {len(listed.rows)} photos; {by_kind or 'nothing found'}{marked}\n")
    if json_file:
        _write_text(json_file, json.dumps(found.report(), indent=1, ensure_ascii=False) + "\n")
    if output:
        _write_manifest(merge_groups(listed.rows, found.near), output, listed.folder)
    if found.findings:
        raise typer.Exit(1)


def _write_manifest(rows: Iterable["Row"], output: Path, folder: Path | None = None) -> None:
    from reddots.datasets.manifest import moved, write_manifest  # noqa: PLC0415
    from reddots.errors import ManifestError  # noqa: PLC0415

    try:
        write_manifest(rows if folder is None else moved(rows, folder, output.parent), output)
    except OSError as error:
        raise ManifestError(f"{output} cannot be written: {error.strerror}.") from error


def _write_text(path: Path, text: str) -> None:
    from reddots.errors import ManifestError  # noqa: PLC0415

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ManifestError(f"{path} cannot be written: {error.strerror}.") from error
