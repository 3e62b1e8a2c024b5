"""Codings: the code of a question, an answer, a category or an urgency, and its code system.

Yes, no and not sure are LOINC answers, and a question that LOINC has carries LOINC's code too, from
``data/knowledge/fhir.toml``. All other codes are our own, declared by `reddots.fhir.terminology`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError
from reddots.fhir.version import Resource
from reddots.knowledge.questions import TRISTATE, Question
from reddots.knowledge.urgency import Urgency

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"


class LoincCode(Entry, frozen=True):
    """The LOINC code of one of our ids; ``unit`` is UCUM's, of a number."""

    id: str
    code: str
    display: str
    source: str
    unit: str | None = None
    unit_display: str | None = None


class UrgencyCode(Entry, frozen=True):
    """An urgency as a code, and the request priority that stands for it, if a doctor is needed."""

    id: str
    display: str
    definition: str
    priority: str | None = None


class _File(Entry, frozen=True):
    base: str
    loinc_copyright: str
    answer: tuple[LoincCode, ...]
    question: tuple[LoincCode, ...]
    urgency: tuple[UrgencyCode, ...]


@dataclass(frozen=True)
class Codes:
    """Every code that is not simply one of our ids.

    Attributes:
        base: what the names of our code systems and value sets begin with.
        answers: of yes-or-no questions, by answer.
        questions: of those that LOINC has, by id.
        urgencies: by level.

    Example:
        >>> load_codes().urgency(Urgency.SAME_DAY)["code"]
        'same_day'
    """

    base: str
    loinc_copyright: str
    answers: Mapping[str, LoincCode]
    questions: Mapping[str, LoincCode]
    urgencies: Mapping[Urgency, UrgencyCode]

    def system(self, name: str) -> str:
        """Return the URL of our code system ``name``."""
        return f"{self.base}/CodeSystem/{name}"

    def value_set(self, name: str) -> str:
        """Return the URL of our value set ``name``."""
        return f"{self.base}/ValueSet/{name}"

    def question(self, question: Question) -> list[Resource]:
        """Return the codings of a question: ours, then LOINC's where there is one."""
        codings = [{"system": self.system("questions"), "code": question.id}]
        if loinc := self.questions.get(question.id):
            codings.append({"system": LOINC, "code": loinc.code, "display": loinc.display})
        return codings

    def answer(self, question: Question, value: str) -> Resource:
        """Return the coding of one answer."""
        if question.values == TRISTATE:
            loinc = self.answers[value]
            return {"system": LOINC, "code": loinc.code, "display": loinc.display}
        shown = {option.id: option.text for option in question.option}
        code = f"{question.id}.{value}"
        return {"system": self.system("answers"), "code": code, "display": shown[value]}

    def urgency(self, urgency: Urgency) -> Resource:
        """Return the coding of an urgency."""
        display = self.urgencies[urgency].display
        return {"system": self.system("urgency"), "code": urgency.id, "display": display}

    def category(self, category: str, name: str) -> Resource:
        """Return the coding of a category, shown as ``name``."""
        return {"system": self.system("categories"), "code": category, "display": name}

    def kind(self, kind: str, name: str) -> Resource:
        """Return the coding of a kind inside a category, shown as ``name``."""
        return {"system": self.system("kinds"), "code": kind, "display": name}


@cache
def load_codes() -> Codes:
    """Return the codes; read on first use, then kept.

    Raises:
        KnowledgeError: the file does not fit, or lacks an answer or a level.
    """
    path = folder("data") / "knowledge" / "fhir.toml"
    raw = read_toml(path, _File)
    for entries in (raw.answer, raw.question, raw.urgency):
        require_unique(path.name, [entry.id for entry in entries])
    urgencies = {entry.id: entry for entry in raw.urgency}
    if {a.id for a in raw.answer} != set(TRISTATE) or set(urgencies) != {u.id for u in Urgency}:
        raise KnowledgeError(f"{path.name}: every answer and every urgency needs one code.")
    return Codes(
        raw.base,
        raw.loinc_copyright,
        {a.id: a for a in raw.answer},
        {q.id: q for q in raw.question},
        {urgency: urgencies[urgency.id] for urgency in Urgency},
    )
