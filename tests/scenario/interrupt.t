#!/bin/sh
# The first signal asks; the second ends the program, whatever it waits for.
. "$(dirname "$0")/lib.sh"

# all it says goes into a pipe that is full and that nobody reads
cat >twice.py <<'PY'
import fcntl, os, signal, subprocess, sys, time
r, w = os.pipe()
os.set_blocking(w, False)
try:
    while True:
        os.write(w, b"x" * 4096)
except BlockingIOError:
    pass
os.set_blocking(w, True)
p = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=w, stderr=w)
for name in sys.argv[1].split(","):
    time.sleep(1)
    if p.poll() is not None:
        sys.exit("it ended by itself: %d" % p.returncode)
    p.send_signal(getattr(signal, name))
print(p.wait(timeout=20))
PY
for two in SIGTERM,SIGTERM SIGINT,SIGTERM SIGTERM,SIGINT; do
	does "$two" timeout 60 python3 twice.py "$two" bukti help
	want=-15
	[ "${two#*,}" = SIGTERM ] || want=-2
	is "$(cat "$out")" "$want" "$two: ended by the signal itself"
done

finish
