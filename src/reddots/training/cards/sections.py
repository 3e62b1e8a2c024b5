"""Sections of the model card: what was measured on one set of photos."""

from collections.abc import Mapping
from typing import Any

from reddots.training.cards.datasheet import table

TOO_FEW = 20  # as in evaluation.metrics, which the main install cannot import
SAY = "too few to say"

Values = Mapping[str, Any]


def measured_set(metrics: Values) -> list[str]:
    """Return the parts of a set's section, in Markdown; a part without values is empty."""
    parts = [_sources(metrics), _overall(metrics), _per_output(metrics), _simulated(metrics)]
    parts += [_visible(metrics["visible"]) if metrics.get("visible") else "", _calibration(metrics)]
    parts += [_ood(metrics), _subgroups(metrics, "fitzpatrick", "Skin type (Fitzpatrick)")]
    parts += [_subgroups(metrics, "dataset", "Data set")]
    return [*parts, _uncovered(metrics["uncovered"]) if metrics.get("uncovered") else ""]


def _sources(metrics: Values) -> str:
    named = [f"{name}: {s['n']} photos" for name, s in metrics.get("sources", {}).items()]
    missing = metrics.get("missing", 0)
    gone = f" {missing} photos of the split were gone or could not be read." if missing else ""
    return f"Measured on {'; '.join(named)}.{gone}" if named else ""


def _overall(metrics: Values) -> str:
    named = metrics["named"]
    share = f"{metrics['named_right'] / named:.3f}" if named else "none"
    return (
        f"{metrics['n']} photos in {metrics['groups']} groups; left out, as no output covers their "
        f"label: {metrics['left_out']}. "
        f"Accuracy {_value(metrics, 'accuracy')}, balanced accuracy "
        f"{_value(metrics, 'balanced_accuracy')}, log loss {_value(metrics, 'log_loss')}, Brier "
        f"{_value(metrics, 'brier')}, {_calibration_error(metrics)}. "
        f"Clear enough to name: {named} photos, of which {metrics['named_right']} right ({share})."
    )


def _per_output(metrics: Values) -> str:
    rows = []
    sets = metrics.get("sets", {}).get("per_output", {})
    for output, own in metrics["per_output"].items():
        note = SAY if own["n"] < TOO_FEW else ""
        cells = [_value(own, name) for name in ("sensitivity", "specificity", "auroc")]
        covered = [_value(sets[output], "coverage")] if sets else []
        rows.append([output, str(own["n"]), *cells, *covered, note])
    head = ["output", "photos", "sensitivity", "specificity", "AUROC"]
    head += ["in the 90% set"] if sets else []
    return table([*head, ""], rows, "lr" + "l" * (len(head) - 1))


def _visible(metrics: Values) -> str:
    """Return what was measured where the lesion can be seen; unmarked photos stay."""
    return (
        "**Only where the lesion can be seen in the picture** (the manifest's `visible` is `yes`; "
        f"photos without a mark stay): {_overall(metrics)}\n\n{_per_output(metrics)}\n\n"
        f"{_simulated(metrics)}"
    ).rstrip()


def _simulated(metrics: Values) -> str:
    """Return how well outputs that simulation alone taught are found among all other photos."""
    return "\n".join(
        f"{output} (an output of its own): AUROC {_value(own, 'auroc')}, {own['n']} photos "
        f"against {own['others']} others."
        for output, own in metrics.get("simulated", {}).items()
    )


def _calibration_error(metrics: Values) -> str:
    """Return the calibration error, and without its bias where it was measured so."""
    text = f"expected calibration error {metrics['ece']:.3f}"
    if "ece_debiased" not in metrics:
        return text
    return f"{text}, without its bias {_value(metrics, 'ece_debiased')}"


def _calibration(metrics: Values) -> str:
    if "ece_before" not in metrics:
        return ""
    sets = metrics["sets"]
    return (
        f"Expected calibration error {metrics['ece_before']:.3f} before the temperature, "
        f"{metrics['ece']:.3f} after. The sets hold the truth of "
        f"{_value(sets, 'coverage')} of photos, with {sets['mean_size']:.2f} outputs on average; "
        f"{sets['single']} sets have one output, right in {sets['single_right']}."
    )


def _ood(metrics: Values) -> str:
    found = metrics.get("ood_score", {})
    kinds = {
        "near": "skin that no output covers",
        "far": "no skin",
        "source": "skin of this source, among own test photos",
    }
    rows = []
    for kind, words in kinds.items():
        own = found.get(kind, {})
        cells = [_separation(own.get(s)) for s in ("energy", "top_probability", "not_skin")]
        if own.get("n"):
            note = SAY if own["n"] < TOO_FEW else ""
            rows.append([f"{kind}: {words}", str(own["n"]), *cells, note])
    if not rows:
        return ""
    head = ["strange photos", "photos", "energy", "1 − top probability", "gate", ""]
    return (
        "How well strange photos are told from usual skin: AUROC (false alarms when 95% of them "
        "are found).\n\n" + table(head, rows, "lrllll")
    )


def _separation(found: Values | None) -> str:
    return f"{found['auroc']:.3f} ({found['fpr_at_95']:.2f})" if found else "–"


def _subgroups(metrics: Values, name: str, title: str) -> str:
    values = metrics.get("subgroups", {}).get(name, [])
    if not any(v["value"] != "not known" for v in values):
        return ""
    rows = []
    for own in values:
        figure = SAY if own["too_few"] else _value(own, "accuracy")
        balanced = SAY if own["too_few"] else f"{own['balanced_accuracy']:.3f}"
        rows.append([own["value"], str(own["n"]), figure, balanced])
    return table([title, "photos", "accuracy", "balanced accuracy"], rows, "lrll")


def _uncovered(uncovered: Mapping[str, Mapping[str, int]]) -> str:
    lines = ["What photos are called whose label no output covers:", ""]
    for label, called in uncovered.items():
        names = ", ".join(f"{output} {n}" for output, n in called.items())
        lines.append(f"- {label} ({sum(called.values())} photos): {names}")
    return "\n".join(lines)


def _value(own: Values, name: str) -> str:
    value, interval = own[name], own.get(f"{name}_ci")
    if value is None:
        return "–"
    return f"{value:.3f} ({interval[0]:.3f} to {interval[1]:.3f})" if interval else f"{value:.3f}"
