#!/bin/sh
# A record that waits for a second signature.
. "$(dirname "$0")/lib.sh"

begin
does "unit" bukti unit add diskominfo --name "Dinas Kominfo"
member ketua admin ""
before=$(head_of kota.git)

does "propose" bukti unit add bkd --name "BKD" --with ketua
says "proposal"
is "$(head_of kota.git)" "$before" "nothing enters yet"
does "list" bukti proposal list --json
id=$(json '.proposals[0].id')
is "$(json '.proposals[0] | (.signed | join(",")) + " " + (.missing | join(","))')" \
	"admin ketua" "who has signed and who has not"
does "read it" bukti proposal show "$id"
says "BKD" "missing" "ketua"
ends 2 "sign as someone else" bukti sign "$id" --as budi
ends 2 "sign what is not there" bukti sign 0123456789abcdef --as ketua
does "a signature that is there already" bukti sign "$id" --as admin
says "still missing: ketua"
does "the last signature submits" bukti sign "$id" --as ketua
says "units/bkd.json: entry"
does "show" bukti show units/bkd.json --json
is "$(json '.record.by | join(",")')" admin,ketua "both are in the record"
is "$(json '[.signatures[].matches] | all')" true "both signatures match"
does "list" bukti proposal list --json
is "$(json '.proposals | length')" 0 "nothing waits"

does "propose" bukti unit add bkd --name "BKD 2" --with ketua
id=$(sed -n 's/^proposal \([0-9a-f]*\) .*/\1/p' "$out")
does "someone is faster" bukti unit add bkd --name "BKD 3"
ends 7 "signed too late" bukti sign "$id" --as ketua
does "drop" bukti proposal drop "$id"
ends 2 "gone" bukti proposal show "$id"
does "both at one keyboard" bukti unit add bkd --name "BKD 4" --as admin \
	--as ketua
does "show" bukti show bkd --json
is "$(json '.record.by | join(",")')" admin,ketua "both are in the record"

healthy kota.git
finish
