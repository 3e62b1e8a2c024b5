"""``reddots data``: the public photo sets, and manifests of photos."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reddots._output import reserved_file, reserved_files, reserved_folder
from reddots.cli.options import until_end
from reddots.cli.render.download import fetch_with_bar
from reddots.cli.render.progress import bar
from reddots.cli.render.terminal import console, plain, tell

if TYPE_CHECKING:
    from reddots.datasets.manifest import Row


LeastWeight = Annotated[
    float | None,
    typer.Option(
        min=0.05, max=1, help="The least weight of a label, where dermatologists' labels have one."
    ),
]

data = typer.Typer(help="The public photo sets, and manifests of photos.", no_args_is_help=True)

_SHOWN = 10  # photos that are left out and named; the rest is counted by reason


@data.command("list")
def list_sets(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program.")] = False,
) -> None:
    """Print the sets: terms, size, whether they may be trained on, what they label of ours."""
    import msgspec
    from rich.table import Table

    from reddots.datasets.catalogue import read_catalogue
    from reddots.datasets.sources.label_map import labels_of

    if as_json:
        found = [
            msgspec.to_builtins(entry) | {"labels": list(labels_of(entry.id))}
            for entry in read_catalogue().values()
        ]
        sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        return
    names = ("id", "what", "photos", "size", "licence", "train", "labels of ours", "how")
    table = Table(title="Public photo sets", show_lines=True)
    for name in names:
        # Whatever the width, nothing is cut off, and an id is copied in one piece.
        table.add_column(name, overflow="fold", no_wrap=name == "id")
    for entry in read_catalogue().values():
        may = "yes" if entry.may_train else "no: measures only"
        given = ", ".join(labels_of(entry.id)).replace("|", " or ")
        labels = given or "as its folders say"
        how = f"data get {entry.id}" if entry.files else entry.url or " ".join(entry.steps)
        count = f"{entry.photos:,}" if entry.photos else ""
        table.add_row(
            entry.id, entry.what, count, entry.size, entry.licence, may, labels, how
        )  # fmt: skip
    console().print(table)


@data.command("get")
def get_set(
    name: Annotated[str, typer.Argument(help="A set's id, as in “data list”.")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Fetch into this folder what is offered over HTTP.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only photos of this label of ours.")
    ] = None,
    least_weight: LeastWeight = None,
    size: Annotated[
        bool, typer.Option("--size", help="Only the tables: say how many photos there would be.")
    ] = False,
) -> None:
    """Fetch a set, or print where it can be had and how to bring it in."""
    from reddots.datasets.catalogue import read_catalogue
    from reddots.errors import ManifestError

    catalogue = read_catalogue()
    if name not in catalogue:
        raise ManifestError(f"There is no set “{name}”. The sets are: {', '.join(catalogue)}.")
    entry = catalogue[name]
    if to and not entry.files:
        raise ManifestError(
            f"{entry.name} is not offered over plain HTTP. “reddots data get {name}” says how to "
            "get it."
        )
    if to:
        until_end(reserved_folder(to))
    failed = fetch_with_bar(entry, to, only or [], least_weight, size) if to else ()
    place = str(to) if to else "FOLDER"
    steps = entry.steps or (
        f"Get it from {entry.url or 'its owner'}, and read its terms there.",
        "Put its photos into FOLDER, in one folder a label, named by output id.",
    )
    numbered = [*steps, f"reddots data import {place} --dataset {entry.id} -o manifest.csv"]
    lines = [
        f"{entry.name}: {entry.what}",
        *([entry.url] if entry.url else []),
        f"Licence: {entry.licence}",
        f"Cite: {entry.citation}",
    ]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.writelines(f"{i}. {step}\n" for i, step in enumerate(numbered, 1))
    if failed:
        raise typer.Exit(1)


@data.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="The set as it comes, or one folder a label.")],
    dataset: Annotated[str, typer.Option(help="The set's id, as in “data list”.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The manifest to write.")],
    table: Annotated[
        Path | None, typer.Option(help="A table of your own (CSV) that lists the photos.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="Its column for one of ours: label=diagnosis.")
    ] = None,
    least_weight: LeastWeight = None,
) -> None:
    """Write a manifest of a set, of a folder with one folder a label, or of your own table."""
    from reddots.datasets.sources.custom_table import column_map
    from reddots.datasets.sources.registry import import_set

    columns = column_map(column or [])
    until_end(reserved_file(output, [table]))
    found = import_set(folder, dataset, output.parent, table, columns, least_weight)
    _write_manifest(found.rows, output)
    tell(f"{len(found.rows)} photos, {len(found.dropped)} left out")
    for reason, count in found.reasons.most_common():
        tell(f"{count} left out because {reason}")
    for reason, count in found.unlabelled.most_common():
        tell(f"{count} kept without a label: {reason}")
    for text, count in found.unread.most_common():
        tell(f"{count} kept without a skin type: “{text}” is none of 1 to 6 or I to VI")
    labels = Counter(row.label for row in found.rows if row.label)
    for label, count in labels.most_common():
        tell(f"{count} {label}")
    if found.unlisted:
        tell(f"{found.unlisted} photos of the folder are not in the table")
    for sentence in found.dropped[:_SHOWN]:
        tell(f"left out: {sentence}")
    if len(found.dropped) > _SHOWN:
        tell(f"left out: and {len(found.dropped) - _SHOWN} more for the reasons above")
    if found.failures:
        raise typer.Exit(1)


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
    """Find damaged and doubled photos, torn groups, label conflicts and marks of a source."""
    from reddots.datasets.manifest import read_manifest
    from reddots.datasets.quality.check import validate_manifest
    from reddots.datasets.quality.groups import merge_groups
    from reddots.errors import ManifestError

    if merge != (output is not None):
        raise ManifestError("Give --merge-groups and -o together: what to do, and where to write.")
    until_end(reserved_files([json_file, output], [manifest]))
    listed = read_manifest(manifest)
    with bar("photos", len(listed.rows)) as advance:
        found = validate_manifest(listed, advance)
    for issue in found.issues:
        sys.stdout.write(f"{issue.kind}\t{plain(issue.photo)}\t{plain(issue.text)}\n")
    for mark in found.marks:
        example = listed.rows[mark.example].photo
        text = f"{mark.share:.0%} of {mark.dataset}, {mark.place}"
        sys.stdout.write(f"{mark.kind}\t{plain(example)}\t{plain(text)}\n")
    by_kind = ", ".join(f"{n} {kind}" for kind, n in found.report()["counts"].items())
    marked = f"; {len(found.marks)} marks of a source" if found.marks else ""
    tell(f"{len(listed.rows)} photos; {by_kind or 'nothing found'}{marked}")
    if json_file:
        _write_text(json_file, json.dumps(found.report(), indent=1, ensure_ascii=False) + "\n")
    if output:
        _write_manifest(merge_groups(listed.rows, found.near), output, listed.folder)
    if found.issues:
        raise typer.Exit(1)


def _write_manifest(rows: Iterable["Row"], output: Path, folder: Path | None = None) -> None:
    from reddots.datasets.manifest import moved, write_manifest
    from reddots.errors import ManifestError

    try:
        write_manifest(rows if folder is None else moved(rows, folder, output.parent), output)
    except OSError as error:
        raise ManifestError(f"{output} cannot be written: {error.strerror}.") from error


def _write_text(path: Path, text: str) -> None:
    from reddots._atomic import atomic_write
    from reddots.errors import ManifestError

    try:
        atomic_write(path, text.encode())
    except OSError as error:
        raise ManifestError(f"{path} cannot be written: {error.strerror}.") from error
