#include "dataset/locate.h"

#include "base/mem.h"

#include <sys/stat.h>

#include <string.h>
#include <strings.h>
#include <unistd.h>

bool ip_locate_is_folder(const char *path)
{
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool ip_locate_is_there(const char *path)
{
  return access(path, F_OK) == 0;
}

bool ip_locate_ends_with(const char *s, const char *end)
{
  size_t n = strlen(s), m = strlen(end);
  return n >= m && strcasecmp(s + n - m, end) == 0;
}

/* `path`, or the same with .gz put behind it or taken away, whichever is there; else NULL. Takes `path` over. */
static ip_status packed_or_plain(char *path, char **found)
{
  *found = NULL;
  if (ip_locate_is_there(path)) {
    *found = path;
    return IP_OK;
  }
  char *other = ip_format("%s.gz", path);
  if (other && ip_locate_ends_with(path, ".gz")) other[strlen(path) - 3] = 0;
  ip_free(path);
  if (!other) return IP_ENOMEM;
  if (ip_locate_is_there(other))
    *found = other;
  else
    ip_free(other);
  return IP_OK;
}

/* The file beside `path` whose name has `to` in the place of `from`. */
static ip_status sibling(const char *path, const char *from, const char *to, char **found)
{
  *found = NULL;
  const char *slash = strrchr(path, '/'), *at = strstr(slash ? slash + 1 : path, from);
  if (!at) return IP_OK;
  char *candidate;
  IP_TRY(IP_FORMAT(candidate, "%.*s%s%s", (int)(at - path), path, to, at + strlen(from)));
  return packed_or_plain(candidate, found);
}

ip_status ip_locate_images(const char *folder, char **path)
{
  static const char *const names[] = {"train-images-idx3-ubyte", "train-images.idx3-ubyte",
                                      "train-images-idx3-ubyte.idx"};
  *path = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !*path; i++) {
    char *candidate;
    IP_TRY(IP_FORMAT(candidate, "%s/%s", folder, names[i]));
    IP_TRY(packed_or_plain(candidate, path));
  }
  return IP_OK;
}

ip_status ip_locate_labels(const char *images, char **path)
{
  IP_TRY(sibling(images, "images-idx3", "labels-idx1", path));
  if (!*path) IP_TRY(sibling(images, "images.idx3", "labels.idx1", path));
  if (!*path) IP_TRY(sibling(images, "images", "labels", path));
  static const char *const arrays[][2] = {{"x_", "y_"}, {"X_", "y_"}, {"x.", "y."}, {"X.", "y."}};
  bool is_array = ip_locate_ends_with(images, ".npy") || ip_locate_ends_with(images, ".npy.gz");
  for (size_t i = 0; is_array && i < sizeof arrays / sizeof *arrays && !*path; i++)
    IP_TRY(sibling(images, arrays[i][0], arrays[i][1], path));
  return IP_OK;
}

ip_status ip_locate_test(const char *images, char **path)
{
  IP_TRY(sibling(images, "train-images", "t10k-images", path));
  if (!*path) IP_TRY(sibling(images, "train-images", "test-images", path));
  if (!*path) IP_TRY(sibling(images, "x_train.npy", "x_test.npy", path));
  if (!*path) IP_TRY(sibling(images, "X_train.npy", "X_test.npy", path));
  return IP_OK;
}
