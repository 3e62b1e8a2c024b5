"""Assessment: urgency, reasons, candidates and guidance for one person in one value."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from reddots.knowledge import Knowledge, Urgency, load
from reddots.knowledge.kinds import Kind
from reddots.photo.result import PhotoResult, PhotoSpots
from reddots.triage.answers import Answers
from reddots.triage.differential import Contribution, Fusion, fuse
from reddots.triage.evaluation import evaluate
from reddots.triage.gates import names_of, open_gates, withhold_calm
from reddots.triage.guidance import Guidance, advise
from reddots.triage.kinds import kinds_of
from reddots.triage.next_questions import Ask, next_asks, next_questions, not_concerned
from reddots.triage.urgency import Reason, reasons_from_answers, with_photo

SCHEMA = "reddots.assessment/1"
_IDS = tuple(level.id for level in Urgency)


@dataclass(frozen=True)
class ModelIdentity:
    """Which checkpoint analysed the photo."""

    version: str
    sha256: str


class Candidate(msgspec.Struct, frozen=True):
    """A category it may be, with its probability, 0 to 1, and the kind inside it, if any."""

    category: str
    name: str
    probability: float
    kind: Kind | None = None


class Assessment(msgspec.Struct, frozen=True):
    """The whole result for one person, as in the contract ``reddots.assessment/1``.

    Attributes:
        open_gates: the ids of the safety questions without an answer; while there are any, the
            urgency is a floor.
        asks: the screens still worth asking, most useful first.
        kinds: the kind inside a category, by the category's id.
        doubts: what to check again, because answers hardly fit together.
    """

    id: str
    urgency: Urgency
    reasons: tuple[Reason, ...]
    open_gates: tuple[str, ...]
    photo: PhotoResult | None
    answers: Answers
    asks: tuple[Ask, ...]
    kinds: Mapping[str, Kind]
    doubts: tuple[str, ...]
    guidance: Guidance
    fusion: Fusion
    model: ModelIdentity | None
    disclaimer: str

    @property
    def see_doctor(self) -> bool:
        """Whether a doctor should see the spots at all."""
        return self.urgency.see_doctor

    @property
    def settled(self) -> bool:
        """Whether every safety question was answered, so that the urgency is more than a floor."""
        return not self.open_gates

    @property
    def next_questions(self) -> tuple[str, ...]:
        """The ids of the questions still worth asking, most useful first."""
        return next_questions(self.asks)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The categories it may be, most probable first."""
        kinds = self.kinds
        return tuple(Candidate(c, name, p, kinds.get(c)) for c, name, p in self.fusion.named())

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """How far each answer, and the photo, moves each category."""
        return self.fusion.contributions

    def to_json(self) -> dict[str, Any]:
        """Return the assessment as a JSON object of the contract's shape."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "urgency": _IDS[self.urgency],
            "settled": self.settled,
            "open_gates": list(self.open_gates),
            "see_doctor": self.see_doctor,
            "reasons": [
                {"rule": r.rule, "urgency": _IDS[r.urgency], "text": r.text, "source": r.source}
                for r in self.reasons
            ],
            "candidates": [
                {
                    "category": category,
                    "name": name,
                    "probability": probability,
                    "kind": _kind_json(self.kinds.get(category)),
                }
                for category, name, probability in self.fusion.named()
            ],
            "photo": None if self.photo is None else _photo_json(self.photo),
            "answers": self.answers.as_dict(),
            "next_questions": list(self.next_questions),
            "guidance": {
                "summary": self.guidance.summary,
                "do_now": list(self.guidance.do_now),
                "watch_for": list(self.guidance.watch_for),
                "tell_the_doctor": list(self.guidance.tell_the_doctor),
                "about": [
                    {"category": a.category, "text": a.text, "source": a.source}
                    for a in self.guidance.about
                ],
            },
            "model": None
            if self.model is None
            else {"version": self.model.version, "sha256": self.model.sha256},
            "disclaimer": self.disclaimer,
        }


def assess(
    answers: Answers,
    photo: PhotoResult | None = None,
    *,
    model: ModelIdentity | None = None,
    case_id: str | None = None,
    knowledge: Knowledge | None = None,
    skipped: Collection[str] = (),
    country: str | None = None,
) -> Assessment:
    """Join answers and, where there is one, a photo into an assessment.

    The urgency is at least that of the answers alone, whatever the photo shows. ``skipped``
    questions were asked and left unanswered: they stay unknown and are not asked again.
    ``country``, an ISO 3166 code, chooses the numbers to call.
    """
    known = knowledge or load()
    evaluation = evaluate(answers.given, known)
    unconcerned = not_concerned(evaluation, known)
    left_open = open_gates(answers, unconcerned, known)
    fusion = fuse(answers, photo, known)
    reasons = reasons_from_answers(answers, known, evaluation, fusion)
    if left_open:
        reasons = withhold_calm(reasons, known)
    reasons = with_photo(reasons, photo, known)
    kinds = {} if left_open else kinds_of(evaluation, reasons[0].urgency, known)
    doubts = known.contradicted(answers.given, known.doubtful)
    usable_photo = photo is not None and photo.status == "ok"
    return Assessment(
        id=case_id or uuid.uuid4().hex,
        urgency=reasons[0].urgency,
        reasons=reasons,
        open_gates=left_open,
        photo=photo,
        answers=answers,
        asks=next_asks(
            answers,
            evaluation,
            reasons,
            fusion.probabilities,
            known,
            again={t.subject for d in doubts for t in d.all if t.operator != "condition"},
            skipped=skipped,
            gates=left_open,
            unconcerned=unconcerned,
        ),
        kinds=kinds,
        doubts=tuple(d.text for d in doubts),
        guidance=advise(
            reasons[0].urgency,
            evaluation,
            fusion.probabilities,
            known,
            anything_known=bool(answers.given) or usable_photo,
            open_gates=names_of(left_open, known),
            kinds=kinds,
            country=country,
        ),
        fusion=fusion,
        model=model,
        disclaimer=known.guidance.disclaimer,
    )


def _kind_json(kind: Kind | None) -> dict[str, str] | None:
    return None if kind is None else {"id": kind.id, "name": kind.name, "advice": kind.advice}


def _photo_json(photo: PhotoResult) -> dict[str, Any]:
    return {
        "status": photo.status,
        "problems": list(photo.problems),
        "categories": dict(photo.categories),
        "abstained": photo.abstained,
        "prediction_set": list(photo.prediction_set),
        "not_skin": photo.not_skin,
        "spots": None if photo.spots is None else _spots_json(photo.spots),
    }


def _spots_json(spots: PhotoSpots) -> dict[str, Any]:
    return {
        "count": spots.count,
        "diameter": round(spots.diameter, 4),
        "size": spots.size,
        "pattern": spots.pattern,
        "colour": list(spots.colour),
        "marks": [list(mark) for mark in spots.marks],
    }
