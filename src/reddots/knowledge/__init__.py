"""Knowledge base: the TOML files under ``data/``, read and checked."""

from reddots.knowledge.loader import Knowledge, load, read_knowledge
from reddots.knowledge.urgency import Urgency

__all__ = ["Knowledge", "Urgency", "load", "read_knowledge"]
