#!/bin/sh
# From nothing to people who may sign: store, keys, units, members.
. "$(dirname "$0")/lib.sh"

keys=$HOME/.config/bukti/spbe.kota-contoh.go.id

# --- init -----------------------------------------------------------------
ends 2 "init without an origin" bukti init x.git --name X
warns "origin"
ends 2 "init with a bad origin" bukti init x.git --origin "Kota X" --name X
ends 2 "init where no passphrase can be asked for" \
	bukti init x.git --origin x.go.id --name X
warns "--no-passphrase"
is "$(find . -mindepth 1)" "" "nothing is left behind"
is "$(find "$HOME" -mindepth 1)" "" "nor in the home directory"
mkdir full && echo >full/file
ends 2 "init in a folder that is in use" \
	bukti init full --origin x.go.id --name X --no-passphrase
is "$(ls full)" file "which stays as it was"
is "$(find "$HOME" -type f)" "" "and no keys are made"
echo 'rulebook: 1' >bad.yaml
ends 3 "init with a bad rulebook" bukti init x.git --origin x.go.id --name X \
	--no-passphrase --rulebook bad.yaml
is "$(find "$HOME" -type f)" "" "leaves no keys either"

begin
says "verifier key" "spbe-2020"
# ---- nobody may be left without the right to register people

size=$(git --git-dir=kota.git show main:log/checkpoint | sed -n 2p)
ends 5 "the only admin goes" bukti member withdraw admin
! grep -q "becomes" "$err"
result $? "which is not told as done"
warns "locked for ever" "register another one"
ends 5 "the only admin becomes something else" bukti member add admin \
	--roles operator --update
is "$(git --git-dir=kota.git show main:log/checkpoint | sed -n 2p)" "$size" \
	"nothing was written"

is "$(stat -c %a "$keys")" 700 "the folder of keys is private"
is "$(stat -c %a "$keys/ca.key" "$keys/admin.key" | sort -u)" 600 \
	"and so are the keys"
is "$(find kota.git -name '*.key')" "" "no person's key is in the store"
is "$(cat "$keys/identity")" admin "the administrator signs here"
ends 2 "init a second time" bukti init kota.git \
	--origin spbe.kota-contoh.go.id --name "Kota Contoh" --no-passphrase
openssl verify -CAfile "$keys/ca.pem" "$keys/ca.pem" >"$out" 2>"$err"
result $? "openssl accepts the CA"

# --- units ----------------------------------------------------------------
does "add a unit" bukti unit add diskominfo --name "Dinas Kominfo"
says "unit diskominfo: entry"
before=$(head_of kota.git)
does "add it again" bukti unit add diskominfo --name "Dinas Kominfo"
is "$(head_of kota.git)" "$before" "which writes nothing"
ends 2 "another name for it" bukti unit add diskominfo --name "Diskominfo"
warns "unit 'diskominfo' is there already: 'Dinas Kominfo'" "--update"
printf 'unit,name\ndiskominfo,Diskominfo\nbaru,Baru\n' >units.csv
ends 1 "nor from a CSV" bukti unit add --from units.csv
warns "units.csv:2: unit 'diskominfo' is there already" "--update changes it"
is "$(head_of kota.git)" "$before" "which writes nothing either"
does "when it is meant" bukti unit add diskominfo --name "Diskominfo" --update
warns "unit diskominfo: name 'Dinas Kominfo' becomes 'Diskominfo'"
does "back" bukti unit add diskominfo --name "Dinas Kominfo" --update
before=$(head_of kota.git)
printf 'unit,name\nbappeda,Bappeda\nBag Hukum,Bagian Hukum\nbkd,\nbkd,BKD\n' \
	>units.csv
ends 1 "a CSV with bad rows" bukti unit add --from units.csv
warns "units.csv:3:" "units.csv:4:"
is "$(head_of kota.git)" "$before" "writes nothing"
printf '\357\273\277name;unit\r\nBappeda;bappeda\r\n"Bagian Hukum";hukum\r\n' \
	>units.csv
does "a CSV as spreadsheets write it" bukti unit add --from units.csv
does "list" bukti unit list --json
is "$(json '[.units[].unit] | join(",")')" bappeda,diskominfo,hukum \
	"all three are there"
printf 'indicator,units\n1,hukum bappeda\n2,hukum\n' >assign.csv
does "a round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
does "withdraw" bukti unit withdraw hukum
warns "unit hukum is still assigned to 2 indicators of 2026-2"
ends 2 "withdraw an unknown one" bukti unit withdraw bapeda
warns "did you mean 'bappeda'?"

# --- members ---------------------------------------------------------------
does "a new key" bukti key new ani --no-passphrase
does "what a request is" bukti key show "$keys/ani.csr"
says "certificate request" "ani"
does "by the member" bukti key show ani
says "$keys/ani.csr"
ends 2 "a member is no file" bukti key show anu
warns "there is no file 'anu'" "bukti member show anu"
ends 2 "a key is never written over" bukti key new ani --no-passphrase
ends 2 "an unknown role" bukti member add ani --roles uplaoder \
	--units diskominfo --request "$keys/ani.csr"
warns "did you mean 'uploader'? there are " "coordinator"
ends 2 "an unknown unit" bukti member add ani --roles uploader \
	--units diskomin --request "$keys/ani.csr"
ends 2 "a withdrawn unit" bukti member add ani --roles uploader \
	--units hukum --request "$keys/ani.csr"
ends 2 "another member's request" bukti member add budi --roles uploader \
	--units diskominfo --request "$keys/ani.csr"
ends 2 "no request at all" bukti member add ani --roles uploader \
	--units diskominfo
ends 2 "something else than a request" bukti member add ani --roles uploader \
	--units diskominfo --request units.csv
does "register" bukti member add ani --roles uploader --units diskominfo \
	--title "Staf" --request "$keys/ani.csr"
does "show" bukti member show ani --json
is "$(json '.roles[0] + " " + .units[0]')" "uploader diskominfo" "as said"
cert=$(json .cert)
before=$(head_of kota.git)
does "the same again" bukti member add ani --roles uploader \
	--units diskominfo --title "Staf" --request "$keys/ani.csr"
warns "1 member is already so"
ends 2 "other roles under an id that is there" bukti member add ani \
	--roles verifier --units "" --request "$keys/ani.csr"
warns "member 'ani' is there already" "roles 'uploader' becomes 'verifier'" \
	"units 'diskominfo' becomes ''" "--update"
printf 'member,roles,units,title\nani,operator,diskominfo,Staf\n' >members.csv
ends 1 "nor from a CSV" bukti member add --from members.csv --requests "$keys"
warns "members.csv:2: member 'ani' is there already"
is "$(head_of kota.git)" "$before" "nothing is written"
does "a new certificate for the same key" bukti member add ani \
	--request "$keys/ani.csr" --update
warns "member ani: a new certificate"
does "show" bukti member show ani --json
[ "$(json .cert)" != "$cert" ]
result $? "is another one"
cert=$(json .cert)
does "change the roles only" bukti member add ani --roles uploader,operator \
	--update
warns "member ani: roles 'uploader' becomes 'operator,uploader'"
does "show" bukti member show ani --json
is "$(json '.roles | join(",")')" operator,uploader "the new roles"
is "$(json '.cert + .title')" "${cert}Staf" "certificate and title stay"
ends 5 "a member without the role" bukti unit add bkd --name BKD --as ani
ends 2 "who is not a member" bukti unit add bkd --name BKD --as budi
ends 2 "with another's key" bukti unit add bkd --name BKD --as ani \
	--key "$keys/admin.key"

mkdir requests
for m in budi cici; do
	run bukti key new $m --no-passphrase --keys requests
done
cat >members.csv <<'CSV'
member,roles,units,title
budi,verifier,,Auditor
cici,"uploader, operator",bapeda,
Dedi,verifier,,
CSV
before=$(head_of kota.git)
ends 1 "members with bad rows" bukti member add --from members.csv \
	--requests requests
warns "members.csv:3: unknown unit 'bapeda'" "members.csv:4:"
is "$(head_of kota.git)" "$before" "nothing is written"
sed -i -e '/Dedi/d' -e 's/bapeda/bappeda/' members.csv
does "members from a CSV" bukti member add --from members.csv \
	--requests requests
does "list" bukti member list --json
is "$(json '[.members[].member] | join(",")')" admin,ani,budi,cici \
	"all are there"
does "the same again" bukti member withdraw cici

run bukti key new desi --no-passphrase
does "and by its name" bukti key show desi.csr
says "certificate request"
ends 2 "of nobody" bukti key show dodo
warns "neither here nor in '$keys'" "bukti member show dodo"
printf 'member,roles,units,title\ndesi,verifier,,\n' >desi.csv
does "members whose requests lie with the keys" bukti member add --from desi.csv
printf 'member,roles,units,title\ndodo,verifier,,\n' >dodo.csv
ends 1 "one who has none" bukti member add --from dodo.csv
warns "dodo.csv:2: 'dodo' is new, and there is no request '$keys/dodo.csr'" \
	"--requests DIR"

# --- an own certificate ------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -keyout oca.key -out oca.pem \
	-days 30 -subj "/CN=Other CA" \
	-addext keyUsage=critical,keyCertSign,cRLSign >/dev/null 2>&1
openssl req -newkey rsa:2048 -nodes -keyout dewi.key -out dewi.csr \
	-subj "/CN=Dewi" >/dev/null 2>&1
printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' >ext
openssl x509 -req -in dewi.csr -CA oca.pem -CAkey oca.key -CAcreateserial \
	-days 20 -extfile ext -out dewi.pem >/dev/null 2>&1
echo 'rahasia sekali' >pass
openssl pkcs12 -export -inkey dewi.key -in dewi.pem -out dewi.p12 \
	-passout file:pass >/dev/null 2>&1
ends 5 "a certificate of a CA that is not trusted here" \
	bukti member add dewi --roles verifier --p12 dewi.p12 \
	--passphrase-file pass
warns "hint: a signer's certificate is issued by the store's own CA" \
	"--trust"
! grep -q "since --as was not given" "$err"
result $? "who signed is not the trouble"
bad_ca() { # what it lacks, options of openssl req
	lacks=$1
	shift
	openssl req -x509 -config no.cnf -newkey rsa:2048 -nodes -keyout no.key \
		-out no.pem -days 30 -subj "/CN=No CA" "$@" >/dev/null 2>&1
	ends 2 "a CA without $lacks" bukti init no.git --origin no.go.id \
		--name No --no-passphrase --trust no.pem
	warns "no.pem" "$lacks"
}
printf '[req]\ndistinguished_name=dn\n[dn]\n' >no.cnf
bad_ca keyCertSign -addext basicConstraints=critical,CA:TRUE
bad_ca keyCertSign -addext basicConstraints=critical,CA:TRUE \
	-addext keyUsage=critical,cRLSign
bad_ca critical -addext basicConstraints=CA:TRUE \
	-addext keyUsage=critical,keyCertSign
bad_ca CA:TRUE -addext basicConstraints=critical,CA:FALSE
[ ! -e no.git ]
result $? "no store is made"
does "a store that trusts another CA" bukti init lain.git \
	--origin lain.go.id --name "Lain" --no-passphrase --trust oca.pem
does "PKCS#12" bukti member add dewi --roles admin --p12 dewi.p12 \
	--passphrase-file pass -C lain.git
head_before=$(head_of lain.git)
does "the very same again" bukti member add dewi --roles admin --p12 dewi.p12 \
	--passphrase-file pass -C lain.git
warns "1 member is already so"
does "also with --update" bukti member add dewi --update --p12 dewi.p12 \
	--passphrase-file pass -C lain.git
is "$(head_of lain.git)" "$head_before" "nothing is written"
ends 2 "not its passphrase" env BUKTI_PASSPHRASE_FILE=units.csv \
	bukti member add dewi --update --p12 dewi.p12 -C lain.git
warns "--passphrase-file of every signer, then --passphrase-file of this key"
ends 2 "a wrong passphrase" env BUKTI_PASSPHRASE_FILE=units.csv \
	bukti unit add x --name X --as dewi --key dewi.p12 -C lain.git
ends 2 "a certificate for a key" bukti member add fani --roles admin \
	--p12 dewi.pem --passphrase-file pass -C lain.git
! grep -q "chmod 600 'dewi.pem'" "$err"
result $? "is no secret"
ends 2 "whose key lies elsewhere" bukti unit add x --name X --as dewi \
	-C lain.git
warns "there is no key of 'dewi' in" "--key FILE, or its folder with --keys DIR"
! grep -q "bukti key new" "$err"
result $? "a new one would not be theirs"
does "sign with it" bukti unit add x --name X --as dewi --key dewi.p12 \
	--passphrase-file pass -C lain.git
warns "others than you can get at the passphrase in 'pass'" "chmod 600 'pass'"
warns "warning: the certificate of 'dewi' ends on 20" \
	"hint: who registers members renews it before: bukti member add dewi"
does "one that lasts" bukti unit add z --name Z --as admin -C lain.git
! grep -q "certificate of" "$err"
result $? "is not told"
does "a request in another name" bukti key csr eka --key dewi.key \
	-o eka.csr -C lain.git
ends 5 "the key of another member" bukti member add eka --roles verifier \
	--cert dewi.pem --request eka.csr -C lain.git
warns "the key is that of 'dewi'" "hint: 'eka' makes one by: bukti key new eka"
openssl req -newkey rsa:2048 -nodes -keyout eka.key -out eka-own.csr \
	-subj "/CN=Eka" >/dev/null 2>&1
openssl x509 -req -in eka-own.csr -CA oca.pem -CAkey oca.key -CAcreateserial \
	-days 20 -extfile ext -out eka.pem >/dev/null 2>&1
ends 2 "certificate with a request that does not name the member" \
	bukti member add eka --roles verifier --cert eka.pem \
	--request eka-own.csr -C lain.git
warns "bukti key csr eka"
does "the right request" bukti key csr eka --key eka.key -o eka.csr -C lain.git
does "certificate with a request" bukti member add eka --roles verifier \
	--cert eka.pem --request eka.csr -C lain.git
head_before=$(head_of lain.git)
does "the very same again" bukti member add eka --roles verifier \
	--cert eka.pem --request eka.csr -C lain.git
does "also with --update" bukti member add eka --update \
	--cert eka.pem --request eka.csr -C lain.git
is "$(head_of lain.git)" "$head_before" "nothing is written"
does "the right request for another key" bukti key csr eka \
	--key "$keys/ani.key" -o eka.csr -C lain.git
ends 2 "certificate with another's request" bukti member add eka \
	--roles verifier --cert eka.pem --request eka.csr -C lain.git

# --- passphrases -------------------------------------------------------------
echo 'tujuh77' >brief
chmod 600 brief
ends 2 "a passphrase soon guessed" bukti key new fitri --passphrase-file brief
warns "a passphrase of 7 characters" "nothing was made"
[ ! -e "$keys/fitri.key" ]
result $? "nothing is"
does "a key with a passphrase" bukti key new fitri --passphrase-file pass
says "fitri.key"
grep -q 'ENCRYPTED PRIVATE KEY' "$keys/fitri.key"
result $? "is encrypted"
does "register" bukti member add fitri --roles admin \
	--request "$keys/fitri.csr"
ends 2 "no terminal, no file" bukti unit add bkd --name BKD --as fitri
warns "there is no terminal to ask for it" "--passphrase-file"
is "$(wc -l <"$err")" 2 "once"
ends 2 "a wrong file" bukti unit add bkd --name BKD --as fitri \
	--passphrase-file brief
warns "wrong passphrase in 'brief' for key '$keys/fitri.key'"
is "$(wc -l <"$err")" 1 "once"
ends 2 "no such file" bukti unit add bkd --name BKD --as fitri \
	--passphrase-file nofile
warns "nofile"
is "$(wc -l <"$err")" 1 "once"
chmod 640 "$keys/fitri.key"
does "passphrase from a file" bukti unit add bkd --name BKD --as fitri \
	--passphrase-file pass
warns "warning: others than you can get at the private key" \
	"hint: chmod 600 '$keys/fitri.key'"
chmod 600 "$keys/fitri.key"
chmod 644 kota.git/bukti/key
does "the store's own key" bukti unit add bkd --name BKD8 --update
warns "private key" "hint: chmod 600 '$PWD/kota.git/bukti/key'"
chmod 600 kota.git/bukti/key
does "once mended" bukti unit add bkd --name BKD --update
is "$(grep -c warning "$err")" 0 "no warning"

# --- asked on the terminal -----------------------------------------------------
wait_for() { # word file: at most half a minute
	for _ in $(seq 300); do
		! grep -q -- "$1" "$2" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}
mkfifo typed
script -qefc "bukti key new gita" seen <typed >/dev/null 2>&1 &
job=$!
exec 3>typed
wait_for "new passphrase for 'gita'" seen && echo "satu dua" >&3
wait_for "the same again" seen && echo "satu dua" >&3
wait "$job"
result $? "a passphrase typed twice"
grep -q "a passphrase of 8 characters is short" seen
result $? "a short one is warned of"
exec 3>&-
! grep -q "satu dua" seen
result $? "is not shown"
echo "satu dua" >pass2
does "and opens the key" bukti key csr gita --passphrase-file pass2 -o -
ends 2 "another does not" bukti key csr gita --passphrase-file pass -o -
does "register" bukti member add gita --roles admin --request "$keys/gita.csr"
rm -f seen
script -qefc "bukti unit add bkd --name BKD2 --update --as gita" seen <typed \
	>/dev/null 2>&1 &
job=$!
exec 3>typed
wait_for "passphrase of" seen && printf '\003' >&3
wait "$job"
rc=$?
exec 3>&-
[ "$rc" -eq 130 ]
result $? "interrupted at the question (exit 130)"
does "nothing happened" bukti show bkd
says "BKD"
asked() { # how often it has been asked so far
	for _ in $(seq 300); do
		[ "$(grep -o 'passphrase of' seen 2>/dev/null | wc -l)" -lt "$1" ] ||
			return 0
		sleep 0.1
	done
	return 1
}
typing() { # status word...: what is typed at each question
	want=$1
	shift
	rm -f seen
	script -qefc "bukti unit add bkd --name BKD9 --update --as gita" seen <typed \
		>/dev/null 2>&1 &
	job=$!
	exec 3>typed
	n=0
	for word in "$@"; do
		n=$((n + 1))
		asked $n && echo "$word" >&3
	done
	wait "$job"
	rc=$?
	exec 3>&-
	is "$rc" "$want" "$# passphrases typed (exit $want)"
}
typing 0 satu "satu dua"
grep -q "wrong passphrase, try again" seen
result $? "a wrong one may be tried again"
typing 2 satu tiga empat
grep -q "wrong passphrase for key" seen
result $? "three times"
cp "$keys/ca.key" ca.key.kept
openssl pkcs8 -topk8 -in ca.key.kept -out "$keys/ca.key" \
	-passout file:pass2 >/dev/null 2>&1
run bukti key new hadi --no-passphrase
does "two passphrases, for the signer and for the CA" bukti member add hadi \
	--roles auditor --request "$keys/hadi.csr" --as fitri \
	--passphrase-file pass --passphrase-file pass2

# ---- many hands, and a rule that they do not quite meet: told at once

sed 's/{kind: unit, needs: .*/{kind: unit, needs: [{role: admin, count: 14, scope: any}, {role: uploader, count: 1, scope: any}, {role: verifier, count: 1, scope: any}]}/' \
	"$BUKTI_SOURCE/policies/access.yaml" >many.yaml
does "a store of many hands" bukti init banyak.git \
	--origin banyak.go.id --name Banyak --no-passphrase --access many.yaml \
	--keys "$PWD/banyak"
export BUKTI_STORE="$PWD/banyak.git" BUKTI_KEYS="$PWD/banyak"
set --
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	run bukti key new "m$i" --origin banyak.go.id --no-passphrase
	run bukti member add "m$i" --roles admin \
		--request "banyak/m$i.csr" --as admin
	set -- "$@" --as "m$i"
done
for m in both:uploader,verifier other:operator; do
	run bukti key new "${m%:*}" --origin banyak.go.id --no-passphrase
	run bukti member add "${m%:*}" --roles "${m#*:}" \
		--request "banyak/${m%:*}.csr" --as admin
	set -- "$@" --as "${m%:*}"
done
ends 5 "one person for two places" timeout -k 1 60 bukti unit add u1 --name U "$@"
run bukti member add other --roles operator,verifier --update --as admin
does "the one place that is left" timeout -k 1 60 bukti unit add u1 --name U "$@"

healthy kota.git
healthy lain.git
finish
