"""Benchmarks, scripts and examples name what there is: they are run by hand, and would rot unseen."""

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(p for n in ("benchmarks", "scripts", "examples") for p in (ROOT / n).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_it_imports_of_ours_exists(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("reddots"):
            try:
                module = importlib.import_module(str(node.module))
            except ImportError as error:
                assert not (error.name or "").startswith("reddots"), error
                pytest.skip(f"an extra is not installed: {error}")
            for name in node.names:
                assert hasattr(module, name.name), f"{node.module} has no {name.name}"
