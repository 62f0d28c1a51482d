/* Datasets of all formats of files, and tables of numbers. */
#include "fuzz/fuzz.h"

#include "dataset/dataset.h"
#include "file/matrix.h"

#include <string.h>

static void read_dataset(const ip_dataset_options *opt)
{
  ip_dataset *ds = NULL;
  if (ip_fuzz_accepted(ip_dataset_create(opt, 1, &ds))) {
    ip_fuzz_require(ds->n > 0 && ds->n_in > 0, "a dataset has samples and inputs");
    for (size_t i = 0; ds->y && i < ds->n; i++)
      ip_fuzz_require(ds->y[i] >= 0 && (size_t)ds->y[i] < ds->n_classes, "a label is below the number of classes");
    for (size_t i = 0; i < ds->n; i++) ip_fuzz_require(ds->x_id[i] < ds->n_x, "an input has a number below n_x");
  }
  ip_dataset_destroy(&ds);
}

static int read_file(const char *name, const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  ip_dataset_options opt = ip_dataset_options_default();
  ip_fuzz_file(name, data, n, path);
  opt.name = path;
  read_dataset(&opt);
  return ip_fuzz_end();
}

int ip_fuzz_csv(const uint8_t *data, size_t n)
{
  return read_file("data.csv", data, n);
}

int ip_fuzz_npz(const uint8_t *data, size_t n)
{
  return read_file("data.npz", data, n);
}

int ip_fuzz_mat(const uint8_t *data, size_t n)
{
  return read_file("data.mat", data, n);
}

int ip_fuzz_data_h5(const uint8_t *data, size_t n)
{
  return read_file("data.h5", data, n);
}

/* The first byte is the length of the labels, which follow; the rest are the samples. */
static int read_pair(const char *name, const char *labels_name, const uint8_t *data, size_t n)
{
  if (n < 1 || n - 1 < data[0]) return 0;
  char path[IP_FUZZ_PATH], labels[IP_FUZZ_PATH];
  ip_dataset_options opt = ip_dataset_options_default();
  ip_fuzz_file(labels_name, data + 1, data[0], labels);
  ip_fuzz_file(name, data + 1 + data[0], n - 1 - data[0], path);
  opt.name = path;
  opt.label_file = labels;
  read_dataset(&opt);
  return ip_fuzz_end();
}

int ip_fuzz_idx(const uint8_t *data, size_t n)
{
  return read_pair("x.idx", "y.idx", data, n);
}

int ip_fuzz_npy(const uint8_t *data, size_t n)
{
  return read_pair("x.npy", "labels.npy", data, n);
}

static int read_matrix(const char *name, const uint8_t *data, size_t n)
{
  char path[IP_FUZZ_PATH];
  ip_matrix *m = NULL;
  if (ip_fuzz_accepted(ip_matrix_read(ip_fuzz_file(name, data, n, path), NULL, &m))) {
    ip_fuzz_require(m->n_rows > 0 && m->n_cols > 0, "a table has cells");
    ip_fuzz_accepted(ip_matrix_check_distribution(m, 0, m->n_rows));
  }
  ip_matrix_destroy(&m);
  return ip_fuzz_end();
}

int ip_fuzz_table(const uint8_t *data, size_t n)
{
  return read_matrix("p.csv", data, n);
}

/* A packed file of any content. */
int ip_fuzz_gz(const uint8_t *data, size_t n)
{
  return read_matrix("p.csv.gz", data, n);
}
