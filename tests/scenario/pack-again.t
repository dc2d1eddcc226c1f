#!/bin/sh
# One release, one package: whoever makes it, however often, whatever fails.
. "$(dirname "$0")/lib.sh"

small_package
keys=$HOME/.config/bukti/spbe.kota-contoh.go.id
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
packages_of() {
	git --git-dir=kota.git ls-tree --name-only main:cycles/2026-2/packages |
		grep -c '\.json$'
}
set --
while read -r i; do
	set -- "$@" --gap "$i=belum ada bukti"
done <short
again() { # gap...
	does "sealed again" bukti release 2026-2 --as sekda --as kadis --yes \
		--again "$@"
}

# ---- a certificate that came between the release and its package

again "$@"
does "another certificate for the same key" bukti member add sekda --update \
	--request "$keys/sekda.csr"
size=$(size_of)
ends 5 "the release's package" bukti pack 2026-2 -o renewed.zip --as sekda \
	--as kadis
warns "'sekda' has another certificate than when the release was signed" \
	"hint: bukti release 2026-2 --again"
is "$(size_of)" "$size" "nothing is sealed"
[ ! -e renewed.zip ]
result $? "and nothing is written"
again "$@"
does "then it is packed" bukti pack 2026-2 -o renewed.zip --as sekda --as kadis
does "and holds" bukti inspect renewed.zip

# ---- several at once

again "$@"
n=$(packages_of)
for i in 1 2 3 4; do
	{
		bukti pack 2026-2 -o "at-once-$i.zip" --as sekda --as kadis \
			>"at-once-$i.out" 2>&1 </dev/null
		echo $? >"at-once-$i.rc"
	} &
done
wait
is "$(cat at-once-*.rc | sort -u)" 0 "four at once: all are made"
cat at-once-*.out >"$out"
is "$(sha256sum at-once-*.zip | cut -c1-64 | sort -u | wc -l)" 1 \
	"and all are the same"
is "$(packages_of)" "$((n + 1))" "one is recorded"
does "and holds" bukti inspect at-once-1.zip

# ---- one that fails was not handed over

again "$@"
size=$(size_of)
n=$(packages_of)
object=$(find kota.git/lfs/objects -type f | head -n 1)
cp -p "$object" kept
chmod u+w "$object"
printf X | dd of="$object" bs=1 seek=40 conv=notrunc 2>/dev/null
ends 4 "content that is not what it was" bukti pack 2026-2 -o spoilt.zip \
	--as sekda --as kadis
is "$(size_of) $(packages_of)" "$size $n" "the log knows of no package"
is "$(find . -maxdepth 1 -name 'spoilt*')" "" "and nothing lies about"
cp -p kept "$object"
does "made good" bukti pack 2026-2 -o good.zip --as sekda --as kadis
is "$(packages_of)" "$((n + 1))" "is recorded"
size=$(size_of)
does "and again" bukti pack 2026-2 -o good-too.zip
does "is the same" cmp good.zip good-too.zip
is "$(size_of)" "$size" "without another record"

healthy kota.git
finish
