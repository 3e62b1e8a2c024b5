"""How many questions it takes to a stable urgency: ``python benchmarks/questions.py``.

Each vignette is a person who answers what they are asked: what the vignette states, “no” to any
other yes-or-no question (spots fade, where it says nothing of the glass test), and nothing else.
Prints JSON: screens and single questions until the urgency no longer changes, and until nothing
more is asked; and the same for asking every screen in turn.
"""

import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from reddots.knowledge import Knowledge, Urgency, load
from reddots.knowledge.questions import Answer
from reddots.triage.answers import Answers, parse_answers, parse_settings
from reddots.triage.assessment import assess
from reddots.triage.interview import walk
from reddots.triage.next_questions import Ask

DOZEN = 12
VIGNETTES = Path(__file__).parents[1] / "tests" / "vignettes"


def people(known: Knowledge) -> Iterator[dict[str, Answer]]:
    """Yield what each vignette's person would answer, by question."""
    for path in sorted(VIGNETTES.glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            given = dict(parse_answers(json.loads(line)["answers"], known).given)
            for question in known.questions.values():
                if question.kind == "tristate":
                    harmless = "yes" if question.red_flag == "no" else "no"
                    given.setdefault(question.id, harmless)
            yield given


def by_engine(person: dict[str, Answer], known: Knowledge) -> list[tuple[int, int, Urgency]]:
    """Return screens and questions asked so far, and the urgency, after each screen."""
    given: dict[str, Answer] = {}
    skipped: set[str] = set()
    screens = questions = 0
    path = []
    while True:
        result = assess(_answers(given, known), skipped=skipped, knowledge=known)
        path.append((screens, questions, result.urgency))
        if not result.asks:
            return path
        ask = result.asks[0]
        screens, questions = screens + 1, questions + len(ask.questions)
        given.update({q: person[q] for q in ask.questions if q in person})
        skipped.update(q for q in ask.questions if q not in person)


def in_file_order(person: dict[str, Answer], known: Knowledge) -> list[tuple[int, int, Urgency]]:
    """Return the same for asking every screen in turn, stopping at nothing."""
    given: dict[str, Answer] = {}
    path = [(0, 0, assess(Answers(), knowledge=known).urgency)]
    for screens, screen in enumerate(known.screens, start=1):
        given.update({q: person[q] for q in screen.questions if q in person})
        urgency = assess(_answers(given, known), knowledge=known).urgency
        path.append((screens, path[-1][1] + len(screen.questions), urgency))
    return path


def ordinary_adult(known: Knowledge) -> dict[str, Answer]:
    """Return what a well adult with an itchy bump of some days answers."""
    texts = ["age_years=30", "person=me", "sex=male", "onset=days", "count=few", "sites=forearms"]
    texts += ["surface=smooth_bump", "size=small", "colour=red", "skin_tone=light", "itchy=yes"]
    given = dict(parse_settings(texts, known).given)
    for question in known.questions.values():
        if question.kind == "tristate":
            given.setdefault(question.id, "yes" if question.red_flag == "no" else "no")
    return given


def words_read(asks: Sequence[Ask], known: Knowledge) -> int:
    """Count the words that stand open on these screens: texts, help and options, no fold-outs."""
    count = 0
    for ask in asks:
        questions = [known.questions[q] for q in ask.questions]
        several = ask.screen.is_checklist
        shown = [ask.screen.text, ask.screen.help] if several else [questions[0].help]
        shown += [q.text for q in questions]
        shown += [option.text for q in questions for option in q.option]
        count += sum(len(text.split()) for text in shown)
    return count


def stable_at(path: Sequence[tuple[int, int, Urgency]]) -> tuple[int, int]:
    """Return screens and questions after which the urgency stays what it ends at."""
    last = max((i for i, step in enumerate(path) if step[2] != path[-1][2]), default=-1)
    return path[last + 1][:2]


def main() -> None:
    """Measure and print."""
    known = load()
    everybody = list(people(known))
    engine = [by_engine(person, known) for person in everybody]
    whole = [in_file_order(person, known) for person in everybody]
    ends = [path[-1] for path in engine]
    ordinary = walk(_answers(ordinary_adult(known), known), known)
    figures = {
        "vignettes": len(everybody),
        "engine": {
            "screens_to_stable": _mean(stable_at(p)[0] for p in engine),
            "questions_to_stable": _mean(stable_at(p)[1] for p in engine),
            "screens_asked": _mean(end[0] for end in ends),
            "questions_asked": _mean(end[1] for end in ends),
            "median_screens_asked": statistics.median(end[0] for end in ends),
            "share_with_fewer_than_a_dozen_screens": _mean(end[0] < DOZEN for end in ends),
        },
        "everything": {
            "screens_to_stable": _mean(stable_at(p)[0] for p in whole),
            "questions_to_stable": _mean(stable_at(p)[1] for p in whole),
            "screens_asked": len(known.screens),
            "questions_asked": len(known.questions),
        },
        "ordinary_adult": {
            "screens": len(ordinary.asked),
            "words_before_the_result": words_read(ordinary.asked, known),
            "urgency": ordinary.assessment.urgency.id,
        },
        "same_end": sum(a[-1][2] == b[-1][2] for a, b in zip(engine, whole, strict=True)),
        "higher_end": sum(a[-1][2] > b[-1][2] for a, b in zip(engine, whole, strict=True)),
        "screens_asked_by_urgency": {
            level.id: _mean(end[0] for end in ends if end[2] is level) for level in Urgency
        },
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _answers(given: dict[str, Answer], known: Knowledge) -> Answers:
    return Answers({q: given[q] for q in known.questions if q in given})


def _mean(values: Iterator[float] | Sequence[float]) -> float:
    return round(statistics.mean(float(v) for v in values), 2)


if __name__ == "__main__":
    main()
