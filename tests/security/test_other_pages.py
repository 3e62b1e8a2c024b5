"""Other web pages in the same browser: they may neither use this page nor read from it."""

from collections.abc import Mapping

import pytest

from app.running_site import Site
from reddots_app.ui.assets import inline_script_digest
from security.visitor import Visitor

CALLS = ("upload", "run/predict", "queue/join")
FOREIGN = [
    ({"origin": "https://evil.example"}, "another site"),
    ({"origin": "null"}, "a page without an address, such as a sandbox"),
    ({"origin": "http://127.0.0.1:1"}, "another service of this machine"),
    ({"origin": "https://{host}.evil.example"}, "a name that begins like ours"),
    ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, "by the browser's word"),
    ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, "a neighbour's page"),
]


@pytest.fixture
def visitor(victim: Site) -> Visitor:
    return Visitor(victim.address)


def filled(headers: Mapping[str, str], visitor: Visitor) -> dict[str, str]:
    host = "{}:{}".format(*visitor.place)
    return {name: value.format(host=host) for name, value in headers.items()}


@pytest.mark.parametrize(("headers", "why"), FOREIGN)
def test_another_page_cannot_do_anything_here(
    visitor: Visitor, headers: Mapping[str, str], why: str
) -> None:
    for call in CALLS:
        told = filled(headers, visitor)
        assert visitor.send_json(f"/gradio_api/{call}", {}, told).status == 403, why
    assert visitor.upload(b"x", headers=filled(headers, visitor)).status == 403, why
    assert visitor.ask("GET", "/about", headers=filled(headers, visitor)).status == 403


def test_our_own_page_can(visitor: Visitor) -> None:
    told = filled({"origin": "http://{host}", "sec-fetch-site": "same-origin"}, visitor)
    assert visitor.upload(b"x", headers=told).status == 200


def test_a_link_from_another_page_leads_here(visitor: Visitor) -> None:
    told = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert visitor.ask("GET", "/", headers=told).status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "http://{host}", "null"])
def test_no_page_is_allowed_to_read_the_answers(visitor: Visitor, origin: str) -> None:
    told = filled({"origin": origin, "access-control-request-method": "POST"}, visitor)
    for method, path in (("OPTIONS", "/gradio_api/upload"), ("GET", "/"), ("GET", "/health")):
        answer = visitor.ask(method, path, headers=told)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert visitor.ask("OPTIONS", "/gradio_api/upload", headers=told).status == 405


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",  # a name that somebody points to this machine
        "evil.example:80",  # the same with a port
        "127.0.0.1.evil.example",  # a name that begins like ours
        "[::2]:80",  # another machine's number
        "",  # none
    ],
)
def test_on_this_machine_it_goes_by_this_machines_names_only(visitor: Visitor, name: str) -> None:
    answer = visitor.ask("GET", "/", headers={"host": name})
    assert answer.status in {400, 421}


def test_a_name_in_a_header_does_not_get_into_the_page(visitor: Visitor) -> None:
    for header in ("x-forwarded-host", "x-gradio-server", "forwarded", "x-forwarded-server"):
        answer = visitor.ask("GET", "/", headers={header: "evil.example"})
        assert answer.status == 200
        assert b"evil.example" not in answer.body, header


HEADERS = [
    ("content-security-policy", "default-src 'self'", "nothing comes from elsewhere"),
    ("content-security-policy", "frame-ancestors 'none'", "no page shows this one inside itself"),
    (
        "content-security-policy",
        f"script-src 'self' '{inline_script_digest()}';",
        "no script but the page's own file, and the one in the page by its digest",
    ),
    ("content-security-policy", "object-src 'none'", "no plug-ins"),
    ("content-security-policy", "form-action 'self'", "nothing is sent elsewhere"),
    ("content-security-policy", "base-uri 'self'", "no other base of addresses"),
    ("x-content-type-options", "nosniff", "a text does not become a script"),
    ("referrer-policy", "no-referrer", "no other page learns of this one"),
    ("cross-origin-opener-policy", "same-origin", "no other page holds its window"),
    ("cross-origin-resource-policy", "same-origin", "no other page shows a part of it"),
    ("permissions-policy", "geolocation=()", "no place is asked for"),
    ("cache-control", "no-store", "nothing stays in a cache"),
]


@pytest.mark.parametrize(("header", "part", "why"), HEADERS)
def test_the_browser_is_told(visitor: Visitor, header: str, part: str, why: str) -> None:
    for path in ("/", "/about", "/not-there"):
        assert part in visitor.ask("GET", path).headers[header], why


def test_it_does_not_say_what_it_runs_on(visitor: Visitor) -> None:
    headers = visitor.ask("GET", "/").headers
    assert {"server", "x-powered-by", "set-cookie"}.isdisjoint(headers)
