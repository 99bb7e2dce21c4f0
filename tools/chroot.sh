# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Chroots of a Debian release, for the checks that need one.  Sourced by them; root only.

# Where this machine has its Debian from, as apt is configured.
debian_mirror() {
    apt-get indextargets --format '$(CODENAME) $(SITE)' 'Created-By: Packages' 'Origin: Debian' |
        awk '$1 !~ /-/ { print $2; exit }'
}

# make_chroot RELEASE FOLDER [PACKAGE...]: a minimal system, and these.  Its apt uses the same mirror.
make_chroot() {
    release=$1 folder=$2
    shift 2
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || { echo "no Debian mirror in the configuration of apt" >&2; return 1; }
    mmdebstrap --quiet --variant=minbase ${1:+--include="$(echo "$@" | tr ' ' ,)"} "$release" "$folder" \
        "deb $mirror $release main"
}

# in_chroot FOLDER COMMAND...: with /proc, /sys and /dev, in mounts and processes that end with it.
in_chroot() {
    unshare --mount --pid --fork --kill-child sh -c '
        set -e
        root=$1; shift
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount -t sysfs sysfs "$root/sys"
        mount --rbind /dev "$root/dev"
        exec chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive ${DEB_BUILD_OPTIONS:+"DEB_BUILD_OPTIONS=$DEB_BUILD_OPTIONS"} "$@"' \
        in_chroot "$@"
}

need_root() {
    [ "$(id -u)" -eq 0 ] || { echo "$(basename "$0"): chroots need root; run it with sudo" >&2; exit 1; }
}
