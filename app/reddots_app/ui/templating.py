"""Pieces of HTML from the templates beside this module; every value is escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reddots.knowledge.translation import SOURCE_LANGUAGE, languages
from reddots_app.i18n import PageTexts

_PACKAGE = Path(__file__).resolve().parent


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_PACKAGE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fragment(name: str, texts: PageTexts, /, **values: object) -> str:
    """Render the template ``name`` in the language of ``texts``."""
    code = texts.language.code
    return (
        _environment()
        .get_template(f"{name}.html.j2")
        .render(
            values,
            texts=texts,
            language=code,
            knowledge_language=code if code in languages() else SOURCE_LANGUAGE,
            source_language=SOURCE_LANGUAGE,
        )
    )


def static(name: str) -> str:
    """Return the text of a style sheet or script that the page carries."""
    return (_PACKAGE / "static" / name).read_text(encoding="utf-8")
