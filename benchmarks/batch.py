"""What a batch of photos costs: ``python benchmarks/batch.py ways|kinds|memory|rows [PHOTOS]``.

Makes its own photos. Ways are measured in turn, several rounds, and the best round of each counts:
the machine may have other work. Needs the extra ``train`` for what a user would write instead.
Hugging Face's pipeline is measured where ``transformers`` is installed. Each measure is a part of
``benchmarks/results/batch.json``. Where other programs run, compare processor time, not wall time.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import reddots
from reddots.batch.inputs import PhotoInput

RESULTS = Path(__file__).parent / "results" / "batch.json"
SIZES = {"0.3": (640, 480), "2": (1632, 1224), "12": (4000, 3000), "48": (8000, 6000)}  # megapixels
FORMATS = {"jpg": {"quality": 88}, "png": {"compress_level": 1}, "heic": {}, "webp": {}}
ROUNDS = 3
BATCH = 32
SHARDS = 4
WARM = 16  # photos before the clock starts: processes start, the network is opened
_TICK = os.sysconf("SC_CLK_TCK")


def photo(folder: Path, size: tuple[int, int], ending: str) -> Path:
    """Make one photo: smooth shapes and a sensor's noise, so that it compresses like one."""
    draw = np.random.default_rng(0)
    coarse = draw.integers(90, 230, (size[1] // 40, size[0] // 40, 3), dtype=np.uint8)
    smooth = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))
    noisy = smooth + draw.normal(0, 4, (size[1], size[0], 1)).astype(np.float32)
    path = folder / f"{size[0]}.{ending}"
    if ending == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(path, **FORMATS[ending])
    return path


def tree() -> Iterator[tuple[int, list[str]]]:
    """Yield the ids and ``/proc/<id>/stat`` fields of this process and those below it."""
    fields = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            fields[int(folder.name)] = text.rpartition(")")[2].split()
    waiting = [os.getpid()]
    while waiting:
        process = waiting.pop()
        yield process, fields[process]
        waiting += [p for p, values in fields.items() if int(values[1]) == process]


def processor_seconds() -> float:
    """Return what this process and those below it have used, ended ones too."""
    return sum(sum(map(int, values[11:15])) for _, values in tree()) / _TICK


def measure(start: Callable[[], Iterator[object]], photos: int) -> tuple[float, float]:
    """Return wall and processor milliseconds a photo, once all processes are warm."""
    found = start()
    for _ in range(WARM):
        next(found)
    wall, processor = time.perf_counter(), processor_seconds()
    for _ in range(photos):
        next(found)
    spent = time.perf_counter() - wall, processor_seconds() - processor
    found.close()  # type: ignore[attr-defined]
    return spent[0] / photos * 1000, spent[1] / photos * 1000


def best(
    ways: dict[str, Callable[[], Iterator[object]]], photos: dict[str, int], rounds: int = ROUNDS
) -> dict[str, dict[str, float]]:
    """Measure all ways in turn, several times; the best wall and processor time of each."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, start in ways.items():
            found[name].append(measure(start, photos[name]))
    return {
        name: {
            "wall_ms": round(min(wall for wall, _ in times), 2),
            "processor_ms": round(min(processor for _, processor in times), 2),
        }
        for name, times in found.items()
    }


def endless(path: Path) -> Iterator[PhotoInput]:
    """Yield the same photo for ever."""
    while True:
        yield PhotoInput(path.name, path)


def ours(path: Path, workers: int) -> Callable[[], Iterator[object]]:
    """Classify as the command does."""
    return lambda: reddots.classify(endless(path), workers=workers)


_floor: Any = None


def open_floor() -> None:
    """Make ready, in a process of its own, what the floor needs."""
    global _floor  # noqa: PLW0603 - one a process
    from reddots.classifier.model import Classifier
    from reddots.photo.sandbox.decoder import decode, prepare

    prepare()
    classifier = Classifier.load()
    side = classifier.side_car.input.resize
    image = np.zeros((1, 3, side, side), np.float32)

    def both(path: Path) -> None:
        decode(path.read_bytes(), side)
        classifier._session.run(["logits"], {"image": image})

    _floor = both


def floor_of(path: Path) -> None:
    """Decode at the network's scale and run the network: nothing else."""
    _floor(path)


def floor(path: Path, workers: int) -> Callable[[], Iterator[object]]:
    """Do what no way around can spare, unprotected, in as many processes."""

    def start() -> Iterator[object]:
        with ProcessPoolExecutor(workers, get_context("spawn"), open_floor) as pool:
            waiting = [pool.submit(floor_of, path) for _ in range(8 * workers)]
            while True:
                waiting.append(pool.submit(floor_of, path))
                yield waiting.pop(0).result()

    return start


class Opened:
    """A data set of one photo, decoded in full, as a user's script would."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __len__(self) -> int:
        return 1 << 30

    def __getitem__(self, _: int) -> Any:
        import torch

        image = Image.open(self.path).convert("RGB").resize((256, 256), Image.Resampling.BICUBIC)
        return torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1).float() / 127.5 - 1


def torch_way(path: Path, loaders: int) -> Callable[[], Iterator[object]]:
    """Do what a user would write: Pillow, then the same net in eager torch, 32 at a time."""

    def start() -> Iterator[object]:
        import timm
        import torch
        from torch.utils.data import DataLoader, SequentialSampler

        photos = Opened(path)
        net = timm.create_model("tf_efficientnet_lite0", num_classes=7).eval()
        loader = DataLoader(photos, BATCH, sampler=SequentialSampler(photos), num_workers=loaders)
        with torch.inference_mode():
            for batch in loader:
                yield from net(batch).softmax(1)

    return start


def hugging_face(path: Path) -> Callable[[], Iterator[object]]:
    """Hand the same net to Hugging Face's pipeline, 32 at a time; nothing is fetched."""

    def start() -> Iterator[object]:
        import transformers as hf

        half = (0.5, 0.5, 0.5)
        photo_like = {"input_size": (3, 256, 256), "mean": half, "std": half, "crop_pct": 1.0}
        net = hf.TimmWrapperForImageClassification(
            hf.TimmWrapperConfig(architecture="tf_efficientnet_lite0", num_labels=7)
        ).eval()
        classify = hf.pipeline(
            "image-classification",
            model=net,
            image_processor=hf.TimmWrapperImageProcessor(pretrained_cfg=photo_like),
        )
        yield from classify((str(path) for _ in iter(int, 1)), batch_size=BATCH)

    return start


def ways(photos: int) -> dict[str, Any]:
    """Measure a 12-megapixel JPEG in every way."""
    with tempfile.TemporaryDirectory() as name:
        phone = photo(Path(name), SIZES["12"], "jpg")
        starts = {
            "reddots_2_workers": ours(phone, 2),
            "floor_2_processes": floor(phone, 2),
            "reddots_1_worker": ours(phone, 1),
            "floor_1_process": floor(phone, 1),
            "pillow_and_eager_torch": torch_way(phone, 0),
            "torch_data_loader_2_workers": torch_way(phone, 2),
        }
        # A batch of 32 is done before its first photo is out: whole batches are counted.
        count = dict.fromkeys(starts, photos) | {
            "pillow_and_eager_torch": BATCH,
            "torch_data_loader_2_workers": 2 * BATCH,
        }
        if find_spec("transformers"):
            starts["hugging_face_pipeline"] = hugging_face(phone)
            count["hugging_face_pipeline"] = BATCH
        else:
            sys.stderr.write("HUGGING FACE IS NOT MEASURED: transformers is not installed\n")
        found = best(starts, count)
    return {"milliseconds_a_photo": found, "times_ours": ratios(found)}


def kinds(photos: int) -> dict[str, Any]:
    """Measure each size and format, and its floor."""
    given = {
        **{f"{megapixels} megapixels": (size, "jpg") for megapixels, size in SIZES.items()},
        **{f"12 megapixels, {ending}": (SIZES["12"], ending) for ending in FORMATS},
    }
    costs = {}
    with tempfile.TemporaryDirectory() as name:
        for kind, (size, ending) in given.items():
            path = photo(Path(name), size, ending)
            few = max(WARM, min(photos, photos * 12_000_000 // (size[0] * size[1])))
            pair = {"reddots": ours(path, 2), "floor": floor(path, 2)}
            found = best(pair, dict.fromkeys(pair, few if ending == "jpg" else WARM), 2)
            costs[kind] = {
                "megabytes": round(path.stat().st_size / 1e6, 2),
                **{f"{way}_{unit}": v for way, f in found.items() for unit, v in f.items()},
            }
    return costs


def ratios(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return what each way takes, in times of what the command takes with two workers."""
    own = found["reddots_2_workers"]
    return {
        name: {unit.removesuffix("_ms"): round(value / own[unit], 2) for unit, value in way.items()}
        for name, way in found.items()
    }


def memory(photos: int) -> dict[str, Any]:
    """Run the command over a tenth of the photos, then all; peak resident megabytes by process."""
    found: dict[str, Any] = {}
    for count in (photos // 10, photos):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "photos"
            folder.mkdir()
            draw = np.random.default_rng(0)
            for number in range(count):
                pixels = draw.integers(90, 230, (64, 64, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / f"{number:06}.jpg")
            found[f"{count} photos"] = peaks(folder, count)
    return found


def peaks(folder: Path, count: int) -> dict[str, Any]:
    """Classify a folder in a process of its own, and read each process's peak near the end."""
    program = (
        "import sys; from pathlib import Path; "
        f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import batch; "
        f"batch.classify_and_tell(Path({str(folder)!r}), {count})"
    )
    import subprocess

    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=True, capture_output=True)  # our own
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def classify_and_tell(folder: Path, count: int) -> None:
    """Run a batch as the command does; print the peak of each process at the last photo."""
    from reddots.batch.inputs import expand
    from reddots.batch.run import run_batch

    done, warm = 0, 0.0
    told: dict[str, list[float]] = {}
    rows: dict[str, float] = {}
    output = folder.parent / "table.parquet"

    def on_row(_: object) -> None:
        nonlocal done, warm
        done += 1
        if done == count // 10:
            warm = time.process_time()
        if done == count:
            spent = (time.process_time() - warm) / (count - count // 10)
            rows["processor_ms_of_the_run"] = round(spent * 1000, 3)
            journal = output.with_name(output.name + ".journal")
            rows["journal_bytes"] = round(journal.stat().st_size / count)
            for process, _ in tree():
                folder = Path("/proc") / str(process)
                line = (folder / "cmdline").read_text(encoding="utf-8")
                kind = "decoder" if "photo.cell" in line else "worker"
                kind = "run" if process == os.getpid() else kind
                status = (folder / "status").read_text(encoding="utf-8").splitlines()
                peak = next(int(row.split()[1]) for row in status if row.startswith("VmHWM"))
                told.setdefault(kind, []).append(round(peak / 1000, 1))

    start = time.perf_counter()
    run_batch(expand([str(folder)]), output, workers=2, on_row=on_row)
    told["run_with_the_table"] = [round(peak_of_self() / 1000, 1)]
    figures = {
        "peak_megabytes": told,
        "a_row": rows,
        "seconds": round(time.perf_counter() - start, 1),
    }
    sys.stdout.write(json.dumps(figures))


def rows(count: int) -> dict[str, Any]:
    """Measure what has nothing to do with photos: to list a folder, and to merge four shards."""
    import tracemalloc

    from reddots.batch.merge import merge_parts
    from reddots.batch.walk import files_below

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "photos"
        folder.mkdir()
        for number in range(count):
            (folder / f"{number:06}.jpg").touch()
        start = time.process_time()
        listed = sum(1 for _ in files_below(str(folder)))
        listing = time.process_time() - start
        tracemalloc.start()
        sum(1 for _ in files_below(str(folder)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        parts = [shard_of(count, number, Path(name)) for number in range(1, SHARDS + 1)]
        start = time.process_time()
        merged = merge_parts(parts, Path(name) / "all.parquet")
        merging = time.process_time() - start
    if listed != count or merged != count:
        raise RuntimeError("not all were listed and merged")
    return {
        "rows": count,
        "listing_names_a_second": round(count / listing),
        "listing_peak_bytes_a_name": round(peak / count),
        "merging_rows_a_second": round(count / merging),
    }


def shard_of(count: int, number: int, folder: Path) -> Path:
    """Write the table of one of the shards of ``count`` photos, as a run would; return it."""
    from reddots.batch.journal import Origin
    from reddots.batch.prediction import Prediction, columns
    from reddots.batch.shard import Roll, Shard, write_part
    from reddots.batch.table_writer import write_table
    from reddots.photo.result import PhotoResult

    outputs = ("a", "b", "c", "d", "e", "f", "g")
    shares = {output: 1 / len(outputs) for output in outputs}
    inputs = (PhotoInput(f"photos/{i:06}.jpg", Path()) for i in range(count))
    roll = Roll(inputs, Shard(number, SHARDS), None)
    result = PhotoResult("ok", categories=shares, prediction_set=outputs[:2])
    mine = [Prediction(photo.name, result, "0" * 64, model="reddots") for photo in roll]
    path = folder / f"{number}.parquet"
    write_table((p.row(outputs) for p in mine), columns(outputs), path)
    write_part(path, Shard(number, SHARDS), roll, len(mine), Origin("reddots", ""))
    return path


def peak_of_self() -> int:
    """Return this process's peak resident memory in kilobytes."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure and write."""
    what, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    measures = {
        "ways": (ways, 100),
        "kinds": (kinds, 100),
        "memory": (memory, 20_000),
        "rows": (rows, 100_000),
    }
    measure_it, usual = measures[what]
    figures = measure_it(number or usual)
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    text = json.dumps(known | {what: figures}, indent=1) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
