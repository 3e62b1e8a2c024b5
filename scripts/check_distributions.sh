#!/usr/bin/env bash
# Builds wheel and source distribution, installs each in an environment of its own, and serves the
# page from a folder that has nothing to do with the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
.venv/bin/python -m build --outdir "$place/dist" . >"$place/build.log" 2>&1 || { tail -20 "$place/build.log"; exit 1; }
for file in "$place"/dist/*.whl "$place"/dist/*.tar.gz; do
  echo "   $(basename "$file")"
  rm -rf "$place/venv"
  python3 -m venv "$place/venv"
  "$place/venv/bin/pip" install --quiet "$file"
  # Whole into a file first: `head` would close the pipe while the command still writes.
  (cd / && "$place/venv/bin/reddots" assess --set fever=yes --set blanches=no >"$place/advice.txt")
  head -1 "$place/advice.txt"
  # An answer over HTTP proves that page, data and checkpoint are in the distribution.
  (cd / && exec "$place/venv/bin/reddots" serve --port 17860 >"$place/serve.log" 2>&1) &
  server=$!
  for _ in $(seq 120); do
    if "$place/venv/bin/python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:17860/health', timeout=2)" 2>/dev/null; then
      healthy=yes
      break
    fi
    sleep 0.5
  done
  kill "$server"
  wait "$server" 2>/dev/null || true
  [ "${healthy:-}" = yes ] || { echo "the page does not answer"; cat "$place/serve.log"; exit 1; }
  unset healthy
done
