"""Write an ONNX classifier's predictions as a table: N x 3 x side x side in, logits out.

python examples/onnx_file.py manifest.csv table.csv model.onnx SIDE OUTPUT,OUTPUT,...
"""

import csv
import sys
from pathlib import Path

from reddots import Predictions

manifest, table, name, side, names = sys.argv[1:]
with Path(manifest).open() as listed:
    photos = [row["photo"] for row in csv.DictReader(listed)]
paths = [Path(manifest).parent / photo for photo in photos]
found = Predictions.from_onnx(name, paths, names.split(","), side=int(side))
Predictions(tuple(photos), found.columns, found.probabilities, Path(name).stem).to_csv(table)
