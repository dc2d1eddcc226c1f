#!/bin/sh
# Killed at every kind of call that changes the disk, and with a disk that
# fails: afterwards the store is as before or as after, and the next writer goes
# on. With BUKTI_SOAK=1 at every single call: a soak, not part of the suite.
. "$(dirname "$0")/lib.sh"

changes=fsync,fdatasync,syncfs,rename,renameat,renameat2,link,linkat,unlink,unlinkat,write,pwrite64,mkdir,mkdirat,openat
if ! strace -f -qq -o /dev/null -e trace=write \
	-e inject=write:error=EIO:when=1 true 2>/dev/null; then
	echo "1..0 # SKIP strace cannot trace here"
	rm -rf "$work"
	exit 0
fi

# leaks are not looked for under a tracer
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
sample=$BUKTI_SOURCE/tests/sample/inspektorat
begin
does "unit" bukti unit add inspektorat --name "Inspektorat"
member opd uploader inspektorat
printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
	--cutoff 2026-12-31 --assign assign.csv
cat >three.csv <<'CSV'
file,indicator,levels,unit,type,number,date,signer,title
Laporan Audit Aplikasi SPBE 2026.pdf,30 31,2 3,inspektorat,laporan_audit,700.1,2026-05-04,Inspektur,Laporan Audit Aplikasi
Laporan Audit Infrastruktur SPBE 2025.pdf,30,2 3,inspektorat,laporan_audit,700.2,2026-05-04,Inspektur,Laporan Audit Infrastruktur
Screenshot e-Wasin.jpg,31,2,inspektorat,tangkapan_layar,,2026-05-04,Inspektur,Tangkapan Layar
CSV
unset BUKTI_STORE
before=$(head_of kota.git)

size_of() { # store
	git --git-dir="$1" show main:log/checkpoint | sed -n 2p
}
old=$(size_of kota.git)

one="Laporan Audit Aplikasi SPBE 2026.pdf"
do_add() { # store, with a tracer before it in "$@"
	s=$1
	shift
	"$@" bukti -C "$s" add "$sample/$one" --indicator 30 --levels 2 \
		--type laporan_audit --number 700.1 --date 2026-05-04 \
		--signer Inspektur --title "Laporan Audit" --as opd
}
do_import() {
	s=$1
	shift
	"$@" bukti -C "$s" import three.csv --dir "$sample" --as opd
}

do_release() {
	s=$1
	shift
	set -- "$@" bukti -C "$s" release 2026-2 --as sekda --as kadis --yes
	while read -r i; do
		set -- "$@" --gap "$i=belum ada bukti"
	done <short
	"$@"
}

# how often each call is made when nothing goes wrong
counted() { # verb: makes $verb.calls, sets grown
	rm -rf "$1.git"
	cp -a "$base" "$1.git"
	"do_$1" "$1.git" strace -f -qq -o "$1.trace" -e trace="$changes" \
		>"$out" 2>"$err"
	rc=$?
	result "$rc" "$1, undisturbed"
	sed -n 's/^[0-9]* *\([a-z0-9]*\)(.*/\1/p' "$1.trace" | sort | uniq -c |
		sort -rn >"$1.calls"
	grown=$(size_of "$1.git")
}

fresh() {
	[ ! -e x.git ] || look_at_litter
	rm -rf x.git
	cp -a "$base" x.git
}

# half packs are left to the first writer that finds them old
litter=0
look_at_litter() {
	[ "$litter" -eq 0 ] || return 0
	find x.git/objects -name 'tmp_*' >"$work/litter"
	[ -s "$work/litter" ] || return 0
	litter=1
	find x.git/objects -name 'tmp_*' -exec touch -d '3 days ago' {} +
	does "a writer some days later" bukti -C x.git unit add later \
		--name Nanti
	is "$(find x.git/objects -name 'tmp_*' | wc -l)" 0 \
		"half packs are gone by then"
}

# one kill and what comes after it
killed() { # verb call nth
	fresh
	"do_$1" x.git strace -f -qq -o /dev/null -e trace="$2" \
		-e "inject=$2:signal=KILL:when=$3" >"$out" 2>"$err"
	rc=$?
	sound "$1 killed at $2 number $3"
}

sound() { # what: old or new, intact without repair, the next writer goes on
	now=$(size_of x.git)
	case $now in
	"$old" | "$grown") ;;
	*)
		result 1 "$1: the log has $now entries"
		return
		;;
	esac
	[ "$now" = "$old" ] || after=$((after + 1))
	if [ "$base" = ready.git ]; then
		seals=$(git --git-dir=x.git ls-tree --name-only main \
			cycles/2026-2/ | grep -c 'release\.json')
		# the record and its two signatures
		if [ "$seals" -ne $((now == grown ? 3 : 0)) ]; then
			result 1 "$1: $seals files of a release"
			return
		fi
	fi
	if ! bukti verify x.git --cold >"$out" 2>"$err"; then
		result 1 "$1: intact"
		return
	fi
	if ! bukti -C x.git unit add "u$now" --name Lain >"$out" 2>"$err"; then
		result 1 "$1: the next writer"
		return
	fi
	if [ "$(size_of x.git)" -ne $((now + 1)) ]; then
		result 1 "$1: the next entry"
		return
	fi
	if [ "$(find x.git/bukti/tmp -type f | wc -l)" -ne 0 ]; then
		find x.git/bukti/tmp -type f >"$out"
		result 1 "$1: what lay about is cleared"
		return
	fi
	survived=$((survived + 1))
}

# killed at each kind of call, some of the many
kill_all() { # verb
	counted "$1"
	tried=0
	survived=0
	after=0
	while read -r n call; do
		# openat and write are many: most of them read, or print
		case ${BUKTI_SOAK:-}$call in
		openat) step=$((n / 2 + 1)) ;;
		1*) step=1 ;;
		*) step=$((n / 3 + 1)) ;;
		esac
		k=1
		while [ "$k" -le "$n" ]; do
			tried=$((tried + 1))
			killed "$1" "$call" "$k"
			k=$((k + step))
		done
	done <"$1.calls"
	is "$survived" "$tried" "$1: all $tried kills survived"
	[ "$after" -gt 0 ] && [ "$after" -lt "$tried" ]
	result $? "$1: $after of them came after the commit"
}
base=kota.git
kill_all add
kill_all import

# a release: none, or the whole of it, with both signatures
cp -a kota.git ready.git
base=ready.git
for m in "sekda coordinator" "kadis responsible"; do
	run bukti -C ready.git key new "${m% *}" --no-passphrase
	does "member ${m% *}" bukti -C ready.git member add "${m% *}" \
		--roles "${m#* }" --request \
		"$HOME/.config/bukti/spbe.kota-contoh.go.id/${m% *}.csr"
done
does "something to release" bukti -C ready.git import three.csv \
	--dir "$sample" --as opd
bukti -C ready.git check --json | jq -r '.indicators[].indicator' >short
old=$(size_of ready.git)
kill_all release
base=kota.git
old=$(size_of kota.git)

# ---- a disk that says no

refused() { # call errno
	n=$(sed -n "s/^ *\([0-9]*\) $1\$/\1/p" add.calls)
	[ -n "$n" ] || return 0
	step=$((n / 3 + 1))
	k=1
	while [ "$k" -le "$n" ]; do
		tried=$((tried + 1))
		fresh
		do_add x.git strace -f -qq -o "$work/strace" -e trace="$1" \
			-e "inject=$1:error=$2:when=$k" >"$out" 2>"$err"
		rc=$?
		now=$(size_of x.git)
		# what fails after the commit point is made good later
		if [ "$now" = "$old" ] && [ "$rc" -ne 6 ]; then
			result 1 "$1 number $k fails with $2: exit 6"
		elif [ "$now" != "$old" ] && [ "$rc" -ne 0 ] &&
			[ "$rc" -ne 6 ]; then
			result 1 "$1 number $k fails with $2: exit 0 or 6"
		fi
		sound "$1 number $k fails with $2"
		k=$((k + step))
	done
}
tried=0
survived=0
after=0
grown=$((old + 2))
for call in fsync fdatasync syncfs write pwrite64; do
	refused "$call" EIO
	refused "$call" ENOSPC
done
refused rename EIO
refused link EIO
refused linkat EIO
is "$survived" "$tried" "all $tried failures survived"

do_add kota.git env >"$out" 2>"$err"
rc=$?
result "$rc" "an entry at last"
[ "$(head_of kota.git)" != "$before" ]
result $? "the head moved"
healthy kota.git
finish
