"""HTML and script in everything that a visitor can write: none of it comes back as such."""

import json
import re
from pathlib import Path

import pytest

from app.running_site import Site
from security.visitor import Visitor

MARKUP = [
    "<script>boom(1)</script>",  # a script
    "<img src=x onerror=boom(1)>",  # a picture that fails
    "\"'><svg onload=boom(1)>",  # out of an attribute
    "</script><script>boom(1)</script>",  # out of the page's own script
    "javascript:boom(1)",  # an address
    "{{ boom(1) }}{% raw %}",  # a template
    "&lt;script&gt;boom(1)",  # written twice
    "\u202egpj.exe boom(1)",  # letters that turn the reading round
    "\r\nset-cookie: boom=1",  # a header
]


@pytest.fixture
def visitor(victim: Site) -> Visitor:
    return Visitor(victim.address)


@pytest.mark.parametrize("markup", MARKUP)
def test_an_answer_never_comes_back_as_it_was_written(visitor: Visitor, markup: str) -> None:
    visitor.open()
    visitor.answer("begin")
    for value in (markup, [markup], {"value": markup}, {"number": markup, "unit": markup}):
        answer = visitor.answer("answer", values={"age_years": value, markup: value})
        assert answer.status == 200
        assert "boom" not in answer.body.decode()
        assert "boom" not in str(answer.headers)
    assert visitor.answer("finish").status == 200, "it goes on"


STATES = [
    "language",
    "country",
    "step",
    "answers",
    "photos",
    "current",
    "trail",
    "origin",
]


@pytest.mark.parametrize("key", STATES)
@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.slow
def test_a_state_never_comes_back_as_it_was_written(
    visitor: Visitor, key: str, markup: str
) -> None:
    visitor.open()
    for value in (markup, [markup], {markup: markup}, [{"id": markup, "result": {"status": "ok"}}]):
        visitor.state = {"version": 1, "language": "en", key: value}
        answer = visitor.answer("show")
        assert answer.status == 200
        assert "boom" not in answer.body.decode()


@pytest.mark.parametrize("markup", MARKUP)
def test_an_unknown_touch_changes_nothing(visitor: Visitor, markup: str) -> None:
    visitor.open()
    for event in ({"question": markup}, {"gate": markup}, {"values": markup}):
        for act in ("change", "gate", "answer", markup):
            assert "boom" not in visitor.answer(act, **event).body.decode()


@pytest.mark.parametrize("markup", MARKUP)
def test_a_file_name_is_never_shown(victim: Site, visitor: Visitor, markup: str) -> None:
    name = markup.replace('"', "'").replace("\r\n", " ")
    visitor.open()
    (path,) = json.loads(visitor.upload(b"no photo", f"../../{name}.jpg").body)
    folder = Path(path).parent.parent
    assert folder.parent == victim.temp, "it stays in the page's folder"
    assert not re.search(r"[<>/\\]", Path(path).name), "and loses its markup"
    assert visitor.analyse(path, orig_name=markup).status == 200
    outcome = visitor.outcome()
    assert "process_completed" in outcome
    assert "boom" not in outcome


@pytest.mark.parametrize("markup", MARKUP)
def test_what_stands_in_a_header_is_never_shown(visitor: Visitor, markup: str) -> None:
    plain = markup.replace("\r\n", " ").encode("ascii", "ignore").decode()
    for header in ("accept-language", "referer", "user-agent", "cookie", "x-forwarded-for"):
        answer = visitor.ask("GET", "/", headers={header: plain})
        assert b"boom" not in answer.body, header
        assert "boom" not in str(answer.headers), header


QUERIES = ["?language={}", "?country={}", "?{}", "?x={}"]


@pytest.mark.parametrize("query", QUERIES)
def test_what_stands_in_the_address_is_never_shown(visitor: Visitor, query: str) -> None:
    forms = ("<script>boom(1)</script>", "%3Cscript%3Eboom(1)%3C/script%3E", "%22%3E%3Csvg%20boom")
    for form in forms:
        answer = visitor.ask("GET", "/" + query.format(form.replace(" ", "%20")))
        assert b"<script>boom" not in answer.body
        assert b"<svg boom" not in answer.body
        assert "boom" not in str(answer.headers)


def test_a_refusal_does_not_repeat_what_was_asked(visitor: Visitor) -> None:
    for path in ("/<script>boom(1)</script>", "/gradio_api/file=<script>boom(1)</script>"):
        answer = visitor.ask("GET", path)
        assert answer.status == 404
        assert b"boom" not in answer.body
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
