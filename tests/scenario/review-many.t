#!/bin/sh
# More decisions at once than one commit holds.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add dinas --name Dinas
member opr operator ""
member ver verifier ""
printf 'indicator,units\n1,dinas\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
mkdir files
all=$(seq -s ' ' 1 47)
head -n 1 "$BUKTI_SOURCE/tests/sample/evidence.csv" >many.csv
for n in $(seq 88); do
	printf '%%PDF-1.4\n%s\n%%%%EOF\n' "$n" >"files/Berkas $n.pdf"
	echo "Berkas $n.pdf,$all,,dinas,notulen,$n,2026-05-04,Kepala,Berkas $n,halaman 1,,,,,,,"
done >>many.csv
does "88 documents of 47 indicators" bukti import many.csv --dir files --as opr
does "4136 decisions" bukti review accept --all --yes --as ver
says "4136 decisions entered: accept"
is "$(bukti log cycles/ -n 10000 --json |
	jq '[.entries[] | select(.kind == "review")] | length')" 4136 \
	"each is in the log"
is "$(git --git-dir=kota.git log --format=%s | grep -c '^review evidence$')" 2 \
	"in two batches"
does "again" bukti review accept --all --yes --as ver
warns "nothing awaits 'ver'"

healthy kota.git
finish
