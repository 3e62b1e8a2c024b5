"""The examples write tables that can be evaluated, and the notebook reproduces the card's table."""

import json
import runpy
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("statsmodels", reason="of the extra “evaluate”")
pytest.importorskip("sklearn", reason="of the extra “evaluate”")

from reddots.evaluation.tables.reader import Reading

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = "other_rash,mole_or_growth,not_skin"
LONGEST = 30  # lines of an adapter


def photos(folder: Path) -> Path:
    """Two photos, one of them on its side by its EXIF data."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (64, 48), (200, 150, 130)).save(folder / "0.jpg")
    Image.new("RGB", (48, 64), (90, 40, 30)).save(folder / "1.jpg", exif=exif)
    manifest = folder / "manifest.csv"
    manifest.write_text("photo,label\n0.jpg,other_rash\n1.jpg,mole_or_growth\n")
    return manifest


def run(monkeypatch: pytest.MonkeyPatch, name: str, *arguments: object) -> None:
    """Run an example in this process, as ``python examples/name`` would."""
    monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")


def judged(table: Path, manifest: Path) -> np.ndarray:
    reading = Reading()
    sample = reading.sample(table, reading.manifest(manifest))
    assert sample.account.judged == 2
    assert sample.account.rescaled == 0
    return sample.scored.probabilities


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda p: p.stem)
def test_an_adapter_is_short(path: Path) -> None:
    code = [line for line in path.read_text().splitlines() if line.strip()]
    assert len(code) < LONGEST, path.name


@pytest.mark.slow
def test_a_timm_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("timm", reason="of the extra “train”")
    manifest, table = photos(tmp_path), tmp_path / "table.csv"
    run(monkeypatch, "timm_model.py", manifest, table, "test_vit", NAMES)
    assert judged(table, manifest).shape == (2, 3)


def test_a_torchvision_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("torchvision", reason="of the extra “train”")
    import torch
    from torchvision.models import get_model

    torch.save(get_model("squeezenet1_1", num_classes=3).state_dict(), tmp_path / "w.pt")
    manifest, table = photos(tmp_path), tmp_path / "table.csv"
    arguments = (manifest, table, "squeezenet1_1", NAMES, tmp_path / "w.pt")
    run(monkeypatch, "torchvision_model.py", *arguments)
    assert judged(table, manifest).shape == (2, 3)


def test_an_onnx_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_checkpoint: Path
) -> None:
    manifest, table = photos(tmp_path), tmp_path / "table.csv"
    names = "keratosis_pilaris,cherry_angioma,other_rash,mole_or_growth,not_skin"
    model = tiny_checkpoint.with_suffix(".onnx")
    run(monkeypatch, "onnx_file.py", manifest, table, model, 32, names)
    assert judged(table, manifest).shape == (2, 5)


def test_a_hugging_face_pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The pipeline is stood in for: its answers come sorted, so they must be put in order."""

    class Pipeline:
        model = SimpleNamespace(config=SimpleNamespace(id2label=dict(enumerate(NAMES.split(",")))))

        def __call__(self, image: Any, top_k: int, function_to_apply: str) -> list[dict[str, Any]]:
            assert (image.size, top_k, function_to_apply) == ((64, 48), 3, "softmax")
            scores = zip(reversed(NAMES.split(",")), (0.5, 0.3, 0.2), strict=True)
            return [{"label": label, "score": score} for label, score in scores]

    stand_in = ModuleType("transformers")
    stand_in.pipeline = lambda *_, **__: Pipeline()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "transformers", stand_in)
    manifest, table = photos(tmp_path), tmp_path / "table.csv"
    run(monkeypatch, "huggingface_pipeline.py", manifest, table, "somebody/model")
    assert judged(table, manifest)[0].tolist() == [0.2, 0.3, 0.5]


@pytest.mark.slow
def test_the_notebook_reproduces_the_model_cards_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(EXAMPLES)
    notebook = json.loads((EXAMPLES / "model_card_table.ipynb").read_text())
    space: dict[str, Any] = {}
    for cell in notebook["cells"]:
        assert not cell.get("outputs"), "the notebook is kept without outputs"
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)  # noqa: S102 - it is ours
    assert "| cherry_angioma | " in capsys.readouterr().out
