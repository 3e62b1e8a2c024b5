"""Write a checkpoint's predictions of a split as its model card was measured; needs the photos.

python examples/card_predictions.py checkpoints/reddots-0.3.0.json PHOTOS_FOLDER test table.csv
"""

import csv
import sys
from pathlib import Path

import numpy as np

from reddots.classifier.model import Classifier
from reddots.datasets.catalogue import read_catalogue
from reddots.datasets.manifest import Manifest, read_manifest
from reddots.knowledge import load
from reddots.training.dataset import load_labelled

checkpoint, folder, split, table = sys.argv[1:]
classifier = Classifier.load(Path(checkpoint))
rows = read_manifest(Path(checkpoint).with_suffix(".manifest.csv")).only(split).rows
as_in_use = classifier.side_car.input.resize
manifest = Manifest(Path(folder), rows)
photos = load_labelled(manifest, classifier.outputs, load().categories, read_catalogue(), as_in_use)
with Path(table).open("w", newline="") as written:
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["photo", "sha256", "model", *(f"p_{o}" for o in classifier.outputs)])
    for row, pixels in zip(photos.rows, photos.pixels, strict=True):
        scaled = classifier.logits(pixels).astype(np.float64) / classifier.side_car.temperature
        p = np.exp(scaled - scaled.max())
        cells = (f"{v:.6f}" for v in p / p.sum())
        writer.writerow([row.photo, row.sha256, classifier.model_name, *cells])
