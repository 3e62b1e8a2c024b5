"""The files to deploy the page keep their promises, and the table of variables is whole."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"REDDOTS_[A-Z_]+")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_variable_is_in_the_table_and_the_table_has_no_other() -> None:
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "app").rglob("*.py")]
    read = {name for path in sources for name in VARIABLE.findall(path.read_text("utf-8"))}
    rows = [
        line for line in text("docs/how-to/deploy.md").splitlines() if line.startswith("| `REDDOTS")
    ]
    assert {VARIABLE.findall(row)[0] for row in rows} == read


PROMISES = [
    ("deploy/Dockerfile", r"^USER 10001:10001$", "it is not root"),
    ("deploy/Dockerfile", r"^HEALTHCHECK ", "its health is checked"),
    ("deploy/Dockerfile", r"^FROM python:3\.11-slim$", "it is slim"),
    ("deploy/Dockerfile", r"--require-hashes --no-deps -r /requirements/main\.txt", "by hash"),
    ("deploy/compose.yaml", r"^    read_only: true$", "nothing can be written"),
    ("deploy/compose.yaml", r"^    cap_drop: \[ALL\]$", "no capability is left"),
    ("deploy/compose.yaml", r"no-new-privileges:true", "none can be won"),
    ("deploy/compose.yaml", r'"127\.0\.0\.1:7860:7860"', "this machine alone reaches it"),
    ("deploy/reddots.service", r"^DynamicUser=yes$", "it is nobody"),
    ("deploy/reddots.service", r"^ProtectSystem=strict$", "nothing can be written"),
    ("deploy/reddots.service", r"^IPAddressDeny=any$", "nothing goes out"),
    ("deploy/nginx.conf", r"proxy_set_header Host \$http_host;", "the name comes through"),
    ("deploy/nginx.conf", r"proxy_request_buffering off;", "no photo touches the proxy's disk"),
    ("deploy/nginx.conf", r"access_log off;", "nobody is written down"),
]


@pytest.mark.parametrize(("name", "line", "why"), PROMISES)
def test_a_promise_is_kept(name: str, line: str, why: str) -> None:
    assert re.search(line, text(name), re.MULTILINE), why


def test_every_package_is_pinned_with_its_hashes() -> None:
    for name in ("main", "build"):
        entries = re.split(r"^(?=\w)", text(f"requirements/{name}.txt"), flags=re.MULTILINE)[1:]
        for entry in entries:
            assert re.match(r"[\w.-]+==\S+ \\\n", entry), entry[:60]
            assert "--hash=sha256:" in entry, entry[:60]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_bill_of_materials_lists_what_is_pinned() -> None:
    pinned = re.findall(r"^([\w.-]+)==(\S+) ", text("requirements/main.txt"), re.MULTILINE)
    bill = json.loads(text("requirements/sbom.cdx.json"))
    listed = {(plain(c["name"]), c["version"]) for c in bill["components"]}
    assert {(plain(name), version) for name, version in pinned} == listed
    assert bill["bomFormat"] == "CycloneDX"


def test_everything_that_is_needed_is_pinned() -> None:
    import tomllib

    wanted = tomllib.loads(text("pyproject.toml"))["project"]["dependencies"]
    pinned = set(re.findall(r"^([\w.-]+)==", text("requirements/main.txt"), re.MULTILINE))
    names = {plain(re.match(r"[\w.-]+", line)[0]) for line in wanted}  # type: ignore[index]
    assert names <= {plain(name) for name in pinned}


@pytest.mark.parametrize("name", ["README.md", "requirements.txt"])
def test_the_space_installs_the_wheel_of_this_version(name: str) -> None:
    import tomllib

    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert f"reddots-{version}-py3-none-any.whl" in text(f"deploy/huggingface/{name}")
