"""Sums of probabilities at the limit, and prediction sets that name what is no output."""

from pathlib import Path

import pytest

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")

from reddots.evaluation.core.scored import is_off
from reddots.evaluation.tables.predictions import read_predictions

# probabilities as written, whether their sum is further than 0.001 from 1
SUMS = [
    ("0.333,0.333,0.333", False),
    ("0.1,0.2,0.699", False),
    ("0.7,0.2,0.099", False),
    ("0.334,0.334,0.333", False),
    ("0.5,0.5,0.001", False),
    ("0.6,0.3,0.101", False),
    ("0.6,0.3,0.1011", True),
    ("0.333,0.333,0.3329", True),
    ("0.5,0.5,0.00100001", True),
]


@pytest.mark.parametrize(("cells", "is_far"), SUMS)
def test_sums_are_counted_right_at_the_limit(cells: str, is_far: bool, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(f"photo,p_a,p_b,p_c\nx.jpg,{cells}\n")
    found = read_predictions(path)
    assert is_off(found.sums).tolist() == [is_far]
    assert (found.probabilities[0, 0] != float(cells.split(",", maxsplit=1)[0])) == is_far


def test_unknown_names_in_prediction_sets_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("photo,p_a,p_b,prediction_set\nx,1,0,a;c\ny,0,1, b ; a\nz,0,1,c;d\nw,1,0,a;c\n")
    found = read_predictions(path)
    assert found.unknown_in_sets == {"c": 3, "d": 1}
    assert found.sets is not None
    assert found.sets.tolist() == [[True, False], [True, True], [False, False], [True, False]]
