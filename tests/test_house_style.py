"""Names and sizes that a stranger can rely on: standard words, one noun a module, short modules."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "app").rglob("*.py")])
LONGEST = 250  # lines
# Private words of the first version, and plain English for what was said in their place.
BANNED = {
    r"worked out|works? out": "computed",
    r"passed over": "skipped",
    r"\btold\b": "reported",
    r"may be had|cannot be had": "available",
    r"looks? at|looked at|looking at": "analyses, predicts, detects, inspects",
    r"\bfindings?\b": "result, issue, condition",
    r"\bstrangers?\b|strangeness": "held-out source, out-of-distribution score",
    r"\bjudged?\b|\bverdict\b": "evaluated",
    r"darkroom|laboratory|forgetter|reception|entrance|\bkeeper\b": "see docs/glossary.md",
    r"\beasel\b|\bpainter\b|\bcanvas(es)?\b|\bbrush(es)?\b": "see docs/glossary.md",
}
VAGUE = {"utils", "helpers", "common", "manager", "misc"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_in_the_field_s_words(path: Path) -> None:
    said = docstring(path)
    assert said, "a module has a docstring"
    for pattern, instead in BANNED.items():
        found = re.search(pattern, said, re.IGNORECASE)
        assert not found, f"“{found[0] if found else ''}”: write {instead}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short_and_named_for_one_thing(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST
    assert not VAGUE & {*path.relative_to(ROOT).parts, path.stem}


def test_few_lint_rules_are_switched_off_in_place() -> None:
    code = [*MODULES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    count = sum(path.read_text(encoding="utf-8").count("# noqa") for path in code)
    assert count < 40, "rules are set in pyproject.toml"


def test_one_version_everywhere() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(\d+\.\d+\.\d+)(?:rc(\d+))?"$', project, re.MULTILINE)
    assert version is not None
    spelt = version[1] + (f"-rc.{version[2]}" if version[2] else "")
    assert f"version: {spelt}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## [{version[0].split(chr(34))[1]}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
