"""Research page, only where it is asked for: three tasks apart, in Gradio's own front end.

Its labels are translated in the browser (``gr.I18n``), by the language that the browser prefers.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import gradio as gr
from gradio.i18n import I18n

from reddots.errors import RedDotsError
from reddots_app.i18n import FALLBACK, Texts, page_texts, preferred_language
from reddots_app.research import (
    count_petechiae,
    evaluation_page,
    example_files,
    prediction_table,
)
from reddots_app.ui.templating import fragment

_TABLES: Final = [".csv", ".jsonl", ".parquet"]
# Gradio's own colours are too pale to read, and its tabs too low to touch (WCAG 2.2, 1.4.3, 2.5.8).
RESEARCH_THEME: Final = gr.themes.Default(
    primary_hue="blue", font=("system-ui", "sans-serif"), font_mono=("ui-monospace", "monospace")
).set(
    button_primary_background_fill="*primary_700",
    button_primary_background_fill_hover="*primary_800",
    button_primary_background_fill_dark="*primary_700",
    button_primary_background_fill_hover_dark="*primary_800",
    body_text_color_subdued="*neutral_600",
    body_text_color_subdued_dark="*neutral_300",
    block_label_text_color="*neutral_700",
    block_label_text_color_dark="*neutral_200",
)
RESEARCH_STYLE: Final = """
button, a[download] { min-height: 44px; min-width: 44px; }
button[role=tab][aria-selected=true] {
  color: var(--body-text-color) !important; font-weight: 700; text-decoration: underline;
}
"""
_COLUMNS: Final = ("status", "category", "confidence", "urgency", "quality", "error")


def translations(texts: Mapping[str, Texts]) -> I18n:
    """Return the labels of the research page in every language."""
    return I18n(
        **{
            code: {
                **{key: value for key, value in page.research.items() if isinstance(value, str)},
                "heading": f"# {page.research.title}\n\n{page.research.lead} "
                f"[{page.research.back}](/)",
            }
            for code, page in texts.items()
        }
    )


def build_research() -> gr.Blocks:
    """Return the page, with a tab for each task."""
    texts = page_texts()
    say = translations(texts)
    blocks: gr.Blocks = gr.Blocks(title="Red Dots", analytics_enabled=False, delete_cache=(15, 45))
    with blocks:
        gr.Markdown(say("heading"))
        with gr.Tab(say("evaluate_tab")):
            gr.Markdown(say("evaluate_lead"))
            predictions = gr.File(
                label=say("predictions"), file_types=_TABLES, elem_id="rd-research-table"
            )
            manifest = gr.File(
                label=say("manifest"), file_types=_TABLES, elem_id="rd-research-truth"
            )
            gr.HTML(fragment("research_examples", texts[FALLBACK], files=_examples()))
            evaluate = gr.Button(say("evaluate"), variant="primary", elem_id="rd-research-evaluate")
            report = gr.HTML(padding=False)
        with gr.Tab(say("classify_tab")):
            gr.Markdown(say("classify_lead"))
            photos = gr.File(
                label=say("photos"), file_count="multiple", elem_id="rd-research-photos"
            )
            classify = gr.Button(say("classify"), variant="primary", elem_id="rd-research-classify")
            table = gr.HTML(padding=False)
        with gr.Tab(say("tourniquet_tab")):
            gr.Markdown(say("tourniquet_lead"))
            arm = gr.File(label=say("tourniquet_photo"), elem_id="rd-research-arm")
            coin = gr.Number(value=None, label=say("coin"), elem_id="rd-research-coin")
            count = gr.Button(say("count"), variant="primary", elem_id="rd-research-count")
            counted = gr.HTML(padding=False)
        for button, run, inputs, output in (
            (evaluate, _report, [predictions, manifest], report),
            (classify, _table, [photos], table),
            (count, _count, [arm, coin], counted),
        ):
            button.click(
                run,
                inputs,
                output,
                concurrency_limit=1,
                concurrency_id="research",
                api_visibility="private",
            )
    blocks.queue(max_size=10)
    return blocks


def _report(predictions: str | None, manifest: str | None, request: gr.Request) -> str:
    texts = _texts_for(request)
    if not predictions or not manifest:
        return fragment("research", texts, note=texts.research.need_both)
    try:
        made = evaluation_page(Path(predictions), Path(manifest))
    except RedDotsError as error:
        return fragment("research", texts, note=str(error))
    return fragment("research", texts, report=made, name="report.html", data=_base64(made.encode()))


def _table(photos: list[str] | None, request: gr.Request) -> str:
    texts = _texts_for(request)
    if not photos:
        return fragment("research", texts, note=texts.research.need_photos)
    try:
        made = prediction_table([Path(photo) for photo in photos])
    except RedDotsError as error:
        return fragment("research", texts, note=str(error))
    return fragment(
        "research",
        texts,
        rows=list(zip(made.rows, map(_base64, made.miniatures), strict=True)),
        columns=[column for column in _COLUMNS if any(row.get(column) for row in made.rows)],
        name="predictions.csv",
        data=_base64(made.csv.encode()),
    )


def _count(photo: str | None, coin_mm: float | None, request: gr.Request) -> str:
    texts = _texts_for(request)
    if not photo:
        return fragment("research", texts, note=texts.research.need_photo)
    try:
        counted = count_petechiae(Path(photo), coin_mm or None)
    except RedDotsError as error:
        return fragment("research", texts, note=str(error))
    found, words = counted.found, texts.research
    sentences = [
        words.counted.format(count=found.count, low=round(found.low), high=round(found.high)),
        (words.reaches if found.is_positive else words.below).format(threshold=found.threshold),
        *([] if found.is_clear else [words.unclear]),
    ]
    return fragment("research", texts, sentences=sentences, marked=_base64(counted.marked))


def _examples() -> dict[str, str]:
    return {name: _base64(text.encode()) for name, text in example_files().items()}


def _texts_for(request: gr.Request) -> Texts:
    texts = page_texts()
    headers: Any = request.headers
    return texts[preferred_language(headers.get("accept-language", ""), texts)]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
