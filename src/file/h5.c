#define _GNU_SOURCE /* memfd_create */
#include "file/h5.h"

#include "file/h5_id.h"

#include "base/advice.h"
#include "file/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

hid_t ip_h5_memory_type(ip_h5_type type)
{
  const hid_t types[] = {
#define X(symbol, c, memory, file) memory,
      IP_H5_TYPE_LIST(X)
#undef X
  };
  return types[type];
}

hid_t ip_h5_file_type(ip_h5_type type)
{
  const hid_t types[] = {
#define X(symbol, c, memory, file) file,
      IP_H5_TYPE_LIST(X)
#undef X
  };
  return types[type];
}

/* What the error stack says: a sentence, and the errno where the operating system refused, else 0. */
typedef struct {
  char text[512];
  int error;
} fault;

/* The deepest frame of the error stack is the sentence the user needs. Where the operating system refused, what it said
 * stands in that sentence among addresses and times: "file write failed: time = ..., error message = 'No space ...',
 * ..."
 */
static herr_t keep_deepest(unsigned n, const H5E_error2_t *frame, void *user)
{
  fault *f = user;
  if (n != 0 || !frame->desc) return 0;
  const char *number = strstr(frame->desc, "errno = ");
  if (number) f->error = atoi(number + strlen("errno = "));
  static const char mark[] = "error message = '";
  const char *said = strstr(frame->desc, mark);
  size_t what = strcspn(frame->desc, ":"), length = said ? strcspn(said + strlen(mark), "'") : 0;
  if (said)
    snprintf(f->text, sizeof f->text, "%.*s: %.*s", (int)what, frame->desc, (int)length, said + strlen(mark));
  else
    snprintf(f->text, sizeof f->text, "%s", frame->desc);
  return 0;
}

ip_status ip_h5_fail(const char *file, int line, const char *func, ip_h5 *h, const char *object, const char *what)
{
  fault f = {0};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_deepest, &f);
  H5Eclear2(H5E_DEFAULT);
  h->failed = true;
  ip_status st = ip_status_of_write(f.error);
  return ip_error_set(file, line, func, st, "%s: %s%s%s%s%s%s", h->path, object, *object ? ": " : "", what,
                      *f.text ? ": " : "", f.text,
                      st == IP_ENOSPC || f.error == EFBIG ? ip_advice_on_writing(f.error) : "");
}

hid_t ip_h5_text_type(void)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0 && (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0)) {
    H5Tclose(type);
    return H5I_INVALID_HID;
  }
  return type;
}

void ip_h5_close_ids(size_t n, const hid_t *id)
{
  hid_t errors = H5Eget_num(H5E_DEFAULT) > 0 ? H5Eget_current_stack() : H5I_INVALID_HID;
  for (size_t i = 0; i < n; i++)
    if (id[i] > 0) H5Idec_ref(id[i]);
  if (errors >= 0) H5Eset_current_stack(errors);
}

hid_t ip_h5_link_properties(void)
{
  hid_t list = H5Pcreate(H5P_LINK_CREATE);
  if (list >= 0) H5Pset_create_intermediate_group(list, 1);
  return list;
}

hid_t ip_h5_object_properties(hid_t class)
{
  hid_t list = H5Pcreate(class);
  if (list >= 0) H5Pset_obj_track_times(list, 0);
  return list;
}

/* Files up to this size are read at once: HDF5 asks for the metadata of one in more than a hundred pieces. */
enum { WHOLE_BYTES = 1 << 20, GROWTH_BYTES = 1 << 16 };

/* Chunks of at least LARGE_BYTES begin at a page: the system writes whole pages faster, by a quarter, and the gaps are
 * an eighth of the file at most. */
enum { LARGE_BYTES = 32768, PAGE_BYTES = 4096 };

/* Access properties: readers do without the lock of HDF5, writers take it where the file system has locks. The format
 * is the oldest that can be, and the file is one with a descriptor, whatever the library's own choice. `size` is that
 * of a file to be read. */
static hid_t access_properties(bool write, off_t size)
{
  hid_t list = H5Pcreate(H5P_FILE_ACCESS);
  if (list >= 0) H5Pset_fapl_sec2(list);
  if (list >= 0 && !write && size <= WHOLE_BYTES) H5Pset_fapl_core(list, GROWTH_BYTES, false);
  if (list >= 0) H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  if (list >= 0) H5Pset_alignment(list, LARGE_BYTES, PAGE_BYTES);
  if (list >= 0) H5Pset_file_locking(list, write, 1);
  return list;
}

/* HDF5 takes and clears 1 MiB for every conversion between types unless told how much is needed. */
enum { CONVERSION_BYTES = 65536 };

static hid_t transfer_properties(void)
{
  hid_t list = H5Pcreate(H5P_DATASET_XFER);
  if (list >= 0) H5Pset_buffer(list, CONVERSION_BYTES, NULL, NULL);
  return list;
}

static ip_status new_handle(const char *path, ip_h5 **out)
{
  *out = NULL;
  H5dont_atexit();                       /* every file is closed by us; see ip_h5_divert */
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* HDF5 is not to print by itself */
  H5PLset_loading_state(0);              /* no filter, and thus no code, that a file asks for is loaded */
  ip_h5 *h;
  IP_TRY(IP_NEW(h, 1, "HDF5 file"));
  if (!(h->path = ip_strdup(path))) {
    ip_free(h);
    return IP_ENOMEM;
  }
  h->file = H5I_INVALID_HID;
  h->transfer = transfer_properties();
  *out = h;
  return IP_OK;
}

static void free_handle(ip_h5 **h)
{
  ip_h5_close_ids(1, &(*h)->transfer);
  for (size_t i = 0; i < (*h)->n_kept; i++) ip_free((*h)->kept[i].name);
  ip_free((*h)->kept);
  ip_free((*h)->path);
  ip_free(*h);
  *h = NULL;
}

ip_status ip_h5_create(const char *path, ip_h5 **out)
{
  *out = NULL;
  IP_TRY(ip_part_clear(path));
  IP_TRY(new_handle(path, out));
  ip_h5 *h = *out;
  hid_t list[] = {ip_h5_object_properties(H5P_FILE_CREATE), access_properties(true, 0)};
  h->file = H5Fcreate(path, H5F_ACC_TRUNC, list[0], list[1]);
  ip_h5_close_ids(2, list);
  h->is_new = true;
  if (h->file >= 0) return IP_OK;
  /* The operating system's own word is clearer than HDF5's. */
  int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  ip_status st = fd < 0
                     ? ip_error_set(__FILE__, __LINE__, __func__, ip_status_of_write(errno),
                                    "%s: cannot be written: %s%s", path, strerror(errno), ip_advice_on_writing(errno))
                     : ip_h5_fail(__FILE__, __LINE__, __func__, h, "", "cannot be created");
  if (fd >= 0) close(fd);
  H5Eclear2(H5E_DEFAULT);
  free_handle(out);
  return st;
}

/* HDF5's signature is at the beginning or, behind what another program needs there (MATLAB), at 512, 1024, 2048 ... */
static bool has_signature(int fd)
{
  unsigned char start[8];
  for (off_t at = 0; pread(fd, start, sizeof start, at) == 8; at = at ? 2 * at : 512)
    if (!memcmp(start, "\211HDF\r\n\032\n", 8)) return true;
  return false;
}

/* What is wrong with a file before HDF5 looks at it. */
static ip_status look(const char *path, bool write, off_t *size)
{
  int fd = open(path, (write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK); /* a pipe must not block */
  IP_REQUIRE(fd >= 0, IP_EIO, "%s: cannot be opened: %s", path, strerror(errno));
  struct stat s;
  bool known = !fstat(fd, &s) && S_ISREG(s.st_mode), signed_so = known && has_signature(fd);
  close(fd);
  IP_REQUIRE(known, IP_EIO, "%s: is not a file", path);
  IP_REQUIRE(s.st_size > 0, IP_EFORMAT, "%s: is empty, not an HDF5 file", path);
  IP_REQUIRE(signed_so, IP_EFORMAT, "%s: is not an HDF5 file", path);
  *size = s.st_size;
  return IP_OK;
}

static ip_status open_file(const char *path, bool write, ip_h5 **out)
{
  IP_READING(path);
  *out = NULL;
  off_t size = 0;
  IP_TRY(look(path, write, &size));
  IP_TRY(new_handle(path, out));
  ip_h5 *h = *out;
  h->reads = !write;
  hid_t list = access_properties(write, size);
  h->file = H5Fopen(path, write ? H5F_ACC_RDWR : H5F_ACC_RDONLY, list);
  ip_h5_close_ids(1, &list);
  if (h->file >= 0) return IP_OK;
  fault f = {0};
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_deepest, &f);
  H5Eclear2(H5E_DEFAULT);
  ip_status st;
  if (strstr(f.text, "unable to lock file"))
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_ELOCKED,
                      "%s: is open for writing in another process (%s); wait for it, or read a copy "
                      "(other programs: HDF5_USE_FILE_LOCKING=FALSE in the environment)",
                      path, f.text);
  else if (f.error) /* to open a file for writing is to write to it */
    st = ip_error_set(__FILE__, __LINE__, __func__, ip_status_of_write(f.error), "%s: cannot be opened: %s%s", path,
                      f.text, ip_advice_on_writing(f.error));
  else
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT, "%s: is damaged or not complete: %s", path, f.text);
  free_handle(out);
  return st;
}

ip_status ip_h5_open(const char *path, bool write, ip_h5 **out)
{
  IP_READING(path);
  IP_TRY(open_file(path, write, out));
  ip_status inside = ip_h5_check_links(*out);
  if (inside == IP_OK) return IP_OK;
  H5Fclose((*out)->file);
  free_handle(out);
  return inside;
}

ip_status ip_h5_open_root(const char *path, ip_h5 **out)
{
  return open_file(path, false, out);
}

void ip_h5_divert(ip_h5 *h)
{
  if (h->reads) return; /* nothing is written, and a file in memory has no descriptor */
  hid_t errors = H5Eget_num(H5E_DEFAULT) > 0 ? H5Eget_current_stack() : H5I_INVALID_HID;
  void *handle = NULL;
  int nowhere = h->lost ? -1 : memfd_create("infoplane-discarded", MFD_CLOEXEC);
  if (nowhere >= 0 && H5Fget_vfd_handle(h->file, H5P_DEFAULT, &handle) >= 0 && handle)
    h->lost = dup2(nowhere, *(int *)handle) >= 0;
  if (nowhere >= 0) close(nowhere);
  if (errors >= 0) H5Eset_current_stack(errors);
}

herr_t ip_h5_end_write(ip_h5 *h, hid_t dataset, herr_t failed)
{
  if (failed >= 0) failed = H5Dflush(dataset);
  if (failed < 0) ip_h5_divert(h);
  return failed;
}

ip_status ip_h5_flush(ip_h5 *h)
{
  IP_REQUIRE(!h->lost, IP_EIO, "%s: cannot be written: an earlier write failed", h->path);
  if (H5Fflush(h->file, H5F_SCOPE_GLOBAL) >= 0) return IP_OK;
  ip_h5_divert(h);
  IP_H5_FAIL(h, "", "cannot be written");
}

ip_status ip_h5_close(ip_h5 **h)
{
  if (!*h) return IP_OK;
  IP_READING((*h)->path);
  ip_status st = ip_h5_flush(*h);
  if ((*h)->failed) ip_h5_divert(*h); /* after a flush that went well there is nothing more to write */
  for (size_t i = 0; i < (*h)->n_kept; i++) H5Dclose((*h)->kept[i].id);
  ip_h5_forget_last(*h);
  if (H5Fclose((*h)->file) < 0 && st == IP_OK)
    st = ip_h5_fail(__FILE__, __LINE__, __func__, *h, "", "cannot be closed");
  H5Eclear2(H5E_DEFAULT);
  free_handle(h);
  return st;
}

const char *ip_h5_path(const ip_h5 *h)
{
  return h->path;
}
