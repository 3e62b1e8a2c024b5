from pathlib import Path

import pytest

from reddots.spots.detector import SpotDetector


@pytest.fixture(scope="session")
def tiny_detector(tiny_detector_path: Path) -> SpotDetector:
    return SpotDetector.load(tiny_detector_path)
