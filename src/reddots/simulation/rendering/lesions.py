"""What is rendered: bleeding and everything else, from ``data/simulation/lesions.toml``."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError

Range = tuple[float, float]
Shape = Literal["spots", "rings", "lines", "cloud"]
Pigment = Literal["bleed", "blood", "melanin", "pallor", "none"]
Arrangement = Literal["scattered", "clustered", "dependent", "follicular", "linear"]


class PaintLayer(Entry, frozen=True):
    """One layer of a kind; a value of each range is drawn for each picture.

    Attributes:
        chance: that the layer is rendered at all.
        diameter_mm: median, and how many times larger a spot one deviation above it is.
        count: of spots in the picture; drawn on a logarithmic scale.
        arrangement: chance of each.
        edge_mm: width of the edge.
        irregular: waves of the outline, as a share of the radius.
        elongation: greatest ratio of the axes.
        width_mm: of a ring's edge or a line.
        length_mm, bend: of a line.
        pigment: ``bleed`` is blood outside its vessels, ``blood`` within; ``pallor`` is less
            melanin than around.
        amount: thickness of the layer if it were pure: whole blood, or melanosomes; mm.
        depth_mm: below the surface.
        days: age of a bleed.
        saturation: oxygen of ``blood``.
        height_mm: of the relief, a dome over each spot.
        gloss: strength of the light mirrored by the relief.
        flakes, pus: share of the spot covered by white scale, or of its centre by yellow-white pus.
        halo: blood around it in a wide blur, as a share of ``amount``.
        uneven: standard deviation of the thickness within a spot.
        together: the layer takes the places of the layer before it.
    """

    shape: Shape = "spots"
    chance: float = 1.0
    diameter_mm: tuple[float, float] = (3.0, 1.4)
    count: tuple[int, int] = (1, 1)
    arrangement: Mapping[Arrangement, float] = msgspec.field(
        default_factory=lambda: {"scattered": 0.4, "clustered": 0.6}
    )
    edge_mm: Range = (0.2, 0.6)
    irregular: Range = (0.0, 0.0)
    elongation: Range = (1.0, 1.3)
    width_mm: Range = (1.0, 3.0)
    length_mm: Range = (5.0, 20.0)
    bend: float = 0.3
    pigment: Pigment = "none"
    amount: Range = (0.0, 0.0)
    depth_mm: Range = (0.05, 0.2)
    days: Range = (0.0, 0.0)
    saturation: Range = (0.6, 0.9)
    height_mm: Range = (0.0, 0.0)
    gloss: Range = (0.0, 0.0)
    flakes: Range = (0.0, 0.0)
    pus: Range = (0.0, 0.0)
    halo: Range = (0.0, 0.0)
    uneven: Range = (0.05, 0.2)
    together: bool = False


class Kind(Entry, frozen=True):
    """One kind of picture.

    Attributes:
        side: ``bleeding`` is what the head is to find.
        weight: how often it is drawn among those of its side.
        field_mm: width of skin in the picture.
        real: labels, ours or a source's own, of real photos that show this kind.
        source: of the sizes, numbers and colours; what it does not give is our judgement.
    """

    id: str
    name: str
    side: Literal["bleeding", "other"]
    weight: float
    field_mm: Range
    source: str
    real: tuple[str, ...] = ()
    layer: tuple[PaintLayer, ...] = ()


class _File(Entry, frozen=True):
    kind: tuple[Kind, ...]


@cache
def read_kinds() -> tuple[Kind, ...]:
    """Read and check the kinds.

    Raises:
        KnowledgeError: the file is missing, does not fit, or a kind has a range upside down.
    """
    name = "lesions.toml"
    kinds = read_toml(folder("data") / "simulation" / name, _File).kind
    require_unique(name, [kind.id for kind in kinds])
    for kind in kinds:
        if not 0 < kind.field_mm[0] <= kind.field_mm[1] or kind.weight <= 0:
            raise KnowledgeError(f"{name}: {kind.id} has no sensible field or weight.")
        for layer in kind.layer:
            values = (getattr(layer, f) for f in layer.__struct_fields__ if f != "diameter_mm")
            pairs = [v for v in values if isinstance(v, tuple)]
            if any(low > high for low, high in pairs):
                raise KnowledgeError(f"{name}: {kind.id} has a range whose end is below its start.")
    return kinds
