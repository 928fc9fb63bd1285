#!/usr/bin/env bash
# tools/fresh-root.sh FOLDER COMMAND…: makes a bare Debian 12 in FOLDER (kept and used again), clones this checkout's HEAD
# into it and runs COMMAND there, as a newcomer would. Needs root and debootstrap. Proxies and certificates of this machine
# are passed on, nothing else of it.
set -euo pipefail
root=${1:?usage: tools/fresh-root.sh FOLDER COMMAND…}; shift
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "manent: a fresh root needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y -q debootstrap >/dev/null
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase --include=git,ca-certificates bookworm "$root" >/dev/null
[ -d /etc/apt ] && cp -r --remove-destination /etc/apt/. "$root/etc/apt/"
cp --remove-destination /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp --remove-destination /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/machine-ca.crt"
rm -rf "$root/srv/manent"
git -c safe.directory='*' clone -q . "$root/srv/manent"
mounted=()
leave() { for ((i = ${#mounted[@]} - 1; i >= 0; i--)); do umount -l "${mounted[i]}"; done; }
trap leave EXIT
attach() { mountpoint -q "$root/$1" || { mount "${@:2}" "$root/$1"; mounted+=("$root/$1"); }; }
attach proc -t proc proc
attach sys -t sysfs sysfs
attach dev --bind /dev
mkdir -p "$root/dev/shm" && attach dev/shm -t tmpfs tmpfs
ca=/etc/ssl/machine-ca.crt
mapfile -t proxies < <(env | grep -iE '^(https?|no)_proxy=' || true)
chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
    NODE_EXTRA_CA_CERTS=$ca npm_config_cafile=$ca SSL_CERT_FILE=$ca CURL_CA_BUNDLE=$ca GIT_SSL_CAINFO=$ca "${proxies[@]}" \
    bash -c 'cd /srv/manent && exec "$@"' fresh "$@"
