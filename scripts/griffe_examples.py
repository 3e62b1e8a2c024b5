"""Griffe extension: sections called “Example:” are shown as code, as “Examples:” would be."""

from typing import Any

import griffe


class ExampleSections(griffe.Extension):
    """Renames the section, which the Google style calls “Examples”."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rename it in an object's docstring."""
        if obj.docstring:
            obj.docstring.value = obj.docstring.value.replace("\nExample:\n", "\nExamples:\n")
