#!/usr/bin/env bash
# Installs what the interop tests talk to: Debian's Chromium with a font, the
# Node packages of node/package-lock.json, and the Python packages of
# python/requirements.txt. Quick when all is there already.
set -euo pipefail
cd "$(dirname "$0")"

need_node=20
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "install.sh: node >= $need_node with npm is needed, and is not on this machine" >&2
  exit 1
fi
have_node=$(node -p 'process.versions.node.split(".")[0]')
if [ "$have_node" -lt "$need_node" ]; then
  echo "install.sh: node >= $need_node is needed; this is $(node --version)" >&2
  exit 1
fi
if ! python3 -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
  echo "install.sh: python3 >= 3.10 with venv is needed, and is not on this machine" >&2
  exit 1
fi

missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] || missing+=(fonts-dejavu-core)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "install.sh: not root, so cannot install: ${missing[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update
  apt-get -qy install --no-install-recommends "${missing[@]}"
fi

# The stamp is the lock file that node_modules was installed from.
stamp=node/node_modules/.installed-from
if ! cmp -s node/package-lock.json "$stamp"; then
  npm --prefix node ci --ignore-scripts --no-audit --no-fund
  cp node/package-lock.json "$stamp"
fi

stamp=python/venv/.installed-from
if ! cmp -s python/requirements.txt "$stamp"; then
  rm -rf python/venv
  python3 -m venv python/venv
  # each file by its hash, and nothing that would have to be built
  python/venv/bin/pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --require-hashes --requirement python/requirements.txt
  cp python/requirements.txt "$stamp"
fi

echo "interop peers: node $(node --version), $(python3 --version), $(/usr/bin/chromium --version 2>/dev/null | head -n 1)"
