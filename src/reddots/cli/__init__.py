"""Command line: one module a command; slow imports wait until a command runs."""

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from reddots._extras import unusable
from reddots.cli.assess import assess
from reddots.cli.calibrate import calibrate
from reddots.cli.classify import classify
from reddots.cli.compare import compare
from reddots.cli.data import data
from reddots.cli.doctor import doctor
from reddots.cli.drift import drift
from reddots.cli.evaluate import evaluate
from reddots.cli.export import export
from reddots.cli.healthy import healthy
from reddots.cli.interview import interview
from reddots.cli.merge import merge
from reddots.cli.options import command_resources
from reddots.cli.questionnaire import questionnaire
from reddots.cli.render.terminal import tell
from reddots.cli.retrain import retrain
from reddots.cli.sample_size import sample_size
from reddots.cli.score import score
from reddots.cli.serve import serve
from reddots.cli.simulate import simulate
from reddots.cli.spots import spots
from reddots.cli.streams import safe_streams
from reddots.cli.stress import stress
from reddots.cli.train import train
from reddots.cli.triage import triage
from reddots.errors import RedDotsError

app = typer.Typer(
    name="reddots",
    help="What tiny red dots on the skin may be, and above all what to do next. "
    "It is no diagnosis. In an emergency call 112, 999 or 911 first.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Who asks for a command; the help shows them in this order.
_PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "For everybody": (serve, interview, assess, doctor),
    "For clinics": (classify, merge, triage, questionnaire),
    "For researchers": (evaluate, compare, drift, stress, score, sample_size),
    "Train a model": (train, retrain, calibrate, export),
}
for _panel, _commands in _PANELS.items():
    for _command in _commands:
        app.command(rich_help_panel=_panel)(_command)
data.command("healthy")(healthy)
app.add_typer(data, name="data", rich_help_panel="Train a model")
app.add_typer(simulate, name="simulate", rich_help_panel="Train a model")
app.add_typer(spots, name="spots", rich_help_panel="For everybody")


def main() -> None:
    """Run the command line; an error that a person can mend is one line and exit code 2."""
    with safe_streams(), command_resources():
        try:
            try:
                app()
            finally:
                sys.stdout.flush()
        except RedDotsError as error:
            _end(str(error))
        except OSError as error:
            place = f"“{error.filename}”" if error.filename else "what it was told to"
            _end(f"It cannot read or write {place}: {error.strerror or error}.")
        except ModuleNotFoundError as error:
            _end(str(unusable(error)))


def _end(message: str) -> NoReturn:
    tell(message)
    sys.exit(2)
