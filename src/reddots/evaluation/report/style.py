"""Plot style: colours, fonts, and how a figure becomes files.

Blue and vermilion differ for every colour vision, and lines differ in dash too. SVG and PDF keep
text as text; the same plot gives the same bytes.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
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
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "text.parse_math": False,
    "figure.constrained_layout.use": True,
}
DARK = 0.55  # share from which the ink on a coloured square is white


_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": None},
}


@dataclass(frozen=True)
class Drawing:
    """One finished figure.

    Attributes:
        name: of its files, without ending.
        alt: what it shows, in words.
        svg, png, pdf: the three files.
    """

    name: str
    alt: str
    svg: bytes
    png: bytes
    pdf: bytes = b""

    def files(self) -> dict[str, bytes]:
        """Return the files by their names."""
        files = {"svg": self.svg, "png": self.png, "pdf": self.pdf}
        return {f"{self.name}.{kind}": data for kind, data in files.items() if data}


@contextmanager
def plot_style() -> Iterator[None]:
    """Plot with our style alone, whatever a ``matplotlibrc`` says; then all is as it was."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def file_name(text: str) -> str:
    """Return ``text`` as a part of a file's name; different texts may share one."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "x"


def file_names(texts: Iterable[str]) -> dict[str, str]:
    """Return a file name for each text, no two alike in any case of letters.

    Example:
        >>> file_names(["a b", "a-b", "A b"])
        {'a b': 'a-b', 'a-b': 'a-b-2', 'A b': 'A-b-3'}
    """
    taken: set[str] = set()
    result: dict[str, str] = {}
    for text in dict.fromkeys(texts):
        name, number = file_name(text), 1
        while (own := name if number == 1 else f"{name}-{number}").lower() in taken:
            number += 1
        taken.add(own.lower())
        result[text] = own
    return result


def save(
    name: str, alt: str, figure: Figure, formats: Sequence[str] = ("svg", "png", "pdf")
) -> Drawing:
    """Return the figure as files, without dates, so that the same gives the same bytes.

    Args:
        name: of the files.
        alt: what it shows, in words.
        figure: the plot.
        formats: of ``svg``, ``png`` and ``pdf``; others stay empty.
    """
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once, not again for every format
    found = dict.fromkeys(_METADATA, b"")
    for kind in formats:
        data = io.BytesIO()
        figure.savefig(data, format=kind, dpi=150, metadata=_METADATA[kind])
        found[kind] = data.getvalue()
    return Drawing(name, alt, found["svg"], found["png"], found["pdf"])
