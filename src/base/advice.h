/* advice.h - what a failed write means and what a person can do about it, by its errno. */
#ifndef IP_BASE_ADVICE_H
#define IP_BASE_ADVICE_H

#include "base/status.h"

/* Goes behind strerror(error) in a message: "; free some space, ...", or "" where there is nothing to advise. */
const char *ip_advice_on_writing(int error);

/* IP_ENOSPC where there is no room on the disk, IP_EIO for any other error. */
ip_status ip_status_of_write(int error);

#endif
