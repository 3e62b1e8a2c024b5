"""The checklists are whole, and the report fills what it can."""

import re
from pathlib import Path

import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")
pytest.importorskip("matplotlib", reason="of the extra “evaluate”")

from cli.command_line import CommandLine
from evaluation.tables import read_json, sample_files
from reddots.evaluation.report.checklist import read_checklists

# id, numbered items, rows with sub-items, as published
WHOLE = [("tripod_ai", 27, 52), ("claim_2024", 44, 44), ("stard_ai", 40, 48)]


@pytest.mark.parametrize(("name", "numbers", "rows"), WHOLE, ids=[r[0] for r in WHOLE])
def test_every_item_is_there_in_order(name: str, numbers: int, rows: int) -> None:
    found = {c.id: c for c in read_checklists()}[name].item
    assert len(found) == rows
    leading = [int(re.match(r"\d+", item.number)[0]) for item in found]
    assert leading == sorted(leading)
    assert set(leading) == set(range(1, numbers + 1))


@pytest.mark.slow
def test_the_report_fills_items_and_links_to_its_own_sections(
    reddots: CommandLine, tmp_path: Path
) -> None:
    predictions, manifest = sample_files(tmp_path)
    done = reddots("evaluate", predictions, "--truth", manifest, "-o", tmp_path / "r",
                   "--replicates", 5, "--no-plots", "--threshold", "other_rash=0.3")  # fmt: skip
    assert done.code == 0, done.err
    lists = read_json(tmp_path / "r" / "metrics.json")["checklist"]
    page = (tmp_path / "r" / "report.html").read_text()
    for own in lists:
        assert own["filled"] >= 7
        assert own["filled"] + own["left_to_the_author"] == len(own["items"])
        for item in own["items"]:
            if item["section"]:
                assert f'id="{item["section"]}"' in page, item
                assert "{" not in item["says"]
    tripod, stard = ({i["number"]: i for i in lists[place]["items"]} for place in (0, 2))
    assert tripod["15"]["says"] == stard["15c"]["says"] == "other rash from 0.300 (threshold)"
    assert tripod["24"]["section"] == "calibration"
    claim = {i["number"]: i for i in lists[1]["items"]}
    assert claim["30"]["section"] is None, "without --shortcuts nothing was probed"
    assert "60 judged" in claim["35"]["says"]
