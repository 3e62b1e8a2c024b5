"""SCIN dataset: 5,033 cases that people in the US photographed themselves, 1 to 3 photos each.

Columns: ``dataset_schema.md`` and ``scin_demo.ipynb`` of github.com/google-research-datasets/scin.
``scin_cases.csv`` has ``case_id``, ``fitzpatrick_skin_type``, ``body_parts_*``,
``related_category`` (what the owner says it is: ``RASH``, ``LOOKS_HEALTHY``, …) and
``image_1_path`` to ``image_3_path`` (``dataset/images/<number>.png``); ``scin_labels.csv`` has
``weighted_skin_condition_label`` (``{'Eczema': 0.69, …}``, several dermatologists' differential),
``dermatologist_gradable_for_skin_condition_1`` to ``_3`` and
``dermatologist_fitzpatrick_skin_type_label_1`` to ``_3``. The Monk skin tones are left out: the
manifest has no column for them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median_low
from typing import Final

from reddots.datasets.sources.csv_table import described, find_table, is_yes, read_source, weights
from reddots.datasets.sources.differential import SURE, agreed_label
from reddots.datasets.sources.label_map import Meanings
from reddots.datasets.sources.record import Record, Skipped

TABLES: Final = ("scin_cases.csv",)
LABELS: Final = "scin_labels.csv"
IMAGES: Final = ("image_1_path", "image_2_path", "image_3_path")
NORMAL: Final = "No discernible pathology"
HEALTHY: Final = "LOOKS_HEALTHY"  # what people can say of their own photo
_WEIGHTED: Final = "weighted_skin_condition_label"
_GRADABLE: Final = "dermatologist_gradable_for_skin_condition_"
_TYPE: Final = "dermatologist_fitzpatrick_skin_type_label_"
_NO_PATHOLOGY: Final = "NO_DISCERNIBLE_PATHOLOGY"
_RELATED: Final = "related_category"
_PART: Final = "body_parts_"
_NOT_SAID: Final = "NONE_SELECTED"


def records(folder: Path, meanings: Meanings, sure: float = SURE) -> Iterator[Record | Skipped]:
    """Yield the photos of a folder with both tables; a case is a group.

    ``sure``: the least weight of a label among the dermatologists' differential.

    Raises:
        ManifestError: a table is missing or lacks a column.
    """
    cases = read_source(find_table(folder, *TABLES), ["case_id", *IMAGES])
    labels = read_source(find_table(folder, LABELS), ["case_id", _WEIGHTED])
    by_case = {row["case_id"]: row for row in labels}
    for case in cases:
        graded = by_case.get(case["case_id"], {})
        raw, label, condition = judge(graded, meanings, case, sure)
        for path in filter(None, (case[column] for column in IMAGES)):
            photo = photo_path(folder, path)
            if not photo.is_file():
                yield Skipped(path, "the photo has not been fetched", is_failure=False)
                continue
            yield Record(
                path=photo,
                raw=raw,
                label=label,
                group=f"scin-{case['case_id']}",
                fitzpatrick=_skin_type(case, graded),
                body_site=";".join(
                    name.removeprefix(_PART)
                    for name, value in case.items()
                    if name.startswith(_PART) and is_yes(value)
                ),
                condition=condition,
                extra=described(case, age="age_group", sex="sex_at_birth"),
            )


def photo_path(folder: Path, path: str) -> Path:
    """Return where a photo of the table is: in ``images``, by its own name."""
    return folder / "images" / Path(path).name


def judge(
    graded: Mapping[str, str],
    meanings: Meanings,
    case: Mapping[str, str] | None = None,
    sure: float = SURE,
) -> tuple[str, str, str]:
    """Return the raw label, ours, and the likeliest condition of a case.

    ``normal_skin`` is what all dermatologists found to have no discernible pathology, and what
    its owner said looks healthy and no dermatologist gave a name.

    Args:
        graded: its row of ``scin_labels.csv``.
        meanings: the set's table.
        case: its row of ``scin_cases.csv``.
        sure: the least weight of the label; see ``differential.agreed_label``.
    """
    weighted = weights(graded.get(_WEIGHTED, ""))
    if not weighted:
        said = [v for k, v in graded.items() if k.startswith(_GRADABLE) and v]
        if said and all(v.endswith(_NO_PATHOLOGY) for v in said):
            return NORMAL, meanings.label(NORMAL) or "", ""
        if (case or {}).get(_RELATED) == HEALTHY:
            return HEALTHY, meanings.label(HEALTHY) or "", ""
        return "", "", ""
    raw = "; ".join(f"{name} {weight:.2f}" for name, weight in weighted.items())
    likeliest = max(weighted, key=lambda name: weighted[name])
    return raw, agreed_label(weighted, meanings, sure), likeliest


def _skin_type(case: dict[str, str], graded: dict[str, str]) -> str:
    """Return the dermatologists' middle estimate, or else what the person answered."""
    estimates = sorted(v for k, v in graded.items() if k.startswith(_TYPE) and v)
    said = case.get("fitzpatrick_skin_type", "")
    return median_low(estimates) if estimates else "" if said == _NOT_SAID else said
