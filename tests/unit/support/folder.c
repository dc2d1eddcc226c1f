#include "support/folder.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bukti/base.h"

static char folder[64];

int folder_enter(void **state)
{
	(void)state;
	memcpy(folder, "/tmp/bukti-test-XXXXXX", 23);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

int folder_leave(void **state)
{
	struct bkt_err err;

	(void)state;
	fault_disarm();
	if (chdir("/") != 0)
		return -1;
	return bkt_dir_remove(folder, &err) == BKT_OK ? 0 : -1;
}

bool folder_put(const char *path, const char *text)
{
	struct bkt_err err;

	return bkt_file_replace(path, bkt_span_str(text), 0644, &err) == BKT_OK;
}

bool folder_holds(const char *path, const char *text)
{
	BKT_AUTO(bkt_buf_release) struct bkt_buf b;
	struct bkt_err err;

	bkt_buf_init(&b, 1 << 20);
	return bkt_file_slurp(path, &b, &err) == BKT_OK &&
	       bkt_span_eq(bkt_buf_span(&b), bkt_span_str(text));
}

static const char *faulty_op;
static int fault_answer, faults_left, calls;

static int answer_fault(const char *op, const char *path)
{
	BKT_ASSERT(path);
	if (strcmp(op, faulty_op) != 0)
		return 0;
	calls++;
	return faults_left-- > 0 ? fault_answer : 0;
}

void fault_arm(const char *op, int answer, int times)
{
	faulty_op = op;
	fault_answer = answer;
	faults_left = times;
	calls = 0;
	bkt_fs_fault = answer_fault;
}

void fault_disarm(void)
{
	bkt_fs_fault = NULL;
}

int fault_calls(void)
{
	return calls;
}
