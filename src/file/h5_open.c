#include "file/h5_id.h"

#include <string.h>

/* ---------------------------------------------------------------- the object opened last */

bool ip_h5_is_last(const ip_h5 *h, const char *name)
{
  return h->last > 0 && !strcmp(h->last_name, name);
}

void ip_h5_forget_last(ip_h5 *h)
{
  ip_h5_close_ids(1, &h->last);
  h->last = 0;
}

void ip_h5_remember(ip_h5 *h, const char *name, hid_t id)
{
  size_t n = strlen(name) + 1;
  if (!h->reads || n > sizeof h->last_name || H5Iinc_ref(id) < 0) return;
  ip_h5_forget_last(h);
  memcpy(h->last_name, name, n);
  h->last = id;
}

hid_t ip_h5_open_dataset(ip_h5 *h, const char *name)
{
  if (ip_h5_is_last(h, name) && H5Iget_type(h->last) == H5I_DATASET && H5Iinc_ref(h->last) > 0) return h->last;
  hid_t kept = ip_h5_kept_id(h, name);
  if (kept >= 0 && H5Iinc_ref(kept) > 0) return kept;
  hid_t id = H5Dopen2(h->file, name, H5P_DEFAULT);
  if (id < 0) return id;
  if (h->is_new || ip_h5_admits(h->file, id)) {
    ip_h5_remember(h, name, id);
    return id;
  }
  ip_h5_close_ids(1, &id);
  return H5I_INVALID_HID;
}

/* ---------------------------------------------------------------- all below an object */

static herr_t see_object(hid_t root, const char *name, const H5O_info_t *info, void *user)
{
  const hid_t *file = user;
  if (info->type != H5O_TYPE_DATASET) return 0;
  hid_t id = H5Oopen(root, name, H5P_DEFAULT);
  bool admitted = id >= 0 && ip_h5_admits(*file, id);
  ip_h5_close_ids(1, &id);
  return admitted ? 0 : -1;
}

herr_t ip_h5_check_below(ip_h5 *h, const char *name)
{
  hid_t root = H5Oopen(h->file, name, H5P_DEFAULT);
  if (root < 0) return -1;
  herr_t failed = H5Ovisit2(root, H5_INDEX_NAME, H5_ITER_NATIVE, see_object, &h->file, H5O_INFO_BASIC);
  H5Oclose(root);
  return failed;
}
