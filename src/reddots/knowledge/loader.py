"""All that Red Dots knows, read once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from reddots._resources import folder
from reddots.errors import KnowledgeError
from reddots.knowledge.categories import Category, read_categories
from reddots.knowledge.conditions import questions_of, taken_as_unanswered
from reddots.knowledge.contradictions import Contradiction, read_contradictions
from reddots.knowledge.evidence import EvidenceTable, read_evidence
from reddots.knowledge.gates import Gate, read_gates
from reddots.knowledge.guidance import Advice, GuidanceBook, read_guidance
from reddots.knowledge.logic import Condition, ConditionIndex, ConditionTable, Holding
from reddots.knowledge.questions import Question, read_questions
from reddots.knowledge.rules import Rule, RuleBook, read_rules
from reddots.knowledge.satisfiability import example_of
from reddots.knowledge.screens import Screen, read_screens
from reddots.knowledge.sources import Citations, read_sources
from reddots.knowledge.urgency import Urgency


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

    @cached_property
    def candidates(self) -> tuple[Category, ...]:
        """The categories that may be named to a person, in file order."""
        return tuple(c for c in self.categories.values() if c.is_candidate)

    @cached_property
    def red_flags(self) -> tuple[Question, ...]:
        """The questions with a warning answer, in asking order."""
        return tuple(q for q in self.questions.values() if q.red_flag)

    @cached_property
    def index(self) -> ConditionIndex:
        """Every condition in it, ready to be weighed against answers."""
        terms = [
            *(t for r in self.rules.rules for t in (*r.all, *r.any, *r.unless)),
            *(t for a in self.guidance.advice for t in a.when),
            *(t for c in self.contradictions for t in c.all),
        ]
        return ConditionIndex(self.questions, self.rules.findings, terms)

    @cached_property
    def flags(self) -> Mapping[str, str]:
        """The warning answer of each red-flag question, by its id."""
        return {q.id: q.red_flag for q in self.questions.values() if q.red_flag}

    @cached_property
    def raising(self) -> ConditionTable[Rule]:
        """The rules above self-care with their conditions, most urgent first."""
        rules = [r for r in self.rules.rules if r.urgency > Urgency.SELF_CARE]
        return self._table(sorted(rules, key=lambda r: -r.urgency))

    @cached_property
    def reassuring(self) -> ConditionTable[Rule]:
        """The self-care rules with their conditions."""
        return self._table(r for r in self.rules.rules if r.urgency is Urgency.SELF_CARE)

    @cached_property
    def advice(self) -> Mapping[Urgency, ConditionTable[Advice]]:
        """The advice that each level may give, with its conditions."""
        conditions = [(a, Condition(self.index.mask(a.when))) for a in self.guidance.advice]
        return {
            level: ConditionTable(
                (a, c) for a, c in conditions if not a.levels or level in a.levels
            )
            for level in Urgency
        }

    @cached_property
    def impossible(self) -> ConditionTable[Contradiction]:
        """The contradictions for which answers are refused."""
        return self._contradicting(impossible=True)

    @cached_property
    def doubtful(self) -> ConditionTable[Contradiction]:
        """The contradictions that are asked again."""
        return self._contradicting(impossible=False)

    def questions_of(self, rule: Rule) -> frozenset[str]:
        """Return the ids of the questions whose answers can make ``rule`` hold."""
        return self._questions[rule.id]

    @cached_property
    def question_bits(self) -> Mapping[str, int]:
        """One bit for each question, so that sets of questions are masks."""
        return {question: 1 << place for place, question in enumerate(self.questions)}

    def question_mask(self, questions: Iterable[str]) -> int:
        """Return the bits of these questions."""
        bits, mask = self.question_bits, 0
        for question in questions:
            mask |= bits[question]
        return mask

    @cached_property
    def question_masks(self) -> Mapping[str, int]:
        """The questions whose answers can make a rule hold, as a mask, by the rule's id."""
        return {r.id: self.question_mask(self.questions_of(r)) for r in self.rules.rules}

    @cached_property
    def reach(self) -> ConditionTable[tuple[Urgency, int]]:
        """Level and questions (a mask) of each rule above self-care, with its condition."""
        masks = self.question_masks
        return ConditionTable(((r.urgency, masks[r.id]), c) for r, c in self.raising)

    @cached_property
    def legal(self) -> frozenset[tuple[str, str]]:
        """Every question that has one answer of several, with each of these answers."""
        single = {"tristate", "choice"}
        return frozenset(
            (q.id, value) for q in self.questions.values() if q.kind in single for value in q.values
        )

    def may_be_impossible(self, answered: Collection[str]) -> bool:
        """Whether all questions of a contradiction are answered, so that it is worth a look."""
        open_ones = ~self.question_mask(answered)
        for questions in self._contradictory:  # noqa: SIM110 - written out, as it runs a lot
            if not questions & open_ones:
                return True
        return False

    @cached_property
    def _contradictory(self) -> tuple[int, ...]:
        findings, mask = self.rules.findings, self.question_mask
        return tuple(
            mask(questions_of(c.all, findings)) for c in self.contradictions if c.impossible
        )

    def easing(self, rule_id: str, holding: Holding) -> int:
        """Return the open questions whose answers could make a rule that holds not hold, as a mask.

        They are those that it takes as unanswered, and those of what would still switch it off.
        """
        joined, unless = self._easing.get(rule_id, (0, ()))
        open_ones = holding.open & ~holding.yes
        for terms, questions in unless:
            if terms & open_ones:
                joined |= questions
        return joined

    @cached_property
    def _easing(self) -> Mapping[str, tuple[int, tuple[tuple[int, int], ...]]]:
        findings, of_terms, of_questions = self.rules.findings, self.index.mask, self.question_mask
        return {
            r.id: (
                of_questions(taken_as_unanswered((*r.all, *r.any), findings)),
                tuple((of_terms([t]), of_questions(questions_of([t], findings))) for t in r.unless),
            )
            for r in self.rules.rules
        }

    @cached_property
    def _questions(self) -> Mapping[str, frozenset[str]]:
        findings = self.rules.findings
        return {r.id: questions_of((*r.all, *r.any), findings) for r in self.rules.rules}

    def _table(self, rules: Iterable[Rule]) -> ConditionTable[Rule]:
        mask = self.index.mask
        return ConditionTable(
            (r, Condition(mask(r.all), mask(r.any), r.at_least, mask(r.unless))) for r in rules
        )

    def _contradicting(self, *, impossible: bool) -> ConditionTable[Contradiction]:
        return ConditionTable(
            (c, Condition(self.index.mask(c.all)))
            for c in self.contradictions
            if c.impossible is impossible
        )


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
    for question in questions.values():
        unknown = set(question.tells_apart) - set(categories)
        if unknown:
            raise KnowledgeError(f"questions.toml: “{question.id}” names {sorted(unknown)}.")
    rules = read_rules(data / "rules.toml", questions, sources)
    known = Knowledge(
        questions,
        categories,
        rules,
        read_evidence(data / "evidence.toml", questions, categories, sources),
        read_guidance(data / "guidance.toml", questions, categories, rules.findings, sources),
        read_screens(data / "screens.toml", questions, sources),
        read_contradictions(data / "contradictions.toml", questions, rules.findings, sources),
        read_gates(data / "gates.toml", questions, sources),
    )
    sources.require_used(_citations(known))
    _require_firing(known, (*known.raising, *known.reassuring))
    return known


def _require_firing(known: Knowledge, rules: Iterable[tuple[Rule, Condition]]) -> None:
    for rule, condition in rules:
        example = example_of(
            condition,
            (rule.all, rule.any, rule.unless),
            questions=known.questions,
            findings=known.rules.findings,
            index=known.index,
        )
        if example is None:
            raise KnowledgeError(f"rules.toml: no answers can fulfil the rule “{rule.id}”.")


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


@cache
def load() -> Knowledge:
    """Return the shipped knowledge; read on first use, then kept."""
    return read_knowledge(folder("data") / "knowledge")
