"""The research tab, which is there only when it is asked for: a report, or a prediction table."""

import base64
from collections.abc import Callable
from pathlib import Path

import gradio as gr

from reddots.errors import RedDotsError
from reddots_app.i18n import PageTexts
from reddots_app.research import evaluation_page, prediction_table
from reddots_app.ui.templating import fragment

_TABLES = [".csv", ".jsonl", ".parquet"]


def lay_out_research(texts: PageTexts) -> None:
    """Lay out the tab inside the open ``gr.Tabs``, and connect it; it speaks English only."""
    words = texts.research

    def report(predictions: str | None, manifest: str | None) -> str:
        if not predictions or not manifest:
            return fragment("research", texts, note=words.need_both)
        made = _made(lambda: evaluation_page(Path(predictions), Path(manifest)))
        return fragment("research", texts, **made, name="report.html", kind="text/html")

    def table(photos: list[str] | None) -> str:
        if not photos:
            return fragment("research", texts, note=words.need_photos)
        made = _made(lambda: prediction_table([Path(photo) for photo in photos]))
        return fragment("research", texts, **made, name="predictions.csv", kind="text/csv")

    with gr.Tab(words.tab, id="research"):
        gr.HTML(fragment("research_lead", texts), padding=False)
        predictions = gr.File(
            label=words.predictions, file_types=_TABLES, elem_id="rd-research-table"
        )
        manifest = gr.File(label=words.manifest, file_types=_TABLES, elem_id="rd-research-truth")
        evaluate = gr.Button(words.evaluate, variant="primary", elem_id="rd-research-evaluate")
        photos = gr.File(
            label=words.photos, file_count="multiple", elem_id="rd-research-photos", height=160
        )
        classify = gr.Button(words.classify, variant="primary", elem_id="rd-research-classify")
        outcome = gr.HTML(padding=False, elem_id="rd-research-outcome")
    for button, make, inputs in (
        (evaluate, report, [predictions, manifest]),
        (classify, table, [photos]),
    ):
        button.click(
            make,
            inputs,
            outcome,
            concurrency_limit=1,
            concurrency_id="research",
            api_visibility="private",
        )


def _made(make: Callable[[], str]) -> dict[str, str]:
    try:
        text = make()
    except RedDotsError as error:
        return {"note": str(error)}
    return {"text": text, "data": base64.b64encode(text.encode()).decode("ascii")}
