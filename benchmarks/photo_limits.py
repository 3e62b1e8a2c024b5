"""What photos raise where answers are typical, and what they would at other limits.

    python benchmarks/photo_limits.py CHECKPOINT.json MANIFEST [MANIFEST ...] -o OUT.json --plot OUT.svg

Photos that the checkpoint learnt from, by hash or group, are left out. At most ``--most`` photos of
a class are drawn, with a fixed seed; of bleeding, keratosis pilaris and cherry angioma all. In a
manifest with a column ``visible``, bleeding counts where it says yes.
"""

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from reddots.classifier.model import Classifier
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.loading import load_trimmed
from reddots.datasets.manifest import Manifest, Row, read_manifest
from reddots.evaluation.metrics.inference.proportions import wilson
from reddots.evaluation.report.matplotlib_import import import_matplotlib
from reddots.knowledge import load
from reddots.photo.loader import expect_photos
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import assess

OUTPUT: Final = "purpura"
LIMITS: Final = (1.05, 1.2, 1.35, 1.5, 1.75, 2.0, 2.3, 2.6, 3.0, 4.0, 6.0)
CALM: Final = " ".join(
    [*(f"{q}=no" for g in load().gates for q in g.questions if q != "blanches"), "blanches=yes"]
)
Choice = Callable[[Row], bool]
# class, its photos, the answers that are typical of it
CLASSES: Final[tuple[tuple[str, Choice, str], ...]] = (
    ("bleeding", lambda r: r.label == OUTPUT and dict(r.extra).get("visible", "yes") == "yes", "age_years=40"),
    ("keratosis pilaris", lambda r: r.label == "keratosis_pilaris", f"{CALM} age_years=15 surface=rough sites=upper_arms onset=years worse_in_winter=yes"),
    ("cherry angioma", lambda r: r.label == "cherry_angioma", f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years changed=no"),
    ("moles and growths", lambda r: r.label == "mole_or_growth" and r.dataset != "ham10000", f"{CALM} age_years=35 surface=flat colour=brown count=one size=small onset=years changed=no sites=back"),
    ("insect bites", lambda r: "bite" in r.label_raw.lower(), f"{CALM} age_years=30 itchy=yes touched_by=insects onset=days"),
    ("healthy skin", lambda r: r.label == "normal_skin", f"{CALM} age_years=30"),
)  # fmt: skip


def main() -> None:
    """Measure, and write figures and the curve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("manifests", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    classifier = Classifier.load(given.checkpoint)
    learnt = read_manifest(
        given.checkpoint.parent / classifier.side_car.data["manifest"]
    ).only("train")  # fmt: skip
    seen = {r.sha256 for r in learnt.rows} | {r.group for r in learnt.rows}
    expect_photos(of_one_owner=True)
    found = {
        str(path.parent.name): measure(classifier, read_manifest(path), seen, given.most)
        for path in given.manifests
    }
    given.output.write_text(json.dumps(found, indent=1) + "\n")
    if given.plot:
        plot(found, given.plot)


def measure(
    classifier: Classifier, manifest: Manifest, seen: set[str], most: int
) -> dict[str, Any]:
    """Return, by class, how many photos raise, by which rule, and the share at each limit."""
    rows = [r for r in manifest.rows if r.sha256 not in seen and r.group not in seen]
    catalogue, side = read_catalogue(), classifier.side_car.input.resize
    result: dict[str, Any] = {}
    for name, choice, settings in CLASSES:
        chosen = [r for r in rows if choice(r)]
        random.Random(0).shuffle(chosen)  # no secret
        taken = (
            chosen if name in {"bleeding", "keratosis pilaris", "cherry angioma"} else chosen[:most]
        )
        answers = parse_settings(settings.split())
        base = assess(answers)
        rules: Counter[str] = Counter()
        ratios = []
        for row in taken:
            pixels = load_trimmed(manifest, row, catalogue, side)
            photo = classifier.predict(_Pixels(pixels))  # type: ignore[arg-type]
            ratios.append(math.exp(classifier.simulated(pixels)[OUTPUT]))
            joined = assess(answers, photo)
            if joined.urgency > base.urgency:
                rules[joined.reasons[0].rule] += 1
        if not taken:
            continue
        result[name] = {
            "photos": len(taken),
            "answers_alone": base.urgency.id,
            "raised": [
                sum(rules.values()) / len(taken),
                *(wilson(sum(rules.values()), len(taken)) or ()),
            ],
            "by": dict(rules.most_common()),
            "at": {str(limit): sum(r >= limit for r in ratios) / len(taken) for limit in LIMITS},
        }
        sys.stderr.write(f"{name}: {result[name]['raised'][0]:.2f} of {len(taken)}\n")
    return result


class _Pixels:
    def __init__(self, pixels: Any) -> None:
        self.pixels = pixels


def plot(found: dict[str, Any], path: Path) -> None:
    """Draw the share of visible bleeding that raises against that of each other class."""
    import_matplotlib()
    import matplotlib.pyplot as plt

    plt.rcParams["svg.fonttype"] = "none"
    figure, axes = plt.subplots(
        1, len(found), figsize=(5 * len(found), 4), sharey=True, squeeze=False
    )
    for axis, (source, classes) in zip(axes[0], found.items(), strict=True):
        bleeding = [*classes["bleeding"]["at"].values()]
        for name, one in classes.items():
            if name != "bleeding":
                axis.plot([*one["at"].values()], bleeding, marker="o", markersize=3, label=name)
        axis.axvline(0.05, color="grey", linewidth=0.8)
        axis.axhline(0.6, color="grey", linewidth=0.8)
        axis.set(title=source, xlabel="share of the class at or above the limit", xlim=(0, 0.6))
    axes[0][0].set_ylabel("share of visible bleeding")
    axes[0][0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
