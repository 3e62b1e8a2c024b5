"""Write a timm model's predictions as a table.

python examples/timm_model.py manifest.csv table.csv MODEL OUTPUT,OUTPUT,... [weights.safetensors]
"""

import csv
import sys
from pathlib import Path

import timm
import torch
from PIL import Image, ImageOps

manifest, table, name, names, *weights = sys.argv[1:]
outputs = names.split(",")
model = timm.create_model(name, num_classes=len(outputs), checkpoint_path="".join(weights)).eval()
transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model))
with Path(manifest).open() as listed, Path(table).open("w", newline="") as written:
    writer = csv.writer(written)
    writer.writerow(["photo", "model", *(f"p_{output}" for output in outputs)])
    for row in csv.DictReader(listed):
        photo = ImageOps.exif_transpose(Image.open(Path(manifest).parent / row["photo"]))
        with torch.inference_mode():
            p = model(transform(photo.convert("RGB"))[None]).softmax(dim=1)[0]
        writer.writerow([row["photo"], name, *(f"{v:.6f}" for v in p.tolist())])
