"""What the page knows about one person; it lives in that person's session and nowhere else."""

from dataclasses import dataclass, field, replace
from typing import Literal

from reddots.photo.result import PhotoResult
from reddots.triage.answers import Answers
from reddots_app.crop import WHOLE, Cut

Step = Literal["photo", "question", "result"]


@dataclass(frozen=True)
class LookedAt:
    """One photo after it was looked at.

    Attributes:
        thumbnail: a small JPEG in base64 of what was looked at, made from the pixels alone, so
            without metadata; empty when the photo could not be opened.
        copy: a JPEG of the whole photo, smaller and without metadata, to cut a part out of.
        cut: the part that was looked at.
    """

    finding: PhotoResult
    thumbnail: str = ""
    copy: bytes = b""
    cut: Cut = WHOLE


@dataclass(frozen=True)
class Cutting:
    """A part of the photo at ``place`` is being chosen, in ``picture``: a JPEG in base64."""

    place: int
    picture: str


@dataclass(frozen=True)
class Stop:
    """One screen of questions as it was shown: a single question, or several in a checklist."""

    screen: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """One person's way through the page.

    Attributes:
        greeted: the page has been opened; a session that is not has been forgotten since.
        current: what is being asked, in the step ``question``.
        trail: the stops left behind, oldest first; “Back” follows it.
        passed: questions that were skipped.
        thorough: ask everything there is, not only what would change the result.
        alarmed: the person has been interrupted by the emergency that the answers now amount to.
        interrupted: the result on the screen is that interruption.
        note: what to say about the last action, such as a number out of range.
    """

    language: str
    greeted: bool = False
    step: Step = "photo"
    answers: Answers = field(default_factory=Answers)
    photos: tuple[LookedAt, ...] = ()
    photo_notes: tuple[str, ...] = ()
    cutting: Cutting | None = None
    current: Stop | None = None
    trail: tuple[Stop, ...] = ()
    passed: frozenset[str] = frozenset()
    thorough: bool = False
    alarmed: bool = False
    interrupted: bool = False
    note: str = ""

    def cleared(self) -> "Session":
        """Return a session that knows nothing but the language."""
        return Session(self.language, greeted=True)

    def with_photos(self, photos: tuple[LookedAt, ...], notes: tuple[str, ...] = ()) -> "Session":
        """Return the session with these photos in place of any before, and none being cut."""
        return replace(self, photos=photos, photo_notes=notes, cutting=None)

    def speaking(self, language: str) -> "Session":
        """Return the session in another language; notes were in the old one."""
        return replace(self, language=language, photo_notes=(), note="")
