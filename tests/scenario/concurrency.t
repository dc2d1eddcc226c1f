#!/bin/sh
# Many at once: whoever was told yes is in the log once, nobody is lost, and
# readers see a sound store all the while.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample/inspektorat
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
member sekda coordinator ""
printf 'indicator,units\n' >assign.csv
for i in $(seq 1 47); do
	echo "$i,inspektorat" >>assign.csv
done
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
does "a document" bukti add "$sample/Laporan Audit Aplikasi SPBE 2026.pdf" \
	--indicator 30 --levels 2 --type laporan_audit --number 700.1 \
	--date 2026-05-04 --signer Inspektur --title "Laporan" --as opd
does "find it" bukti log -n 1 documents/ --json
doc=$(json '.entries[0].path' | cut -d/ -f3)
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
start=$(size_of)

# a status and what was promised, for each call
note() { # worker step promise command...
	step=$1.$2
	promise=$3
	shift 3
	"$@" >"said.$step" 2>&1 </dev/null
	echo "$? $promise" >>"told.${step%.*}"
}

worker() { # number
	w=$1
	for k in 1 2 3 4 5 6 7 8; do
		i=$((w * 8 + k - 8))
		case $k in
		1 | 2)
			printf '%%PDF-1.4\n%% %s %s\n%%%%EOF\n' "$w" "$k" \
				>"d$w-$k.pdf"
			note "$w" "$k" "documents" bukti add "d$w-$k.pdf" \
				--indicator 31 --levels 2 --as opd \
				--type laporan_audit --number "$w/$k" \
				--date 2026-05-04 --signer Inspektur \
				--title "Laporan $w $k"
			;;
		3 | 4)
			note "$w" "$k" \
				"cycles/2026-2/$(printf I%02d "$i")/claim.json" \
				bukti claim "$i" 1 --fact "f $w" \
				--analysis "a $w" --as sekda
			;;
		5 | 6)
			# all at the same indicator
			note "$w" "$k" "cycles/2026-2/I01/claim.json" \
				bukti claim 1 $((k - 3)) --fact "f $w $k" \
				--analysis "a $w $k" --as sekda
			;;
		*)
			# all the same link, of different words
			note "$w" "$k" \
				"cycles/2026-2/I02/evidence/$doc.json" \
				bukti link "$doc" --indicator 2 --levels 2 \
				--locator "halaman $w-$k" --as opd
			;;
		esac
	done
	: >"done.$w"
}

reader() { # command...: again and again, until the writers have ended
	n=0
	while [ "$(ls done.* 2>/dev/null | wc -l)" -lt 6 ]; do
		"$@" >"read.$1.$2" 2>&1 </dev/null || {
			echo "status $? from $*" >>reader.failed
			cat "read.$1.$2" >>reader.failed
		}
		n=$((n + 1))
		sleep 0.2
	done
	echo "$n $*" >>reader.done
}

for w in 1 2 3 4 5 6; do
	worker "$w" &
done
reader bukti status --json &
reader bukti verify kota.git --json &
reader bukti log -n 5 --json &
reader git --git-dir=kota.git fsck --connectivity-only &
wait

[ ! -e reader.failed ]
result $? "no reader failed"
[ ! -e reader.failed ] || sed 's/^/# /' reader.failed | head -n 20
is "$(wc -l <reader.done)" 4 "all readers read to the end"
cat told.* >told
is "$(wc -l <told)" 48 "everybody has an answer"
is "$(grep -vc '^[07] ' told)" 0 "yes, or: somebody was first"
grep -v '^[07] ' told | sed 's/^/# /'
grep -c '^7 ' told | sed 's/^/# losers: /'
for f in said.*; do
	grep -q 'hint' "$f" || continue
	sed 's/^/# /' "$f" | head -n 2
	break
done

git --git-dir=kota.git log --reverse --format=%B main |
	sed -n 's/^Entry: \([0-9]*\) \(.*\) sha256:.*/\1 \2/p' >entries
cut -d' ' -f1 entries >got
seq 0 $(($(size_of) - 1)) >want
cmp -s got want
result $? "entries in a row, none twice"
tail -n "+$((start + 1))" entries | cut -d' ' -f2 |
	sed 's|^documents/.*|documents|; s|^cycles/2026-2/I31/.*|link|' |
	sort >got
sed -n 's/^0 //p' told >want
sed -n 's/^0 documents/link/p' told >>want
sort -o want want
cmp -s got want
result $? "in the log is what was promised, each once"
diff got want | sed 's/^/# /'
is "$(git --git-dir=kota.git rev-list --merges --count main)" 0 "no merges"
is "$(git --git-dir=kota.git for-each-ref | wc -l)" 1 "one ref"
is "$(find kota.git/bukti/tmp -type f | wc -l)" 0 "nothing lies about"
does "cold" bukti verify kota.git --cold --json
is "$(json '.verdict + " " + (.complete | tostring)')" "INTACT true" \
	"intact and complete"

# ---- a lock whose holder is dead

(exit 0) &
dead=$!
wait "$dead"
echo "$dead" >kota.git/bukti/lock
does "a lock file of a dead process" bukti unit add setelah --name Setelah
python3 -c 'import fcntl, sys, time
f = open("kota.git/bukti/lock", "r+")
fcntl.lockf(f, fcntl.LOCK_EX)
open("held", "w").close()
time.sleep(60)' &
holder=$!
while [ ! -e held ] && kill -0 "$holder" 2>/dev/null; do
	sleep 0.1
done
ends 7 "a lock that is held" bukti unit add menunggu --name Menunggu
warns "try again"
does "readers do not care" bukti status
kill -9 "$holder"
wait "$holder" 2>/dev/null
does "the lock of a holder that was killed" bukti unit add menunggu \
	--name Menunggu

healthy kota.git
finish
