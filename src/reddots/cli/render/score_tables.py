"""The score of the advice on vignettes, as tables in the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reddots.cli.render.terminal import console as wide_console
from reddots.cli.render.terminal import plain
from reddots.triage.scoring import Score, Tally


def print_score(score: Score, console: Console | None = None) -> None:
    """Print missed emergencies first, then the figures overall, by level and by category."""
    out = console or wide_console(soft_wrap=True)
    missed = score.missed_emergencies
    named = f" ({', '.join(map(plain, missed))})" if missed else ""
    out.print(f"Emergencies missed: {len(missed)}{named}", markup=False)
    right, known = score.named_right
    out.print(f"Category named first: {right} of {known}")
    home, calm = score.calm_cared_for_at_home
    out.print(f"Calm people told to care for themselves: {home} of {calm} ({_share(home, calm)})")
    unsettled, assessed = score.unsettled
    out.print(f"Unsettled: {unsettled} of {assessed} ({_share(unsettled, assessed)})")
    out.print(_table("overall", [score.overall]))
    out.print(_table("by gold level", score.by_level))
    out.print(_table("by gold category", score.by_category))
    wrong = [c for c in score.cases if not c.is_exact]
    for case in wrong:
        advised = case.advised.id if case.advised is not None else "nothing"
        out.print(f"not exact: {plain(case.id)}: {advised}, gold {case.gold.id}", markup=False)


def _table(title: str, tallies: Iterable[Tally]) -> Table:
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("", "n", "advised", "safe", "exact", "over", "under", "over of wrong"):
        table.add_column(heading, justify="right" if heading else "left", overflow="fold")
    for tally in tallies:
        inclination = tally.inclination_to_over_triage
        table.add_row(
            escape(plain(tally.name)),
            str(tally.n),
            _share(tally.given, tally.n),
            _share(tally.safe, tally.n),
            _share(tally.exact, tally.n),
            _share(tally.over, tally.n),
            str(tally.under),
            "–" if inclination is None else f"{inclination:.0%}",
        )
    return table


def _share(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "–"
