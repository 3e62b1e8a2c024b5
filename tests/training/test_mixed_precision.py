"""Mixed precision: half where the device has it, float32 where it would be imitated."""

import pytest

torch = pytest.importorskip("torch", reason="the train extra")

from reddots.training import mixed_precision  # noqa: E402
from reddots.training.mixed_precision import autocast, half_precision  # noqa: E402


class Mkldnn:
    """Stands for a processor with bfloat16 of its own, or without."""

    def __init__(self, has_it: bool) -> None:
        self._is_mkldnn_bf16_supported = lambda: has_it


# device, whether it has bfloat16, number type, why
DEVICES = [
    ("cpu", True, torch.bfloat16, "a processor that has it"),
    ("cpu", False, torch.float32, "one that would imitate it, ten times as slow"),
    ("cuda", True, torch.bfloat16, "a newer GPU"),
    ("cuda", False, torch.float16, "an older GPU"),
]


@pytest.mark.parametrize(("device", "has_it", "dtype", "why"), DEVICES)
def test_half_where_the_device_has_it(
    monkeypatch: pytest.MonkeyPatch, device: str, has_it: bool, dtype: torch.dtype, why: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: has_it)
    monkeypatch.setattr(torch.ops, "mkldnn", Mkldnn(has_it))
    assert half_precision(device) is dtype, why


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("enabled", [True, False])
def test_autocast_rounds_only_where_that_is_wanted_and_quick(
    monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype, enabled: bool
) -> None:
    monkeypatch.setattr(mixed_precision, "half_precision", lambda _: dtype)
    with autocast("cpu", enabled=enabled):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype is (dtype if enabled else torch.float32)
