#include "bukti/base.h"

#include <errno.h>
#include <sys/random.h>

void (*bkt_random_seam)(uint8_t *p, size_t n);

enum bkt_status bkt_random(uint8_t *p, size_t n, struct bkt_err *err)
{
	if (bkt_random_seam) {
		bkt_random_seam(p, n);
		return BKT_OK;
	}
	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return bkt_fail_errno(err, BKT_E_IO, "no random bytes");
		p += got;
		n -= (size_t)got;
	}
	return BKT_OK;
}

enum bkt_status bkt_random_id(char *out, size_t n, struct bkt_err *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	uint8_t bytes[64];

	for (size_t i = 0; i < n; i++) {
		size_t at = i % sizeof(bytes), left = n - i;

		if (at == 0)
			BKT_TRY(bkt_random(bytes,
			    left < sizeof(bytes) ? left : sizeof(bytes), err));
		out[i] = letters[bytes[at] & 31];
	}
	out[n] = '\0';
	return BKT_OK;
}
