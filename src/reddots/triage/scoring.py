"""Triage metrics on vignettes with a gold level: how right the advice is.

The measures are those of symptom-checker studies (Semigran et al., BMJ 2015;351:h3480; Kopka et
al., the R package symptomcheckR, 2023): safety of advice, accuracy, inclination to over-triage and
comprehensiveness.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from reddots.errors import RedDotsError, TableError
from reddots.knowledge import Knowledge, Urgency, load
from reddots.triage.answers import Answers, parse_answers
from reddots.triage.assessment import Assessment, assess
from reddots.triage.cases import decode_case
from reddots.triage.interview import walk


@dataclass(frozen=True, slots=True)
class Scored:
    """One vignette and what came out.

    Attributes:
        gold: the right level, the most urgent of those accepted.
        least: the least urgent level that is accepted.
        advised: what came out; None when the case could not be assessed.
        category: the gold category, where the vignette has one.
        named: the most probable candidate.
        settled: whether every safety question was answered; None when it could not be assessed.
    """

    id: str
    gold: Urgency
    least: Urgency
    advised: Urgency | None
    category: str | None
    named: str | None
    settled: bool | None = None

    @property
    def is_safe(self) -> bool:
        """Whether the advice is at or above the least level accepted."""
        return self.advised is not None and self.advised >= self.least

    @property
    def is_exact(self) -> bool:
        """Whether the advice is one of the levels accepted."""
        return self.is_safe and self.advised is not None and self.advised <= self.gold

    @property
    def is_over(self) -> bool:
        """Whether the advice is above every level accepted."""
        return self.advised is not None and self.advised > self.gold


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some vignettes; shares are of ``n``, or None of nothing."""

    name: str
    n: int
    given: int
    safe: int
    exact: int
    over: int

    @property
    def under(self) -> int:
        """How often the advice was below every level accepted, or missing."""
        return self.n - self.safe

    @property
    def inclination_to_over_triage(self) -> float | None:
        """Share of over-triage among all wrong advice."""
        wrong = self.over + self.under
        return self.over / wrong if wrong else None


@dataclass(frozen=True)
class Score:
    """Everything that is printed.

    Attributes:
        cases: the vignettes, in order.
        failed: a sentence for each line that is no vignette or could not be assessed.
    """

    cases: tuple[Scored, ...]
    failed: tuple[str, ...] = ()

    @property
    def overall(self) -> Tally:
        """All vignettes."""
        return _tally("all", self.cases)

    @property
    def by_level(self) -> tuple[Tally, ...]:
        """By gold level, most urgent first."""
        return tuple(
            _tally(level.id, [c for c in self.cases if c.gold is level])
            for level in sorted(Urgency, reverse=True)
        )

    @property
    def by_category(self) -> tuple[Tally, ...]:
        """By gold category, in alphabetical order; ``none`` where the vignette has none."""
        names = sorted({c.category or "none" for c in self.cases})
        return tuple(
            _tally(name, [c for c in self.cases if (c.category or "none") == name])
            for name in names
        )

    @property
    def calm_cared_for_at_home(self) -> tuple[int, int]:
        """How many people who need no doctor were told to care for themselves, and of how many.

        Counted are settled cases whose only right level is self-care.
        """
        calm = [c for c in self.cases if c.gold is Urgency.SELF_CARE and c.settled]
        return sum(c.advised is Urgency.SELF_CARE for c in calm), len(calm)

    @property
    def unsettled(self) -> tuple[int, int]:
        """How many cases left a safety question open, and how many were assessed."""
        assessed = [c for c in self.cases if c.settled is not None]
        return sum(not c.settled for c in assessed), len(assessed)

    @property
    def missed_emergencies(self) -> tuple[str, ...]:
        """Ids of vignettes whose gold is an emergency and whose advice is not safe."""
        return tuple(c.id for c in self.cases if c.gold is Urgency.EMERGENCY and not c.is_safe)

    @property
    def named_right(self) -> tuple[int, int]:
        """How many gold categories came first, and how many there are."""
        known = [c for c in self.cases if c.category]
        return sum(c.named == c.category for c in known), len(known)


def score_lines(
    lines: Iterable[bytes], knowledge: Knowledge | None = None, *, walked: bool = False
) -> Score:
    """Score vignettes, one JSON object a line.

    Its keys are ``id``, ``answers``, ``urgency``, where the gold is a range ``accept``, and where
    the picture is typical of one ``category``. A case that cannot be assessed counts as not safe; a
    line that is no vignette with a gold level is left out. Both are listed in ``failed``.
    With ``walked`` each case is answered screen by screen, as the page asks, and not at once.

    Raises:
        TableError: no line is a vignette with a gold level; the message names the first.
    """
    known = knowledge or load()
    ask: _Ask = _walked if walked else _at_once
    cases, failed = [], []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                case, why = _score(decode_case(line), known, ask)
                cases.append(case)
            except RedDotsError as error:
                why = str(error)
            if why:
                failed.append(f"line {number}: {why}")
    if not cases:
        raise TableError(failed[0] if failed else "There are no vignettes to score.")
    return Score(tuple(cases), tuple(failed))


_Ask = Callable[[Answers, Knowledge], Assessment]


def _at_once(answers: Answers, known: Knowledge) -> Assessment:
    return assess(answers, knowledge=known)


def _walked(answers: Answers, known: Knowledge) -> Assessment:
    return walk(answers, known).assessment


def _score(vignette: dict[str, Any], known: Knowledge, ask: _Ask) -> tuple[Scored, str]:
    """Return the vignette's score and, if it cannot be assessed, why."""
    levels = {level.id: level for level in Urgency}
    others, category = vignette.get("accept") or [], vignette.get("category")
    if not isinstance(others, list) or not isinstance(category, str | None):
        raise TableError("“accept” must be a list of levels, and “category” a text.")
    accepted = [vignette.get("urgency"), *others]
    if not all(isinstance(a, str) and a in levels for a in accepted):
        raise TableError(
            f"a vignette needs its gold level in “urgency”, one of: {', '.join(levels)}."
        )
    result, why = None, ""
    try:
        result = ask(parse_answers(vignette.get("answers"), known), known)
    except RedDotsError as error:
        why = str(error)
    scored = Scored(
        id=str(vignette.get("id", "")),
        gold=max(levels[a] for a in accepted),
        least=min(levels[a] for a in accepted),
        advised=result.urgency if result else None,
        category=category,
        named=result.candidates[0].category if result else None,
        settled=result.settled if result else None,
    )
    return scored, why


def _tally(name: str, cases: Iterable[Scored]) -> Tally:
    own = tuple(cases)
    return Tally(
        name,
        len(own),
        sum(c.advised is not None for c in own),
        sum(c.is_safe for c in own),
        sum(c.is_exact for c in own),
        sum(c.is_over for c in own),
    )
