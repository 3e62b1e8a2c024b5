"""What the page shows of a photo's parts that mattered; the library works it out."""

from reddots.classifier.saliency import attention, overlay

__all__ = ["attention", "overlay"]
