"""``reddots doctor``: check this installation."""

import json
from dataclasses import asdict
from typing import Annotated

import typer


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON list, for programs.")] = False,
) -> None:
    """Check this installation, and say what is missing. Exit code 1 if it cannot be used."""
    from reddots.installation import check_installation

    checks = check_installation()
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=1, ensure_ascii=False))
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            state = "ok" if check.is_well else "MISSING" if check.is_essential else "without"
            typer.echo(f"{state:<8} {check.name:<{width}}  {check.detail}")
    faults = [check.name for check in checks if check.is_a_fault]
    if faults:
        typer.echo(f"reddots: This cannot be used as it is: {', '.join(faults)}.", err=True)
        raise typer.Exit(1)
