"""Knowledge loader: reads all data files once and checks them against each other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from reddots._resources import folder
from reddots.errors import KnowledgeError
from reddots.knowledge.audience import Audience
from reddots.knowledge.categories import Category, read_categories
from reddots.knowledge.conditions import Term, holds, questions_of
from reddots.knowledge.contradictions import Contradiction, read_contradictions
from reddots.knowledge.emergency_numbers import EmergencyNumbers, read_emergency_numbers
from reddots.knowledge.evidence import EvidenceTable, read_evidence
from reddots.knowledge.gates import Gate, read_gates
from reddots.knowledge.guidance import GuidanceBook, read_guidance
from reddots.knowledge.kinds import Kind, read_kinds
from reddots.knowledge.outputs import read_outputs
from reddots.knowledge.questions import Answer, Question, read_questions
from reddots.knowledge.rules import Rule, RuleBook
from reddots.knowledge.rules_file import read_rules
from reddots.knowledge.satisfiability import example_of
from reddots.knowledge.screens import Screen, read_screens
from reddots.knowledge.sources import Citations, read_sources


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The shipped knowledge, validated against itself."""

    questions: Mapping[str, Question]
    categories: Mapping[str, Category]
    rules: RuleBook
    evidence: EvidenceTable
    guidance: GuidanceBook
    screens: tuple[Screen, ...]
    contradictions: tuple[Contradiction, ...]
    gates: tuple[Gate, ...]
    audience: Audience
    kinds: tuple[Kind, ...]
    emergency_numbers: EmergencyNumbers

    @cached_property
    def candidates(self) -> tuple[Category, ...]:
        """The categories that may be named to a person, in file order."""
        return tuple(c for c in self.categories.values() if c.is_candidate)

    @cached_property
    def flags(self) -> Mapping[str, str]:
        """The warning answer of each red-flag question, by its id."""
        return {q.id: q.red_flag for q in self.questions.values() if q.red_flag}

    @cached_property
    def legal(self) -> frozenset[tuple[str, str]]:
        """Every question that has one answer of several, with each of these answers."""
        single = {"tristate", "choice"}
        return frozenset(
            (q.id, value) for q in self.questions.values() if q.kind in single for value in q.values
        )

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each question in asking order, by its id."""
        return {question: place for place, question in enumerate(self.questions)}

    @cached_property
    def impossible(self) -> tuple[Contradiction, ...]:
        """The contradictions for which answers are refused."""
        return tuple(c for c in self.contradictions if c.impossible)

    @cached_property
    def doubtful(self) -> tuple[Contradiction, ...]:
        """The contradictions that are asked again."""
        return tuple(c for c in self.contradictions if not c.impossible)

    def contradicted(
        self, given: Mapping[str, Answer], contradictions: Iterable[Contradiction]
    ) -> list[Contradiction]:
        """Return those of ``contradictions`` that the answers ``given`` fulfil."""
        conditions, answered = self.rules.conditions, given.keys()
        return [
            c
            for c in contradictions
            if c.needs <= answered and all(holds(t, given, conditions) for t in c.all)
        ]

    def questions_of(self, rule: Rule) -> frozenset[str]:
        """Return the ids of the questions whose answers can make ``rule`` hold."""
        return self._questions[rule.id]

    @cached_property
    def _questions(self) -> Mapping[str, frozenset[str]]:
        conditions = self.rules.conditions
        return {r.id: questions_of((*r.all, *r.any), conditions) for r in self.rules.rules}

    def terms(self) -> Iterator[Term]:
        """Yield every term in it, some more than once."""
        for condition in self.rules.conditions.values():
            yield from (*condition.all, *condition.any)
        for rule in self.rules.rules:
            yield from (*rule.all, *rule.any, *rule.unless)
        for advice in self.guidance.advice:
            yield from advice.when
        for contradiction in self.contradictions:
            yield from contradiction.all
        for kind in self.kinds:
            yield from kind.when
        yield from self.audience.terms()


def read_knowledge(data: Path) -> Knowledge:
    """Read the knowledge files in the folder ``data`` and check them against each other.

    The sources that they cite are in the file ``sources.toml`` beside that folder.

    Raises:
        KnowledgeError: one is missing, malformed, or contradicts another, or has a rule that no
            answers can fulfil.
    """
    sources = read_sources(data.parent / "sources.toml")
    questions = read_questions(data / "questions.toml", sources)
    categories = read_categories(data / "categories.toml", sources)
    rules = read_rules(data / "rules.toml", questions, categories, sources)
    screens, audience = read_screens(data / "screens.toml", questions, rules.conditions, sources)
    known = Knowledge(
        questions,
        categories,
        rules,
        read_evidence(data / "evidence.toml", questions, categories, sources),
        read_guidance(data / "guidance.toml", questions, categories, rules.conditions, sources),
        screens,
        read_contradictions(data / "contradictions.toml", questions, rules.conditions, sources),
        read_gates(data / "gates.toml", questions, sources),
        audience,
        read_kinds(data / "kinds.toml", questions, categories, rules.conditions, sources),
        read_emergency_numbers(data.parent / "emergency_numbers.toml", sources),
    )
    sources.require_used(_citations(known))
    _require_conditions_used(known)
    outputs = read_outputs(folder("checkpoints"))
    if outputs is not None:
        outputs.require(rules.photo_rules)
    for rule in rules.rules:
        if example_of(rule, questions, rules.conditions) is None:
            raise KnowledgeError(f"rules.toml: no answers can fulfil the rule “{rule.id}”.")
    return known


def _require_conditions_used(known: Knowledge) -> None:
    used = {term.subject for term in known.terms() if term.operator == "condition"}
    unused = sorted(known.rules.conditions.keys() - used)
    if unused:
        raise KnowledgeError(f"rules.toml: nothing asks for the condition {', '.join(unused)}.")


def _citations(known: Knowledge) -> Iterator[Citations]:
    rules, guidance = known.rules, known.guidance
    categories = known.categories.values()
    yield from (question.sources for question in known.questions.values())
    yield from (screen.sources for screen in known.screens)
    yield from (category.sources for category in categories)
    yield from (fact.sources for category in categories for fact in category.fact)
    yield from (rule.sources for rule in (*rules.rules, rules.default, rules.unsettled))
    yield from (rule.sources for rule in rules.photo_rules)
    yield from (advice.sources for advice in guidance.advice)
    yield from (problem.sources for problem in guidance.photo_problems.values())
    yield from (entry.sources for entry in known.evidence.entries)
    yield from (contradiction.sources for contradiction in known.contradictions)
    yield from (gate.sources for gate in known.gates)
    yield from (kind.sources for kind in known.kinds)
    yield from known.emergency_numbers.citations


@cache
def load() -> Knowledge:
    """Return the shipped knowledge; read on first use, then kept."""
    return read_knowledge(folder("data") / "knowledge")
