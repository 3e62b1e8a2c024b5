"""An assessment as a person reads it in the terminal: the next step first."""

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from reddots.cli.render.terminal import console as wide_console
from reddots.knowledge import Knowledge, Urgency
from reddots.spots.confirmation import confirmation
from reddots.triage.answers import parse_answers
from reddots.triage.assessment import Assessment

_LOOK = {
    Urgency.EMERGENCY: ("bold white on red", "!!! EMERGENCY"),
    Urgency.SAME_DAY: ("bold red", "!! SEE A DOCTOR TODAY"),
    Urgency.WITHIN_DAYS: ("bold dark_orange", "! SEE A DOCTOR WITHIN DAYS"),
    Urgency.ROUTINE: ("bold blue", "SEE A DOCTOR IN THE USUAL WAY"),
    Urgency.SELF_CARE: ("bold green", "CARE FOR IT AT HOME"),
}
_LEAST_KIND = 0.05  # of a candidate less probable than this no kind is shown
_ASKED = 4  # how many screens are shown


def print_sheet(
    assessment: Assessment, knowledge: Knowledge, *, explain: bool, console: Console | None = None
) -> None:
    """Print urgency, reasons, guidance, candidates and open questions, in that order."""
    out = console or wide_console()
    style, title = _LOOK[assessment.urgency]
    if not assessment.settled and assessment.urgency is not Urgency.EMERGENCY:
        calm = assessment.urgency <= Urgency.ROUTINE
        title = "CANNOT BE TOLD YET" if calm else f"AT LEAST: {title}"
    out.print(
        Panel(escape(assessment.guidance.summary), title=title, style=style, title_align="left")
    )
    _section(out, "Why", [f"{r.text} ({r.source})" for r in assessment.reasons])
    _section(out, "What to do now", assessment.guidance.do_now)
    _section(out, "What to watch for", assessment.guidance.watch_for)
    _section(out, "What to tell the doctor", assessment.guidance.tell_the_doctor)
    _photo(out, assessment, knowledge)
    _candidates(out, assessment)
    _section(out, "About these", [a.text for a in assessment.guidance.about])
    _section(out, "Please check these again", assessment.doubts)
    _asks(out, assessment, knowledge)
    if explain:
        _contributions(out, assessment)
    out.print(escape(assessment.disclaimer), style="dim")


def _section(out: Console, title: str, lines: "list[str] | tuple[str, ...]") -> None:
    if not lines:
        return
    out.print(f"\n[bold]{title}[/bold]")
    for line in lines:
        out.print(f" • {escape(line)}")


def _asks(out: Console, assessment: Assessment, knowledge: Knowledge) -> None:
    if not assessment.asks:
        return
    out.print("\n[bold]What we would ask next[/bold]")
    for ask in assessment.asks[:_ASKED]:
        questions = [knowledge.questions[q] for q in ask.questions]
        out.print(f" • {escape(ask.screen.text or questions[0].text)}")
        out.print(f"   {escape(ask.why(knowledge))}", style="dim")
        for question in questions:
            shown = f"{question.text}  " if ask.screen.is_checklist else ""
            out.print(
                f"   {escape(shown)}[{question.id}={_legal(knowledge, question.id)}]", markup=False
            )
    left = len(assessment.asks) - _ASKED
    if left > 0:
        out.print(f" … and up to {left} more.")


def _legal(knowledge: Knowledge, question_id: str) -> str:
    question = knowledge.questions[question_id]
    if question.kind == "number":
        return question.legal().removeprefix("a number from ").replace(" to ", "–")
    return "|".join(question.values)


def _photo(out: Console, assessment: Assessment, knowledge: Knowledge) -> None:
    photo = assessment.photo
    if photo is None:
        return
    told = knowledge.guidance.told_of(photo.problems, photo.causes)
    lines = [f"{problem.text} {problem.retake}" for problem in told]
    if photo.abstained:
        lines.append("The photo alone is too unclear to name the spots; the answers matter more.")
    found = confirmation(photo.spots) if photo.spots else None
    if found and photo.status == "ok":
        yes = parse_answers(found.answers).as_dict().items()
        said = " ".join(
            f"--set {q}={','.join(v) if isinstance(v, list) else v}"
            for q, v in yes
            if q not in assessment.answers.given
        )
        lines.append(f"{found.question} {f'If so, add: {said}' if said else ''}".strip())
    _section(out, "The photo", lines)


def _candidates(out: Console, assessment: Assessment) -> None:
    out.print("\n[bold]What it may be[/bold] (likelihood, not a diagnosis)")
    table = Table.grid(padding=(0, 2))
    for candidate in assessment.candidates:
        bar = "█" * round(candidate.probability * 30)
        table.add_row(f" {escape(candidate.name)}", f"{candidate.probability:4.0%}", bar)
        if candidate.kind is not None and candidate.probability >= _LEAST_KIND:
            table.add_row(f"   most like: {escape(candidate.kind.name)}", "", "")
    out.print(table)


def _contributions(out: Console, assessment: Assessment) -> None:
    out.print("\n[bold]Weight of evidence[/bold] (decibans: +10 is ten times more likely)")
    table = Table(box=None, pad_edge=False)
    for heading in ("Category", "Evidence", "Weight", "Counted", "Source"):
        table.add_column(
            heading, justify="right" if heading == "Weight" else "left", overflow="fold"
        )
    for item in sorted(assessment.contributions, key=lambda c: (c.category, -abs(c.weight))):
        table.add_row(
            item.category,
            escape(item.evidence),
            f"{item.weight:+.1f}",
            "yes" if item.counted else "no, another answer says the same",
            escape(item.source),
        )
    out.print(table)
