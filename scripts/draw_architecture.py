"""Import graph of the packages as one SVG: layers from what is used (below) to what uses (above).

Run it as ``python scripts/draw_architecture.py OUT.svg``; the documentation site runs it itself.
"""

import sys
from collections import defaultdict
from html import escape
from pathlib import Path

import grimp

WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT = 1000, 92, 128, 40


def draw(root: Path) -> str:
    """Return the picture: a box a package, an arrow from each to what it imports."""
    sys.path[:0] = [str(root / "src"), str(root / "app")]
    imports = packages_imported()
    layers = layers_of(imports)
    rows: dict[int, list[str]] = defaultdict(list)
    for package, layer in sorted(layers.items()):
        rows[layer].append(package)
    top = max(rows)
    places = {}
    for layer, packages in rows.items():
        step = WIDTH / len(packages)
        for number, package in enumerate(packages):
            places[package] = (step * (number + 0.5), 40 + (top - layer) * ROW)
    height = 80 + top * ROW
    lines = [_line(places[a], places[b]) for a, own in shortest(imports).items() for b in own]
    boxes = [_box(package, *place) for package, place in sorted(places.items())]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Which package imports which"><rect width="100%" height="100%" fill="#fff"/>'
        f"{''.join(lines)}{''.join(boxes)}</svg>\n"
    )


def packages_imported() -> dict[str, set[str]]:
    """Return, by package directly below the root, the packages that its modules import."""
    graph = grimp.build_graph("reddots", "reddots_app")
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules:
        own = _package(module)
        found[own] |= {_package(m) for m in graph.find_modules_directly_imported_by(module)}
    return {own: used - {own, "reddots"} for own, used in found.items() if own != "reddots"}


def shortest(imports: dict[str, set[str]]) -> dict[str, list[str]]:
    """Return the imports without those that others imply (the transitive reduction)."""

    def reached(package: str) -> set[str]:
        own = imports.get(package, set())
        return own.union(*(reached(used) for used in own))

    return {
        package: sorted(b for b in own if not any(b in reached(a) for a in own - {b}))
        for package, own in imports.items()
    }


def layers_of(imports: dict[str, set[str]]) -> dict[str, int]:
    """Return the layer of each package: one above the highest of those that it imports."""
    layers: dict[str, int] = {}

    def layer(package: str, above: tuple[str, ...] = ()) -> int:
        if package in above:
            raise SystemExit(f"The imports go round: {' → '.join((*above, package))}")
        if package not in layers:
            below = [layer(used, (*above, package)) for used in imports.get(package, ())]
            layers[package] = max(below, default=-1) + 1
        return layers[package]

    for package in imports:
        layer(package)
    return layers


def _package(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] != "reddots" or len(parts) == 1 else parts[1]


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    return (
        f'<path d="M{x1:.0f},{y1 + BOX_HEIGHT / 2:.0f} C{x1:.0f},{y1 + ROW * 0.7:.0f} '
        f'{x2:.0f},{y2 - ROW * 0.7:.0f} {x2:.0f},{y2 - BOX_HEIGHT / 2:.0f}" '
        'fill="none" stroke="#b8b8b8" stroke-width="1.2"/>'
    )


def _box(package: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x - BOX_WIDTH / 2:.0f}" y="{y - BOX_HEIGHT / 2:.0f}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="6" fill="#fff7f6" stroke="#a3261b"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" font-family="sans-serif" '
        f'font-size="15" fill="#222">{escape(package)}</text>'
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(draw(Path(__file__).resolve().parents[1]), encoding="utf-8")
