#!/usr/bin/env bash
# Installs what the interop tests talk to: Debian's Chromium with a font, and
# the Node packages of node/package-lock.json. Quick when all is there already.
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

echo "interop peers: node $(node --version), $(/usr/bin/chromium --version 2>/dev/null | head -n 1)"
