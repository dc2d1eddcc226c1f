#!/bin/sh
# After a release: what changed, what is lacking, and no second seal for nothing.
. "$(dirname "$0")/lib.sh"

small_package
size_of() {
	git --git-dir=kota.git show main:log/checkpoint | sed -n 2p
}
size=$(size_of)
cat >release <<'SH'
#!/bin/sh
exec bukti release 2026-2 --as sekda --as kadis --yes "$@"
SH
chmod +x release
does "the same again" ./release
warns "nothing of 2026-2 has changed since its release" "--again"
is "$(size_of)" "$size" "nothing is sealed"
does "as JSON" ./release --json
is "$(json .unchanged)" true "it says so"
does "status" bukti status --json
is "$(json '.changed | length') $(json .round_changed)" "0 false" \
	"nothing has changed"

set --
while read -r i; do
	set -- "$@" --gap "$i=belum ada bukti"
done <short
does "with the same gaps" ./release "$@"
warns "nothing of 2026-2 has changed since its release" "--again"
is "$(size_of)" "$size" "nothing is sealed"
{
	echo indicator,reason
	sed 's/$/,belum ada bukti/' short
} >gaps.csv
does "in a list" ./release --gaps gaps.csv --json
is "$(json .unchanged)" true "it says so"

# what nobody said of an indicator may change what is to be said of it
printf '%%PDF-1.4\ncakupan\n%%%%EOF\n' >'Daftar Cakupan.pdf'
does "a list of all units" bukti add 'Daftar Cakupan.pdf' -i 30 \
	--type laporan_penerapan --date 2026-05-04 --unit inspektorat \
	--covers 'cakupan=seluruh_pd;unit=inspektorat' --as opd
does "accepted" bukti review accept 'Daftar Cakupan.pdf' -i 30 --as ver
does "sealed" ./release "$@"
does "I30 is whole" bukti check -i 30
does "one unit more" bukti unit add baru --name Baru
ends 1 "it no longer is" bukti check -i 30
says "units-incomplete"
does "status" bukti status --json
is "$(json '.changed | join(",")') $(json .round_changed)" "I30 false" \
	"status says so"
ends 1 "release asks for a reason" ./release "$@"
warns "I30 is incomplete: claimed 2, verified 2" \
	"units-incomplete, document" "1 agency is not covered: baru"
! grep -q "lacks for level" "$err"
result $? "and nothing of levels that nobody claims"
does "the unit is no more" bukti unit withdraw baru
does "as it was sealed" ./release "$@"
warns "nothing of 2026-2 has changed since its release" "--again"
does "packed" bukti pack 2026-2 -o whole/ --as sekda --as kadis

does "its package again" bukti pack 2026-2 -o again.zip
! grep -q "changed since" "$err"
result $? "of the state as it is"

does "a decision after it" bukti review return \
	'Laporan Audit Aplikasi SPBE 2026.pdf' -i 30 --cause expired \
	--reason 'terlalu lama' --as ver
does "and another" bukti review return \
	'Laporan Audit Infrastruktur SPBE 2025.pdf' -i 30 --cause expired \
	--reason 'terlalu lama' --as ver
does "status" bukti status
says "changed since its release" ": I30"
does "as JSON" bukti status --json
is "$(json '.changed | join(",")')" I30 "which indicators"
does "the package of what was released" bukti pack 2026-2 -o older.zip
warns "changed since its release" "not in the package: I30" \
	"hint: bukti release 2026-2 seals it as it is now"
cmp again.zip older.zip
result $? "is the same as before"
size=$(size_of)
ends 1 "gaps to be stated" ./release
warns "I30 is incomplete: claimed 2, verified" "level 2 (I30.L2" \
	"I01 is incomplete"
is "$(size_of)" "$size" "nothing is sealed"

object=$(find kota.git/lfs/objects -type f | head -n 1)
mv "$object" kept
run ./release
[ "$rc" -ne 0 ] && ! grep -q -- "--gap" "$err"
result $? "content that is gone comes before any reason"
warns "nothing was released"
mv kept "$object"

set --
while read -r i; do
	set -- "$@" --gap "$i=belum ada bukti"
done <short
does "other words are a reason" ./release "$@" \
	--gap "30=dikembalikan untuk diperbaiki"
does "status" bukti status --json
is "$(json '.changed | length')" 0 "and now it is sealed"

size=$(size_of)
cp "$package" earlier.zip
ends 2 "its package over that of the earlier release" bukti pack 2026-2 -o . \
	--as sekda --as kadis
warns "is there already" "hint: name another file with -o"
does "which is as it was" cmp "$package" earlier.zip
is "$(size_of)" "$size" "and nothing is sealed"
does "into another folder" bukti pack 2026-2 -o second/ --as sekda --as kadis

# the index is not believed about which release is the last one
python3 - kota.git/bukti/index.sqlite <<'PY'
import hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
path = 'cycles/2026-2/release.json'
id, = db.execute('SELECT id FROM path WHERE path = ?', (path,)).fetchone()
old, record = db.execute('SELECT idx, record FROM entry WHERE path_id = ?'
                         ' ORDER BY idx LIMIT 1', (id,)).fetchone()
import subprocess
for c in subprocess.check_output(['git', '--git-dir=kota.git', 'rev-list',
                                  'main', '--', path], text=True).split():
    text = subprocess.check_output(['git', '--git-dir=kota.git', 'cat-file',
                                    'blob', c + ':' + path])
    if hashlib.sha256(text).digest() == record:
        db.execute('UPDATE path SET idx = ?, bytes = ? WHERE id = ?',
                   (old, text, id))
        print('back to entry', old)
db.commit()
PY
result $? "an index that knows an older release"
does "is not followed" bukti pack 2026-2 -o third/ --as sekda --as kadis
cmp second/*.zip third/*.zip
result $? "the last release is packed"

healthy kota.git
finish
