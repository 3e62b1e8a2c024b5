"""How the page looks: colours, letters, and what the browser does itself."""

import gradio as gr

from reddots_app.ui.templating import static


def theme() -> gr.themes.Base:
    """Return the page's look: the system's own fonts, so that none is fetched."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        text_size="lg",
        radius_size="lg",
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def head() -> str:
    """Return what stands in the page's head."""
    # Gradio would rewrite the selectors of a style sheet that is given to it as such.
    script = static("page.js") + static("cut.js")
    return f"<style>{static('page.css')}</style><script>{script}</script>"
