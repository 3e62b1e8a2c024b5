"""MkDocs hooks: the reference of the command line and the picture of the imports are generated.

Nothing that is generated is committed, so it cannot go stale.
"""

import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

import typer
from draw_architecture import draw
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from typer.cli import get_docs_for_click

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+(?!docs)([^)]+)\)")


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages and pictures."""
    generated = {"reference/command-line.md": command_line(), "architecture.svg": draw(ROOT)}
    for path, text in generated.items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: Any, files: Files) -> str:
    """Turn links to files outside of ``docs/`` into their names: the site does not have them."""
    here = Path(page.file.src_path).parent
    depth = len(here.parts)

    def name(match: re.Match[str]) -> str:
        leaves = match[0].count("../") > depth
        return f"{match[1]} (`{match[2]}`)" if leaves else match[0]

    return _OUTSIDE.sub(name, markdown)


def command_line() -> str:
    """Return the help of every command as Markdown."""
    from reddots.cli import app

    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="reddots")
    text = get_docs_for_click(obj=command, ctx=context, name="reddots", title="Command line")
    exits = "Exit codes: 0 done, 1 some inputs failed and are listed, 2 wrong usage.\n"
    return f"{text}\n## Exit codes\n\n{exits}"
