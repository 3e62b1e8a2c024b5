"""Exceptions: every error that this library raises on purpose, as one tree.

::

    RedDotsError
    ├── AnswersError      an answer is not legal, or contradicts another
    ├── PhotoError        a photo cannot be used; ``problem`` is the short id of why
    ├── ComparisonError   two photos cannot be compared: they do not seem to show the same place
    ├── KnowledgeError    a file under ``data/`` is missing, malformed, or contradicts another
    ├── CheckpointError   a checkpoint is missing, incomplete, tampered with, of another version
    ├── ManifestError     a manifest of photos is missing, malformed, or lacks what a step needs
    ├── TableError        a table of cases or predictions cannot be read or written
    │   └── OutputError   an output cannot be written, is an input, or another run is writing it
    ├── InstallationError an optional dependency or a part of the installation is missing
    ├── TrainingError     a training run's configuration or inputs cannot be used
    └── ServeError        the web page cannot be started

Each message is a sentence that a lay person may read, and says what to do next. The command line
prints it as one line and exits with 2.

Example:
    >>> import reddots
    >>> try:
    ...     reddots.assess({"fevr": "yes"})
    ... except RedDotsError as error:
    ...     print(type(error).__name__, str(error)[:27])
    AnswersError There is no question “fevr”
"""


class RedDotsError(Exception):
    """Root of the tree: something the caller can understand and mend."""


class AnswersError(RedDotsError):
    """An answer has an unknown key, an illegal value, or contradicts another answer."""


class PhotoError(RedDotsError):
    """A photo cannot be used.

    ``problem`` is the short id of what is wrong, as in the prediction table's ``quality`` column
    and in ``data/knowledge/guidance.toml``; the message says the same to a person. ``cause`` is the
    id of a finer one there, such as ``camera_raw``; empty where there is none.
    """

    def __init__(self, problem: str, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.problem = problem
        self.cause = cause


class ComparisonError(RedDotsError):
    """Two photos cannot be compared: they do not seem to show the same place."""


class KnowledgeError(RedDotsError):
    """A file under ``data/`` is missing, malformed, or contradicts another."""


class CheckpointError(RedDotsError):
    """A checkpoint is missing, incomplete, tampered with, or of another version."""


class ManifestError(RedDotsError):
    """A manifest of photos is missing, malformed, or lacks what a step needs."""


class TableError(RedDotsError):
    """A table of cases or predictions cannot be read or written."""


class InstallationError(RedDotsError):
    """An optional dependency, or a part of the installation, is missing."""


class OutputError(TableError):
    """An output cannot be written, is one of the inputs, or is being written by another run."""


class TrainingError(RedDotsError):
    """A training run's configuration or inputs cannot be used."""


class ServeError(RedDotsError):
    """The web page cannot be started."""
