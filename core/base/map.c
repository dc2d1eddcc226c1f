#include "bukti/base.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

/*
 * Entries lie in insertion order; an open-addressed table of entry numbers
 * finds them. The hash is SipHash-1-3 under a key of the process, so that
 * keys chosen by an enemy cannot be made to collide.
 */

#define SLOT_FREE 0u
#define SLOT_GONE UINT32_MAX
#define MAX_ENTRIES (UINT32_MAX / 4)

struct entry {
	char *key; /* NULL: removed */
	void *value;
	uint64_t hash;
};

struct bkt_map {
	struct entry *entries;
	uint32_t *slots;               /* entry number + 1 */
	size_t n_entries, cap_entries; /* removed ones included */
	size_t n_slots, n_live;
};

static uint64_t hash_key[2];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

/* not the random seam: a test's fixed random must not weaken the hash */
static void hash_init(void)
{
	if (getrandom(hash_key, sizeof(hash_key), 0) ==
	    (ssize_t)sizeof(hash_key))
		return;
	hash_key[0] = (uint64_t)bkt_mono_ms() * 0x9e3779b97f4a7c15u;
	hash_key[1] = (uint64_t)(uintptr_t)&hash_key;
}

static uint64_t rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

static uint64_t hash_of(const char *s, size_t n)
{
	uint64_t v[4] = { hash_key[0] ^ 0x736f6d6570736575u,
		hash_key[1] ^ 0x646f72616e646f6du,
		hash_key[0] ^ 0x6c7967656e657261u,
		hash_key[1] ^ 0x7465646279746573u };
	uint64_t w;
	size_t left = n;

	for (; left >= 8; left -= 8, s += 8) {
		memcpy(&w, s, 8);
		v[3] ^= w;
		sip_round(v);
		v[0] ^= w;
	}
	w = (uint64_t)n << 56;
	for (size_t i = 0; i < left; i++)
		w |= (uint64_t)(unsigned char)s[i] << (8 * i);
	v[3] ^= w;
	sip_round(v);
	v[0] ^= w;
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

bkt_map *bkt_map_new(void)
{
	pthread_once(&hash_once, hash_init);
	return bkt_calloc(1, sizeof(bkt_map));
}

void bkt_map_free(bkt_map *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_entries; i++)
		bkt_free(m->entries[i].key);
	bkt_free(m->entries);
	bkt_free(m->slots);
	bkt_free(m);
}

/* the slot that holds the key, or n_slots */
static size_t slot_find(const bkt_map *m, const char *key, uint64_t hash)
{
	size_t mask = m->n_slots - 1;

	if (m->n_slots == 0)
		return 0;
	for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
		const struct entry *e;

		if (m->slots[i] == SLOT_FREE)
			return m->n_slots;
		if (m->slots[i] == SLOT_GONE)
			continue;
		e = &m->entries[m->slots[i] - 1];
		if (e->hash == hash && strcmp(e->key, key) == 0)
			return i;
	}
}

static void slot_put(bkt_map *m, size_t entry)
{
	size_t mask = m->n_slots - 1;
	size_t i = (size_t)m->entries[entry].hash & mask;

	while (m->slots[i] != SLOT_FREE)
		i = (i + 1) & mask;
	m->slots[i] = (uint32_t)entry + 1;
}

void *bkt_map_get(const bkt_map *m, const char *key)
{
	size_t i = slot_find(m, key, hash_of(key, strlen(key)));

	return i < m->n_slots ? m->entries[m->slots[i] - 1].value : NULL;
}

/* fresh arrays without the removed entries; the map is untouched on failure */
static bool rebuild(bkt_map *m)
{
	size_t n_slots = 16, cap, n = 0;
	struct entry *entries;
	uint32_t *slots;

	if (m->n_live >= MAX_ENTRIES)
		return false;
	while (n_slots < (m->n_live + 1) * 4)
		n_slots *= 2;
	cap = n_slots / 2;
	entries = bkt_malloc(cap * sizeof(*entries));
	slots = entries ? bkt_calloc(n_slots, sizeof(*slots)) : NULL;
	if (!slots) {
		bkt_free(entries);
		return false;
	}
	for (size_t i = 0; i < m->n_entries; i++)
		if (m->entries[i].key)
			entries[n++] = m->entries[i];
	bkt_free(m->entries);
	bkt_free(m->slots);
	m->entries = entries;
	m->slots = slots;
	m->n_entries = n;
	m->cap_entries = cap;
	m->n_slots = n_slots;
	for (size_t i = 0; i < n; i++)
		slot_put(m, i);
	return true;
}

enum bkt_status bkt_map_set(
    bkt_map *m, const char *key, void *value, struct bkt_err *err)
{
	size_t n = strlen(key), i;
	uint64_t hash = hash_of(key, n);
	char *copy;

	BKT_ASSERT(value);
	i = slot_find(m, key, hash);
	if (i < m->n_slots) {
		m->entries[m->slots[i] - 1].value = value;
		return BKT_OK;
	}
	if (m->n_entries == m->cap_entries && !rebuild(m))
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a table");
	copy = bkt_malloc(n + 1);
	if (!copy)
		return bkt_fail(err, BKT_E_NOMEM, "no memory for a table key");
	memcpy(copy, key, n + 1);
	m->entries[m->n_entries] =
	    (struct entry){ .key = copy, .value = value, .hash = hash };
	slot_put(m, m->n_entries++);
	m->n_live++;
	return BKT_OK;
}

void *bkt_map_remove(bkt_map *m, const char *key)
{
	size_t i = slot_find(m, key, hash_of(key, strlen(key)));
	struct entry *e;
	void *value;

	if (i >= m->n_slots)
		return NULL;
	e = &m->entries[m->slots[i] - 1];
	value = e->value;
	bkt_free(e->key);
	*e = (struct entry){ 0 };
	m->slots[i] = SLOT_GONE;
	m->n_live--;
	return value;
}

size_t bkt_map_count(const bkt_map *m)
{
	return m->n_live;
}

bool bkt_map_next(const bkt_map *m, size_t *at, const char **key, void **value)
{
	while (*at < m->n_entries && !m->entries[*at].key)
		++*at;
	if (*at >= m->n_entries)
		return false;
	if (key)
		*key = m->entries[*at].key;
	if (value)
		*value = m->entries[*at].value;
	++*at;
	return true;
}
