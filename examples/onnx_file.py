"""Write an ONNX classifier's predictions as a table: N x 3 x side x side in, logits out.

python examples/onnx_file.py manifest.csv table.csv model.onnx SIDE OUTPUT,OUTPUT,...
"""

import csv
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

manifest, table, name, side, names = sys.argv[1:]
session = onnxruntime.InferenceSession(name)
mean, spread = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])  # as it was trained
with Path(manifest).open() as listed, Path(table).open("w", newline="") as written:
    writer = csv.writer(written)
    writer.writerow(["photo", "model", *(f"p_{output}" for output in names.split(","))])
    for row in csv.DictReader(listed):
        photo = ImageOps.exif_transpose(Image.open(Path(manifest).parent / row["photo"]))
        square = np.asarray(ImageOps.fit(photo.convert("RGB"), (int(side), int(side)))) / 255
        image = ((square - mean) / spread).transpose(2, 0, 1)[None].astype(np.float32)
        logits = session.run(None, {session.get_inputs()[0].name: image})[0][0]
        p = np.exp(logits - logits.max())
        writer.writerow([row["photo"], Path(name).stem, *(f"{v:.6f}" for v in p / p.sum())])
