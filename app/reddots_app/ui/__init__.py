"""User interface: the page's blocks, views, templates and event handlers."""
