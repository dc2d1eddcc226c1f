#!/bin/sh
# A disk with no room left: who only reads goes on, with a warning at most; who
# writes is told that it could not be done, and nothing is half there.
if [ -z "${FULL_DISK_INSIDE:-}" ]; then
	FULL_DISK_INSIDE=1
	export FULL_DISK_INSIDE
	for how in "unshare -m" "unshare -rm"; do
		$how sh -c 'mount -t tmpfs -o size=64k none /mnt' 2>/dev/null &&
			exec $how sh "$0"
	done
	echo "1..0 # SKIP no file system can be mounted here"
	exit 0
fi
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample/inspektorat
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
unset BUKTI_STORE

mkdir disk
mount -t tmpfs -o size=8m none disk || exit 99
cp -a kota.git disk/
cp -a disk/kota.git/bukti/index.sqlite old.sqlite
does "an entry more" bukti -C disk/kota.git unit add bappeda --name Bappeda
head=$(head_of disk/kota.git)

fill() {
	dd if=/dev/zero of=disk/fill bs=64k oflag=append conv=notrunc 2>/dev/null
	dd if=/dev/zero of=disk/fill2 bs=512 2>/dev/null
	is "$(df --output=avail disk | tail -n 1 | tr -d ' ')" 0 \
		"the disk is full"
}

reads() { # what
	for verb in "status" "log" "show units/bappeda.json" "unit list" \
		"proposal list"; do
		# shellcheck disable=SC2086 # words
		does "$1: $verb" bukti -C disk/kota.git $verb
		[ "$(grep -c warning "$err")" -le 1 ]
		result $? "$1: $verb warns once at most"
	done
	run bukti -C disk/kota.git check
	is "$rc" 1 "$1: check"
	does "$1: verify" bukti verify disk/kota.git
	does "$1: the newest is shown" bukti -C disk/kota.git log
	says bappeda
}

rm -f disk/kota.git/bukti/index.sqlite*
fill
reads "without an index"

rm -f disk/fill disk/fill2 disk/kota.git/bukti/index.sqlite*
cp old.sqlite disk/kota.git/bukti/index.sqlite
fill
reads "with an index that is behind"

# room to open the index, and not to write to it
rm -f disk/fill2
truncate -s -36K disk/fill
reads "with room for the side files alone"
run bukti -C disk/kota.git log
warns "index is not kept" "df -h"
fill

ends 6 "nothing can be written" bukti -C disk/kota.git add \
	"$sample/Laporan Audit Aplikasi SPBE 2026.pdf" --as opd -i 30 \
	--levels 2 --type laporan_audit --title "Laporan" --date 2026-05-04
is "$(head_of disk/kota.git)" "$head" "nothing was written"
does "and nothing is half there" bukti verify disk/kota.git --cold
rm -f disk/fill disk/fill2
does "with room again" bukti -C disk/kota.git add \
	"$sample/Laporan Audit Aplikasi SPBE 2026.pdf" --as opd -i 30 \
	--levels 2 --type laporan_audit --title "Laporan" --date 2026-05-04
does "the index is kept again" bukti -C disk/kota.git status
is "$(grep -c warning "$err")" 0 "without a warning"
healthy disk/kota.git
umount disk
healthy kota.git
finish
