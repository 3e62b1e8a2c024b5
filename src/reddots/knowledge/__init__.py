"""What Red Dots knows: the TOML files under ``data/``, read and checked."""

from reddots.knowledge.base import Knowledge, load, read_knowledge
from reddots.knowledge.levels import Urgency

__all__ = ["Knowledge", "Urgency", "load", "read_knowledge"]
