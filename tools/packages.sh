#!/usr/bin/env bash
# Installs from Debian what a step needs and nothing else: `tools/packages.sh build`, `run` or `test`.
# Asks apt only when a package is missing, so that a warm start costs one dpkg query.
set -euo pipefail

build=(clang-16 lld-16 llvm-16 cmake ninja-build ccache pkg-config
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libpq-dev libsodium-dev libssl-dev
    libcurl4-openssl-dev liboath-dev libicu-dev libhowardhinnant-date-dev libtomlplusplus-dev libcli11-dev
    prometheus-cpp-dev nodejs npm)
run=(postgresql-15 pgbackrest tzdata ca-certificates)
test=(libgtest-dev libgmock-dev librapidcheck-dev libical-dev libbenchmark-dev libclang-rt-16-dev clang-format-16
    clang-tidy-16 chromium curl python3 procps iproute2 e2fsprogs patch)

wanted=()
for step in "$@"; do
    case $step in
        build) wanted+=("${build[@]}") ;;
        run) wanted+=("${run[@]}") ;;
        test) wanted+=("${test[@]}") ;;
        *) echo "tools/packages.sh: unknown step '$step' (build, run, test)" >&2; exit 2 ;;
    esac
done
# A Node of one's own (nvm, an image's) serves as well as Debian's, which is only the way to fetch a newer one.
if command -v node >/dev/null && command -v npm >/dev/null; then
    wanted=("${wanted[@]/#nodejs/}"); wanted=("${wanted[@]/#npm/}")
fi

missing=()
for package in "${wanted[@]}"; do
    [ -n "$package" ] || continue
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Missing packages: ${missing[*]}. Install them as root, or install sudo." >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing ${#missing[@]} packages from Debian: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# Installing postgresql-15 must not start a cluster of the machine's own: the program keeps its own.
conf=/etc/postgresql-common/createcluster.conf
[ -e "$conf" ] || { "${as_root[@]}" mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" | "${as_root[@]}" tee "$conf" >/dev/null; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }; }
quietly apt-get update
quietly apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold "${missing[@]}"
