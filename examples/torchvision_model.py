"""Write a torchvision model's predictions as a table.

python examples/torchvision_model.py manifest.csv table.csv MODEL OUTPUT,OUTPUT,... [weights.pt]
"""

import csv
import sys
from pathlib import Path

import torch
from torchvision.models import get_model, get_model_weights

from reddots import Predictions

manifest, table, name, names, *weights = sys.argv[1:]
outputs = names.split(",")
model = get_model(name, num_classes=len(outputs))
if weights:
    model.load_state_dict(torch.load(weights[0], weights_only=True))
transform = get_model_weights(name).DEFAULT.transforms()  # only how photos are prepared
with Path(manifest).open() as listed:
    photos = [row["photo"] for row in csv.DictReader(listed)]
folder = Path(manifest).parent
found = Predictions.from_torchvision(model, [folder / p for p in photos], outputs, transform)
Predictions(tuple(photos), found.columns, found.probabilities, name).to_csv(table)
