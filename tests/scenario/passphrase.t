#!/bin/sh
# A passphrase that is typed: never seen, typed twice, and asked for again when
# it will not do.
. "$(dirname "$0")/lib.sh"

# answers, each typed when its prompt stands there; "<" before one: at once
# after the answer before it
cat >type.py <<'PY'
import os, pty, select, sys
at = sys.argv.index('--')
answers, command = sys.argv[1:at], sys.argv[at + 1:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown = b''
asked = 0
while True:
    ready, _, _ = select.select([fd], [], [], 60)
    if not ready:
        os.kill(pid, 9)
        break
    try:
        some = os.read(fd, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    while answers and shown.count(b': ', asked) and shown.endswith(b': '):
        asked = len(shown)
        text = answers.pop(0)
        while answers and answers[0].startswith('<'):
            text += '\n' + answers.pop(0)[1:]
        os.write(fd, text.encode() + b'\n')
sys.stdout.write(shown.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
PY
typed() { # answer... -- command...
	run python3 type.py "$@"
}
good="empat kata yang panjang"
key="bukti key new ani --origin spbe.kota-uji.go.id --keys keys"
hidden() {
	! grep -q "$1" "$out"
	result $? "what is typed is not shown: $1"
}

# shellcheck disable=SC2086
typed pendek "$good" "lain sekali" "$good" "$good" -- $key
is "$rc" 0 "short, then two that differ, then well"
says "soon guessed" "the two passphrases differ; nothing was made; once more"
hidden pendek
hidden "lain sekali"
hidden "$good"
[ -s keys/ani.key ] && grep -q ENCRYPTED keys/ani.key
result $? "the key is there, and encrypted"

rm -rf keys
# shellcheck disable=SC2086
typed satu dua tiga "$good" -- $key
is "$rc" 2 "three times too short"
says "3 characters" "nothing was made"
[ ! -e keys/ani.key ]
result $? "there is no key"

# shellcheck disable=SC2086
typed "$good" "<$good" -- $key
is "$rc" 0 "typed ahead of the second prompt"
hidden "$good"

finish
