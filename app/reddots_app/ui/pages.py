"""HTML documents of the page, complete before any script runs.

The first answer of the server holds what this is, the emergency number as a link and a way on for
browsers without scripts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from reddots.knowledge import Knowledge
from reddots_app.emergency import call_numbers
from reddots_app.i18n import Texts, preferred_language, preferred_region
from reddots_app.photos import MOST_MEGABYTES
from reddots_app.session import Session
from reddots_app.settings import page_settings
from reddots_app.ui.assets import assets, inline_script, static
from reddots_app.ui.interview import Interview
from reddots_app.ui.render import Screens
from reddots_app.ui.templating import fragment

TABS: Final = ("check", "about", "glass", "kept")


@dataclass(frozen=True)
class Visitor:
    """How a page is wanted: its language, and the region of the emergency number."""

    language: str
    country: str


class Pages:
    """Renders whole documents."""

    def __init__(
        self,
        interviews: Mapping[str, Interview],
        texts: Mapping[str, Texts],
        screens: Screens,
        *,
        calls: Mapping[str, int],
        operator: str = "",
        research: bool = False,
    ) -> None:
        """Render for everybody.

        Args:
            interviews: by language.
            texts: by language.
            screens: renders the step inside the check.
            calls: the number of each function that the script may call, by name.
            operator: name and contact of who runs the page.
            research: link the research pages.
        """
        self._interviews = interviews
        self._texts = texts
        self._screens = screens
        self._calls = calls
        self._operator = operator
        self._research = research

    def visitor(self, accept: str, wanted: str = "", country: str = "") -> Visitor:
        """Return how to render, by ``Accept-Language`` and by what the address asks for."""
        language = wanted if wanted in self._texts else preferred_language(accept, self._texts)
        region = country.upper() if re.fullmatch(r"[A-Za-z]{2}", country) else ""
        return Visitor(language, region or preferred_region(accept))

    def texts_for(self, accept: str) -> Texts:
        """Return the texts in the language that a browser prefers."""
        return self._texts[preferred_language(accept, self._texts)]

    def render(self, tab: str, visitor: Visitor) -> str:
        """Return the document of a tab, one of ``TABS``."""
        texts = self._texts[visitor.language]
        interview = self._interviews[visitor.language]
        session = Session(visitor.language, visitor.country)
        numbers = call_numbers(visitor.country, interview.knowledge)
        if tab == "check":
            content = Markup(self._screens.show(session))  # noqa: S704 - rendered with escaping
        elif tab == "about":
            content = about(texts, interview.knowledge)
        else:
            content = fragment(tab, texts, numbers=numbers)
        return str(
            fragment(
                "page",
                texts,
                tab=tab,
                content=content,
                country=visitor.country,
                numbers=numbers,
                languages=[(code, t.language.name) for code, t in self._texts.items()],
                style=Markup(static("page.css")),  # noqa: S704 - our own file
                early_script=Markup(inline_script()),  # noqa: S704 - our own file
                script=assets()["page.js"].url,
                icons={name: asset.url for name, asset in assets().items()},
                calls=self._calls,
                operator=self._operator,
                research=self._research,
                reviewed=page_settings().review.date,
                disclaimer=interview.knowledge.guidance.disclaimer,
                megabytes=MOST_MEGABYTES,
            )
        )


def about(texts: Texts, knowledge: Knowledge) -> Markup:
    """Return what is known about each kind of spot that the page is about."""
    categories = []
    for category in knowledge.candidates:
        if category.kind != "target":
            continue
        topics = [
            (heading, [fact for fact in category.fact if fact.topic == topic])
            for topic, heading in texts.topics.items()
        ]
        categories.append((category, [(h, facts) for h, facts in topics if facts]))
    return fragment("about", texts, categories=categories)
