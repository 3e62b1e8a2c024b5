"""``python -m reddots`` is the command line."""

from reddots.cli import main

main()
