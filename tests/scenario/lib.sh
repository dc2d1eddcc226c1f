# TAP for the scenario tests: the real program in a sealed environment. A
# scenario runs in a folder of its own, which is kept when something fails.
set -u
: "${BUKTI_SOURCE:?where the source is}"
: "${BUKTI_BUILD:?where bukti was built}"

for v in $(env | sed -n 's/^\(GIT_[A-Z_]*\|BUKTI_[A-Z_]*\|XDG_[A-Z_]*\)=.*/\1/p'); do
	case $v in
	BUKTI_SOURCE | BUKTI_BUILD | BUKTI_SOAK) ;;
	*) unset "$v" ;;
	esac
done
work=$(mktemp -d "${TMPDIR:-/tmp}/bukti-$(basename "$0" .t).XXXXXX") || exit 99
mkdir "$work/home" "$work/run" || exit 99
HOME=$work/home
GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
LC_ALL=C
TZ=UTC
NO_COLOR=1
PATH=$BUKTI_BUILD:$PATH
umask 022
export HOME GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM LC_ALL TZ NO_COLOR PATH
cd "$work/run" || exit 99

out=$work/out
err=$work/err
count=0
failed=0
rc=0

# note what happened and how the last command went, when it did not go well
result() { # ok? description
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
		return 0
	fi
	failed=$((failed + 1))
	echo "not ok $count - $2"
	echo "# status $rc"
	sed 's/^/# out: /' "$out" 2>/dev/null | head -n 20
	sed 's/^/# err: /' "$err" 2>/dev/null | head -n 20
	return 0
}

run() { # command...: keeps status and output, no terminal
	setsid -w "$@" >"$out" 2>"$err" </dev/null
	rc=$?
}

does() { # description command...: must succeed
	what=$1
	shift
	run "$@"
	result "$rc" "$what"
}

ends() { # status description command...: must end so
	want=$1
	what=$2
	shift 2
	run "$@"
	[ "$rc" -eq "$want" ]
	result $? "$what (exit $want)"
}

on_terminal() { # answer command...: on a terminal of its own, all on stdout
	answer=$1
	shift
	printf '%s\n' "$answer" | timeout 60 python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
		"$@" >"$out" 2>"$err"
	rc=$?
}

says() { # word...: the last command's output has it
	for w in "$@"; do
		grep -qF -- "$w" "$out"
		result $? "says: $w"
	done
}

warns() { # word...: the last command's messages have it
	for w in "$@"; do
		grep -qF -- "$w" "$err"
		result $? "tells: $w"
	done
}

is() { # got want description
	[ "$1" = "$2" ]
	result $? "$3"
	[ "$1" = "$2" ] || printf '# got:  %s\n# want: %s\n' "$1" "$2"
}

json() { # filter: of the last command's output
	jq -r "$1" "$out" 2>/dev/null
}

head_of() { # store
	git --git-dir="$1" rev-parse refs/heads/main
}

# a store that must be sound at the end of every scenario
healthy() { # store
	does "$1: git fsck --strict" git --git-dir="$1" fsck --strict
	does "$1: bukti verify" bukti verify -C "$1"
}

# the usual beginning: kota.git with keys of the administrator
begin() {
	does "init" bukti init kota.git --origin spbe.kota-contoh.go.id \
		--name "Kota Contoh" --no-passphrase
	BUKTI_STORE=$PWD/kota.git
	export BUKTI_STORE
}

# a member with a key in the usual folder
member() { # id roles units
	run bukti key new "$1" --no-passphrase
	does "member $1" bukti member add "$1" --roles "$2" --units "$3" \
		--request "$HOME/.config/bukti/spbe.kota-contoh.go.id/$1.csr"
}

# the sample institution: everybody has a key, one round is open
institution() {
	sample=$BUKTI_SOURCE/tests/sample
	begin
	tail -n +2 "$sample/members.csv" | cut -d, -f1 >members
	while read -r m; do
		[ "$m" = admin ] || run bukti key new "$m" --no-passphrase
	done <members
	does "units" bukti unit add --from "$sample/units.csv"
	does "members" bukti member add --from "$sample/members.csv" \
		--update --requests "$HOME/.config/bukti/spbe.kota-contoh.go.id"
	does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
		--cutoff 2026-12-31 --assign "$sample/assignments.csv" \
		--as sekda
}

# two indicators of one unit, with who hands in and who opens rounds
small_round() {
	does "unit" bukti unit add inspektorat --name Inspektorat
	member opd uploader inspektorat
	member sekda coordinator ""
	printf 'indicator,units\n30,inspektorat\n31,inspektorat\n' >assign.csv
	does "round" bukti cycle open 2026-2 --rulebook spbe-2020 \
		--cutoff 2026-12-31 --assign assign.csv --as sekda
}

# a released round with three documents of two indicators, packed as $package
small_package() {
	sample=$BUKTI_SOURCE/tests/sample
	begin
	small_round
	member kadis responsible ""
	member ver verifier ""
	head -n 1 "$sample/evidence.csv" >small.csv
	cat >>small.csv <<'CSV'
inspektorat/Laporan Audit Aplikasi SPBE 2026.pdf,30 31,2 3,inspektorat,laporan_audit,700.1,2026-05-04,Inspektur,Laporan Audit Aplikasi,halaman 2,,,,,,,
inspektorat/Laporan Audit Infrastruktur SPBE 2025.pdf,30,2 3,inspektorat,laporan_audit,700.2,2026-05-04,Inspektur,Laporan Audit Infrastruktur,halaman 3,,,,,,,
inspektorat/Screenshot e-Wasin.jpg,31,2,inspektorat,tangkapan_layar,,2026-05-04,,Tangkapan Layar,,,,,,,,
CSV
	does "import" bukti import small.csv --dir "$sample" --as opd
	does "claim" bukti claim 30 2 --fact "Laporan 700.1, halaman 2" \
		--analysis "Audit dilakukan" --as sekda
	does "reviews" bukti review accept --all --yes --as ver
	bukti check --json | jq -r '.indicators[].indicator' >short
	set --
	while read -r i; do
		set -- "$@" --gap "$i=belum ada bukti"
	done <short
	does "release" bukti release 2026-2 --as sekda --as kadis --yes "$@"
	does "pack" bukti pack 2026-2 -o . --as sekda --as kadis
	package=$PWD/bukti-spbe.kota-contoh.go.id-2026-2.zip
}

finish() {
	echo "1..$count"
	if [ "$failed" -eq 0 ]; then
		cd / && rm -rf "$work"
		exit 0
	fi
	echo "# the wreckage is in $work"
	exit 1
}
