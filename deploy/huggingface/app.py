"""Starts the page as a Space of Hugging Face."""

import os

from reddots_app.server import serve

serve(
    host="0.0.0.0",  # noqa: S104 - the Space's own proxy stands before it
    port=7860,
    open_browser=False,
    auth=os.environ.get("REDDOTS_AUTH", ""),
    operator=os.environ.get("REDDOTS_OPERATOR", ""),
)
