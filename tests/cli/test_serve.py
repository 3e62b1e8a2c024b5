"""``reddots serve`` starts the page that is installed, and says so when there is none."""

from importlib import import_module
from typing import Any

import pytest

from cli.command_line import CommandLine

SERVE = import_module("reddots.cli.serve")  # the package has a function of that name


class Page:
    """Stands in for the page's entry point."""

    def __init__(self) -> None:
        self.started: list[dict[str, Any]] = []

    def load(self) -> Any:
        """Return what starts it."""
        return lambda **options: self.started.append(options)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    found = Page()
    monkeypatch.setattr(SERVE, "entry_points", lambda group: {"reddots.page": [found]}[group])
    return found


# arguments, what the page is started with, why
STARTS = [
    ([], {"host": "127.0.0.1", "port": 7860, "open_browser": False}, "this machine only"),
    (["--host", "::1", "--port", "80"], {"host": "::1", "port": 80}, "where it is asked to"),
    (["--auth", "a:b"], {"auth": "a:b", "host": "127.0.0.1"}, "with a password"),
    (["--open"], {"host": "127.0.0.1", "port": 7860, "open_browser": True}, "with a browser"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "options", "why"), STARTS)
def test_the_page_is_started(
    reddots: CommandLine, page: Page, arguments: list[str], options: dict[str, Any], why: str
) -> None:
    done = reddots("serve", *arguments)
    assert done.code == 0, done.err
    assert options.items() <= page.started[0].items(), why


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_cannot_be_is_exit_code_2(reddots: CommandLine, page: Page, port: str) -> None:
    assert reddots("serve", "--port", port).code == 2
    assert page.started == []


def test_without_a_page_there_is_one_line(
    reddots: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SERVE, "entry_points", lambda group: [])  # noqa: ARG005 - by name
    done = reddots("serve")
    assert done.code == 2
    assert done.err == "reddots: The web page is not installed. Please install Red Dots again.\n"


def test_it_says_which_protections_hold(reddots: CommandLine, page: Page) -> None:
    done = reddots("serve")
    assert page.started
    assert "Photos are decoded apart: " in done.err
    assert done.err.count("\n") == 1
