#!/bin/sh
# Killed at some moment, without a tracer: the log is as before or as after, a
# package is whole or not there, and the same command then goes on.
. "$(dirname "$0")/lib.sh"

small_package
sample=$BUKTI_SOURCE/tests/sample/inspektorat
store=$PWD/kota.git
unset BUKTI_STORE
size_of() { # store
	git --git-dir="$1" show main:log/checkpoint | sed -n 2p
}
doc=$(bukti -C "$store" show 'Laporan Audit Aplikasi SPBE 2026.pdf' --json |
	jq -r .record.document)
other=$(bukti -C "$store" show 'Laporan Audit Infrastruktur SPBE 2025.pdf' \
	--json | jq -r .record.document)
[ -n "$doc" ] && [ -n "$other" ]
result $? "there are documents"
printf '%%PDF-1.7\nlaporan baru\n%%%%EOF\n' >baru.pdf
bukti key new lagi --origin spbe.kota-contoh.go.id --no-passphrase \
	>/dev/null 2>&1
csr=$HOME/.config/bukti/spbe.kota-contoh.go.id/lagi.csr

act() { # verb: on x.git
	case $1 in
	replace) set -- replace "$doc" baru.pdf --as opd ;;
	review) set -- review return "$other" -i 30 --cause expired \
		--reason 'terlalu lama' --as ver ;;
	member) set -- member add lagi --roles auditor --request "$csr" \
		--as admin ;;
	pack) set -- pack 2026-2 -o packed.zip --as sekda --as kadis ;;
	esac
	exec bukti -C x.git "$@"
}
again() {
	rm -rf x.git packed.zip packed.zip.new-*
	cp -a "$store" x.git
}

whole() { # a package that has its name is a good one
	[ ! -e packed.zip ] || bukti inspect packed.zip >"$out" 2>"$err"
}

kills=6
kill_some() { # verb
	again
	start=$(date +%s%N)
	(act "$1") >"$out" 2>"$err"
	rc=$?
	result "$rc" "$1, undisturbed"
	took=$((($(date +%s%N) - start) / 1000))
	grown=$(size_of x.git)
	survived=0
	hit=0
	k=1
	while [ "$k" -le "$kills" ]; do
		again
		us=$((took * k / (kills + 1)))
		(act "$1") >"$out" 2>"$err" &
		job=$!
		sleep "$((us / 1000000)).$(printf '%06d' $((us % 1000000)))"
		kill -KILL "$job" 2>/dev/null && hit=$((hit + 1))
		wait "$job" 2>/dev/null
		now=$(size_of x.git)
		if [ "$now" -ne "$old" ] && [ "$now" -ne "$grown" ]; then
			result 1 "$1 killed after $us us: $now entries"
		elif ! bukti verify x.git --cold >"$out" 2>"$err"; then
			result 1 "$1 killed after $us us: intact"
		elif ! whole; then
			result 1 "$1 killed after $us us: half a package"
		elif [ "$now" -eq "$old" ] && ! (act "$1") >"$out" 2>"$err"; then
			result 1 "$1 killed after $us us: and once more"
		else
			survived=$((survived + 1))
		fi
		k=$((k + 1))
	done
	is "$survived" "$kills" "$1: all $kills kills survived"
	[ "$hit" -gt 0 ]
	result $? "$1: $hit of them came while it ran"
}

old=$(size_of "$store")
kill_some replace
kill_some review
kill_some member
# sealed once more, so that the package is the first of its release
set --
while read -r i; do
	set -- "$@" --gap "$i=belum ada bukti"
done <short
does "released again" bukti -C "$store" release 2026-2 --again --as sekda \
	--as kadis --yes "$@"
old=$(size_of "$store")
kill_some pack
healthy x.git
finish
