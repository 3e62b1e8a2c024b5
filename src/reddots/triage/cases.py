"""Batch triage (JSON Lines): a stream of cases in, a stream of results out."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from reddots.errors import AnswersError, RedDotsError, TableError
from reddots.tabular.json_lines import RepeatedKeyError, decode
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment

Assess = Callable[[Answers, Path | None, str], Assessment]
_KEYS = {"id", "answers", "photo"}


def triage_lines(
    lines: Iterable[bytes], examine: Assess, folder: Path
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Assess each line ``{"id", "answers", "photo"?}``, in order, with constant memory.

    Paths of photos are relative to ``folder``. Yields the result and whether it is one: a bad
    line becomes ``{"id", "error"}``. Blank lines are skipped.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case_id: object = None
        try:
            case = decode_case(line)
            case_id = case.get("id")
            result = _assess(case, examine, folder)
        except RedDotsError as error:
            yield {"id": case_id, "error": f"line {number}: {error}"}, False
        else:
            yield result, True


def decode_case(line: bytes) -> dict[str, Any]:
    """Return the JSON object in ``line``.

    Raises:
        TableError: it is no JSON object.
        AnswersError: a key stands in it twice.
    """
    try:
        case = decode(line)
    except RepeatedKeyError as error:
        raise AnswersError(f"“{error.key}” stands twice in the JSON. Which is it?") from error
    except ValueError as error:
        raise TableError("this is not valid JSON.") from error
    if not isinstance(case, dict):
        raise TableError("a case must be a JSON object with “id” and “answers”.")
    return case


def _assess(case: dict[str, Any], examine: Assess, folder: Path) -> dict[str, Any]:
    unknown = set(case) - _KEYS
    if unknown:
        raise TableError(f"a case has only id, answers and photo, not {sorted(unknown)}.")
    case_id, photo = case.get("id"), case.get("photo")
    if not isinstance(case_id, str | int) or isinstance(case_id, bool):
        raise TableError("a case needs an “id”, a text or a whole number.")
    if photo is not None and not isinstance(photo, str):
        raise TableError("“photo” must be the path of a file.")
    answers = parse_answers(case.get("answers", {}))
    path = folder / photo if photo else None
    result = examine(answers, path, str(case_id)).to_json()
    result["id"] = case_id
    return result
