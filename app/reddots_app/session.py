"""Session state of one person, which the browser keeps and sends along with every call.

The server remembers nobody: each answer is computed from the state that came with the request, so a
restart, another replica or a reload loses nothing. What comes in is checked value by value.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import msgspec

from reddots.errors import AnswersError, RedDotsError
from reddots.knowledge import Knowledge
from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers, parse_answers

Step = Literal["photo", "question", "review", "result"]
VERSION: Final = 1
MOST_PHOTOS: Final = 5
_MOST_STOPS: Final = 200  # of a trail; nobody goes back further
_MOST_SPOTS: Final = 2_000  # of a photo
_ID: Final = re.compile(r"[\w-]{1,40}")


class SessionError(RedDotsError):
    """What a browser sent as its state cannot be used."""


@dataclass(frozen=True)
class PhotoEntry:
    """One analysed photo; its pixels stay in the browser, which knows them by ``id``.

    Attributes:
        cropped: what was analysed is a part of the photo.
    """

    id: str
    result: PhotoResult
    cropped: bool = False


@dataclass(frozen=True)
class Stop:
    """One screen of questions as it was shown: a single question, or several in a checklist."""

    screen: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """One person's way through the page.

    Attributes:
        country: ISO 3166 code of where the person is, for the emergency number; may be empty.
        current: what is being asked, in the step ``question``.
        trail: the stops left behind, oldest first; “Back” follows it.
        skipped: questions that were asked and left without an answer.
        thorough: ask everything there is, not only what would change the result.
        alarmed: the person has been interrupted by the emergency that the answers now amount to.
        interrupted: the result on the screen is that interruption.
        earlier: answers of hours ago to questions that are asked anew; the more worrying of both
            answers counts.
        judged: the photo of whose spots the person has said whether we see them rightly.
        agreed: they said that we do, as found or corrected.
        taken: the questions that were answered by that.
        origin: the step from which the review of all answers was opened.
        note: what to say about the last action, such as a number out of range; never kept.

    Example:
        >>> Session("en").step
        'photo'
    """

    language: str
    country: str = ""
    step: Step = "photo"
    answers: Answers = field(default_factory=Answers)
    photos: tuple[PhotoEntry, ...] = ()
    current: Stop | None = None
    trail: tuple[Stop, ...] = ()
    skipped: frozenset[str] = frozenset()
    thorough: bool = False
    alarmed: bool = False
    interrupted: bool = False
    earlier: Mapping[str, str] = field(default_factory=dict)
    judged: str = ""
    agreed: bool = False
    taken: frozenset[str] = frozenset()
    origin: Step = "photo"
    note: str = ""

    def says_of(self, photo: PhotoEntry) -> bool | None:
        """Return whether the person agreed to the photo's detected spots; None before."""
        return self.agreed if self.judged == photo.id else None

    def cleared(self) -> "Session":
        """Return a session that knows nothing but the language and the country."""
        return Session(self.language, self.country)


class _Wire(msgspec.Struct, frozen=True):
    """The JSON object; unknown keys are ignored, so that a newer page's state can be read."""

    version: int
    language: str
    country: str = ""
    step: Step = "photo"
    answers: dict[str, Any] = {}
    photos: tuple[PhotoEntry, ...] = ()
    current: Stop | None = None
    trail: tuple[Stop, ...] = ()
    skipped: tuple[str, ...] = ()
    thorough: bool = False
    alarmed: bool = False
    interrupted: bool = False
    earlier: dict[str, str] = {}
    judged: str = ""
    agreed: bool = False
    taken: tuple[str, ...] = ()
    origin: Step = "photo"


def encode_session(session: Session) -> dict[str, Any]:
    """Return the session as a JSON object."""
    wire = _Wire(
        version=VERSION,
        language=session.language,
        country=session.country,
        step=session.step,
        answers=session.answers.as_dict(),
        photos=session.photos,
        current=session.current,
        trail=session.trail[-_MOST_STOPS:],
        skipped=tuple(sorted(session.skipped)),
        thorough=session.thorough,
        alarmed=session.alarmed,
        interrupted=session.interrupted,
        earlier=dict(session.earlier),
        judged=session.judged,
        agreed=session.agreed,
        taken=tuple(sorted(session.taken)),
        origin=session.origin,
    )
    built: dict[str, Any] = msgspec.to_builtins(wire)
    return built


def decode_session(raw: object, knowledge: Knowledge) -> Session:
    """Check a JSON object that a browser sent.

    Questions and screens that are not there (any more) are left out.

    Raises:
        SessionError: it is not of the shape that :func:`encode_session` gives.
    """
    try:
        wire = msgspec.convert(raw, _Wire)
    except msgspec.ValidationError as error:
        raise SessionError("The state of the page cannot be read.") from error
    if wire.version != VERSION or len(wire.photos) > MOST_PHOTOS:
        raise SessionError("The state of the page is from another version.")
    outputs = {c.output for c in knowledge.categories.values() if c.output}
    if not all(_is_sound(photo, outputs) for photo in wire.photos):
        raise SessionError("A photo's values cannot be used.")
    screens = {screen.id: screen.questions for screen in knowledge.screens}
    current = _known(wire.current, screens) if wire.current else None
    trail = [kept for stop in wire.trail[-_MOST_STOPS:] if (kept := _known(stop, screens))]
    return Session(
        language=wire.language,
        country=wire.country if re.fullmatch(r"[A-Z]{2}", wire.country) else "",
        step="photo" if wire.step == "question" and current is None else wire.step,
        answers=_legal(wire.answers, knowledge),
        photos=wire.photos,
        current=current if wire.step == "question" else None,
        trail=tuple(trail),
        skipped=frozenset(wire.skipped) & knowledge.questions.keys(),
        thorough=wire.thorough,
        alarmed=wire.alarmed,
        interrupted=wire.interrupted,
        earlier={q: a for q, a in wire.earlier.items() if (q, a) in knowledge.legal},
        judged=wire.judged,
        agreed=wire.agreed,
        taken=frozenset(wire.taken) & knowledge.questions.keys(),
        origin=wire.origin,
    )


def _known(stop: Stop, screens: Mapping[str, tuple[str, ...]]) -> Stop | None:
    questions = tuple(q for q in stop.questions if q in screens.get(stop.screen, ()))
    return replace(stop, questions=questions) if questions else None


def _legal(raw: Mapping[str, Any], knowledge: Knowledge) -> Answers:
    """Return the answers, one by one where they are not legal together."""
    answers = Answers()
    for question, value in raw.items():
        try:
            answers = parse_answers({**answers.given, question: value}, knowledge)
        except AnswersError:
            continue
    return answers


def _is_sound(photo: PhotoEntry, outputs: set[str]) -> bool:
    result = photo.result
    spots = result.spots
    if spots is not None and not (
        0 <= spots.count <= _MOST_SPOTS
        and len(spots.marks) <= _MOST_SPOTS
        and all(0 <= value <= 1 for mark in spots.marks for value in mark)
        and 0 <= spots.diameter <= 1
    ):
        return False
    shares = (result.categories, result.training_priors)
    return (
        bool(_ID.fullmatch(photo.id))
        and all(key in outputs for table in shares for key in table)
        and all(0 <= value <= 1 for table in shares for value in table.values())
        and result.categories.keys() <= result.training_priors.keys()
        and set(result.simulated_ratios) <= outputs
        and all(1 <= v < math.inf for v in result.simulated_ratios.values())
    )
