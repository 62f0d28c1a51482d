/* advice.h - what a person can do about a failed write, by its errno. */
#ifndef IP_BASE_ADVICE_H
#define IP_BASE_ADVICE_H

/* Goes behind strerror(error) in a message: "; free some space, ...", or "" where there is nothing to advise. */
const char *ip_advice_on_writing(int error);

#endif
