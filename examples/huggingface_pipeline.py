"""Write the predictions of a Hugging Face image classifier as a table (pip install transformers).

python examples/huggingface_pipeline.py manifest.csv table.csv MODEL
"""

import csv
import sys
from pathlib import Path

from PIL import Image, ImageOps
from transformers import pipeline

manifest, table, name = sys.argv[1:]
classify = pipeline("image-classification", model=name)
outputs = [str(label) for label in classify.model.config.id2label.values()]
with Path(manifest).open() as listed, Path(table).open("w", newline="") as written:
    writer = csv.writer(written)
    writer.writerow(["photo", "model", *(f"p_{output}" for output in outputs)])
    for row in csv.DictReader(listed):
        photo = ImageOps.exif_transpose(Image.open(Path(manifest).parent / row["photo"]))
        found = classify(photo.convert("RGB"), top_k=len(outputs), function_to_apply="softmax")
        p = {answer["label"]: answer["score"] for answer in found}
        writer.writerow([row["photo"], name, *(f"{p[output]:.6f}" for output in outputs)])
