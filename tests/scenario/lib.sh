# TAP for the scenario tests: the real program in a sealed environment. A
# scenario runs in a folder of its own, which is kept when something fails.
set -u
: "${BUKTI_SOURCE:?where the source is}"
: "${BUKTI_BUILD:?where bukti was built}"

for v in $(env | sed -n 's/^\(GIT_[A-Z_]*\|BUKTI_[A-Z_]*\|XDG_[A-Z_]*\)=.*/\1/p'); do
	case $v in
	BUKTI_SOURCE | BUKTI_BUILD) ;;
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
	if bukti help verify >/dev/null 2>&1; then
		does "$1: bukti verify" bukti verify -C "$1"
	else
		count=$((count + 1))
		echo "ok $count - $1: bukti verify # skip no such verb"
	fi
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

finish() {
	echo "1..$count"
	if [ "$failed" -eq 0 ]; then
		cd / && rm -rf "$work"
		exit 0
	fi
	echo "# the wreckage is in $work"
	exit 1
}
