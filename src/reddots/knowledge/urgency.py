"""Triage levels: the five levels of urgency, in order."""

from enum import IntEnum


class Urgency(IntEnum):
    """How soon a doctor should see the spots; a greater value is more urgent."""

    SELF_CARE = 0
    ROUTINE = 1
    WITHIN_DAYS = 2
    SAME_DAY = 3
    EMERGENCY = 4

    @property
    def id(self) -> str:
        """The level's name in every file and table, such as ``within_days``."""
        return self.name.lower()

    @property
    def see_doctor(self) -> bool:
        """Whether the level asks for a doctor at all."""
        return self >= Urgency.ROUTINE

    @classmethod
    def named(cls, name: str) -> "Urgency":
        """Return the level called ``name``.

        Raises:
            KeyError: no level is called so.
        """
        return cls[name.upper()]

    def lowered(self) -> "Urgency":
        """Return the next level down; the lowest stays itself."""
        return Urgency(max(self - 1, 0))
