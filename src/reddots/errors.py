"""Every error this library raises on purpose; each message may be read by a lay person."""


class RedDotsError(Exception):
    """Root of the tree: something the caller can understand and mend."""


class AnswersError(RedDotsError):
    """An answer has an unknown key, an illegal value, or contradicts another answer."""


class PhotoError(RedDotsError):
    """A photo cannot be used.

    ``problem`` is the short id of what is wrong, as in the prediction table's ``quality`` column
    and in ``data/knowledge/guidance.toml``; the message says the same to a person.
    """

    def __init__(self, problem: str, message: str) -> None:
        super().__init__(message)
        self.problem = problem


class KnowledgeError(RedDotsError):
    """A file under ``data/`` is missing, malformed, or contradicts another."""


class CheckpointError(RedDotsError):
    """A checkpoint is missing, incomplete, tampered with, or of another version."""


class ManifestError(RedDotsError):
    """A manifest of photos is missing, malformed, or lacks what a step needs."""


class TableError(RedDotsError):
    """A table of cases or predictions cannot be read or written."""


class TrainingError(RedDotsError):
    """A training run's configuration or inputs cannot be used."""


class ServeError(RedDotsError):
    """The web page cannot be started."""
