/* digest.c - what identifies a run for programs: the SHA-256 of its configuration. */
#include "experiment/state.h"

#include "file/digest.h"

#include <string.h>

ip_status ip_experiment_digest(const ip_config *c, ip_key_role last, char out[static 65])
{
  char *text;
  IP_TRY(ip_config_text(c, last, &text));
  ip_digest_bytes(text, strlen(text), out);
  ip_free(text);
  return IP_OK;
}
