#!/bin/sh
# One table imported by four at once: one document for each content, as if they
# had come one after the other.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add inspektorat --name Inspektorat
member sekda coordinator ""
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv --as sekda
for w in 1 2 3 4; do
	member "opd$w" uploader inspektorat
done
head -n 1 "$BUKTI_SOURCE/tests/sample/evidence.csv" >table.csv
mkdir files
n=60
for i in $(seq "$n"); do
	printf '%%PDF-1.4\n%% %s\n%%%%EOF\n' "$i" >"files/$i.pdf"
	echo "$i.pdf,30 31,2,inspektorat,laporan_audit,$i,2026-05-04,Inspektur,Laporan $i,halaman $i,,,,,,," \
		>>table.csv
done
for w in 1 2 3 4; do
	(
		bukti import table.csv --dir files --as "opd$w" \
			>"said.$w" 2>&1 </dev/null
		echo $? >"rc.$w"
	) &
done
wait
is "$(cat rc.* | sort -u)" 0 "all four end well"
[ "$(cat rc.* | sort -u)" = 0 ] || sed 's/^/# /' said.*
added() { # sed expression for the number
	sed -n "s/$1/\\1/p" said.* | awk '{ n += $1 } END { print n }'
}
is "$(added '^\([0-9]*\) documents* added.*')" "$n" "together they added each document once"
is "$(added '.*added, \([0-9]*\) links* made.*')" $((2 * n)) "and each link"
git --git-dir=kota.git ls-tree -r --name-only main >tree
is "$(grep -c '^documents/.*/document.json$' tree)" "$n" "documents"
is "$(grep -c '/evidence/[^/]*.json$' tree)" $((2 * n)) "links"
git --git-dir=kota.git log --format=%B main | grep -c '^Entry: .*documents/' >got
is "$(cat got)" "$n" "none has a second version"
does "once more" bukti import table.csv --dir files --as opd1
says "0 documents added, 0 links made"

# ---- one file added by four at once

printf '%%PDF-1.4\n%% lagi\n%%%%EOF\n' >lagi.pdf
for w in 1 2 3 4; do
	(
		bukti add lagi.pdf -i 30 --levels 2 --type laporan_audit \
			--number 1 --date 2026-05-04 --signer Inspektur \
			--as "opd$w" >"said.$w" 2>&1 </dev/null
		echo $? >"rc.$w"
	) &
done
wait
is "$(cat rc.* | sort | paste -sd ' ')" "0 2 2 2" "one adds, three are told"
is "$(cat said.* | grep -c -e 'hint: link .* bukti link' \
	-e 'hint: nothing is to be done')" 3 "what to do instead"
git --git-dir=kota.git ls-tree -r --name-only main >tree
is "$(grep -c '^documents/.*/document.json$' tree)" $((n + 1)) "documents"

healthy kota.git
finish
