"""HTML templating (Jinja2) from the templates beside this module; every value is escaped."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reddots.knowledge.translation import SOURCE_LANGUAGE, languages
from reddots_app.i18n import Texts
from reddots_app.ui.drawings import drawing

_TEMPLATES: Final = Path(__file__).resolve().parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["drawing"] = drawing
    return environment


def fragment(name: str, texts: Texts, /, **values: object) -> Markup:
    """Render the template ``name`` in the language of ``texts``; the result is safe HTML."""
    code = texts.language.code
    rendered = (
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
    return Markup(rendered)  # noqa: S704 - rendered with escaping just above
