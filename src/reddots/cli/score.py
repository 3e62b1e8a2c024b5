"""``reddots score``: levels that any system gave for vignettes, against their gold levels."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from reddots._extras import require_extra
from reddots._output import reserved_folder
from reddots.cli.options import OutputFolder, Seed, until_end
from reddots.cli.render.terminal import tell

_FILES: Final = ("score.json", "score.html")


def score(
    results: Annotated[
        list[Path],
        typer.Argument(help="Tables of results: one row a vignette, of one or more systems."),
    ],
    vignettes: Annotated[
        list[Path],
        typer.Option(help="Vignettes (JSON Lines), a file or a folder of them; may be repeated."),
    ],
    output: OutputFolder,
    levels: Annotated[
        Path | None,
        typer.Option(help="A scale (TOML): what the systems' own words mean."),
    ] = None,
    id_column: Annotated[str, typer.Option(help="The results' column of vignettes.")] = "id",
    level_column: Annotated[str, typer.Option(help="The results' column of levels.")] = "urgency",
    system_column: Annotated[
        str, typer.Option(help="The results' column of systems, where a file holds several.")
    ] = "system",
    groups: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="KEY", help="A key of the vignettes to score by."),
    ] = None,
    seed: Seed = 0,
) -> None:
    """Score triage advice of any system: safety, missed emergencies, over-triage, exactness."""
    require_extra("evaluate")
    from reddots.evaluation.report.matplotlib_import import import_matplotlib

    import_matplotlib()
    from reddots.evaluation.report.score import write_score
    from reddots.evaluation.vignettes.measures import score as score_results
    from reddots.evaluation.vignettes.results import ResultMap, read_results, read_vignettes
    from reddots.evaluation.vignettes.scale import Scale, read_scale

    until_end(reserved_folder(output, [*results, *vignettes, levels], _FILES))
    scale = read_scale(levels) if levels else Scale()
    cases = read_vignettes(vignettes, scale, groups or ("kind", "category"))
    columns = ResultMap(id_column, level_column, system_column)
    report = score_results(read_results(results, cases, scale, columns), seed)
    names = ", ".join(path.name for path in results)
    write_score(report, output, f"Results {names}.")
    for name, own in report["systems"].items():
        sys.stdout.write(
            f"{name}: safe {own['safe']:.3f}, exact {own['exact']:.3f}, over-triage "
            f"{own['over']:.3f}, {len(own['missed_emergencies'])} emergencies missed, advice for "
            f"{own['given']} of {own['n']}\n"
        )
    tell(f"wrote {output / 'score.html'}")
