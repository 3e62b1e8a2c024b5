"""Run folder: the paths of a run's checkpoints, history, facts and calibration."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reddots.errors import TrainingError

_WAY_ON = "Go on with --resume, replace it with --overwrite, or name another folder."


@dataclass(frozen=True)
class RunFolder:
    """Where a run keeps what it is, what it did and what it learnt."""

    path: Path

    @property
    def last(self) -> Path:
        """Everything needed to resume after the last whole epoch."""
        return self.path / "last.pt"

    @property
    def best(self) -> Path:
        """The weights of the epoch that did best on the validation split."""
        return self.path / "best.safetensors"

    @property
    def log(self) -> Path:
        """One row an epoch."""
        return self.path / "log.csv"

    @property
    def facts(self) -> Path:
        """What was trained on what, and how."""
        return self.path / "run.json"

    def require_free(
        self, *, resume: bool = False, overwrite: bool = False, way_on: str = _WAY_ON
    ) -> None:
        """Check that no run is lost by starting one here; ``way_on`` says what else to do.

        Raises:
            TrainingError: there is one, and neither ``resume`` nor ``overwrite`` is wanted.
        """
        if self.facts.exists() and not (resume or overwrite):
            raise TrainingError(f"There is a run in {self.path} already. {way_on}")

    def read_facts(self) -> dict[str, Any]:
        """Return what :attr:`facts` says.

        Raises:
            TrainingError: this is no training run.
        """
        try:
            found: dict[str, Any] = json.loads(self.facts.read_bytes())
        except (OSError, ValueError) as error:
            raise TrainingError(f"{self.path} is no training run, or not a whole one.") from error
        return found

    @property
    def calibration(self) -> Path:
        """How its output is read."""
        return self.path / "calibration.json"

    @property
    def manifest(self) -> Path:
        """The rows with their splits."""
        return self.path / "manifest.csv"

    @property
    def recipe(self) -> Path:
        """The recipe, copied."""
        return self.path / "recipe.toml"

    @property
    def simulated_head(self) -> Path:
        """The head taught by simulation, where there is one."""
        return self.path / "simulated.safetensors"

    @property
    def simulated_facts(self) -> Path:
        """How that head was taught, and its figures."""
        return self.path / "simulated.json"
