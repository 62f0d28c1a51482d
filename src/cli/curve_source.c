#include "cli/curve_source.h"

#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "bottleneck/channel.h"
#include "experiment/experiment.h"
#include "file/bytes.h"
#include "file/h5.h"
#include "file/matrix.h"
#include "file/npy.h"
#include "num/sum.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool ends_with(const char *word, const char *ending)
{
  size_t n = strlen(word), m = strlen(ending);
  return n > m && strcasecmp(word + n - m, ending) == 0;
}

static ip_status from_channel(const char *word, ip_curve_source *s)
{
  ip_channel channel;
  IP_TRY(ip_channel_parse(word, &channel));
  if (channel.kind == IP_CHANNEL_GAUSSIAN) {
    s->rho = channel.parameter;
    return IP_OK;
  }
  return ip_channel_problem(&channel, &s->problem);
}

static ip_status from_matrix(const ip_matrix *m, ip_curve_source *s)
{
  IP_TRY(ip_matrix_check_distribution(m, 0, m->n_rows));
  for (size_t x = 0; x < m->n_rows; x++)
    IP_REQUIRE(ip_sum_pairwise(m->n_cols, m->cell + x * m->n_cols) > 0, IP_EINVAL,
               "%s:%u:1: a line of zeros; leave out inputs that do not occur", m->path, m->line[x]);
  return ip_ib_problem_create(m->n_rows, m->n_cols, m->cell, &s->problem);
}

static ip_status from_table(const char *path, ip_curve_source *s)
{
  ip_matrix *m;
  IP_TRY(ip_matrix_read(path, NULL, &m));
  if (*m->remark) ip_print(stderr, "%s: read as: %s\n", m->path, m->remark);
  ip_status st = from_matrix(m, s);
  ip_matrix_destroy(&m);
  return st;
}

static ip_status from_dataset(const ip_dataset_options *opt, uint64_t seed, ip_curve_source *s)
{
  ip_dataset *ds;
  IP_TRY(ip_dataset_create(opt, seed, &ds));
  ip_print(stderr, "%s", ds->remark);
  ip_status st = IP_OK;
  if (ds->n_targets > 0)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EINVAL,
                      "%s has real-valued targets and no joint distribution p(x,y) of classes; for Gaussian X and Y "
                      "take gaussian:R",
                      ds->name);
  if (st == IP_OK)
    st = ip_ib_problem_from_samples(ds->n, ds->n_classes, ds->p_y_given_x, ds->y, ds->n_x, ds->x_id, &s->problem);
  ip_dataset_destroy(&ds);
  return st;
}

static ip_status from_experiment(const ip_experiment *e, ip_curve_source *s)
{
  return from_dataset(&e->dataset, e->seed, s);
}

static ip_status from_config(const char *path, size_t n_set, const char *const *set, ip_curve_source *s)
{
  ip_experiment *e;
  IP_TRY(ip_experiment_load(path, n_set, set, &e));
  ip_status st = from_experiment(e, s);
  ip_experiment_destroy(&e);
  return st;
}

/* A dataset by its name or file: an experiment with nothing but it. */
static ip_status from_name(const char *word, size_t n_set, const char *const *set, ip_curve_source *s)
{
  ip_experiment *e;
  char *text, *name;
  const char **all; // (n_set + 1)
  IP_TRY(IP_NEW(all, n_set + 1, "settings"));
  ip_status st = IP_FORMAT(name, "dataset.name=%s", word);
  all[0] = name;
  for (size_t i = 0; i < n_set; i++) all[i + 1] = set[i];
  if (st == IP_OK)
    st = IP_STRDUP(text, "description: a dataset by its name\n");
  else
    text = NULL;
  if (st == IP_OK) st = ip_experiment_parse("command line", text, n_set + 1, all, &e);
  if (st == IP_OK) {
    st = from_experiment(e, s);
    ip_experiment_destroy(&e);
  }
  ip_free(text);
  ip_free(name);
  ip_free(all);
  return st;
}

static ip_status read_joint(ip_h5 *h, ip_curve_source *s)
{
  ip_h5_shape shape;
  double *cell;
  IP_TRY(ip_h5_shape_of(h, "/p_xy", &shape));
  IP_REQUIRE(shape.is_number && shape.rank == 2, IP_EFORMAT,
             "%s: /p_xy is no table of numbers; expected p(x,y) with x down and y across", ip_h5_path(h));
  size_t n;
  IP_REQUIRE(!__builtin_mul_overflow(shape.dim[0], shape.dim[1], &n), IP_EFORMAT,
             "%s: /p_xy has %zu x %zu cells, more than memory can hold", ip_h5_path(h), shape.dim[0], shape.dim[1]);
  IP_TRY(ip_bytes_plausible(ip_h5_path(h), n)); /* of one byte at least */
  IP_TRY(IP_NEW(cell, n, "joint distribution"));
  ip_status st = ip_h5_read(h, "/p_xy", IP_H5_F64, n * sizeof *cell, cell);
  if (st == IP_OK) st = ip_ib_problem_create(shape.dim[0], shape.dim[1], cell, &s->problem);
  if (st == IP_EINVAL) ip_error_prefix("%s: /p_xy", ip_h5_path(h));
  ip_free(cell);
  return st;
}

static ip_status from_h5(const char *path, size_t n_set, const char *const *set, ip_curve_source *s)
{
  ip_h5 *h;
  IP_TRY(ip_h5_open(path, false, &h));
  bool joint = ip_h5_kind_of(h, "/p_xy") == IP_H5_DATASET;
  ip_status st = joint ? read_joint(h, s) : IP_OK;
  ip_status closed = ip_h5_close(&h);
  IP_TRY(st);
  IP_TRY(closed);
  return joint ? IP_OK : from_name(path, n_set, set, s);
}

/* The table p_xy of an archive, or the dataset that it contains. */
static ip_status from_npz(const char *path, size_t n_set, const char *const *set, ip_curve_source *s)
{
  ip_npy *f;
  IP_TRY(ip_npy_open(path, &f));
  bool joint = ip_npy_find(f, "p_xy") != NULL;
  ip_npy_close(&f);
  return joint ? from_table(path, s) : from_name(path, n_set, set, s);
}

ip_status ip_curve_source_open(const char *word, size_t n_set, const char *const *set, ip_curve_source *out)
{
  bool table = strcmp(word, "-") == 0 || ends_with(word, ".csv") || ends_with(word, ".tsv") ||
               ends_with(word, ".txt") || ends_with(word, ".npy");
  *out = (ip_curve_source){0};
  IP_TRY(IP_STRDUP(out->name, word));
  if (ip_channel_is(word) || table)
    IP_REQUIRE(n_set == 0, IP_EUSAGE, "infoplane curve --set goes with experiments and datasets, not with %s", word);
  if (ip_channel_is(word)) return from_channel(word, out);
  if (table) return from_table(word, out);
  if (ends_with(word, ".yaml") || ends_with(word, ".yml")) return from_config(word, n_set, set, out);
  if (ends_with(word, ".npz")) return from_npz(word, n_set, set, out);
  if (ends_with(word, ".h5") || ends_with(word, ".hdf5")) return from_h5(word, n_set, set, out);
  return from_name(word, n_set, set, out);
}

void ip_curve_source_close(ip_curve_source *s)
{
  ip_free(s->name);
  ip_ib_problem_destroy(&s->problem);
  *s = (ip_curve_source){0};
}
