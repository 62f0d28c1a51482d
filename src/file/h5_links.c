#include "file/h5_id.h"

#include <stdio.h>
#include <string.h>

/* Links of a file that may be followed: hard ones, and soft ones, which name objects of the same file. Those to other
 * files could bring the contents of any file of this user into results. Those that lead in a circle have no place in a
 * file of data. */

/* Deeper groups than any file has that people make. */
enum { MAX_DEPTH = 64 };

/* The groups on the way to the link that is looked at: one of them as its target makes a loop. */
typedef struct {
  haddr_t group[MAX_DEPTH]; /* group[d]: that contains the links of depth d; [0] is the root */
  haddr_t last[MAX_DEPTH];  /* last[d]: target of the last hard link of depth d */
  bool at_soft_links;       /* of the second walk, which is safe because the first found no link to another file */
  size_t n_soft;
  char link[256];
  char fault[640]; /* what is wrong with it */
} links;

static size_t depth_of(const char *name)
{
  size_t depth = 0;
  for (const char *p = name; *p; p++) depth += *p == '/';
  return depth;
}

static void describe_outside(hid_t root, const char *name, const H5L_info_t *info, links *seen)
{
  char value[1024];
  const char *file = NULL, *object = NULL;
  bool is_external = info->type == H5L_TYPE_EXTERNAL && info->u.val_size <= sizeof value &&
                     H5Lget_val(root, name, value, sizeof value, H5P_DEFAULT) >= 0 &&
                     H5Lunpack_elink_val(value, info->u.val_size, NULL, &file, &object) >= 0;
  if (is_external)
    snprintf(seen->fault, sizeof seen->fault, "is a link to %.200s in the file %.250s; %s", object, file,
             IP_H5_INSIDE_ADVICE);
  else
    snprintf(seen->fault, sizeof seen->fault, "is a link of a kind of its own; %s", IP_H5_INSIDE_ADVICE);
}

/* Whether a group contains the link that leads to it: a walk through the file would never end. */
static bool is_loop(const links *seen, size_t depth, haddr_t target)
{
  for (size_t d = 0; d <= depth; d++)
    if (seen->group[d] == target) return true;
  return false;
}

static herr_t note_too_many_links(unsigned n, const H5E_error2_t *frame, void *is_endless)
{
  (void)n;
  if (frame->min_num == H5E_NLINKS) *(bool *)is_endless = true;
  return 0;
}

/* The same of a soft link, which may also lead to itself by way of others. One that names nothing is as good as none.
 */
static bool is_soft_loop(const links *seen, size_t depth, hid_t root, const char *name)
{
  H5O_info_t object;
  if (H5Oget_info_by_name2(root, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) >= 0)
    return is_loop(seen, depth, object.addr);
  bool is_endless = false;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_too_many_links, &is_endless);
  H5Eclear2(H5E_DEFAULT);
  return is_endless;
}

/* Links come in the order of a walk that goes into a group at its first link and nowhere twice. */
static herr_t see_link(hid_t root, const char *name, const H5L_info_t *info, void *user)
{
  links *seen = user;
  size_t depth = depth_of(name);
  bool is_soft = info->type == H5L_TYPE_SOFT, loops = false;
  snprintf(seen->link, sizeof seen->link, "/%s", name);
  if (depth >= MAX_DEPTH) {
    snprintf(seen->fault, sizeof seen->fault, "is in more than %d groups, one in the other", MAX_DEPTH);
    return 1;
  }
  if (info->type >= H5L_TYPE_UD_MIN) {
    describe_outside(root, name, info, seen);
    return 1;
  }
  seen->n_soft += is_soft;
  if (depth > 0) seen->group[depth] = seen->last[depth - 1];
  seen->last[depth] = is_soft ? HADDR_UNDEF : info->u.address;
  if (!is_soft)
    loops = is_loop(seen, depth, info->u.address);
  else if (seen->at_soft_links)
    loops = is_soft_loop(seen, depth, root, name);
  if (loops)
    snprintf(seen->fault, sizeof seen->fault, "is a link that leads back to itself or to a group that it is in; %s",
             "remove it (h5py: del f[name])");
  return loops;
}

static herr_t walk(ip_h5 *h, links *seen)
{
  H5O_info_t root;
  if (H5Oget_info2(h->file, &root, H5O_INFO_BASIC) < 0) return -1;
  seen->group[0] = root.addr;
  return H5Lvisit(h->file, H5_INDEX_NAME, H5_ITER_NATIVE, see_link, seen);
}

ip_status ip_h5_check_links(ip_h5 *h)
{
  links seen = {.fault = ""};
  herr_t found = walk(h, &seen);
  seen.at_soft_links = true;
  if (found == 0 && seen.n_soft > 0) found = walk(h, &seen);
  H5Eclear2(H5E_DEFAULT);
  IP_REQUIRE(found <= 0, IP_EFORMAT, "%s: %s %s", h->path, seen.link, seen.fault);
  IP_REQUIRE(found == 0, IP_EFORMAT, "%s: is damaged or not complete: its groups cannot be listed", h->path);
  return IP_OK;
}
