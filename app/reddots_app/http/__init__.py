"""HTTP: middleware that limits access, request bodies, responses and idle connections."""
