#!/bin/sh
# Whoever can write to the repository with plain git puts a commit on the log
# that the store never made: no verb shows any of it, and when the ref is back
# everything goes on.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
printf 'indicator,units\n30,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
does "a document" bukti add \
	"$sample/inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf" --as opd \
	-i 30 --levels "2 3" --type laporan_audit --title "Laporan" \
	--date 2026-05-04
store=kota.git
rm -f $store/hooks/* # they would refuse it
real=$(head_of $store)
g() {
	git --git-dir=$store "$@"
}
size=$(g show main:log/checkpoint | sed -n 2p)
does "log as it is" bukti log --json
cp "$out" real.log

# a unit that nobody let in, in the tree of work/tree
forge_tree() { # what to do with log/checkpoint: keep, alter or drop
	GIT_INDEX_FILE=$work/forged.index
	export GIT_INDEX_FILE
	rm -f "$GIT_INDEX_FILE"
	g read-tree main
	g show main:units/inspektorat.json |
		sed 's/inspektorat/palsu/g; s/Inspektorat/Palsu/' >palsu.json
	blob=$(g hash-object -w palsu.json)
	seal=$(g rev-parse main:units/inspektorat.json.admin.p7s)
	g update-index --add --cacheinfo "100644,$blob,units/palsu.json"
	g update-index --add \
		--cacheinfo "100644,$seal,units/palsu.json.admin.p7s"
	case $1 in
	alter)
		g show main:log/checkpoint | sed "2s/.*/$((size + 1))/" >cp
		blob=$(g hash-object -w cp)
		g update-index --cacheinfo "100644,$blob,log/checkpoint"
		;;
	drop)
		printf '0 %040d\tlog/checkpoint\n' 0 |
			g update-index --index-info
		;;
	esac
	tree=$(g write-tree)
	unset GIT_INDEX_FILE
}

# in the form of the store's own commits, signature of the one before
forge_profile() {
	sum=$(sha256sum <palsu.json | cut -d' ' -f1)
	root=$(g show main:log/checkpoint | sed -n 3p)
	g cat-file commit main >was
	{
		echo "tree $tree"
		echo "parent $real"
		sed -n '/^author/,/^$/p' was
		echo "unit palsu"
		echo
		echo "Entry: $size units/palsu.json sha256:$sum"
		echo "Log: $((size + 1)) $root"
	} >forged
	g hash-object -t commit -w forged >new
}

forge_stock() {
	g -c user.name=x -c user.email=x commit-tree "$tree" -p main \
		-m "one more unit" >new
}

refused() { # what it is
	for verb in status check log "show units/palsu.json" "show 3" \
		"unit list" reindex; do
		# shellcheck disable=SC2086 # words
		ends 4 "$1: $verb" bukti $verb
		is "$(wc -c <"$out")" 0 "$1: $verb shows nothing"
		warns "not the store's own" "hint: " "bukti verify"
	done
	ends 4 "$1: nor is anything written on it" \
		bukti unit add baru --name Baru
	ends 4 "$1: verify" bukti verify $store --cold
	grep -q -e TAMPERED -e MALFORMED "$out"
	result $? "$1: verify names it"
}

back() {
	g update-ref refs/heads/main "$real"
	does "put back: status" bukti status
	does "put back: show" bukti show units/inspektorat.json
	does "put back: log" bukti log --json
	is "$(cat "$out")" "$(cat real.log)" "put back: as it was"
}

for how in keep alter drop; do
	for form in stock profile; do
		forge_tree $how
		"forge_$form"
		g update-ref refs/heads/main "$(cat new)"
		refused "$form, checkpoint: $how"
		back
	done
done

# without an index to remember anything
forge_tree keep
forge_profile
g update-ref refs/heads/main "$(cat new)"
rm -f $store/bukti/index.sqlite*
refused "no index"
back

# hidden below another one
forge_tree keep
forge_profile
g update-ref refs/heads/main "$(cat new)"
g cat-file commit "$real" | sed "s/^parent .*/parent $(cat new)/" >forged
g update-ref refs/heads/main "$(g hash-object -t commit -w forged)"
refused "below a copy of a good commit"
back

does "one more" bukti unit add bappeda --name Bappeda
healthy kota.git
# ---- the newest commit is gone

cp -a kota.git leer.git
mkdir away
mv leer.git/objects/pack/* away/
for verb in "verify leer.git" "-C leer.git status" "-C leer.git log" \
	"-C leer.git unit add x --name Unit"; do
	# shellcheck disable=SC2086
	ends 4 "no head: $verb" bukti $verb
done
warns "bukti verify --cold"
finish
