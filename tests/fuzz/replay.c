/* Replays a corpus folder through one harness, with any compiler. */
#include <stdio.h>
#include <string.h>

#include "bukti/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	struct bkt_err err;
	BKT_AUTO(bkt_buf_release) struct bkt_buf bytes;

	bkt_buf_init(&bytes, 8 * 1024 * 1024);
	if (bkt_file_slurp(path, &bytes, &err) != BKT_OK) {
		fprintf(stderr, "%s: %s\n", path, err.msg);
		return 1;
	}
	return LLVMFuzzerTestOneInput(bytes.ptr, bytes.len);
}

int main(int argc, char **argv)
{
	struct bkt_err err;
	struct bkt_strs names;
	BKT_AUTO(bkt_arena_free) bkt_arena *arena = bkt_arena_new(1 << 24);

	if (argc != 2 || !arena ||
	    bkt_dir_list(argv[1], arena, &names, &err) != BKT_OK) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	for (size_t i = 0; i < names.n; i++) {
		BKT_AUTO(bkt_free) char *p = bkt_path_join(argv[1], names.v[i]);

		if (!p || replay(p) != 0)
			return 1;
	}
	printf("%zu inputs replayed\n", names.n);
	return names.n == 0;
}
