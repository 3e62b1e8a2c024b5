# Commands of the checkout; `just` lists them. Set up first: just setup

python := ".venv/bin/python"

# Everything a developer needs, in .venv
setup:
    python3 -m venv .venv
    .venv/bin/pip install -e ".[train,evaluate,ray,docs,dev]"

# Lint, format, types, layers
check:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    PYTHONPATH=src:app .venv/bin/lint-imports

# The quick tests; `just test --thorough` runs all
test *arguments:
    .venv/bin/pytest {{arguments}}

# The documentation site, into site/
docs:
    NO_MKDOCS_2_WARNING=1 {{python}} -m mkdocs build --strict

# The web page, in the browser
page:
    .venv/bin/reddots serve --open

# Wheel and source distribution, into dist/; see docs/how-to/release.md
release:
    {{python}} -m build
