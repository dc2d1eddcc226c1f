#!/bin/sh
# Stock git may read a store, pack it and clean it, but changes no ref of it.
. "$(dirname "$0")/lib.sh"

sample=$BUKTI_SOURCE/tests/sample/inspektorat
BUKTI_LIBEXECDIR=$BUKTI_BUILD
export BUKTI_LIBEXECDIR

begin
for hook in pre-receive reference-transaction; do
	is "$(readlink kota.git/hooks/$hook)" "$BUKTI_BUILD/bukti-hook" \
		"hooks/$hook is a link to the program"
done
# the hook is built as the program is: where that has sanitizers, so has this
instrumented() {
	grep -c __asan_init "$BUKTI_BUILD/$1" | sed 's/^[1-9].*/yes/'
}
is "$(instrumented bukti-hook)" "$(instrumented bukti)" \
	"sanitizers watch the hook: $(instrumented bukti-hook)"
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
printf 'indicator,units\n30,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv

put() { # store file
	does "add '$2' to $1" bukti add -C "$1" "$sample/$2" --as opd -i 30 \
		--levels "2 3" --type laporan_audit --date 2026-05-04
}
put kota.git "Laporan Audit Aplikasi SPBE 2026.pdf"
before=$(head_of kota.git)
refs=$(git --git-dir=kota.git for-each-ref)

unchanged() { # description
	is "$(git --git-dir=kota.git for-each-ref)" "$refs" "$1: no ref changed"
}

refused() { # description command...
	what=$1
	shift
	run "$@"
	[ "$rc" -ne 0 ]
	result $? "$what is refused"
	warns "by other means than bukti" "hint: records enter through bukti"
	unchanged "$what"
}

older=$(git --git-dir=kota.git rev-parse main~1)
refused "update-ref" git --git-dir=kota.git update-ref refs/heads/main "$older"
refused "update-ref from inside" git -C kota.git update-ref \
	refs/heads/main "$older"
refused "update-ref of HEAD" git -C kota.git update-ref HEAD "$older"
refused "deleting" git --git-dir="$PWD/kota.git" update-ref -d refs/heads/main
refused "a branch" git -C kota.git branch side
refused "a tag" git -C kota.git tag v1
refused "a replace ref" git -C kota.git replace "$before" "$older"
refused "several at once" sh -c "printf 'start\ncreate refs/heads/a %s\n\
update refs/heads/main %s\nprepare\ncommit\n' $older $older |
	git -C kota.git update-ref --stdin"

does "a clone" git clone -q kota.git clone
is "$(ls clone/.git/hooks | grep -v sample)" "" "a clone has no such hooks"
does "fetch from the store" git -C clone fetch -q
refused "fetch into the store" git -C kota.git fetch ../clone \
	main:refs/heads/fetched

# what changes no value works
does "pack-refs --all" git -C kota.git pack-refs --all
unchanged "pack-refs"
grep -q "refs/heads/main" kota.git/packed-refs
result $? "the ref is packed"
does "repack" git -C kota.git repack -a -d -q
does "gc" git -C kota.git gc -q --prune=now
unchanged "gc"
refused "deleting a packed ref" git -C kota.git update-ref -d refs/heads/main
refused "deleting it by its value" git -C kota.git update-ref -d \
	refs/heads/main "$before"
put kota.git "Laporan Audit Infrastruktur SPBE 2025.pdf"
refs=$(git --git-dir=kota.git for-each-ref)
refused "deleting what is loose and packed" git -C kota.git update-ref -d \
	refs/heads/main "$(head_of kota.git)"
does "pack-refs without pruning" git -C kota.git pack-refs --all --no-prune
refused "deleting what is both with one value" git -C kota.git update-ref -d \
	refs/heads/main "$(head_of kota.git)"
does "gc again" git -C kota.git gc -q --prune=now
before=$(head_of kota.git)
refs=$(git --git-dir=kota.git for-each-ref)

# ---- pushes ------------------------------------------------------------------
pushed() { # description from refspec
	run git -C "$2" push -q "$PWD/kota.git" "$3"
	[ "$rc" -ne 0 ]
	result $? "$1 is refused"
	unchanged "$1"
	is "$(find kota.git/objects -name 'tmp_objdir*')" "" \
		"$1: nothing is left behind"
}

cp -a kota.git fork.git
put fork.git "SK Tim Auditor Internal Aplikasi SPBE.pdf"
does "another unit" bukti unit add -C fork.git hukum --name "Bagian Hukum"
pushed "good records" fork.git main
warns "units/hukum.json: good" "document.json: good" \
	"these records are good" "hint: hand them in with bukti"
git -C fork.git log -2 --format=%H >commits
rm -f fork.git/hooks/*
git -C fork.git branch side
pushed "another ref" fork.git side
warns "refs/heads/side: refused by policy" "no other ref than refs/heads/main"
pushed "a deletion" fork.git :main
pushed "several refs" fork.git 'refs/heads/*:refs/heads/*'
warns "units/hukum.json: good" "refs/heads/side"

# by hand: a note beside the records
git -C clone pull -q "$PWD/kota.git" main
echo note >clone/note
git -C clone add note
run git -C clone -c user.name=x -c user.email=x commit -q -m "a note"
pushed "a commit that is no batch" clone HEAD:main
warns "commit $(git -C clone rev-parse HEAD): " "malformed" \
	"make the record with bukti"

# by hand: a record changed, all else as a batch has it
does "a key" ssh-keygen -q -t ed25519 -N '' -f forger
origin=spbe.kota-contoh.go.id
forge() { # filter: of units/inspektorat.json, on top of what the store has
	git -C clone reset -q --hard "$before"
	record=clone/units/inspektorat.json
	size=$(sed -n 2p clone/log/checkpoint)
	old=$(sha256sum <"$record" | cut -d' ' -f1)
	jq -S --arg prev "$old" --arg at "$(date +%Y-%m-%dT%H:%M:%SZ)" "$1" \
		"$record" >record.json
	cp record.json "$record"
	printf 'change\n\nEntry: %s units/inspektorat.json sha256:%s\nLog: %s %s\n' \
		"$size" "$(sha256sum <"$record" | cut -d' ' -f1)" \
		$((size + 1)) "$(sed -n 3p clone/log/checkpoint)" >message
}
sealed_by() { # member: with stock openssl
	rm -f clone/units/inspektorat.*.p7s
	does "a seal by $1" openssl cms -sign -binary -cades -nosmimecap \
		-md sha256 -outform DER -in record.json \
		-out "clone/units/$seal.$1.p7s" -signer "clone/members/$1.pem" \
		-inkey "$HOME/.config/bukti/$origin/$1.key"
}
committed_as() { # member
	git -C clone add -A
	now=$(date +%s)
	does "a commit as $1" env GIT_AUTHOR_NAME="$1" GIT_AUTHOR_EMAIL="$1" \
		GIT_COMMITTER_NAME=$origin GIT_COMMITTER_EMAIL=$origin \
		GIT_AUTHOR_DATE="$now +0000" GIT_COMMITTER_DATE="$now +0000" \
		git -C clone -c gpg.format=ssh \
		-c "user.signingkey=$PWD/forger" commit -q -S -F "$PWD/message"
}
seal=$(cd clone/units && ls inspektorat.*.p7s | sed 's/\.admin\.p7s$//')

forge '.name = "Lain" | .prev = $prev | .at = $at'
committed_as admin
pushed "a record changed by hand" clone HEAD:main
warns "units/inspektorat.json: bad signature" "make the record with bukti"

forge '.name = "Lain" | .prev = $prev | .at = $at | .by = ["opd"]'
sealed_by opd
committed_as opd
pushed "a record by who may not" clone HEAD:main
warns "units/inspektorat.json: untrusted" "have it signed by a member"

forge '.name = "Lain" | .at = $at'
sealed_by admin
committed_as admin
pushed "a record that forgets its earlier version" clone HEAD:main
warns "units/inspektorat.json: " "make a new version of that"

forge '.name = "Lain" | .prev = $prev | .at = $at'
sealed_by admin
committed_as admin
pushed "a good record made with stock tools" clone HEAD:main
warns "units/inspektorat.json: good" "this record is good"

# history
git -C clone reset -q --hard "$before~2"
git -C clone -c user.name=x -c user.email=x commit -q --allow-empty -m other
pushed "another history" clone +HEAD:main
does "a unit meanwhile" bukti unit add kesra --name "Bagian Kesra"
refs=$(git --git-dir=kota.git for-each-ref)
pushed "what builds on an older state" fork.git +main
warns "do not build on what the store has"

# the hook alone
ends 2 "under its own name" "$BUKTI_BUILD/bukti-hook"
ln -s "$BUKTI_BUILD/bukti-hook" reference-transaction
ends 6 "outside of a store" sh -c "echo '$older $older refs/heads/main' |
	GIT_DIR=nowhere.git ./reference-transaction prepared"
warns "could not tell"
ends 6 "half a line" sh -c "printf '%s' $older |
	GIT_DIR=kota.git ./reference-transaction prepared"
ends 0 "told afterwards" ./reference-transaction committed

# the program was moved: git passes over a link to nothing
ln -sf "$work/gone/bukti-hook" kota.git/hooks/pre-receive
ln -sf "$work/gone/bukti-hook" kota.git/hooks/reference-transaction
does "reading" bukti status 2026-2
is "$(readlink kota.git/hooks/pre-receive)" "$work/gone/bukti-hook" \
	"changes nothing"
does "writing without it" env BUKTI_LIBEXECDIR="$work/home" \
	bukti unit add satu --name Satu
warns "warning: the hook '" "kota.git/hooks/pre-receive' leads nowhere" \
	"install bukti-hook"
cp -a kota.git open.git
good=$(head_of open.git)
git -C open.git update-ref refs/heads/main \
	"$(git -C open.git -c user.name=x -c user.email=x@x \
		commit-tree -m sampah -p main 'main^{tree}')"
result $? "meanwhile stock git can write"
ends 4 "which is seen" bukti -C open.git status 2026-2
warns "the newest commit of the log is damaged or not the store's own" \
	"the last head that was the store's own here is commit $good"
does "writing with it" bukti unit add dua --name Dua
warns "kota.git/hooks/pre-receive' led nowhere and is linked again"
before=$(head_of kota.git)
refs=$(git --git-dir=kota.git for-each-ref)
for hook in pre-receive reference-transaction; do
	is "$(readlink kota.git/hooks/$hook)" "$BUKTI_BUILD/bukti-hook" \
		"hooks/$hook is"
done
refused "now nobody can" git -C kota.git update-ref -d refs/heads/main

# a backup kept no links
rm kota.git/hooks/*
does "reading" bukti status 2026-2
[ ! -e kota.git/hooks/pre-receive ]
result $? "changes nothing"
does "writing" bukti unit add tiga --name Tiga
warns "kota.git/hooks/pre-receive' was not there and is linked again"
before=$(head_of kota.git)
refs=$(git --git-dir=kota.git for-each-ref)
refused "again nobody can" git -C kota.git update-ref -d refs/heads/main

# without the program
BUKTI_LIBEXECDIR=$work/home
does "a store without hooks" bukti init plain.git --origin spbe.lain.go.id \
	--name "Lain" --no-passphrase
warns "without hooks" "not installed"

healthy kota.git
finish
