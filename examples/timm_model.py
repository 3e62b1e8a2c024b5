"""Write a timm model's predictions as a table.

python examples/timm_model.py manifest.csv table.csv MODEL OUTPUT,OUTPUT,... [weights.safetensors]
"""

import csv
import sys
from pathlib import Path

import timm

from reddots import Predictions

manifest, table, name, names, *weights = sys.argv[1:]
outputs = names.split(",")
model = timm.create_model(name, num_classes=len(outputs), checkpoint_path="".join(weights))
with Path(manifest).open() as listed:
    photos = [row["photo"] for row in csv.DictReader(listed)]
folder = Path(manifest).parent
found = Predictions.from_timm(model, [folder / photo for photo in photos], outputs)
Predictions(tuple(photos), found.columns, found.probabilities, name).to_csv(table)
