#!/bin/sh
# Frauds planted by hand in a real store: each must be seen, and named.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
printf 'indicator,units\n9,inspektorat\n30,inspektorat\n' >assign.csv
does "cycle" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv

put() { # file title
	does "add $2" bukti add "$sample/inspektorat/$1" --as opd -i 30 --levels "2 3" \
		--type laporan_audit --title "$2" --date 2026-05-04
}
put "Laporan Audit Aplikasi SPBE 2026.pdf" "Laporan Audit Aplikasi"

does "a first pin" bukti verify kota.git --pin kota.pin --json
is "$(json '.verdict, .complete, .pin.use, .pin.saved' | tr '\n' ' ')" \
	"INTACT true new true " "a sound store, trusted on first use"
is "$(sed -n 's/^key //p' kota.pin)" "$(json .vkey)" "the pin has its key"
put "Laporan Audit Infrastruktur SPBE 2025.pdf" "Laporan Audit Infrastruktur"
does "the pin follows the log" bukti verify kota.git --pin kota.pin --json
is "$(json '.pin.use, .pin.saved' | tr '\n' ' ')" "kept true " "renewed"
size=$(json .checkpoint.size)
does "a run from the cache" bukti verify kota.git --json
is "$(json .metadata.from)" "$size" "nothing is replayed twice"
is "$(json '.content | .read, .all_read, .read_from' | tr '\n' ' ')" \
	"true false $size " "old contents are not said to be read"
does "a cold run" bukti verify kota.git --cold --json
is "$(json '.content | .all_read, .read_from' | tr '\n' ' ')" "true 0 " \
	"all contents are"
is "$(json '.metadata.from, .metadata.size, .checked.objects' | tr '\n' ' ')" \
	"0 $size 2 " "everything from the first entry"
does "in words" bukti verify kota.git
says "INTACT, COMPLETE" "spbe.kota-contoh.go.id" "oldest reading" \
	"order of the log"
head -n 1 "$out" | grep -q 'as last read, 20[0-9TZ:-]*: .*--cold reads all'
result $? "the first line says that it is an old reading"
says "NOT read again"
does "in words, with a pin" bukti verify kota.git --pin kota.pin
says "INTACT, COMPLETE as last read" "NOT read again"
does "in words, all" bukti verify kota.git --cold
is "$(head -n 1 "$out")" "INTACT, COMPLETE" "a full reading needs no such word"
says "all read in this run"
does "help" bukti help verify
says "bukti/verified" "--cold nothing is"

GIT_LFS_SKIP_SMUDGE=1 git clone -q kota.git salinan
ends 3 "a clone with its files beside it" bukti verify salinan
warns "hint: it is a clone with its files beside it: name 'salinan/.git'"
ends 1 "the repository in it, without the content" bukti verify salinan/.git
says "INTACT, INCOMPLETE"

fraud() { # name: a copy to be spoilt
	bad=$1.git
	rm -rf "$bad"
	cp -a kota.git "$bad"
	rm -f "$bad"/hooks/*
}

caught() { # status verdict complete description [option...]
	want=$1
	verdict=$2
	complete=$3
	what=$4
	shift 4
	ends "$want" "$what" bukti verify "$bad" --json "$@"
	is "$(json '.verdict + " " + (.complete | tostring)')" \
		"$verdict $complete" "$what: verdict"
}

object_of() { # store: path of the newest document's content
	sha=$(git --git-dir="$1" log -1 --format= --name-only main |
		sed -n 's|^\(documents/.*/document.json\)$|\1|p')
	sha=$(git --git-dir="$1" show "main:$sha" | jq -r .sha256)
	echo "$1/lfs/objects/$(echo "$sha" | cut -c1-2)/$(echo "$sha" |
		cut -c3-4)/$sha"
}

# the last commit again, with what edit() does to its tree; message, author
# and the store's signature are kept
forge() { # store
	GIT_INDEX_FILE=$work/forged.index
	export GIT_INDEX_FILE
	rm -f "$GIT_INDEX_FILE"
	git --git-dir="$1" read-tree main
	edit "$1"
	tree=$(git --git-dir="$1" write-tree)
	unset GIT_INDEX_FILE
	git --git-dir="$1" cat-file commit main | sed "1s/.*/tree $tree/" |
		git --git-dir="$1" hash-object -t commit -w --stdin \
			>"$work/forged"
	git --git-dir="$1" update-ref refs/heads/main "$(cat "$work/forged")"
}

stage() { # store mode path: stdin becomes the file
	oid=$(git --git-dir="$1" hash-object -w --stdin)
	git --git-dir="$1" update-index --add --cacheinfo "$2,$oid,$3"
}

# ---- contents

fraud flipped
f=$(object_of "$bad")
chmod u+w "$f"
printf X | dd of="$f" bs=1 seek=100 conv=notrunc 2>/dev/null
caught 4 TAMPERED true "one byte of a document" --cold
caught 4 TAMPERED true "and is not forgotten by the next run"
is "$(json '.items[0].path | startswith("documents/")')" true \
	"the document is named"
caught 0 INTACT true "records alone do not show it" --cold --no-content

fraud cut
f=$(object_of "$bad")
chmod u+w "$f"
truncate -s 100 "$f"
caught 4 TAMPERED true "a document cut short" --cold

fraud linked
f=$(object_of "$bad")
mv "$f" "$work/elsewhere"
ln -s "$work/elsewhere" "$f"
caught 4 TAMPERED true "a document behind a symbolic link" --cold

# a folder that became a link, with all that was in it behind it
for part in lfs lfs/objects objects objects/pack; do
	fraud behind
	rm -rf "$work/behind"
	mv "$bad/$part" "$work/behind"
	ln -s "$work/behind" "$bad/$part"
	caught 4 TAMPERED true "$part behind a symbolic link" --cold
	is "$(json '.items[0].path')" "$part" "$part is named"
	caught 4 TAMPERED true "$part behind a symbolic link, warm"
	find "$work/behind" | sort >before
	ends 4 "nothing is written through $part" bukti add -C "$bad" \
		"$sample/inspektorat/Screenshot e-Wasin.jpg" --as opd -i 30 \
		--levels 2 --type tangkapan_layar --title "Tangkapan" \
		--date 2026-05-04
	warns "symbolic link" "hint: "
	find "$work/behind" | sort >after
	does "$part: nothing new behind the link" cmp before after
done
for part in $(object_of kota.git | sed 's|^kota.git/||; s|/[^/]*$||; p
	s|/[^/]*$||'); do
	fraud behind
	rm -rf "$work/behind"
	mv "$bad/$part" "$work/behind"
	ln -s "$work/behind" "$bad/$part"
	caught 4 TAMPERED true "$part behind a symbolic link" --cold
done

fraud missing
rm -f "$(object_of "$bad")"
caught 1 INTACT false "a missing document" --cold
is "$(json '.items[0].verdict')" MISSING "it is said to be missing"
caught 1 INTACT false "and is not forgotten by the next run"
caught 1 INTACT false "and is not forgotten by the next run" --cold

# ---- history

fraud rolled
ends 0 "the store remembers what it verified" bukti verify "$bad"
git --git-dir="$bad" update-ref refs/heads/main main~1
cp kota.pin rolled.pin
caught 4 TAMPERED true "a rollback of a log that was verified here before"
run bukti verify "$bad"
is "$(head -n 1 "$out")" "TAMPERED, completeness not known" \
	"what is no whole log is not called complete"
cp "$bad/bukti/verified" seen
caught 4 TAMPERED true "also for a cold run" --cold
is "$(json '[.notes[] | select(contains("reindex --restored"))] | length')" 1 \
	"it says what to do after a wanted restore"
does "what was seen is not forgotten" cmp seen "$bad/bukti/verified"
caught 4 TAMPERED true "a rollback against a pin" --pin rolled.pin
does "the pin is left as it was" cmp kota.pin rolled.pin
ends 4 "nothing is written on a log that was rolled back" \
	bukti unit add baru --name Baru -C "$bad"
warns "rolled back" "bukti verify --cold" "bukti reindex --restored"
ends 4 "nor read through its index" bukti status -C "$bad"
ends 4 "nor the index made anew" bukti reindex -C "$bad"
does "restored on purpose" bukti reindex --restored -C "$bad"
caught 0 INTACT true "a rollback is invisible to who remembers nothing" --cold
caught 4 TAMPERED true "the pin still remembers" --pin rolled.pin
does "writing goes on" bukti unit add baru --name Baru -C "$bad"
caught 4 TAMPERED true "and forks from the pin" --pin rolled.pin

fraud emptied
git --git-dir="$bad" update-ref -d refs/heads/main
caught 4 TAMPERED false "a store without its log" --cold
is "$(json '.items[0].path')" refs/heads/main "the ref is named"
ends 4 "and for who asks how it stands" bukti log -C "$bad"
warns "is gone" "bukti verify --cold"
run git clone -q --mirror kota.git "$bad.mirror"
git --git-dir="$bad.mirror" update-ref -d refs/heads/main
ends 3 "a repository without a log" bukti verify "$bad.mirror"
ends 4 "that somebody knows the log of" bukti verify "$bad.mirror" \
	--pin rolled.pin
says TAMPERED

# what is there and leads to no log is a finding; nothing of it is waited for
main_is() { # description verdict: refs/heads/main is what stdin says
	cat >"$bad/refs/heads/main"
	caught 4 "$2" false "$1" --cold
	is "$(json '.items[0].path')" refs/heads/main "$1: the ref is named"
}
fraud misled
git --git-dir="$bad" pack-refs --all
rm -f "$bad/packed-refs"
echo 0123456789012345678901234567890123456789 |
	main_is "a ref to what is not there" TAMPERED
git --git-dir=kota.git rev-parse main:access.json |
	main_is "a ref to a file" TAMPERED
echo "ref: refs/heads/main" | main_is "a ref to itself" MALFORMED
echo "nothing" | main_is "a ref of other words" MALFORMED
rm -f "$bad/refs/heads/main"
mkfifo "$bad/refs/heads/main"
caught 4 MALFORMED false "a pipe for a ref" --cold
fraud piped
mkfifo "$bad/fifo"
mv "$bad/fifo" "$bad/packed-refs"
caught 4 MALFORMED true "a pipe for packed-refs" --cold
is "$(json '.items[0].path')" packed-refs "the file is named"

# what is too much for any store hides nothing else that is wrong with it
has() { # jq condition on an item, description
	is "$(json "[.items[] | select($1)] | length > 0")" true "$2"
}
flip() {
	f=$(object_of "$bad")
	chmod u+w "$f"
	printf X | dd of="$f" bs=1 seek=100 conv=notrunc 2>/dev/null
}
fraud deep
mkdir -p "$bad/refs/x/$(seq -s / 20)"
caught 4 MALFORMED true "folders without end below refs" --cold
flip
caught 4 TAMPERED true "and a byte of a document" --cold
has '.path == "refs"' "the refs are named"
has '.path | startswith("documents/")' "the document is named"
fraud long
flip
truncate -s 64M "$bad/packed-refs"
caught 4 TAMPERED true "packed-refs without end" --cold
has '.path == "packed-refs" and .verdict == "MALFORMED"' "the file is named"
fraud many
for i in $(seq 20000); do
	echo "0123456789012345678901234567890123456789 refs/tags/t$i"
done >"$bad/packed-refs"
ends 0 "refs by the thousand are read once" timeout 60 bukti verify "$bad" --cold

fraud huge
tree=$(git --git-dir="$bad" rev-parse 'main^{tree}')
commit() { # parent: with the text of stdin
	{
		printf 'tree %s\nparent %s\n' "$tree" "$1"
		printf 'author x <x> 1795557645 +0000\n'
		printf 'committer x <x> 1795557645 +0000\n\n'
		cat
	} | git --git-dir="$bad" hash-object -t commit -w --stdin
}
big=$(head -c 6000000 /dev/zero | tr '\0' x | commit "$(head_of "$bad")")
echo tip | commit "$big" >"$bad/refs/heads/main"
caught 4 MALFORMED false "a commit without end below the newest" --cold
caught 4 MALFORMED false "the same from the cache"
caught 4 MALFORMED false "the same against a pin" --pin rolled.pin
is "$(json '[.notes[] | select(contains("pinned"))] | length')" 1 \
	"it says that the pinned state was not seen"
for verb in status log reindex; do
	ends 4 "nor does $verb believe it" bukti $verb -C "$bad"
	warns "bukti verify --cold"
done

# where stock git begins
fraud head
git --git-dir="$bad" update-ref refs/heads/lama main~1
git --git-dir="$bad" symbolic-ref HEAD refs/heads/lama
caught 4 TAMPERED true "HEAD at an older history" --cold
caught 4 TAMPERED true "the same from the cache"
is "$(json '.items[0].path')" HEAD "HEAD is named"
run bukti verify "$bad"
says "refs/heads/lama"
git --git-dir=kota.git rev-parse main~1 >"$bad/HEAD"
caught 4 TAMPERED true "HEAD at a commit" --cold
: >"$bad/HEAD"
caught 4 MALFORMED true "an empty HEAD" --cold
rm -f "$bad/HEAD"
mkdir "$bad/HEAD"
caught 4 MALFORMED true "a folder for HEAD" --cold

# an old commit that is gone: for who reads the log anew it is no answer
fraud holes
mkdir "$work/holes"
mv "$bad"/objects/pack/* "$work/holes"
for k in "$work"/holes/*.pack; do
	git --git-dir="$bad" unpack-objects -q <"$k"
done
p=$(git --git-dir="$bad" rev-parse main~2)
rm -f "$bad/objects/$(echo "$p" | cut -c1-2)/$(echo "$p" | cut -c3-)" \
	"$bad"/bukti/index.sqlite*
for verb in status log check reindex "unit list"; do
	# shellcheck disable=SC2086
	ends 4 "$verb over a commit that is gone" bukti $verb -C "$bad"
	warns "is not there" "bukti verify --cold"
done
caught 4 TAMPERED false "and verified" --cold

fraud rewritten
edit() {
	p=$(git --git-dir="$1" log -1 --format= --name-only main |
		grep '/document.json$')
	git --git-dir="$1" show "main:$p" | sed 's/2026-05-04/2026-05-05/' |
		stage "$1" 100644 "$p"
}
forge "$bad"
caught 4 TAMPERED false "a record replaced in the last commit" --cold
is "$(json '.items[0] | (.path | endswith("/document.json")), (.entry > 0)' |
	tr '\n' ' ')" "true true " "its path and its entry are named"
is "$(json '[.notes[] | select(contains("not looked at"))] | length')" 1 \
	"it says that the rest was not looked at"
run bukti verify "$bad" --cold
is "$(head -n 1 "$out")" "TAMPERED, completeness not known" \
	"no content is said to be missing"
caught 4 TAMPERED false "the same against a pin" --pin rolled.pin

fraud stock
GIT_INDEX_FILE=$work/stock.index
export GIT_INDEX_FILE
git --git-dir="$bad" read-tree main
edit "$bad"
tree=$(git --git-dir="$bad" write-tree)
unset GIT_INDEX_FILE
git --git-dir="$bad" -c user.name=x -c user.email=x commit-tree "$tree" \
	-p main -m "mend a date" >"$work/commit"
git --git-dir="$bad" update-ref refs/heads/main "$(cat "$work/commit")"
caught 4 MALFORMED false "a record replaced by a commit of stock git" --cold
caught 4 MALFORMED false "the same from the cache"

fraud unsigned
edit() {
	git --git-dir="$1" log -1 --format= --name-only main |
		grep '^documents/.*\.p7s$' | head -n 1 >"$work/p7s"
	printf '0 %040d\t%s\n' 0 "$(cat "$work/p7s")" |
		git --git-dir="$1" update-index --index-info
}
forge "$bad"
caught 4 TAMPERED false "a signature removed" --cold

fraud symlink
edit() {
	printf ../../config | stage "$1" 120000 units/x.json
}
forge "$bad"
caught 4 MALFORMED false "a symbolic link in the tree" --cold

fraud extra
edit() {
	echo hello | stage "$1" 100644 units/README
}
forge "$bad"
caught 4 TAMPERED true "a file that no entry explains" --cold

fraud lost
p=$(git --git-dir="$bad" rev-parse main:access.json)
mkdir "$work/packs"
mv "$bad"/objects/pack/* "$work/packs"
for k in "$work"/packs/*.pack; do
	git --git-dir="$bad" unpack-objects -q <"$k"
done
rm -f "$bad/objects/$(echo "$p" | cut -c1-2)/$(echo "$p" | cut -c3-)"
caught 4 TAMPERED false "a record's bytes are gone" --cold

# ---- surroundings that stock git would believe

fraud replaced
old=$(git --git-dir="$bad" rev-parse main:access.json)
new=$(echo '{}' | git --git-dir="$bad" hash-object -w --stdin)
git --git-dir="$bad" replace "$old" "$new"
caught 0 INTACT true "a replace ref is not followed" --cold
is "$(json '[.notes[] | select(contains("refs/replace/"))] | length > 0')" \
	true "it is noted"

fraud grafted
git --git-dir="$bad" rev-parse main >"$bad/info/grafts"
caught 0 INTACT true "grafts are not followed" --cold
is "$(json '[.notes[] | select(contains("info/grafts"))] | length')" 1 \
	"they are noted"

fraud shallow
git --git-dir="$bad" rev-parse main >"$bad/shallow"
caught 0 INTACT true "a shallow file is not followed" --cold

fraud noindex
rm -f "$bad"/bukti/index.sqlite*
caught 0 INTACT true "the index is not needed" --cold
result "$([ ! -e "$bad/bukti/index.sqlite" ]; echo $?)" "and is not made"

fraud cached
echo "bukti-pin/1" >"$bad/bukti/verified"
caught 0 INTACT true "a bad cache means a full run"
is "$(json .metadata.from)" 0 "from the first entry"

# ---- the verifier's own side

ends 3 "not a store" bukti verify "$work"
ends 3 "not there" bukti verify nowhere.git
echo hello >bad.pin
ends 2 "not a pin" bukti verify kota.git --pin bad.pin
ends 2 "two stores" bukti verify kota.git -C other.git
sed '/^frontier/s/AAAA/AAAB/' kota.pin >lied.pin
ends 2 "a pin that was touched" bukti verify kota.git --pin lied.pin
unset BUKTI_STORE
does "another store" bukti init other.git --origin spbe.lain.go.id \
	--name "Kota Lain" --no-passphrase
bad=other.git
caught 4 UNTRUSTED true "another store in its place" --pin rolled.pin
is "$(json '.pin.saved')" false "the pin is left as it was"

healthy kota.git
# ---- links in the place of what is the store's own

mkdir -p out
for f in bukti/key bukti/lock bukti/index.sqlite config hooks; do
	fraud link
	rm -rf out/x
	mv "$bad/$f" out/x
	ln -s "$PWD/out/x" "$bad/$f"
	ends 4 "a link at $f" bukti verify "$bad"
	says "$f"
done
finish
