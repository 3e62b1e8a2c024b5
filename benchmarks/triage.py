"""How many cases without photos one process assesses: ``python benchmarks/triage.py [CASES]``.

Cases are drawn at random from every legal answer. Prints JSON: cases a second of processor time,
from line of JSON to line of JSON, the best of three, and peak memory.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reddots.assessor import Assessor
from reddots.errors import AnswersError
from reddots.knowledge import load
from reddots.triage.answers import parse_answers
from reddots.triage.cases import triage_lines

ANSWERED = 12  # questions a case answers, as many as the mean of the project's vignettes


def cases(count: int, seed: int) -> Iterator[bytes]:
    """Yield lines with legal answers that do not contradict each other."""
    draw = random.Random(seed)  # no secret
    questions = list(load().questions.values())
    made = 0
    while made < count:
        answers: dict[str, Any] = {}
        for question in draw.sample(questions, ANSWERED):
            if question.kind == "number":
                answers[question.id] = draw.choice([0.02, 0.2, 5, 8, 30, 50, 70])
            elif question.kind == "choices":
                answers[question.id] = draw.sample(question.values, 2)
            else:
                answers[question.id] = draw.choice(question.values)
        try:
            parse_answers(answers)
        except AnswersError:
            continue
        made += 1
        yield msgspec.json.encode({"id": made, "answers": answers})


def run(count: int, seed: int) -> float:
    """Return the processor seconds that ``count`` cases take."""
    lines, assessor = list(cases(count, seed)), Assessor()
    start = time.process_time()
    results = triage_lines(
        lines,
        lambda answers, _, case_id: assessor.assess(answers, [], case_id=case_id),
        Path(),
    )
    for result, _ in results:
        msgspec.json.encode(result)
    return time.process_time() - start


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    run(200, seed=0)
    seconds = min(run(count, seed) for seed in range(1, 4))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures = {
        "cases": count,
        "answers_a_case": ANSWERED,
        "cases_a_processor_second": round(count / seconds),
        "peak_memory_mb": round(before / 1024),
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
