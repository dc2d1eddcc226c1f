#!/bin/sh
# The vectors of a store and its package: read as they were meant, the package
# made again from the store in the same bytes, and frauds told by their verdict.
. "$(dirname "$0")/lib.sh"

golden=$BUKTI_SOURCE/tests/golden/package
commits=$BUKTI_SOURCE/tests/golden/commit
bag=bukti-2026-2
tab=$(printf '\t')
does "the files are the ones that were made" sh -c \
	"cd '$golden' && sha256sum -c --strict --quiet SHA256SUMS"
key=$(cat "$golden/store.vkey")

# ---- commit objects, as git names them

while IFS=$tab read -r name id _; do
	is "$(git hash-object -t commit "$commits/good/$name")" "$id" \
		"git agrees about the commit '$name'"
done <"$commits/FIELDS"

# ---- the store

does "unzip" unzip -q "$golden/package.zip" -d whole
does "a bare repository" git init -q --bare kota.git
does "the bundle" git -C kota.git fetch -q "$golden/store.bundle" \
	refs/heads/main:refs/heads/main
git -C kota.git symbolic-ref HEAD refs/heads/main
for f in whole/$bag/data/I*/*; do
	id=$(sha256sum "$f" | cut -c1-64)
	to=kota.git/lfs/objects/$(printf %s "$id" | cut -c1-2)/$(printf %s "$id" |
		cut -c3-4)
	mkdir -p "$to" && cp "$f" "$to/$id"
done
mkdir kota.git/bukti
git -C kota.git log --reverse --format='commit %H%n%B' main |
	awk '/^commit /{ id = $2 } /^Log: /{ print id "\t" $2 "\t" $3 }' >is
does "the commits" cmp is "$golden/COMMITS"
does "verify" bukti verify kota.git --json --pin kota.pin
is "$(json .verdict) $(json .complete)" "INTACT true" "intact and complete"
is "$(sed -n 's/^key //p' kota.pin)" "$key" "by the key that is told"
last=$(tail -n 1 "$golden/COMMITS")
is "$(sed -n 's/^commit //p' kota.pin)$tab$(sed -n 8,9p kota.pin |
	paste -sd "$tab")" "$last" "at the size and root of the last commit"

# ---- the package

does "pack, without a key" bukti pack 2026-2 -C kota.git -o again.zip
does "the same bytes" cmp again.zip "$golden/package.zip"
does "inspect" bukti inspect "$golden/package.zip" --key "$key" --json
is "$(json .verdict) $(json .complete)" "INTACT true" "intact and complete"
is "$(json '.checked.records, .checked.documents' | paste -sd ' ')" "23 3" \
	"records and documents"
does "verify.sh" sh whole/$bag/verify.sh

n=0
while IFS=$tab read -r what path manifests status verdict complete; do
	n=$((n + 1))
	rm -rf spoilt
	cp -r whole spoilt
	file=spoilt/$bag/$path
	case $what in
	drop) rm "$file" ;;
	add) echo hello >"$file" ;;
	flip)
		middle=$(($(stat -c %s "$file") / 2))
		was=$(od -An -tu1 -j "$middle" -N 1 "$file")
		# shellcheck disable=SC2059
		printf "$(printf '\\%03o' $((was ^ 1)))" |
			dd of="$file" bs=1 seek="$middle" conv=notrunc \
				2>/dev/null
		;;
	esac
	[ "$manifests" = no ] || set -- --manifests
	python3 -B "$BUKTI_SOURCE/tests/scenario/repack.py" "$@" \
		spoilt/$bag x.zip
	set --
	run bukti inspect x.zip --key "$key" --json
	is "$rc $(json .verdict) $(json .complete)" \
		"$status $verdict $complete" \
		"$what $path, new manifests: $manifests"
done <"$golden/FRAUDS"
is "$n" 17 "all frauds"

healthy kota.git
finish
