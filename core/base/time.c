#include "bukti/base.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

int64_t (*bkt_clock)(void);

int64_t bkt_now_utc_s(void)
{
	struct timespec ts;

	if (bkt_clock)
		return bkt_clock();
	BKT_ASSERT(clock_gettime(CLOCK_REALTIME, &ts) == 0);
	return ts.tv_sec;
}

int64_t bkt_mono_ms(void)
{
	struct timespec ts;

	BKT_ASSERT(clock_gettime(CLOCK_MONOTONIC, &ts) == 0);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

#define DAY_S 86400
#define DAYS_0001 (-719162) /* 0001-01-01 */
#define DAYS_9999 2932896   /* 9999-12-31 */

struct date {
	int32_t year, month, day;
};

static bool is_leap(int32_t y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int32_t month_length(int32_t y, int32_t m)
{
	static const int8_t n[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };

	return m == 2 && is_leap(y) ? 29 : n[m - 1];
}

/* days of the years before y, counted from 0001-01-01 */
static int32_t days_before_year(int32_t y)
{
	y -= 1;
	return y * 365 + y / 4 - y / 100 + y / 400;
}

static int32_t days_of(struct date d)
{
	int32_t n = DAYS_0001 + days_before_year(d.year) + d.day - 1;

	for (int32_t m = 1; m < d.month; m++)
		n += month_length(d.year, m);
	return n;
}

/* years 1 to 9999; what is outside becomes the nearest such day */
static struct date date_of(int64_t days)
{
	struct date d = { 1, 1, 1 };
	int32_t n;

	if (days < DAYS_0001)
		days = DAYS_0001;
	if (days > DAYS_9999)
		days = DAYS_9999;
	n = (int32_t)days - DAYS_0001;
	d.year = n / 366 + 1; /* never too late, and at most 7 too early */
	while (days_before_year(d.year + 1) <= n)
		d.year++;
	n -= days_before_year(d.year);
	while (n >= month_length(d.year, d.month))
		n -= month_length(d.year, d.month++);
	d.day = n + 1;
	return d;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void bkt_time_format(int64_t utc_s, char out[BKT_TIME_LEN + 1])
{
	char text[80];
	struct date d;
	int32_t s;

	if (utc_s < (int64_t)DAYS_0001 * DAY_S)
		utc_s = (int64_t)DAYS_0001 * DAY_S;
	if (utc_s >= ((int64_t)DAYS_9999 + 1) * DAY_S)
		utc_s = ((int64_t)DAYS_9999 + 1) * DAY_S - 1;
	d = date_of(floor_div(utc_s, DAY_S));
	s = (int32_t)(utc_s - floor_div(utc_s, DAY_S) * DAY_S);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year,
	    d.month, d.day, s / 3600, s / 60 % 60, s % 60);
	memcpy(out, text, BKT_TIME_LEN);
	out[BKT_TIME_LEN] = '\0';
}

/* the digits that stand where the pattern has 'd'; the rest stands literally */
static bool matches(const char *s, const char *pattern)
{
	for (; *pattern; s++, pattern++)
		if (*pattern == 'd' ? *s < '0' || *s > '9' : *s != *pattern)
			return false;
	return true;
}

static int32_t number(const char *s, size_t n)
{
	int32_t v = 0;

	while (n--)
		v = v * 10 + (*s++ - '0');
	return v;
}

static bool date_read(const char *s, int32_t first_year, int32_t *out)
{
	struct date d;

	if (!matches(s, "dddd-dd-dd"))
		return false;
	d = (struct date){ number(s, 4), number(s + 5, 2), number(s + 8, 2) };
	if (d.year < first_year || d.month < 1 || d.month > 12 || d.day < 1 ||
	    d.day > month_length(d.year, d.month))
		return false;
	*out = days_of(d);
	return true;
}

bool bkt_time_parse(const char *s, int64_t *out_utc_s)
{
	int32_t days, h, m, sec;

	if (!date_read(s, 1970, &days) || !matches(s + 10, "Tdd:dd:ddZ") ||
	    s[BKT_TIME_LEN])
		return false;
	h = number(s + 11, 2);
	m = number(s + 14, 2);
	sec = number(s + 17, 2);
	if (h > 23 || m > 59 || sec > 59)
		return false;
	*out_utc_s = (int64_t)days * DAY_S + h * 3600 + m * 60 + sec;
	return true;
}

bool bkt_date_parse(const char *s, int32_t *out_days)
{
	int32_t days;

	if (!date_read(s, 1900, &days) || s[10])
		return false;
	*out_days = days;
	return true;
}

void bkt_date_format(int32_t days, char out[11])
{
	struct date d = date_of(days);
	char text[48];

	snprintf(text, sizeof(text), "%04d-%02d-%02d", d.year, d.month, d.day);
	memcpy(out, text, 10);
	out[10] = '\0';
}

int32_t bkt_date_add_months(int32_t days, int32_t months)
{
	struct date d = date_of(days);
	int64_t at = (int64_t)d.year * 12 + d.month - 1 + months;

	if (at < 12)
		return DAYS_0001;
	if (at >= 10000 * 12)
		return DAYS_9999;
	d.year = (int32_t)(at / 12);
	d.month = (int32_t)(at % 12) + 1;
	if (d.day > month_length(d.year, d.month))
		d.day = month_length(d.year, d.month);
	return days_of(d);
}

int32_t bkt_date_year(int32_t days)
{
	return date_of(days).year;
}
