"""An assessment as a person reads it in the terminal: the next step first."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from reddots.cli.render.terminal import console as wide_console
from reddots.knowledge import Knowledge, Urgency
from reddots.knowledge.stale_translations import texts_in
from reddots.knowledge.translation import SOURCE_LANGUAGE
from reddots.spots.confirmation import confirmation
from reddots.triage.answers import parse_answers
from reddots.triage.assessment import Assessment

_LOOK = {
    Urgency.EMERGENCY: ("bold white on red", "!!! "),
    Urgency.SAME_DAY: ("bold red", "!! "),
    Urgency.WITHIN_DAYS: ("bold dark_orange", "! "),
    Urgency.ROUTINE: ("bold blue", ""),
    Urgency.SELF_CARE: ("bold green", ""),
}
_LEAST_KIND = 0.05  # of a candidate less probable than this no kind is shown
_ASKED = 4  # how many screens are shown


def print_sheet(
    assessment: Assessment,
    knowledge: Knowledge,
    *,
    explain: bool,
    language: str = SOURCE_LANGUAGE,
    console: Console | None = None,
) -> None:
    """Print urgency, reasons, guidance, candidates and open questions, in that order.

    The headings are those of the page, in ``language``; weights of evidence are in English.
    """
    out = console or wide_console()
    texts = texts_in(language)
    style, title = _LOOK[assessment.urgency]
    title += texts[f"page.result.{assessment.urgency.id}"]
    if not assessment.settled and assessment.urgency is not Urgency.EMERGENCY:
        calm = assessment.urgency <= Urgency.ROUTINE
        at_least = texts["page.result.at_least"].format(level=title)
        title = texts["page.result.unsettled"] if calm else at_least
    summary = escape(assessment.guidance.summary)
    out.print(Panel(summary, title=escape(title.upper()), style=style, title_align="left"))
    _section(out, texts["page.result.why"], [f"{r.text} ({r.source})" for r in assessment.reasons])
    _section(out, texts["page.result.do_now"], assessment.guidance.do_now)
    _section(out, texts["page.result.watch_for"], assessment.guidance.watch_for)
    _section(out, texts["page.result.tell_the_doctor"], assessment.guidance.tell_the_doctor)
    _photo(out, assessment, knowledge, language)
    _candidates(out, assessment, texts)
    _section(out, texts["page.result.about"], [a.text for a in assessment.guidance.about])
    _section(out, texts["page.result.check_again"], assessment.doubts)
    _asks(out, assessment, knowledge, texts)
    if explain:
        _contributions(out, assessment)
    out.print(escape(assessment.disclaimer), style="dim")


def _section(out: Console, title: str, lines: "list[str] | tuple[str, ...]") -> None:
    if not lines:
        return
    out.print(f"\n[bold]{title}[/bold]")
    for line in lines:
        out.print(f" • {escape(line)}")


def _asks(
    out: Console, assessment: Assessment, knowledge: Knowledge, texts: Mapping[str, str]
) -> None:
    if not assessment.asks:
        return
    out.print(f"\n[bold]{texts['page.terminal.ask_next']}[/bold]")
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
        out.print(f" … + {left}")


def _legal(knowledge: Knowledge, question_id: str) -> str:
    question = knowledge.questions[question_id]
    if question.kind == "number":
        return question.legal().removeprefix("a number from ").replace(" to ", "–")
    return "|".join(question.values)


def _photo(out: Console, assessment: Assessment, knowledge: Knowledge, language: str) -> None:
    photo = assessment.photo
    if photo is None:
        return
    texts = texts_in(language)
    told = knowledge.guidance.told_of(photo.problems, photo.causes)
    lines = [f"{problem.text} {problem.retake}" for problem in told]
    if photo.abstained:
        lines.append(texts["page.result.photo_abstained"])
    found = confirmation(photo.spots, language) if photo.spots else None
    if found and photo.status == "ok":
        yes = parse_answers(found.answers).as_dict().items()
        said = " ".join(
            f"--set {q}={','.join(v) if isinstance(v, list) else v}"
            for q, v in yes
            if q not in assessment.answers.given
        )
        add = f"{texts['page.terminal.add']} {said}" if said else ""
        lines.append(f"{found.question} {add}".strip())
    _section(out, texts["page.result.the_photo"], lines)


def _candidates(out: Console, assessment: Assessment, texts: Mapping[str, str]) -> None:
    candidates, share = texts["page.result.candidates"], texts["page.result.share_column"]
    out.print(f"\n[bold]{candidates}[/bold] ({share}; {texts['page.terminal.no_diagnosis']})")
    table = Table.grid(padding=(0, 2))
    for candidate in assessment.candidates:
        bar = "█" * round(candidate.probability * 30)
        table.add_row(f" {escape(candidate.name)}", f"{candidate.probability:4.0%}", bar)
        if candidate.kind is not None and candidate.probability >= _LEAST_KIND:
            table.add_row(f"   → {escape(candidate.kind.name)}", "", "")
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
