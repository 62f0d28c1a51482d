/* files.h - a directory of small files that lives as long as a test program, and checks of what reading them says. */
#ifndef IP_DATASET_TEST_FILES_H
#define IP_DATASET_TEST_FILES_H

#include "base/test/check.h"
#include "dataset/dataset.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[200];

static inline int make_folder(void **state)
{
  (void)state;
  const char *tmp = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/infoplane-test-XXXXXX", tmp ? tmp : "/tmp");
  return mkdtemp(folder) ? 0 : -1;
}

static inline void empty_folder(void)
{
  DIR *d = opendir(folder);
  for (struct dirent *e; d && (e = readdir(d));)
    if (e->d_name[0] != '.') unlinkat(dirfd(d), e->d_name, 0);
  if (d) closedir(d);
}

static inline int remove_folder(void **state)
{
  (void)state;
  empty_folder();
  return rmdir(folder);
}

/* The path of a file of that name; four of them are valid at a time. */
static inline char *in_folder(const char *name)
{
  static char path[4][512];
  static unsigned turn;
  char *p = path[turn++ % 4];
  snprintf(p, sizeof path[0], "%s/%s", folder, name);
  return p;
}

static inline char *put_bytes(const char *name, size_t n, const void *bytes)
{
  char *path = in_folder(name);
  unlink(path); /* ext4 waits for the disk when a file is cut to nothing and written again */
  FILE *out = fopen(path, "wb");
  assert_non_null(out);
  assert_int_equal(fwrite(bytes, 1, n, out), n);
  assert_int_equal(fclose(out), 0);
  return path;
}

static inline char *put_text(const char *name, const char *text)
{
  return put_bytes(name, strlen(text), text);
}

static inline char *put_packed(const char *name, size_t n, const void *bytes)
{
  char *path = in_folder(name);
  unlink(path);
  gzFile out = gzopen(path, "wb9");
  assert_non_null(out);
  assert_int_equal(gzwrite(out, bytes, (unsigned)n), (int)n);
  assert_int_equal(gzclose(out), Z_OK);
  return path;
}

/* Reads all of a file of at most `room` bytes. */
static inline size_t get_bytes(const char *path, size_t room, unsigned char *bytes)
{
  FILE *in = fopen(path, "rb");
  assert_non_null(in);
  size_t n = fread(bytes, 1, room, in);
  fclose(in);
  assert_true(n < room);
  return n;
}

/* What reading `path` gives with options that leave everything as it is: all rows train. */
static inline ip_dataset_options plain_options(char *path)
{
  ip_dataset_options opt = ip_dataset_options_default();
  opt.name = path;
  opt.scale = IP_SCALE_NONE;
  opt.train_fraction = 1;
  return opt;
}

static inline ip_dataset *read_with(const ip_dataset_options *opt)
{
  ip_dataset *ds = NULL;
  CHECK_OK(ip_dataset_create(opt, 1, &ds));
  return ds;
}

static inline ip_dataset *read_file(char *path)
{
  ip_dataset_options opt = plain_options(path);
  return read_with(&opt);
}

/* Reading fails with `code` and a message that has both texts in it, and leaves nothing behind. */
static inline void refuse_with(const ip_dataset_options *opt, ip_status code, const char *text, const char *other)
{
  ip_dataset *ds = NULL;
  size_t live = ip_mem_live();
  ip_error_clear();
  ip_status st = ip_dataset_create(opt, 1, &ds);
  if (st != code || !strstr(ip_error_message(), text) || !strstr(ip_error_message(), other))
    fail_msg("status %s, expected %s with '%s' and '%s' in: %s", ip_status_text(st), ip_status_text(code), text, other,
             ip_error_message());
  assert_null(ds);
  assert_int_equal(ip_mem_live(), live);
  ip_error_clear();
}

static inline void refuse(char *path, ip_status code, const char *text)
{
  ip_dataset_options opt = plain_options(path);
  refuse_with(&opt, code, text, path);
}

/* Whatever the bytes are, reading ends with a dataset that keeps its rules, or with an error that has a message. */
static inline void survive(const ip_dataset_options *opt)
{
  ip_dataset *ds = NULL;
  size_t live = ip_mem_live();
  ip_error_clear();
  ip_status st = ip_dataset_create(opt, 1, &ds);
  if (st == IP_OK) {
    assert_true(ds->n > 0 && ds->n_in > 0 && ds->n_train > 0 && ds->n_x <= ds->n);
    for (size_t i = 0; i < ds->n * ds->n_in; i++) assert_true(ds->x[i] - ds->x[i] == 0);
    for (size_t r = 0; r < ds->n; r++) assert_true(ds->y[r] >= 0 && (size_t)ds->y[r] < ds->n_classes);
  } else {
    assert_true(*ip_error_message() != 0);
    assert_null(ds);
  }
  ip_dataset_destroy(&ds);
  assert_int_equal(ip_mem_live(), live);
  ip_error_clear();
}

#endif
