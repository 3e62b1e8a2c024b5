"""Reporting checklists: what the report fills, and what is left to the author."""

from collections.abc import Sequence
from typing import Any

from reddots._resources import folder
from reddots._toml import Entry, read_toml, require_unique
from reddots.errors import KnowledgeError


class Item(Entry, frozen=True):
    """One item.

    Attributes:
        number: the checklist's own.
        text: what is asked, in our words.
        section: of the report that fills it; empty where the author has to.
        says: what the report says, with ``{names}`` of figures.
        needs: part of the report without which the author has to.
    """

    number: str
    text: str
    section: str = ""
    says: str = ""
    needs: str = ""


class Checklist(Entry, frozen=True):
    """One checklist, where it is published, and how its numbers were checked."""

    id: str
    name: str
    source: str
    read: str
    item: tuple[Item, ...]


class _File(Entry, frozen=True):
    checklist: tuple[Checklist, ...]


def read_checklists() -> tuple[Checklist, ...]:
    """Read the shipped checklists.

    Raises:
        KnowledgeError: the file does not fit.
    """
    path = folder("data") / "evaluation" / "checklists.toml"
    found = read_toml(path, _File).checklist
    require_unique(path.name, [c.id for c in found])
    for checklist in found:
        require_unique(f"{path.name}, {checklist.name}", [i.number for i in checklist.item])
        for item in checklist.item:
            if bool(item.section) != bool(item.says):
                raise KnowledgeError(
                    f"{path.name}, {checklist.name} {item.number}: section and says go together."
                )
    return found


def fill_checklists(
    report: dict[str, Any], model: Sequence[str], checklists: Sequence[Checklist]
) -> list[dict[str, Any]]:
    """Return each checklist with what the report says to each item.

    Args:
        report: what :func:`reddots.evaluation.evaluate.evaluate_sample` returns.
        model: names of the models in the table.
        checklists: to be filled.
    """
    facts = _facts(report, model)
    given = report | {"recalibrated": report["calibration"]["recalibration"]}
    result = []
    for checklist in checklists:
        items = []
        for item in checklist.item:
            fills = bool(item.section) and (not item.needs or bool(given.get(item.needs)))
            items.append(
                {
                    "number": item.number,
                    "text": item.text,
                    "section": item.section if fills else None,
                    "says": item.says.format_map(facts) if fills else None,
                }
            )
        filled = sum(entry["section"] is not None for entry in items)
        result.append(
            {
                "name": checklist.name,
                "source": checklist.source,
                "read": checklist.read,
                "filled": filled,
                "left_to_the_author": len(items) - filled,
                "items": items,
            }
        )
    return result


def _facts(report: dict[str, Any], model: Sequence[str]) -> dict[str, Any]:
    data = report["data"]
    missing = [f"{name} not known of {n}" for name, n in data["missing_attributes"].items() if n]
    checks = report.get("checks")
    counts = ", ".join(f"{n} {kind}" for kind, n in checks["counts"].items()) if checks else ""
    return {
        **data,
        "n": report["n"],
        "labels": len(data["labels"]),
        "missing": "; ".join(missing) or "nothing is missing of what the manifest records",
        "accuracy": _with_interval(report, "accuracy"),
        "balanced_accuracy": _with_interval(report, "balanced_accuracy"),
        "if_missing": _with_interval(report, "accuracy_if_missing_is_wrong"),
        "attributes": ", ".join(report["subgroups"]).replace("_", " ") or "no attribute",
        "replicates": report["settings"]["replicates"],
        "seed": report["settings"]["seed"],
        "errors": len(report["errors"]),
        "points": _points(report["operating_points"]),
        "checks": counts.replace("_", " ") or "nothing was found",
        "model": ", ".join(model) or "not named in the table",
    }


def _points(found: dict[str, list[dict[str, Any]]]) -> str:
    """Return the thresholds of all operating points, in a sentence."""
    return "; ".join(
        f"{output} from {own['threshold']:.3f} ({own['kind']})"
        for output, rows in found.items()
        for own in rows
    ).replace("_", " ")


def _with_interval(report: dict[str, Any], name: str) -> str:
    ends = report[f"{name}_ci"]
    text = f"{report[name]:.3f}"
    return f"{text} ({ends[0]:.3f} to {ends[1]:.3f})" if ends else text
