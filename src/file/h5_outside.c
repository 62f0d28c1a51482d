#include "file/h5_id.h"

#include <stdio.h>
#include <string.h>

/* What may come from outside the file: the elements of a dataset (external storage, or views of datasets in other
 * files), and what a link of another file names. A file that somebody sent could so bring the contents of any file of
 * this user into tables, figures and copies, or have them written to. All of it is refused. */

static const char advice[] = "infoplane reads and writes only what is inside the file; make a copy that holds "
                             "everything (h5py: read the array, write it to a new file) and use that";

/* What of an open dataset lies elsewhere; NULL when nothing does. */
static const char *outside_part(hid_t dataset)
{
  hid_t list = H5Dget_create_plist(dataset);
  if (list < 0) return "elements that cannot be located";
  bool external = H5Pget_external_count(list) != 0;
  bool is_virtual = H5Pget_layout(list) == H5D_VIRTUAL;
  H5Pclose(list);
  return external     ? "its elements are in another file (external storage)"
         : is_virtual ? "it is a view of datasets in other files (virtual)"
                      : NULL;
}

static herr_t refuse(const char *part)
{
  H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_DATASET, H5E_CANTOPENOBJ, "%s; %s", part,
           advice);
  return -1;
}

const char *ip_h5_outside_part(const ip_h5 *h, hid_t dataset)
{
  return h->is_new ? NULL : outside_part(dataset);
}

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
  const char *part = id < 0 ? NULL : ip_h5_outside_part(h, id);
  if (id >= 0 && !part) ip_h5_remember(h, name, id);
  if (!part) return id;
  H5Dclose(id);
  H5Eclear2(H5E_DEFAULT);
  refuse(part);
  return H5I_INVALID_HID;
}

/* ---------------------------------------------------------------- links */

typedef struct {
  char link[256], target[512];
} leaving;

static void keep_target(hid_t group, const char *name, const H5L_info_t *info, leaving *found)
{
  char value[1024];
  const char *file = NULL, *object = NULL;
  snprintf(found->link, sizeof found->link, "/%s", name);
  snprintf(found->target, sizeof found->target, "of a kind of its own");
  if (info->type == H5L_TYPE_EXTERNAL && info->u.val_size <= sizeof value &&
      H5Lget_val(group, name, value, sizeof value, H5P_DEFAULT) >= 0 &&
      H5Lunpack_elink_val(value, info->u.val_size, NULL, &file, &object) >= 0)
    snprintf(found->target, sizeof found->target, "to %.200s in the file %.250s", object, file);
}

static herr_t see_link(hid_t group, const char *name, const H5L_info_t *info, void *user)
{
  if (info->type < H5L_TYPE_UD_MIN) return 0; /* a hard link, or a soft one, which names an object of the same file */
  keep_target(group, name, info, user);
  return 1;
}

ip_status ip_h5_refuse_links_outside(ip_h5 *h)
{
  leaving found = {{0}, {0}};
  herr_t seen = H5Lvisit(h->file, H5_INDEX_NAME, H5_ITER_NATIVE, see_link, &found);
  H5Eclear2(H5E_DEFAULT);
  IP_REQUIRE(seen <= 0, IP_EFORMAT, "%s: %s is a link %s; %s", h->path, found.link, found.target, advice);
  IP_REQUIRE(seen == 0, IP_EFORMAT, "%s: is damaged or not complete: its groups cannot be listed", h->path);
  return IP_OK;
}

/* ---------------------------------------------------------------- all below an object */

static herr_t see_object(hid_t root, const char *name, const H5O_info_t *info, void *user)
{
  (void)user;
  if (info->type != H5O_TYPE_DATASET) return 0;
  hid_t id = H5Oopen(root, name, H5P_DEFAULT);
  const char *part = id < 0 ? "a dataset cannot be opened" : outside_part(id);
  if (id >= 0) H5Oclose(id);
  return part ? refuse(part) : 0;
}

herr_t ip_h5_check_inside(ip_h5 *h, const char *name)
{
  hid_t root = H5Oopen(h->file, name, H5P_DEFAULT);
  if (root < 0) return -1;
  herr_t failed = H5Ovisit2(root, H5_INDEX_NAME, H5_ITER_NATIVE, see_object, NULL, H5O_INFO_BASIC);
  H5Oclose(root);
  return failed;
}
