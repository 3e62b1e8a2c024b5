"""What every part of the page shows for a session."""

from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge, Urgency
from reddots_app.i18n import PageTexts
from reddots_app.photos import MOST_MEGABYTES
from reddots_app.session import Session
from reddots_app.ui.interview import Interview
from reddots_app.ui.photo_view import photo_screen
from reddots_app.ui.question_view import next_button, question_screen
from reddots_app.ui.result_view import banner, result_screen, what_mattered
from reddots_app.ui.templating import fragment


class Screens:
    """Turns a session into updates of the page's parts, by part name."""

    def __init__(
        self, interviews: Mapping[str, Interview], texts: Mapping[str, PageTexts], *, minutes: int
    ) -> None:
        """Speak any of the languages; sessions are forgotten after ``minutes``."""
        self._interviews = interviews
        self._texts = texts
        self._minutes = minutes

    def show(self, session: Session) -> dict[str, Any]:
        """Return the updates that bring every part of the checking tab up to date."""
        texts = self._texts[session.language]
        interview = self._interviews[session.language]
        assessment = interview.assess(session)
        warned = session.step == "result" or (
            session.alarmed and assessment.urgency is Urgency.EMERGENCY
        )
        return {
            "banner": gr.update(
                value=banner(session, assessment, texts) if warned else "", visible=warned
            ),
            **photo_screen(session, texts, interview.knowledge),
            **question_screen(session, assessment, texts, interview),
            **result_screen(session, assessment, texts, interview),
        }

    def ticked(self, session: Session) -> dict[str, Any]:
        """Return the updates after a tick on a checklist: only what the button says it answers."""
        texts = self._texts[session.language]
        asked = self._interviews[session.language].questions(session)
        return {"next": next_button(session, asked, texts)}

    def mattered(self, session: Session, found: Sequence[tuple[str, str] | None]) -> dict[str, Any]:
        """Return the updates that show what mattered in each photo."""
        knowledge = self._interviews[session.language].knowledge
        return what_mattered(session, found, self._texts[session.language], knowledge)

    def frame(self, session: Session) -> dict[str, Any]:
        """Return the updates of what depends on the language alone."""
        texts = self._texts[session.language]
        knowledge = self._interviews[session.language].knowledge
        disclaimer = knowledge.guidance.disclaimer
        too_large = texts.photo.failed.format(megabytes=MOST_MEGABYTES)
        privacy = texts.frame.privacy.format(minutes=self._minutes)
        return {
            "header": fragment("header", texts, too_large=too_large),
            "check_tab": gr.update(label=texts.frame.check_tab),
            "about_tab": gr.update(label=texts.frame.about_tab),
            "language": gr.update(label=texts.language.switch, value=session.language),
            "about": _about(texts, knowledge),
            "footer": fragment("privacy", texts, disclaimer=disclaimer, privacy=privacy),
        }


def _about(texts: PageTexts, knowledge: Knowledge) -> str:
    categories = []
    for category in knowledge.candidates:
        if category.kind != "target":
            continue
        topics = [
            (heading, [fact for fact in category.fact if fact.topic == topic])
            for topic, heading in texts.topics.items()
        ]
        categories.append((category, [(h, facts) for h, facts in topics if facts]))
    words = texts.about
    says = {
        "own": words.photo_own,
        "shared": words.photo_shared,
        "neutral": words.photo_neutral,
    }
    return fragment("about", texts, categories=categories, photo_says=says)
