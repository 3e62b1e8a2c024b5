"""Translations: which are stale, and a new record of those that were looked at.

``python scripts/translations.py es`` lists the Spanish texts whose English text has changed since,
and records those that were translated anew. ``python scripts/translations.py es KEY ...`` also
records the texts KEY, whose translation still fits the changed English. Exit 1 while any is stale.
"""

import sys

from reddots.knowledge.stale_translations import (
    read_record,
    record_now,
    refreshed,
    stale,
    write_record,
)


def main() -> int:
    """Refresh the record of one language and list what is stale."""
    language, *confirmed = sys.argv[1:]
    now = record_now(language)
    record = refreshed(now, read_record(language), confirmed)
    write_record(language, record)
    left = stale(now, record)
    sys.stdout.writelines(f"{key}\n" for key in left)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
