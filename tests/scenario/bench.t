#!/bin/sh
# The benchmarks' store of many entries is one that the program accepts.
. "$(dirname "$0")/lib.sh"

begin
BUKTI_KEYS=$HOME/.config/bukti/spbe.kota-contoh.go.id
for m in sekda:coordinator operator:operator; do
	run bukti key new "${m%%:*}" --no-passphrase
	does "${m%%:*}" bukti member add "${m%%:*}" --roles "${m##*:}" \
		--request "$BUKTI_KEYS/${m%%:*}.csr"
done
does "two hundred entries, seven a commit" \
	"$BUKTI_BUILD/tests/bench_mkstore" kota.git "$BUKTI_KEYS" 200 5 7 90
does "the log" bukti log -n 1 --json
does "a round of it" bukti status uji-2
does "its contents" bukti verify kota.git --cold
says INTACT
healthy kota.git
finish
