#!/bin/sh
# The sample institution is whole: files open, tables agree, faults planted,
# and its generator writes the very same bytes again.
set -u
root=${BUKTI_SOURCE:-$(cd "$(dirname "$0")/../.." && pwd)}

if ! command -v python3 >/dev/null 2>&1; then
	echo '1..0 # SKIP python3 is not installed'
	exit 0
fi
exec python3 "$root/tests/sample/check.py" "$root"
