"""``reddots interview``: the page's questions in a terminal, by piped standard input."""

import io
import json
from collections.abc import Callable

import pytest

from cli.command_line import CommandLine, Done

Interview = Callable[..., Done]


@pytest.fixture
def interview(reddots: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Interview:
    """Run the interview with these lines as standard input; it ends with them, as by Ctrl-D."""

    def run(*lines: str, options: tuple[str, ...] = ()) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return reddots("interview", *options)

    return run


ADULT = ("40", "1")  # years, who has the spots


def answers_of(done: Done) -> dict[str, object]:
    return dict(json.loads(done.out)["answers"])


def test_the_end_of_the_input_shows_the_result_so_far(interview: Interview) -> None:
    done = interview()
    assert (done.code, done.err) == (0, "")
    assert "How old is the person" in done.out
    assert "WE CANNOT SAY YET" in done.out, "nothing was answered, so nothing calms"


# lines, answers that are understood, why
LINES = [
    (ADULT, {"age_years": 40, "person": "me"}, "numbers choose"),
    (("40", "q", "1"), {"age_years": 40}, "“q” ends it; what follows is not read"),
    (("", "1"), {"person": "me"}, "an empty line skips"),
    (("40", "b", "41"), {"age_years": 41}, "“b” goes back, and the answer is given anew"),
    (("b", "40"), {"age_years": 40}, "at the first question there is nothing to go back to"),
    (("40", "2", "b", "b", "6,5"), {"age_years": 6.5}, "twice back; a decimal comma is read"),
    (("forty", "40"), {"age_years": 40}, "what is no number is asked again"),
    (("40", "9", "1"), {"age_years": 40, "person": "me"}, "so is an option that there is not"),
    (("400", "40"), {"age_years": 40}, "and an age beyond the limits"),
]


@pytest.mark.parametrize(("lines", "answers", "why"), LINES, ids=[row[2] for row in LINES])
def test_what_is_typed(
    interview: Interview, lines: tuple[str, ...], answers: dict[str, object], why: str
) -> None:
    done = interview(*lines, options=("--json",))
    assert done.code == 0
    assert answers_of(done) == answers, why
    assert "How old" in done.err, "the questions stand beside the JSON, not in it"


def test_an_emergency_interrupts(interview: Interview) -> None:
    """The rest of the list is not asked: the next step is to call."""
    done = interview(*ADULT, "y", "n", "n", options=("--country", "GB"))
    assert done.code == 0
    assert "!!! EMERGENCY" in done.out
    assert "999" in done.out
    assert "stiff neck" not in done.out.split("!!! EMERGENCY")[0].lower()


def test_an_emergency_that_the_glass_test_could_undo_is_said_before_it_is_asked(
    interview: Interview,
) -> None:
    calm = ["n"] * 8
    done = interview(*ADULT, *calm, "y", "y", "", "1")
    before, _, after = done.out.partition("!!! ")
    assert "glass" not in before
    assert "glass" in after
    assert "!!! EMERGENCY" in after, "unanswered, it stays an emergency"


def test_another_language(interview: Interview) -> None:
    done = interview("40", "nada", "1", options=("--language", "es"))
    assert done.code == 0
    assert "¿" in done.out
    left = ("How old", "line skips", "y, n", "Why", "What ", "CANNOT", "This ", "Please")
    assert [words for words in left if words in done.out] == [], "nothing is left in English"
    assert "Por qué" in done.out


def test_an_unknown_language_is_one_line_and_exit_code_2(interview: Interview) -> None:
    done = interview(options=("--language", "xx"))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "xx" in done.err


def test_an_unknown_country_is_one_line_and_exit_code_2(interview: Interview) -> None:
    done = interview(options=("--country", "Atlantis"))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "Atlantis" in done.err
