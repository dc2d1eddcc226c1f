#!/bin/sh
# A package was handed over; then whoever has the store's key signs another
# history, as long, and a package of it. Each is as good as the other alone:
# who kept a pin of the first sees it, from the package and from the store.
. "$(dirname "$0")/lib.sh"

small_package
unset BUKTI_STORE
key=$(bukti verify kota.git --json | jq -r .vkey)

# a pin of the log as it was at the release: of the checkpoint in the package
pin_at() { # store commit file
	rm -rf then.git
	cp -a "$1" then.git
	rm -f then.git/hooks/* then.git/bukti/verified \
		then.git/bukti/index.sqlite*
	git --git-dir=then.git update-ref refs/heads/main "$2"
	does "$3" bukti verify then.git --pin "$3"
}
commit_of() { # store path
	git --git-dir="$1" log -1 --format=%H --grep="Entry: .* $2 " main
}
pin_at kota.git "$(commit_of kota.git cycles/2026-2/release.json)" first.pin
does "a later pin" bukti verify kota.git --pin later.pin

# the same decisions once more, a moment later
cp -a kota.git other.git
rm -f other.git/hooks/* other.git/bukti/verified other.git/bukti/index.sqlite*
git --git-dir=other.git update-ref refs/heads/main \
	"$(commit_of kota.git cycles/2026-2/I30/claim.json)"
sleep 1
does "other decisions" bukti -C other.git review accept --all --yes --as ver
set --
while read -r i; do
	set -- "$@" --gap "$i=belum ada bukti"
done <short
does "another release" bukti -C other.git release 2026-2 --as sekda --as kadis \
	--yes "$@"
does "another package" bukti -C other.git pack 2026-2 -o other.zip --as sekda \
	--as kadis
pin_at other.git "$(commit_of other.git cycles/2026-2/release.json)" other.pin
is "$(sed -n 8p first.pin)" "$(sed -n 8p other.pin)" \
	"as long as the first"

does "the first package alone" bukti inspect "$package" --key "$key"
does "the other alone" bukti inspect other.zip --key "$key"
does "the other store alone" bukti verify other.git --cold

does "the first by its pin" bukti inspect "$package" --pin first.pin
ends 4 "the other by the pin of the first" bukti inspect other.zip \
	--pin first.pin --json
is "$(json .verdict)" TAMPERED "it is TAMPERED"
is "$(json '[.items[] | select(.reason | contains("differs from the pinned"))]
	| length')" 1 "and says that the checkpoint is another"
ends 4 "the first by the pin of the other" bukti inspect "$package" \
	--pin other.pin
ends 4 "the other store by the pin of the first" bukti verify other.git \
	--pin first.pin
does "a pin of another size cannot tell" bukti inspect other.zip \
	--pin later.pin --json
is "$(json '[.unchecked[] | select(contains("pinned"))] | length')" 1 \
	"and inspect says that it was not checked"

healthy kota.git
healthy other.git
finish
