"""Write the predictions of a Hugging Face image classifier as a table (pip install transformers).

python examples/huggingface_pipeline.py manifest.csv table.csv MODEL
"""

import csv
import sys
from pathlib import Path

from transformers import pipeline

from reddots import Predictions

manifest, table, name = sys.argv[1:]
classify = pipeline("image-classification", model=name)
with Path(manifest).open() as listed:
    photos = [row["photo"] for row in csv.DictReader(listed)]
found = Predictions.from_transformers(classify, [Path(manifest).parent / p for p in photos])
Predictions(tuple(photos), found.columns, found.probabilities, name).to_csv(table)
