"""How figures look, and how one becomes files."""

import io
import re
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

INK, BLUE, RED, GREY = "#1b2530", "#1f6f8b", "#b3402a", "#8a949e"
STYLE: dict[Any, Any] = {
    "font.size": 9.0,
    "font.family": ["DejaVu Sans"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "svg.hashsalt": "reddots",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
}
DARK = 0.55  # share from which the ink on a coloured cell is white


@dataclass(frozen=True)
class Drawing:
    """One finished figure.

    Attributes:
        name: of its files, without ending.
        alt: what it shows, in words.
        svg, png: the two files.
    """

    name: str
    alt: str
    svg: bytes
    png: bytes


def file_name(text: str) -> str:
    """Return ``text`` as a part of a file's name."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "x"


def save(name: str, alt: str, figure: Figure) -> Drawing:
    """Return the figure as SVG and PNG, without dates, so that the same gives the same bytes."""
    svg, png = io.BytesIO(), io.BytesIO()
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=150, metadata={"Software": None})
    return Drawing(name, alt, svg.getvalue(), png.getvalue())
