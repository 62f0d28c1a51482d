#include "file/npy.h"

#include "file/bytes.h"
#include "file/npy_header.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

enum { MAX_MEMBERS = 1 << 14, BLOCK = 1 << 16 };

typedef struct {
  ip_npy_array array;
  uint64_t header;  /* bytes before the elements */
  uint64_t member;  /* its number in the archive */
  char *name_owned; /* array.name */
  /* Where reading stands: element `next`, in the order of the file. */
  bool started;
  size_t next;
  zip_file_t *stream;   /* of a member of an archive */
  unsigned char *whole; /* all bytes of an array in Fortran order, once they are read; else NULL */
} entry;

struct ip_npy {
  char *path;
  ip_bytes *plain; /* a .npy file, or */
  zip_t *archive;
  ip_scratch *sc;
  size_t n;
  entry *entry; // (n)
};

/* Puts file and array before the message. */
static ip_status name_fault(const ip_npy *f, const char *array, ip_status st)
{
  if (st == IP_OK) return st;
  if (*array)
    ip_error_prefix("%s: %s", f->path, array);
  else
    ip_error_prefix("%s", f->path);
  return st;
}

/* --- Bytes of an array, from its first one on */

static void stop(entry *e)
{
  if (e->stream) zip_fclose(e->stream);
  e->stream = NULL;
  e->started = false;
}

static ip_status open_member(ip_npy *f, entry *e)
{
  e->stream = zip_fopen_index(f->archive, e->member, 0);
  IP_REQUIRE(e->stream, IP_EFORMAT, "cannot be unpacked: %s", zip_strerror(f->archive));
  return IP_OK;
}

/* At most n bytes; fewer only at the end. */
static ip_status read_some(ip_npy *f, entry *e, size_t n, unsigned char *to, size_t *got)
{
  *got = 0;
  if (f->plain) return ip_bytes_read(f->plain, n, to, got);
  while (*got < n) {
    zip_int64_t m = zip_fread(e->stream, to + *got, n - *got);
    IP_REQUIRE(m >= 0, IP_EFORMAT, "is damaged: %s", zip_file_strerror(e->stream));
    if (m == 0) break;
    *got += (size_t)m;
  }
  return IP_OK;
}

static ip_status read_bytes(ip_npy *f, entry *e, size_t n, unsigned char *to)
{
  size_t got;
  IP_TRY(read_some(f, e, n, to, &got));
  IP_REQUIRE(got == n, IP_EFORMAT, "is truncated");
  return IP_OK;
}

static ip_status skip_bytes(ip_npy *f, entry *e, uint64_t n)
{
  unsigned char block[4096];
  while (n > 0) {
    size_t some = n < sizeof block ? (size_t)n : sizeof block;
    IP_TRY(read_bytes(f, e, some, block));
    n -= some;
  }
  return IP_OK;
}

/* --- Headers */

static ip_status read_header(ip_npy *f, entry *e)
{
  unsigned char start[IP_NPY_START];
  size_t got, at, length;
  char *text;
  IP_TRY(read_some(f, e, sizeof start, start, &got));
  IP_TRY(ip_npy_start(got, start, &at, &length));
  size_t mark = ip_scratch_mark(f->sc), have = sizeof start - at;
  IP_TRY(IP_SCRATCH(f->sc, text, length, "header of an array"));
  memcpy(text, start + at, have);
  IP_TRY(read_bytes(f, e, length - have, (unsigned char *)text + have));
  IP_TRY(ip_npy_dictionary(length, text, &e->array));
  ip_scratch_release(f->sc, mark);
  e->header = at + length;
  return IP_OK;
}

static ip_status open_array_file(ip_npy *f)
{
  IP_TRY(IP_NEW(f->entry, 1, "array"));
  f->n = 1;
  entry *e = f->entry;
  IP_TRY(IP_STRDUP(e->name_owned, ""));
  e->array.name = e->name_owned;
  IP_TRY(name_fault(f, "", read_header(f, e)));
  return ip_bytes_expect(f->plain, e->header, e->header + (uint64_t)e->array.n * e->array.size);
}

static bool is_array_name(const char *name)
{
  size_t n = name ? strlen(name) : 0;
  return n > 4 && strcmp(name + n - 4, ".npy") == 0;
}

/* A member's sizes, which its directory declares, against those of the file and of its header. */
static ip_status check_member(const zip_stat_t *s, uint64_t file_size)
{
  const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  IP_REQUIRE((s->valid & needed) == needed && s->encryption_method == ZIP_EM_NONE, IP_EFORMAT,
             "is encrypted or damaged; expected what numpy.savez writes");
  IP_REQUIRE(s->comp_method == ZIP_CM_STORE || s->comp_method == ZIP_CM_DEFLATE, IP_EFORMAT,
             "is packed by method %d; expected what numpy.savez or numpy.savez_compressed write", (int)s->comp_method);
  bool stored = s->comp_method == ZIP_CM_STORE;
  IP_REQUIRE(s->comp_size <= file_size &&
                 (stored ? s->size == s->comp_size : s->size / IP_BYTES_DEFLATE_RATIO <= s->comp_size),
             IP_EFORMAT, "declares %llu bytes, more than the file can contain", (unsigned long long)s->size);
  return IP_OK;
}

static ip_status read_member(ip_npy *f, const zip_stat_t *s, uint64_t file_size, entry *e)
{
  IP_TRY(check_member(s, file_size));
  IP_TRY(open_member(f, e));
  IP_TRY(read_header(f, e));
  const ip_npy_array *a = &e->array;
  IP_REQUIRE(s->size == e->header + (uint64_t)a->n * a->size, IP_EFORMAT,
             "has %llu bytes, but its header declares %llu", (unsigned long long)s->size,
             (unsigned long long)(e->header + (uint64_t)a->n * a->size));
  return IP_OK;
}

static ip_status add_member(ip_npy *f, uint64_t member, uint64_t file_size, uint64_t *packed)
{
  zip_stat_t s;
  entry *e = &f->entry[f->n];
  IP_REQUIRE(zip_stat_index(f->archive, member, 0, &s) == 0, IP_EFORMAT, "%s: member %llu: %s", f->path,
             (unsigned long long)member, zip_strerror(f->archive));
  if (!(s.valid & ZIP_STAT_NAME) || !is_array_name(s.name)) return IP_OK;
  IP_TRY(IP_FORMAT(e->name_owned, "%.*s", (int)strlen(s.name) - 4, s.name));
  e->array.name = e->name_owned;
  e->member = member;
  f->n++;
  ip_status st = read_member(f, &s, file_size, e);
  stop(e);
  IP_TRY(name_fault(f, e->name_owned, st));
  *packed += s.comp_size;
  IP_REQUIRE(*packed <= file_size, IP_EFORMAT, "%s: its members overlap; expected what numpy.savez writes", f->path);
  return IP_OK;
}

static ip_status check_names(const ip_npy *f)
{
  for (size_t i = 0; i < f->n; i++)
    for (size_t j = 0; j < i; j++)
      IP_REQUIRE(strcmp(f->entry[i].name_owned, f->entry[j].name_owned) != 0, IP_EFORMAT,
                 "%s: contains two arrays named %s", f->path, f->entry[i].name_owned);
  return IP_OK;
}

static ip_status open_archive(ip_npy *f)
{
  int code = 0;
  struct stat info;
  uint64_t packed = 0;
  f->archive = zip_open(f->path, ZIP_RDONLY, &code);
  if (!f->archive) {
    zip_error_t e;
    zip_error_init_with_code(&e, code);
    ip_status st = ip_error_set(__FILE__, __LINE__, __func__, code == ZIP_ER_MEMORY ? IP_ENOMEM : IP_EFORMAT,
                                "%s: cannot be read as a zip archive: %s", f->path, zip_error_strerror(&e));
    zip_error_fini(&e);
    return st;
  }
  IP_REQUIRE(stat(f->path, &info) == 0, IP_EIO, "%s: cannot be read: %s", f->path, strerror(errno));
  zip_int64_t n = zip_get_num_entries(f->archive, 0);
  IP_REQUIRE(n >= 0 && n <= MAX_MEMBERS, IP_EFORMAT, "%s: has %lld members; expected at most %d", f->path, (long long)n,
             MAX_MEMBERS);
  IP_TRY(IP_NEW(f->entry, (size_t)n + 1, "arrays of an archive"));
  for (zip_int64_t i = 0; i < n; i++) IP_TRY(add_member(f, (uint64_t)i, (uint64_t)info.st_size, &packed));
  IP_REQUIRE(f->n > 0, IP_EFORMAT, "%s: contains no arrays; expected what numpy.savez writes", f->path);
  return check_names(f);
}

/* --- Opening and closing */

static ip_status open_file(const char *path, ip_npy *f)
{
  unsigned char head[IP_NPY_MAGIC_SIZE] = {0};
  size_t got;
  IP_TRY(IP_STRDUP(f->path, path));
  IP_TRY(ip_scratch_create(&f->sc));
  IP_TRY(ip_bytes_open(path, &f->plain));
  IP_TRY(ip_bytes_read(f->plain, sizeof head, head, &got));
  if (got >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0)) {
    ip_bytes_close(&f->plain);
    return open_archive(f);
  }
  IP_TRY(ip_bytes_rewind(f->plain));
  return open_array_file(f);
}

ip_status ip_npy_open(const char *path, ip_npy **out)
{
  ip_npy *f;
  *out = NULL;
  IP_TRY(IP_NEW(f, 1, "file of NumPy"));
  ip_status st = open_file(path, f);
  if (st == IP_OK)
    *out = f;
  else
    ip_npy_close(&f);
  return st;
}

void ip_npy_close(ip_npy **f)
{
  if (!*f) return;
  for (size_t i = 0; i < (*f)->n; i++) {
    stop(&(*f)->entry[i]);
    ip_free((*f)->entry[i].name_owned);
    ip_free((*f)->entry[i].whole);
  }
  ip_bytes_close(&(*f)->plain);
  if ((*f)->archive) zip_discard((*f)->archive);
  ip_free((*f)->entry);
  ip_scratch_destroy(&(*f)->sc);
  ip_free((*f)->path);
  ip_free(*f);
  *f = NULL;
}

const char *ip_npy_path(const ip_npy *f)
{
  return f->path;
}

bool ip_npy_is_archive(const ip_npy *f)
{
  return f->archive != NULL;
}

size_t ip_npy_n_arrays(const ip_npy *f)
{
  return f->n;
}

const ip_npy_array *ip_npy_array_at(const ip_npy *f, size_t i)
{
  assert(i < f->n);
  return &f->entry[i].array;
}

const ip_npy_array *ip_npy_find(const ip_npy *f, const char *name)
{
  for (size_t i = 0; i < f->n; i++)
    if (strcmp(f->entry[i].name_owned, name) == 0) return &f->entry[i].array;
  return NULL;
}

/* --- Elements */

/* Brings an array to element `first` in the order of the file. */
static ip_status seek(ip_npy *f, entry *e, size_t first)
{
  if (!e->started || first < e->next) {
    stop(e);
    if (f->plain)
      IP_TRY(ip_bytes_rewind(f->plain));
    else
      IP_TRY(open_member(f, e));
    IP_TRY(skip_bytes(f, e, e->header));
    e->started = true;
    e->next = 0;
  }
  IP_TRY(skip_bytes(f, e, (uint64_t)(first - e->next) * e->array.size));
  e->next = first;
  return IP_OK;
}

/* The next n elements. At the end of a member, libzip compares its checksum. */
static ip_status read_next(ip_npy *f, entry *e, size_t n, unsigned char *to)
{
  size_t got;
  unsigned char none;
  IP_TRY(read_bytes(f, e, n * e->array.size, to));
  e->next += n;
  if (e->next == e->array.n && e->stream) {
    IP_TRY(read_some(f, e, 1, &none, &got));
    stop(e);
  }
  return IP_OK;
}

static ip_status fault_at(size_t i, ip_status st)
{
  if (st != IP_OK) ip_error_prefix("element %zu (from 0)", i);
  return st;
}

static ip_status read_in_order(ip_npy *f, entry *e, size_t first, size_t n, double *to)
{
  unsigned char block[BLOCK];
  const ip_npy_array *a = &e->array;
  size_t step = sizeof block / a->size;
  IP_TRY(seek(f, e, first));
  for (size_t i = 0; i < n; i += step) {
    size_t some = n - i < step ? n - i : step;
    IP_TRY(read_next(f, e, some, block));
    for (size_t k = 0; k < some; k++)
      IP_TRY(fault_at(first + i + k, ip_npy_number(a, block + k * a->size, &to[i + k])));
  }
  return IP_OK;
}

/* Where element i, counted in the order of C, lies in an array of the order of Fortran. */
static size_t fortran_place(const ip_npy_array *a, size_t i)
{
  size_t place = 0;
  for (size_t d = 0; d < a->rank; d++) {
    size_t inner = 1, outer = 1;
    for (size_t k = d + 1; k < a->rank; k++) inner *= a->dim[k];
    for (size_t k = 0; k < d; k++) outer *= a->dim[k];
    place += i / inner % a->dim[d] * outer;
  }
  return place;
}

static ip_status load_whole(ip_npy *f, entry *e)
{
  if (e->whole) return IP_OK;
  IP_TRY(seek(f, e, 0));
  IP_TRY(IP_NEW(e->whole, e->array.n * e->array.size, "array in the order of Fortran"));
  ip_status st = read_next(f, e, e->array.n, e->whole);
  if (st == IP_OK) return IP_OK;
  ip_free(e->whole);
  e->whole = NULL;
  return st;
}

static ip_status read_across(ip_npy *f, entry *e, size_t first, size_t n, double *to)
{
  const ip_npy_array *a = &e->array;
  IP_TRY(load_whole(f, e));
  for (size_t i = 0; i < n; i++)
    IP_TRY(fault_at(first + i, ip_npy_number(a, e->whole + fortran_place(a, first + i) * a->size, &to[i])));
  return IP_OK;
}

static entry *entry_of(ip_npy *f, const ip_npy_array *a)
{
  for (size_t i = 0; i < f->n; i++)
    if (&f->entry[i].array == a) return &f->entry[i];
  return NULL;
}

ip_status ip_npy_read(ip_npy *f, const ip_npy_array *a, size_t first, size_t n, double *to)
{
  entry *e = entry_of(f, a);
  assert(e && !ip_npy_is_text(a) && first <= a->n && n <= a->n - first);
  if (n == 0) return IP_OK;
  bool across = a->fortran && a->rank > 1;
  ip_status st = across ? read_across(f, e, first, n, to) : read_in_order(f, e, first, n, to);
  if (st != IP_OK) stop(e);
  return name_fault(f, a->name, st);
}

static ip_status read_texts(ip_npy *f, entry *e, ip_scratch *sc, const char **text)
{
  const ip_npy_array *a = &e->array;
  unsigned char *bytes;
  char *copy; // (n, room): one block, since blocks of a few bytes each have 64
  size_t room = ip_npy_text_room(a);
  IP_TRY(IP_SCRATCH(sc, bytes, a->size, "text"));
  IP_TRY(IP_SCRATCH(sc, copy, a->n * room, "texts"));
  IP_TRY(seek(f, e, 0));
  for (size_t i = 0; i < a->n; i++) {
    IP_TRY(read_next(f, e, 1, bytes));
    IP_TRY(fault_at(i, ip_npy_text(a, bytes, copy + i * room)));
    text[i] = copy + i * room;
  }
  return IP_OK;
}

ip_status ip_npy_read_texts(ip_npy *f, const ip_npy_array *a, ip_scratch *sc, const char ***text)
{
  entry *e = entry_of(f, a);
  assert(e && ip_npy_is_text(a));
  IP_TRY(IP_SCRATCH(sc, *text, a->n, "texts"));
  ip_status st = a->rank > 1 ? ip_error_set(__FILE__, __LINE__, __func__, IP_EFORMAT,
                                            "has texts in %zu dimensions; expected a list", a->rank)
                             : read_texts(f, e, sc, *text);
  stop(e);
  return name_fault(f, a->name, st);
}
