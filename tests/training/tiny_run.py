"""What a training run needs, small enough for a test: photos, manifest, weights and recipe."""

from pathlib import Path

import numpy as np
from PIL import Image

from reddots.datasets.manifest import Row, write_manifest

LABELS = ("cherry_angioma", "normal_skin", "not_skin")
PER_SPLIT = {"train": 12, "validation": 4, "calibration": 4, "test": 4}
BACKBONE = "test_efficientnet"  # 0.1 million parameters
SIDE = 48  # pixels


def picture(label: str, seed: int) -> Image.Image:
    """Skin with a red dot, plain skin, or something blue; no two alike."""
    rng = np.random.default_rng(seed)
    base = (60, 90, 200) if label == "not_skin" else (214, 168, 144)
    pixels = np.array(base) + rng.normal(0, 8, (SIDE, SIDE, 3))
    if label == "cherry_angioma":
        y, x = np.mgrid[:SIDE, :SIDE]
        top, left = rng.integers(16, 32, 2)
        pixels[(y - top) ** 2 + (x - left) ** 2 < 100] = (190, 25, 40)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def write_photos(folder: Path) -> Path:
    """Write the photos and their manifest; return the manifest's path."""
    rows = []
    for split, count in PER_SPLIT.items():
        for label in LABELS:
            for number in range(count):
                name = f"{label}-{split}-{number}.png"
                picture(label, len(rows)).save(folder / name)
                dataset = "caltech101" if label == "not_skin" else "pad_ufes_20"
                rows.append(
                    Row(name, label, dataset=dataset, group=name, split=split, fitzpatrick=2)
                )
    path = folder / "manifest.csv"
    write_manifest(rows, path)
    return path


def write_weights(folder: Path) -> Path:
    """Write random weights as a pre-trained file would have them."""
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    path = folder / "weights.safetensors"
    save_file(timm.create_model(BACKBONE).state_dict(), path)
    return path


def recipe_text(weights: str, epochs: int = 2) -> str:
    """A recipe that trains everything it can in seconds."""
    return f"""
[network]
backbone = "{BACKBONE}"
weights = "{weights}"
frozen_stages = 1
drop_rate = 0.1
train_size = 32
size = 32
resize = 36

[data]
seed = 0
least_photos = 5
short_side = 48

[data.shares]
cherry_angioma = 0.4
normal_skin = 0.3
not_skin = 0.3

[optimiser]
epochs = {epochs}
samples_per_epoch = 64
batch_size = 16
learning_rate = 2e-3
head_learning_rate = 1e-2
weight_decay = 0.01
warmup_ratio = 0.3
ema_decay = 0.5
label_smoothing = 0.05

[augmentation]
scale = [0.6, 1.0]
brightness = 0.1
contrast = 0.1
saturation = 0.1
hue = 0.02
blur = 0.2
low_resolution = 0.2
jpeg = 0.2
"""
