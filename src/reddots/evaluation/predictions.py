"""Predictions of any model in memory: from timm, torchvision, transformers, ONNX, or a table.

What :func:`reddots.evaluate` takes as scores, and what writes a prediction table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from reddots.errors import TableError
from reddots.evaluation.core.scored import Floats
from reddots.evaluation.tables.column_map import ColumnMap
from reddots.evaluation.tables.predictions import read_predictions
from reddots.tabular.csv_writer import CsvWriter

Photos = Sequence[str | Path]
_BATCH = 16
_IMAGENET_MEAN, _IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True, eq=False)
class Predictions:
    """Probabilities of photos.

    Attributes:
        photos: N paths.
        columns: K names of classes.
        probabilities: N × K, 0 to 1.
        model: its name.

    Example:
        >>> found = Predictions(("a.jpg",), ("x", "y"), np.array([[0.25, 0.75]]))
        >>> np.asarray(found).tolist()
        [[0.25, 0.75]]
    """

    photos: tuple[str, ...]
    columns: tuple[str, ...]
    probabilities: Floats
    model: str = ""

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        """Return the probabilities, so that NumPy and ``reddots.evaluate`` take them."""
        del copy
        result: Floats = self.probabilities if dtype is None else self.probabilities.astype(dtype)
        return result

    def to_csv(self, path: str | Path) -> None:
        """Write a prediction table that every command of the kit reads.

        Raises:
            TableError: it cannot be written.
        """
        try:
            with Path(path).open("w", newline="", encoding="utf-8") as file:
                writer = CsvWriter(file)
                writer.write(["photo", "model", *(f"p_{name}" for name in self.columns)])
                for photo, row in zip(self.photos, self.probabilities, strict=True):
                    writer.write([photo, self.model, *map(float, row)])
        except OSError as error:
            raise TableError(f"{path} cannot be written: {error.strerror or error}.") from error

    @classmethod
    def from_csv(cls, path: str | Path, columns: ColumnMap | None = None) -> "Predictions":
        """Read a prediction table of any format; rows without a prediction are left out.

        Raises:
            TableError: it cannot be used.
        """
        found = read_predictions(Path(path), columns)
        whole = np.flatnonzero(~np.isnan(found.probabilities).any(axis=1))
        listed = found.photo.to_pylist()
        photos = [str(listed[row]) for row in whole]
        model = ", ".join(found.model)
        return cls(tuple(photos), found.outputs, found.probabilities[whole], model)

    @classmethod
    def from_timm(cls, model: Any, photos: Photos, classes: Sequence[str]) -> "Predictions":
        """Predict with a timm model, photos prepared as its own configuration says.

        Args:
            model: a module of ``timm.create_model``.
            photos: paths.
            classes: names of its outputs.
        """
        import timm

        data: Any = timm.data
        config = data.resolve_model_data_config(model)
        transform = data.create_transform(**config, is_training=False)
        name = str(getattr(model, "pretrained_cfg", {}).get("architecture", type(model).__name__))
        return cls._from_torch(model, photos, classes, transform, name)

    @classmethod
    def from_torchvision(
        cls, model: Any, photos: Photos, classes: Sequence[str], transform: Callable[..., Any]
    ) -> "Predictions":
        """Predict with a torchvision model.

        Args:
            model: a module that returns logits.
            photos: paths.
            classes: names of its outputs.
            transform: how photos are prepared, such as ``weights.transforms()``.
        """
        return cls._from_torch(model, photos, classes, transform, type(model).__name__)

    @classmethod
    def _from_torch(
        cls,
        model: Any,
        photos: Photos,
        classes: Sequence[str],
        transform: Callable[..., Any],
        name: str,
    ) -> "Predictions":
        import torch

        model.eval()
        device = next((p.device for p in model.parameters()), torch.device("cpu"))
        rows = []
        with torch.inference_mode():
            for batch in _batches(photos):
                images = torch.stack([transform(_opened(photo)) for photo in batch]).to(device)
                rows.append(model(images).softmax(dim=1).cpu().numpy().astype(np.float64))
        return cls._made(photos, classes, rows, name)

    @classmethod
    def from_transformers(cls, pipeline: Any, photos: Photos) -> "Predictions":
        """Predict with an image-classification pipeline of Hugging Face transformers.

        Args:
            pipeline: ``transformers.pipeline("image-classification", …)``.
            photos: paths.
        """
        names = [str(name) for _, name in sorted(pipeline.model.config.id2label.items())]
        rows = []
        for photo in photos:
            answers = pipeline(_opened(photo), top_k=len(names), function_to_apply="softmax")
            p = {answer["label"]: answer["score"] for answer in answers}
            rows.append(np.array([[p[name] for name in names]], dtype=np.float64))
        model = str(getattr(pipeline.model.config, "_name_or_path", ""))
        return cls._made(photos, names, rows, model)

    @classmethod
    def from_onnx(
        cls,
        path: str | Path,
        photos: Photos,
        classes: Sequence[str],
        transform: Callable[[Any], Any] | None = None,
        *,
        side: int = 224,
    ) -> "Predictions":
        """Predict with an ONNX file whose input is N × 3 × side × side and whose output is logits.

        Args:
            path: of the file.
            photos: paths.
            classes: names of its outputs.
            transform: from a picture to an array 3 × side × side; by default it is cropped to a
                square and normalised as for ImageNet.
            side: of the input, in pixels.
        """
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        name = session.get_inputs()[0].name
        prepare = transform or (lambda picture: _square(picture, side))
        rows = []
        for photo in photos:
            image = np.asarray(prepare(_opened(photo)), dtype=np.float32)[None]
            logits = session.run(None, {name: image})[0].astype(np.float64)
            weights = np.exp(logits - logits.max(axis=1, keepdims=True))
            rows.append(weights / weights.sum(axis=1, keepdims=True))
        return cls._made(photos, classes, rows, Path(path).stem)

    @classmethod
    def _made(
        cls, photos: Photos, classes: Sequence[str], rows: Sequence[Floats], model: str
    ) -> "Predictions":
        p = np.concatenate(rows) if rows else np.empty((0, len(classes)))
        if p.shape[1] != len(classes):
            raise TableError(
                f"The model has {p.shape[1]} outputs, but {len(classes)} classes are named."
            )
        return cls(tuple(str(photo) for photo in photos), tuple(classes), p, model)


def _batches(photos: Photos) -> Iterator[Photos]:
    for start in range(0, len(photos), _BATCH):
        yield photos[start : start + _BATCH]


def _opened(photo: str | Path) -> Any:
    """Return a photo upright, in RGB.

    Raises:
        TableError: it cannot be read.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(photo) as picture:
            return ImageOps.exif_transpose(picture).convert("RGB")
    except OSError as error:
        raise TableError(f"{photo} cannot be read as a photo.") from error


def _square(picture: Any, side: int) -> Floats:
    from PIL import ImageOps

    pixels = np.asarray(ImageOps.fit(picture, (side, side)), dtype=np.float64) / 255
    result: Floats = ((pixels - _IMAGENET_MEAN) / _IMAGENET_STD).transpose(2, 0, 1)
    return result
