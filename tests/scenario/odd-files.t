#!/bin/sh
# What is no regular file, in the place of each file of a store: a pipe would
# be waited for, a device read for ever. Told at once, and by a number.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
does "verified once" bukti verify kota.git
does "the index is there" bukti log
unset BUKTI_STORE

asked=0
look() { # status: of every reader of x.git
	for reader in "verify x.git --cold" "verify x.git" "-C x.git status" \
		"-C x.git log" "-C x.git unit add lain --name Lain"; do
		# shellcheck disable=SC2086
		run timeout -k 1 20 bukti $reader
		asked=$((asked + 1))
		[ "$rc" -eq "$1" ] || odd="$odd $reader=$rc"
	done
}

packs=0
for f in $(ls kota.git/objects/pack/*.idx | head -n 1) \
	$(ls kota.git/objects/pack/*.pack | head -n 1); do
	packs=$((packs + 1))
	for how in mkfifo mkdir "ln -s /dev/zero" "ln -s $work/pipe"; do
		rm -rf x.git "$work/pipe"
		mkfifo "$work/pipe"
		cp -a kota.git x.git
		rm -f "x.git/${f#*/}"
		$how "x.git/${f#*/}"
		odd=
		look 4
		is "$odd" "" "${f##*.}: $how"
	done
done
[ "$packs" -eq 2 ]
result $? "$packs files of packs"
ends 4 "in words" bukti verify x.git --cold
says TAMPERED "is no regular file"

# an object of its own, and what else is read
cp -a kota.git loose.git
mkdir packs
mv loose.git/objects/pack/* packs
for k in packs/*.pack; do
	git --git-dir=loose.git unpack-objects -q <"$k"
done
id=$(git --git-dir=loose.git rev-parse main:log/checkpoint)
loose=objects/$(echo "$id" | cut -c1-2)/$(echo "$id" | cut -c3-)
[ -f "loose.git/$loose" ]
result $? "an object of its own"
for f in "$loose" packed-refs refs/heads/main HEAD config bukti/verified \
	bukti/index.sqlite bukti/lock bukti/key objects/info/packs; do
	rm -rf x.git
	cp -a loose.git x.git
	rm -f "x.git/$f"
	mkfifo "x.git/$f"
	slow=
	for reader in "verify x.git --cold" "verify x.git" "-C x.git status" \
		"-C x.git log" "-C x.git unit add lain --name Lain"; do
		# shellcheck disable=SC2086
		run timeout -k 1 20 bukti $reader
		asked=$((asked + 1))
		[ "$rc" -le 7 ] || slow="$slow $reader=$rc"
	done
	is "$slow" "" "a pipe for $f"
done
[ "$asked" -ge 90 ]
result $? "asked $asked times"

healthy kota.git
finish
