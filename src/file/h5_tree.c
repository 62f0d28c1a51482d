#include "file/h5.h"

#include "file/h5_id.h"

#include <hdf5_hl.h>
#include <string.h>

/* The kind of an open object. */
static ip_h5_kind kind_of_id(hid_t id)
{
  switch (H5Iget_type(id)) {
  case H5I_GROUP:
    return IP_H5_GROUP;
  case H5I_DATASET:
    return IP_H5_DATASET;
  default:
    return IP_H5_OTHER;
  }
}

ip_h5_kind ip_h5_kind_of(ip_h5 *h, const char *name)
{
  IP_READING(h->path);
  if (ip_h5_is_last(h, name)) return kind_of_id(h->last);
  htri_t linked = H5Lexists(h->file, name, H5P_DEFAULT); /* not to be opened in vain, which is slow */
  hid_t id = linked == 0 ? H5I_INVALID_HID : H5Oopen(h->file, name, H5P_DEFAULT);
  H5Eclear2(H5E_DEFAULT);
  if (id < 0) return IP_H5_NOTHING;
  ip_h5_kind kind = kind_of_id(id);
  bool is_kept = kind == IP_H5_GROUP || (kind == IP_H5_DATASET && (h->is_new || ip_h5_admits(h->file, id)));
  if (is_kept) ip_h5_remember(h, name, id);
  H5Eclear2(H5E_DEFAULT);
  H5Oclose(id);
  return kind;
}

ip_status ip_h5_group(ip_h5 *h, const char *name)
{
  if (ip_h5_kind_of(h, name) == IP_H5_GROUP) return IP_OK;
  hid_t list[] = {ip_h5_link_properties(), ip_h5_object_properties(H5P_GROUP_CREATE)};
  hid_t id = H5Gcreate2(h->file, name, list[0], list[1], H5P_DEFAULT);
  ip_h5_close_ids(2, list);
  if (id < 0) IP_H5_FAIL(h, name, "the group cannot be created");
  H5Gclose(id);
  return IP_OK;
}

ip_status ip_h5_remove(ip_h5 *h, const char *name)
{
  ip_h5_forget_kept(h, name);
  if (H5Ldelete(h->file, name, H5P_DEFAULT) < 0) IP_H5_FAIL(h, name, "cannot be removed");
  return IP_OK;
}

/* A list of names that grows while HDF5 iterates. */
typedef struct {
  ip_scratch *sc;
  size_t n, cap;
  const char **name;
  ip_status st;
} name_list;

static herr_t add_name(name_list *list, const char *name)
{
  if (list->n == list->cap) {
    size_t cap = list->cap ? 2 * list->cap : 8;
    const char **grown;
    if ((list->st = IP_SCRATCH(list->sc, grown, cap, "names in a file")) != IP_OK) return -1;
    if (list->n) memcpy(grown, list->name, list->n * sizeof *grown);
    list->name = grown;
    list->cap = cap;
  }
  char *copy;
  if ((list->st = IP_SCRATCH(list->sc, copy, strlen(name) + 1, "name in a file")) != IP_OK) return -1;
  strcpy(copy, name);
  list->name[list->n++] = copy;
  return 0;
}

static herr_t see_link(hid_t group, const char *name, const H5L_info_t *info, void *list)
{
  (void)group, (void)info;
  return add_name(list, name);
}

static herr_t see_attribute(hid_t object, const char *name, const H5A_info_t *info, void *list)
{
  (void)object, (void)info;
  return add_name(list, name);
}

ip_status ip_h5_children(ip_h5 *h, const char *group, ip_scratch *sc, size_t *n, const char ***name)
{
  IP_READING(h->path);
  *n = 0;
  *name = NULL;
  name_list list = {.sc = sc};
  herr_t failed = H5Literate_by_name(h->file, group, H5_INDEX_NAME, H5_ITER_INC, NULL, see_link, &list, H5P_DEFAULT);
  IP_TRY(list.st);
  if (failed < 0) IP_H5_FAIL(h, group, "the names in it cannot be read");
  *n = list.n;
  *name = list.name;
  return IP_OK;
}

ip_status ip_h5_attributes(ip_h5 *h, const char *object, ip_scratch *sc, size_t *n, const char ***name)
{
  IP_READING(h->path);
  *n = 0;
  *name = NULL;
  name_list list = {.sc = sc};
  herr_t failed =
      H5Aiterate_by_name(h->file, object, H5_INDEX_NAME, H5_ITER_INC, NULL, see_attribute, &list, H5P_DEFAULT);
  IP_TRY(list.st);
  if (failed < 0) IP_H5_FAIL(h, object, "its attributes cannot be read");
  *n = list.n;
  *name = list.name;
  return IP_OK;
}

ip_status ip_h5_copy(ip_h5 *from, const char *name, ip_h5 *to, const char *new_name)
{
  IP_READING(from->path);
  if (ip_h5_check_below(from, name) < 0) IP_H5_FAIL(from, name, "cannot be copied");
  hid_t list = ip_h5_link_properties();
  herr_t failed = H5Ocopy(from->file, name, to->file, new_name, H5P_DEFAULT, list);
  ip_h5_close_ids(1, &list);
  if (failed < 0) IP_H5_FAIL(to, new_name, "cannot be copied");
  return IP_OK;
}

ip_status ip_h5_scale(ip_h5 *h, const char *name, const char *label)
{
  hid_t id = ip_h5_open_dataset(h, name);
  herr_t failed = id < 0 ? -1 : H5DSset_scale(id, label);
  ip_h5_close_ids(1, &id);
  if (failed < 0) IP_H5_FAIL(h, name, "cannot be created a dimension scale");
  return IP_OK;
}

ip_status ip_h5_attach(ip_h5 *h, const char *dataset, size_t dim, const char *scale)
{
  hid_t id[] = {ip_h5_open_dataset(h, dataset), ip_h5_open_dataset(h, scale)};
  herr_t failed = id[0] < 0 || id[1] < 0 ? -1 : H5DSattach_scale(id[0], id[1], (unsigned)dim);
  ip_h5_close_ids(2, id);
  if (failed < 0) IP_H5_FAIL(h, dataset, "its dimension scale cannot be attached");
  return IP_OK;
}
