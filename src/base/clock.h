/* clock.h - elapsed and calendar time. Never part of a result. */
#ifndef IP_BASE_CLOCK_H
#define IP_BASE_CLOCK_H

/* Seconds on a clock that only goes forward. */
double ip_clock_s(void);

/* Now, in UTC, as 2026-01-31T12:00:00Z. */
void ip_clock_utc(char out[static 21]);

/* A duration for people: "0.4 s", "12 s", "3:07 min", "2:05:09 h". */
void ip_clock_format(double s, char out[static 32]);

#endif
