"""Write a torchvision model's predictions as a table.

python examples/torchvision_model.py manifest.csv table.csv MODEL OUTPUT,OUTPUT,... [weights.pt]
"""

import csv
import sys
from pathlib import Path

import torch
from PIL import Image, ImageOps
from torchvision.models import get_model, get_model_weights

manifest, table, name, names, *weights = sys.argv[1:]
outputs = names.split(",")
model = get_model(name, num_classes=len(outputs)).eval()
if weights:
    model.load_state_dict(torch.load(weights[0], weights_only=True))
transform = get_model_weights(name).DEFAULT.transforms()  # only how photos are prepared
with Path(manifest).open() as listed, Path(table).open("w", newline="") as written:
    writer = csv.writer(written)
    writer.writerow(["photo", "model", *(f"p_{output}" for output in outputs)])
    for row in csv.DictReader(listed):
        photo = ImageOps.exif_transpose(Image.open(Path(manifest).parent / row["photo"]))
        with torch.inference_mode():
            p = model(transform(photo.convert("RGB"))[None]).softmax(dim=1)[0]
        writer.writerow([row["photo"], name, *(f"{v:.6f}" for v in p.tolist())])
