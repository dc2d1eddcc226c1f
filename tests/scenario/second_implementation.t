#!/bin/sh
# The pages of section 5 suffice: a reader written from them alone takes what
# bukti makes, comes to the same numbers, and sees a byte that was changed.
. "$(dirname "$0")/lib.sh"

second() {
	python3 -B "$BUKTI_SOURCE/tests/scenario/second.py" "$@"
}
golden=$BUKTI_SOURCE/tests/golden/record

# ---- records

run python3 -B "$BUKTI_SOURCE/tests/scenario/second.py" records \
	"$golden"/*.json "$golden"/bad/*.json
is "$(cat "$out")" "$(ls "$golden"/*.json)" \
	"of the vectors the good ones are records, and none of the bad"

# ---- a store

small_package
does "a clone" git -c protocol.file.allow=always clone -q \
	--config filter.lfs.smudge= --config filter.lfs.required=false \
	"file://$PWD/kota.git" clone
run bukti checkpoint
size=$(sed -n 2p "$out")
root=$(sed -n 3p "$out")
does "a pin" bukti verify kota.git --pin kota.pin
key=$(sed -n 's/^key //p' kota.pin)
does "the store by the pages alone" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" store clone "$key"
is "$(cat "$out")" "store spbe.kota-contoh.go.id size $size root $root" \
	"the size and root that bukti gives"
other=$(sed -n 1p "$BUKTI_SOURCE/tests/golden/log/note.key")
ends 1 "with another key" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" store clone "$other"

# the last commit made again with one character of a record changed
spoil() { # sed script for the message, path, sed script for the file
	rm -rf forged
	git -c protocol.file.allow=always clone -q -n "file://$PWD/kota.git" \
		forged
	git -C forged read-tree HEAD
	git -C forged cat-file blob "HEAD:$2" | sed "$3" >file
	git -C forged update-index --cacheinfo "100644,$(git -C forged \
		hash-object -w --stdin <file),$2"
	git -C forged cat-file commit HEAD |
		sed "s/^tree .*/tree $(git -C forged write-tree)/; $1" >commit
	git -C forged update-ref HEAD "$(git -C forged hash-object -t commit \
		-w --stdin <commit)"
}
at=$(git -C clone log -1 --format=%B | sed -n 's/^Entry: [0-9]* \([^ ]*\) .*/\1/p')
spoil "" log/checkpoint "s/^$size\$/1$size/"
ends 1 "a checkpoint with another size" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" store forged "$key"
spoil "" "$at" 's/"number": 1/"number": 2/'
ends 1 "a record with another byte" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" store forged "$key"
spoil "s/^Log: $size/Log: 1$size/" "$at" ''
ends 1 "a commit message with another byte" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" store forged "$key"

# ---- a package

does "unzip" unzip -q "$package"
run bukti inspect "$package" --json
is "$(json .verdict)" INTACT "bukti finds it intact"
want="package spbe.kota-contoh.go.id size $(sed -n 2p \
	bukti-2026-2/data/meta/checkpoint) records $(json .checked.records)\
 documents $(json .checked.documents)"
does "the package by the pages alone" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" package bukti-2026-2
is "$(cat "$out")" "$want" "as many records and documents as bukti counts"
taken=
find bukti-2026-2 -type f ! -name '*.p7s' | LC_ALL=C sort |
	awk 'NR % 14 == 1' >some
find bukti-2026-2/data/meta/records -name '*.p7s' | LC_ALL=C sort |
	head -n 2 >>some
while read -r f; do
	cp "$f" kept
	middle=$(($(stat -c %s "$f") / 2))
	was=$(od -An -tu1 -j "$middle" -N 1 "$f")
	# shellcheck disable=SC2059
	printf "$(printf '\\%03o' $((was ^ 1)))" |
		dd of="$f" bs=1 seek="$middle" conv=notrunc 2>/dev/null
	second package bukti-2026-2 >"$out" 2>"$err" && taken="$taken $f"
	cp kept "$f"
done <some
is "$taken" "" "a bit flipped in one of $(wc -l <some) files"
does "and whole again" python3 -B \
	"$BUKTI_SOURCE/tests/scenario/second.py" package bukti-2026-2

healthy kota.git
finish
