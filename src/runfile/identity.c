#include "base/mem.h"
#include "file/h5.h"
#include "runfile/runfile.h"

#include <string.h>

static ip_status copy_text(ip_h5 *h, const char *name, size_t size, char *to)
{
  char *text;
  to[0] = 0;
  if (!ip_h5_has(h, "/", name)) return IP_OK;
  IP_TRY(ip_h5_text(h, "/", name, &text));
  if (strlen(text) < size) strcpy(to, text); /* a longer one is none of ours */
  ip_free(text);
  return IP_OK;
}

ip_status ip_run_identify(const char *path, ip_run_identity *out)
{
  ip_h5 *h;
  int64_t version = 0;
  *out = (ip_run_identity){.version = 0};
  IP_TRY(ip_h5_open_root(path, &h));
  ip_status st = ip_h5_has(h, "/", "format_version") ? ip_h5_int(h, "/", "format_version", &version) : IP_OK;
  if (st == IP_OK) st = copy_text(h, "digest", sizeof out->digest, out->digest);
  if (st == IP_OK) st = copy_text(h, "estimate_digest", sizeof out->estimate_digest, out->estimate_digest);
  if (st == IP_OK) st = copy_text(h, "status", sizeof out->status, out->status);
  ip_status closed = ip_h5_close(&h);
  out->version = version;
  return st == IP_OK ? closed : st;
}
