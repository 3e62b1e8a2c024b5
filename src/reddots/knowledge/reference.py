"""Reference (data dictionary) of the answers: every key, its legal values and whom it is asked.

It is written from the data, so that it cannot fall behind them.
"""

from collections.abc import Iterator

from reddots.knowledge.loader import Knowledge
from reddots.knowledge.questions import TRISTATE, Question

_GROUPS = {"person": "Person", "spots": "Spots", "body": "Body", "background": "Background"}


def answers_reference(knowledge: Knowledge) -> str:
    """Return the reference as Markdown.

    Example:
        >>> from reddots.knowledge import load
        >>> answers_reference(load()).splitlines()[0]
        '# Answers'
    """
    return "\n".join(_lines(knowledge)) + "\n"


def _lines(knowledge: Knowledge) -> Iterator[str]:
    yield "# Answers"
    yield ""
    yield "Written from the data by `python scripts/answers.py`; not to be changed by hand."
    yield ""
    yield "A JSON object; every key is optional, and a missing key is unknown. So is an empty list,"
    yield "as no option says “none of these”. Values are `yes` / `no` / `not_sure` unless said"
    yield "otherwise. “Asked” says whom a question can concern:"
    yield "`only` when every condition holds, `not` when one does (conditions are named in"
    yield "`data/knowledge/rules.toml`). A warning answer is marked ⚠, a gate 🔒."
    gates = {q for gate in knowledge.gates for q in gate.questions}
    for group, name in _GROUPS.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield "| key | values | question | asked |"
        yield "|---|---|---|---|"
        for question in knowledge.questions.values():
            if question.group == group:
                mark = " ⚠ " + question.red_flag if question.red_flag else ""
                lock = " 🔒" if question.id in gates else ""
                cells = (_values(question), question.text, _asked(question.id, knowledge))
                yield f"| `{question.id}`{mark}{lock} | {' | '.join(cells)} |"


def _values(question: Question) -> str:
    if question.values == TRISTATE:
        return "yes, no, not sure"
    if question.kind == "number":
        return f"number {question.minimum:g} to {question.maximum:g}"
    listed = ", ".join(f"`{value}`" for value in question.values)
    return f"list of {listed}" if question.kind == "choices" else listed


def _asked(question_id: str, knowledge: Knowledge) -> str:
    audience = knowledge.audience
    only = " and ".join(f"`{t.text}`" for t in audience.only_for.get(question_id, ()))
    never = " or ".join(f"`{t.text}`" for t in audience.never_for.get(question_id, ()))
    parts = (f"only {only}" if only else "", f"not {never}" if never else "")
    # A bar would end the cell of the table.
    return "; ".join(part for part in parts if part).replace("|", "\\|")
