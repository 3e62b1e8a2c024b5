"""All that Red Dots knows, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reddots.errors import KnowledgeError
from reddots.knowledge.categories import Category, read_categories
from reddots.knowledge.evidence import EvidenceTable, read_evidence
from reddots.knowledge.guidance import GuidanceBook, read_guidance
from reddots.knowledge.questions import Question, read_questions
from reddots.knowledge.rules import RuleBook, read_rules
from reddots.shipped import folder


@dataclass(frozen=True)
class Knowledge:
    """The shipped knowledge, validated against itself."""

    questions: Mapping[str, Question]
    categories: Mapping[str, Category]
    rules: RuleBook
    evidence: EvidenceTable
    guidance: GuidanceBook

    @property
    def candidates(self) -> tuple[Category, ...]:
        """The categories that may be named to a person, in file order."""
        return tuple(c for c in self.categories.values() if c.is_candidate)

    @property
    def red_flags(self) -> tuple[Question, ...]:
        """The questions with a warning answer, in asking order."""
        return tuple(q for q in self.questions.values() if q.red_flag)


def read_knowledge(data: Path) -> Knowledge:
    """Read the knowledge files in the folder ``data`` and check them against each other.

    Raises:
        KnowledgeError: one is missing, malformed, or contradicts another.
    """
    questions = read_questions(data / "questions.toml")
    categories = read_categories(data / "categories.toml")
    for question in questions.values():
        unknown = set(question.tells_apart) - set(categories)
        if unknown:
            raise KnowledgeError(f"questions.toml: “{question.id}” names {sorted(unknown)}.")
    rules = read_rules(data / "rules.toml", questions)
    return Knowledge(
        questions,
        categories,
        rules,
        read_evidence(data / "evidence.toml", questions, categories),
        read_guidance(data / "guidance.toml", questions, categories, rules.findings),
    )


@cache
def load() -> Knowledge:
    """Return the shipped knowledge; read on first use, then kept."""
    return read_knowledge(folder("data"))
