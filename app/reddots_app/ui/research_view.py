"""Research page, only where it is asked for: two tasks, each with a page of its own in tabs.

It is Gradio's own front end, mounted beside the page.
"""

import base64
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import gradio as gr
from PIL import Image

from reddots.errors import PhotoError, RedDotsError
from reddots.photo.loader import load_photo
from reddots_app.i18n import FALLBACK, Texts, preferred_language
from reddots_app.research import evaluation_page, example_files, prediction_rows
from reddots_app.ui.templating import fragment

_TABLES: Final = [".csv", ".jsonl", ".parquet"]
_THUMBNAIL_SIDE: Final = 120
_MOST_THUMBNAILS: Final = 24
