"""Which parts the page has, and where they stand."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from reddots.knowledge import Knowledge
from reddots_app.i18n import FALLBACK, PageTexts
from reddots_app.ui.question_view import most_options, most_rows
from reddots_app.ui.research_view import lay_out_research

Parts = dict[str, Any]
# A button inside HTML is a click on the whole, which tells what the button stands for.
_TOUCHES = "window.redDots.listen(element, trigger)"


def lay_out(texts: Mapping[str, PageTexts], knowledge: Knowledge, *, research: bool) -> Parts:
    """Lay out the page inside the open ``gr.Blocks``; return its parts by name, in order."""
    parts: Parts = {}
    frame = texts[FALLBACK].frame
    with gr.Row(elem_classes="rd-top"):
        parts["header"] = gr.HTML(padding=False)
        parts["language"] = gr.Radio(
            [(t.language.name, code) for code, t in texts.items()],
            container=False,
            visible=len(texts) > 1,
            elem_id="rd-language",
        )
    with gr.Tabs():
        with gr.Tab(frame.check_tab, id="check") as parts["check_tab"]:
            parts["banner"] = gr.HTML(visible=False, padding=False)
            _photo_step(parts)
            _question_step(parts, knowledge)
            _result_step(parts)
        with gr.Tab(frame.about_tab, id="about") as parts["about_tab"]:
            parts["about"] = gr.HTML(padding=False)
        if research:
            lay_out_research(texts[FALLBACK])
    parts["footer"] = gr.HTML(padding=False)
    return parts


def _photo_step(parts: Parts) -> None:
    with gr.Column(visible=False, elem_classes="rd-step") as parts["photo_step"]:
        parts["emergency_line"] = gr.HTML(padding=False)
        parts["photo_intro"] = gr.HTML(padding=False)
        parts["photo_report"] = gr.HTML(
            padding=False, elem_id="rd-photo-report", js_on_load=_TOUCHES
        )
        parts["cut"] = gr.HTML(padding=False, elem_id="rd-cut", js_on_load=_TOUCHES)
        parts["upload"] = gr.UploadButton(
            "", file_count="multiple", type="filepath", variant="primary", elem_id="rd-upload"
        )
        parts["go_on"] = gr.Button(elem_id="rd-go-on")


def _question_step(parts: Parts, knowledge: Knowledge) -> None:
    with gr.Column(visible=False, elem_classes="rd-step") as parts["question_step"]:
        parts["question"] = gr.HTML(padding=False)
        with gr.Column(elem_classes="rd-options"):
            for i in range(most_options(knowledge)):
                parts[f"option_{i}"] = gr.Button(elem_classes="rd-option")
        for i in range(most_rows(knowledge)):
            parts[f"row_{i}"] = gr.Radio(elem_classes="rd-row")
        parts["number"] = gr.Number(elem_id="rd-number")
        parts["unit"] = gr.Radio(elem_id="rd-unit")
        parts["choices"] = gr.CheckboxGroup(elem_id="rd-choices")
        parts["next"] = gr.Button(variant="primary", elem_id="rd-next")
        with gr.Row(elem_classes="rd-moves"):
            parts["back"] = gr.Button(elem_id="rd-back", min_width=100)
            parts["skip"] = gr.Button(elem_id="rd-skip", min_width=100)
        parts["show_result"] = gr.Button(elem_id="rd-show-result")


def _result_step(parts: Parts) -> None:
    with gr.Column(visible=False, elem_classes="rd-step") as parts["result_step"]:
        parts["correct"] = gr.Button(visible=False, elem_id="rd-correct")
        parts["result"] = gr.HTML(padding=False)
        parts["photos"] = gr.HTML(padding=False)
        parts["show_mattered"] = gr.Button(visible=False, elem_id="rd-show-mattered")
        parts["result_more"] = gr.HTML(padding=False)
        with gr.Column(elem_classes="rd-after"):
            parts["more"] = gr.Button(elem_id="rd-more")
            with gr.Column(elem_classes="rd-for-print"):
                parts["print_photo"] = gr.Checkbox(visible=False, elem_id="rd-print-photo")
                parts["print"] = gr.Button(elem_id="rd-print")
            parts["result_back"] = gr.Button(elem_id="rd-result-back")
            parts["start_again"] = gr.Button(variant="stop", elem_id="rd-start-again")
