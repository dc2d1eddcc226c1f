#!/bin/sh
# How the program talks: help, suggestions, stores found, exit codes.
. "$(dirname "$0")/lib.sh"

does "without arguments" bukti
[ "$(wc -l <"$out")" -le 15 ]
result $? "fifteen lines at most"
awk 'length($0) > 80 { exit 1 }' "$out"
result $? "of eighty columns"
does "help" bukti help
awk 'length($0) > 80 { exit 1 }' "$out"
result $? "eighty columns"
for v in $(sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' "$out"); do
	run bukti help "$v"
	[ "$rc" -eq 0 ] && awk 'length($0) > 80 { exit 1 }' "$out"
	result $? "help $v fits"
done
does "help of a verb below" bukti help cycle open
says "--cutoff DATE"
does "--help" bukti cycle open --help
does "version" bukti --version
does "version" bukti version --json
is "$(json .program)" bukti "as JSON"

ends 2 "a verb misspelt" bukti stauts
warns "unknown verb 'stauts'" "did you mean 'status'?"
ends 2 "a verb below misspelt" bukti unit ad
ends 2 "a verb in another language" bukti review terima x
warns "there are accept, return, reject, list"
ends 2 "a letter with two dashes" bukti status --i 3
warns "did you mean '--indicator'?"
ends 2 "an option misspelt" bukti unit add x --nmae Y
warns "did you mean '--name'?"
ends 2 "an option without its value" bukti unit add x --name
ends 2 "a value for a flag" bukti version --json=yes
ends 2 "an option twice" bukti unit add x --name A --name B
ends 2 "too many arguments" bukti version now
ends 2 "too few" bukti init
warns "'bukti init' lacks DIR" "hint: bukti init DIR --origin NAME"
ends 2 "no folder behind -C" bukti -C
warns "option '-C' needs the folder of a store"
ends 2 "a word like no verb" bukti help foo
warns "hint: bukti help lists what there is"
ends 2 "a verb that needs another" bukti unit
ends 3 "no store here" bukti log
warns "no store here" "--store"
ends 3 "no store there" bukti log -C nowhere
mkdir plain
ends 3 "a folder that is no store" bukti log -C plain
run git init -q --bare other.git
ends 3 "a repository that is no store" bukti log -C other.git

begin
unset BUKTI_STORE
does "the only store here" bukti log
does "named by the environment" env BUKTI_STORE=kota.git bukti log
does "named before the verb" bukti -C kota.git log
(
	cd kota.git && bukti log
) >"$out" 2>"$err"
result $? "from inside"
does "another store" bukti init dua.git --origin dua.go.id --name Dua \
	--no-passphrase
ends 3 "two stores here" bukti log
warns "which one is meant"

does "a name with escapes" bukti -C kota.git unit add aneh \
	--name "aneh = +1"
bukti -C kota.git log --json >/dev/full 2>"$err"
rc=$?
[ "$rc" -eq 6 ]
result $? "a full disk is a fault (exit 6)"
esc=$(printf 'x\033[31m')
ends 2 "control characters are refused" bukti -C kota.git unit add aneh \
	--name "$esc"
grep -q "$(printf '\033')" "$err"
[ $? -ne 0 ]
result $? "and never printed raw"
ends 2 "nor from arguments" bukti -C kota.git show "$esc"
grep -q "$(printf '\033')" "$err"
[ $? -ne 0 ]
result $? "never printed raw"

ends 2 "a member in capitals" bukti -C kota.git unit add x --name X --as Ani
warns "'Ani' is not a member id" "did you mean 'ani'?"
does "a round" bukti -C kota.git cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31
for i in 1-5 I4x; do
	ends 2 "no indicator" bukti -C kota.git status -i "$i"
	warns "unknown indicator '$i'" "hint: "
	ends 2 "check too" bukti -C kota.git check -i "$i"
	warns "hint: "
done
ends 2 "a range" bukti -C kota.git status -i 1-3
warns "a range is not read: name each, as in 1,2,3"
printf '%%PDF-1.4\nsatu\n%%%%EOF\n' >'Satu Dua.pdf'
BUKTI_STORE=$PWD/kota.git
export BUKTI_STORE
member opr operator ""
does "add" bukti add 'Satu Dua.pdf' -i 1 --type notulen --unit aneh --as opr
does "cat by its name" bukti cat 'Satu Dua.pdf' -o copy.pdf
cmp -s copy.pdf 'Satu Dua.pdf'
result $? "the same"
ends 2 "no such name" bukti cat 'Dua.pdf' -o copy2.pdf
does "a pin" bukti verify kota.git --pin kota.pin
ends 4 "of another store" bukti verify dua.git --pin kota.pin
warns "the pin 'kota.pin' is of another store, 'spbe.kota-contoh.go.id'" \
	"'dua.go.id'"
says UNTRUSTED "not the one that was pinned"
[ "$(grep -c -e TAMPERED -e rollback -e rewritten "$out")" -eq 0 ]
result $? "and an intact store is charged with nothing else"
# what it says to run next runs, as it is printed
does "a store in a folder with blanks" bukti init 'a b.git' --origin ab.go.id \
	--name AB --no-passphrase --keys 'kunci a b'
sed -n 's/^  \(bukti .*\)/\1/p' "$err" | sed 's/^bukti key new ani/& --no-passphrase/' >next
is "$(wc -l <next)" 3 "three commands"
does "all of them" sh -eu next
does "the new member" bukti -C 'a b.git' member show ani
on_terminal "" bukti init tiga.git --origin \
	spbe.kabupaten-kepulauan-yang-panjang-sekali-namanya.go.id \
	--name Tiga --no-passphrase
is "$(tr -d '\r' <"$out" | grep -c '^verifier key  *spbe\.[^ ]*+[^ ]*+[^ ]*$')" 1 \
	"the verifier key in one piece"
deep=$PWD/'sebuah folder kunci'/yang-panjang-sekali-namanya-sampai-melewati-satu-baris
on_terminal "" bukti key new ani --no-passphrase --origin tiga.go.id --keys "$deep"
grep -qF "$deep/ani.csr" "$out" && tr -d '\r' <"$out" |
	grep -qxF "request       $deep/ani.csr"
result $? "a path in one piece"

healthy kota.git
finish
