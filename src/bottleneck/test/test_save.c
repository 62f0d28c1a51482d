#include "bottleneck/save.h"
#include "bottleneck/test/problems.h"

#include "base/build.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/test/temp.h"

static ip_ib_problem *p;
static ip_ib_curve *c;
static ip_ib_options opt;

static int make_curve(void **state)
{
  ip_ib_curve_options o = ip_ib_curve_options_default();
  p = problem_of(3, 3, five_cells);
  CHECK_OK(ip_ib_curve_create(p, &o, 4, (double[]){1, 2.5, 5, 10}, &c));
  opt = o.solve;
  return temp_create(state);
}

static int remove_curve(void **state)
{
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
  return temp_remove(state);
}

enum { POINT_COLUMNS = 11, CRITICAL_COLUMNS = 6 };

static const char *const point_columns[POINT_COLUMNS] = {
    "beta",       "slope_beta", "ixt_bits", "ity_bits", "ht_bits", "clusters", "lagrangian_bits", "optimality_gap_bits",
    "iterations", "converged",  "certified"};
static const char *const critical_columns[CRITICAL_COLUMNS] = {"critical_beta",  "split_beta", "clusters_before",
                                                               "clusters_after", "ixt_bits",   "ity_bits"};

/* What a row of the tables has to hold. */
static void fill_point(const ip_ib_curve *curve, size_t i, double *v)
{
  const ip_ib_solution *s = curve->point[i];
  const double is[POINT_COLUMNS] = {s->beta,
                                    s->slope_beta,
                                    s->ixt_bits,
                                    s->ity_bits,
                                    s->ht_bits,
                                    (double)s->n_t,
                                    s->lagrangian_bits,
                                    s->optimality_gap_bits,
                                    (double)s->iterations,
                                    s->converged ? 1 : 0,
                                    s->certified ? 1 : 0};
  memcpy(v, is, sizeof is);
}

static void fill_critical(const ip_ib_curve *curve, size_t i, double *v)
{
  const ip_ib_critical *k = &curve->critical[i];
  const double is[CRITICAL_COLUMNS] = {k->critical_beta,   k->split_beta, (double)k->n_before,
                                       (double)k->n_after, k->ixt_bits,   k->ity_bits};
  memcpy(v, is, sizeof is);
}

typedef void fill_row(const ip_ib_curve *curve, size_t i, double *v);

static void check_number(const char *column, size_t row, double is, double want)
{
  if (is != want && !(isnan(is) && isnan(want))) fail_msg("row %zu, %s: %.17g, not %.17g", row, column, is, want);
}

/* A CSV file with these columns in this order, and rows filled by `fill`. */
static void check_csv(const ip_ib_curve *curve, const char *path, size_t n_columns, const char *const *column, size_t n,
                      fill_row *fill)
{
  char *text, *at;
  size_t length;
  double want[POINT_COLUMNS];
  CHECK_OK(ip_file_read(path, 100000, &length, &text));
  at = text;
  for (size_t j = 0; j < n_columns; j++) {
    size_t k = strlen(column[j]);
    assert_memory_equal(at, column[j], k);
    assert_int_equal(at[k], j + 1 < n_columns ? ',' : '\n');
    at += k + 1;
  }
  for (size_t i = 0; i < n; i++) {
    fill(curve, i, want);
    for (size_t j = 0; j < n_columns; j++, at++) {
      check_number(column[j], i, strtod(at, &at), want[j]);
      assert_int_equal(*at, j + 1 < n_columns ? ',' : '\n');
    }
  }
  assert_int_equal(*at, 0);
  ip_free(text);
}

static void check_h5(const ip_ib_curve *curve, ip_h5 *h, const char *group, size_t n_columns, const char *const *column,
                     size_t n, fill_row *fill)
{
  double *v = calloc(n, sizeof *v), want[POINT_COLUMNS];
  for (size_t j = 0; j < n_columns; j++) {
    char name[64];
    snprintf(name, sizeof name, "%s%s", group, column[j]);
    CHECK_OK(ip_h5_read(h, name, IP_H5_F64, n * sizeof *v, v));
    for (size_t i = 0; i < n; i++) {
      fill(curve, i, want);
      check_number(name, i, v[i], want[j]);
    }
  }
  free(v);
}

/* The curve with numbers that all differ, so that none can be taken for another. */
static void every_column_has_its_own_number(void **state)
{
  (void)state;
  ip_ib_curve made_up = *c;
  ip_ib_solution *point[4];
  ip_h5 *h;
  assert_true(c->n == 4 && c->n_critical >= 2);
  made_up.point = point;
  for (size_t i = 0; i < 4; i++) {
    double v = 100 * (double)(i + 1);
    CHECK_OK(ip_ib_solution_copy(c->point[i], &point[i]));
    ip_ib_solution *s = point[i];
    s->slope_beta = v + 1.25;
    s->ixt_bits = v + 2.25;
    s->ity_bits = v + 3.25;
    s->ht_bits = v + 4.25;
    s->lagrangian_bits = v + 5.25;
    s->optimality_gap_bits = i ? v + 6.25 : (double)NAN;
    s->iterations = 1000 * (i + 1);
    s->converged = i % 2;
    s->certified = i / 2;
  }
  CHECK_OK(ip_ib_curve_write_csv(&made_up, temp_path("curve.csv")));
  check_csv(&made_up, temp_path("curve.csv"), POINT_COLUMNS, point_columns, 4, fill_point);
  CHECK_OK(ip_ib_critical_write_csv(c, temp_path("critical.csv")));
  check_csv(c, temp_path("critical.csv"), CRITICAL_COLUMNS, critical_columns, c->n_critical, fill_critical);
  CHECK_OK(ip_ib_curve_write_h5(NULL, &opt, &made_up, "made up", temp_path("columns.h5")));
  CHECK_OK(ip_h5_open(temp_path("columns.h5"), false, &h));
  check_h5(&made_up, h, "/", POINT_COLUMNS, point_columns, 4, fill_point);
  check_h5(c, h, "/critical/", CRITICAL_COLUMNS, critical_columns, c->n_critical, fill_critical);
  CHECK_OK(ip_h5_close(&h));
  for (size_t i = 0; i < 4; i++) ip_ib_solution_destroy(&point[i]);
}

static void the_hdf5_file_holds_the_distributions_of_every_point(void **state)
{
  (void)state;
  ip_h5 *h;
  double w[4][3][3], p_t[4][3], p_yt[4][3][3], p_x[3], beta[4];
  CHECK_OK(ip_ib_curve_write_h5(p, &opt, c, "five cells", temp_path("curve.h5")));
  CHECK_OK(ip_h5_open(temp_path("curve.h5"), false, &h));
  ip_h5_shape shape;
  CHECK_OK(ip_h5_shape_of(h, "/p_t_given_x", &shape));
  assert_true(shape.rank == 3 && shape.dim[0] == 4 && shape.dim[1] == 3 && shape.dim[2] == 3);
  CHECK_OK(ip_h5_read(h, "/p_t_given_x", IP_H5_F64, sizeof w, w));
  CHECK_OK(ip_h5_read(h, "/p_y_given_t", IP_H5_F64, sizeof p_yt, p_yt));
  CHECK_OK(ip_h5_read(h, "/p_t", IP_H5_F64, sizeof p_t, p_t));
  CHECK_OK(ip_h5_read(h, "/p_x", IP_H5_F64, sizeof p_x, p_x));
  CHECK_OK(ip_h5_read(h, "/beta", IP_H5_F64, sizeof beta, beta));
  for (size_t i = 0; i < 4; i++) {
    assert_true(beta[i] == c->point[i]->beta);
    double ity = 0;
    for (size_t t = 0; t < 3; t++) {
      double sum = 0;
      for (size_t x = 0; x < 3; x++) sum += p_x[x] * w[i][x][t];
      CHECK_NEAR(sum, p_t[i][t], 1e-8);
      if (t >= c->point[i]->n_t)
        assert_true(p_t[i][t] == 0 && isnan(p_yt[i][t][0]));
      else
        for (size_t y = 0; y < 3; y++)
          if (p_yt[i][t][y] > 0) ity += p_t[i][t] * p_yt[i][t][y] * log2(p_yt[i][t][y] / p->p_y[y]);
    }
    CHECK_NEAR(ity, c->point[i]->ity_bits, 1e-12);
  }
  const char *const along_beta[] = {"/p_t", "/p_y_given_t", "/p_t_given_x", "/ixt_bits", "/clusters"};
  for (size_t i = 0; i < sizeof along_beta / sizeof *along_beta; i++)
    if (!ip_h5_has(h, along_beta[i], "DIMENSION_LIST")) fail_msg("%s has no scale", along_beta[i]);
  assert_true(ip_h5_has(h, "/beta", "REFERENCE_LIST"));
  double p_y[3], p_yx[3][3];
  uint32_t class_of[3];
  CHECK_OK(ip_h5_read(h, "/p_y", IP_H5_F64, sizeof p_y, p_y));
  CHECK_OK(ip_h5_read(h, "/p_y_given_x", IP_H5_F64, sizeof p_yx, p_yx));
  CHECK_OK(ip_h5_read(h, "/class_of_input", IP_H5_U32, sizeof class_of, class_of));
  for (size_t x = 0; x < 3; x++) {
    double row = five_cells[3 * x] + five_cells[3 * x + 1] + five_cells[3 * x + 2];
    CHECK_NEAR(p_x[x], row, 1e-15);
    CHECK_NEAR(p_y[x], five_cells[x] + five_cells[3 + x] + five_cells[6 + x], 1e-15);
    for (size_t y = 0; y < 3; y++) CHECK_NEAR(p_yx[x][y], five_cells[3 * x + y] / row, 1e-15);
    assert_int_equal(class_of[x], x);
  }
  CHECK_OK(ip_h5_close(&h));
}

/* Numbers that all differ, so that none can be taken for another. */
static void every_number_has_its_own_name(void **state)
{
  (void)state;
  ip_ib_curve curve = *c;
  ip_ib_problem problem = *p;
  ip_ib_options options = opt;
  ip_h5 *h;
  const struct {
    const char *name;
    double *from;
  } numbers[] = {{"alpha", &options.alpha},
                 {"ixy_bits", &curve.ixy_bits},
                 {"first_critical_beta", &curve.constant.critical_beta},
                 {"unstable_beta", &curve.constant.unstable_beta},
                 {"hx_bits", &problem.hx_bits},
                 {"hy_bits", &problem.hy_bits},
                 {"h_classes_bits", &problem.h_classes_bits}};
  const size_t n = sizeof numbers / sizeof *numbers;
  for (size_t i = 0; i < n; i++) *numbers[i].from = 0.25 + (double)i;
  CHECK_OK(ip_ib_curve_write_h5(&problem, &options, &curve, "made up", temp_path("numbers.h5")));
  CHECK_OK(ip_h5_open(temp_path("numbers.h5"), false, &h));
  for (size_t i = 0; i < n; i++) {
    double number;
    CHECK_OK(ip_h5_real(h, "/", numbers[i].name, &number));
    if (number != 0.25 + (double)i) fail_msg("%s is %g", numbers[i].name, number);
  }
  const struct {
    const char *name, *text;
  } texts[] = {{"source", "made up"}, {"program", "infoplane " IP_VERSION}, {"units", "bit"}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char *text;
    CHECK_OK(ip_h5_text(h, "/", texts[i].name, &text));
    assert_string_equal(text, texts[i].text);
    ip_free(text);
  }
  CHECK_OK(ip_h5_close(&h));
  for (int squared = 0; squared < 2; squared++) {
    int64_t written;
    curve.squared = squared;
    CHECK_OK(ip_ib_curve_write_h5(NULL, &options, &curve, "made up", temp_path("numbers.h5")));
    CHECK_OK(ip_h5_open(temp_path("numbers.h5"), false, &h));
    CHECK_OK(ip_h5_int(h, "/", "squared", &written));
    assert_int_equal(written, squared);
    CHECK_OK(ip_h5_close(&h));
  }
}

static void a_folder_that_is_not_there_is_named_and_nothing_is_left(void **state)
{
  (void)state;
  CHECK_FAILS(ip_ib_curve_write_csv(c, temp_path("no/curve.csv")), IP_EIO, "no/curve.csv");
  CHECK_FAILS(ip_ib_curve_write_h5(p, &opt, c, "x", temp_path("no/curve.h5")), IP_EIO, "no/curve.h5");
  ip_error_clear();
}

static void no_part_is_left(void)
{
  assert_int_equal(access(temp_path("c.h5.part"), F_OK), -1);
}

static ip_status write_all(void)
{
  IP_TRY(ip_ib_curve_write_csv(c, temp_path("a.csv")));
  IP_TRY(ip_ib_critical_write_csv(c, temp_path("b.csv")));
  return ip_ib_curve_write_h5(p, &opt, c, "x", temp_path("c.h5"));
}

static void memory_that_runs_out_is_reported_and_none_is_lost(void **state)
{
  (void)state;
  CHECK_EVERY_ALLOCATION(write_all(), no_part_is_left());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_column_has_its_own_number),
      cmocka_unit_test(the_hdf5_file_holds_the_distributions_of_every_point),
      cmocka_unit_test(every_number_has_its_own_name),
      cmocka_unit_test(a_folder_that_is_not_there_is_named_and_nothing_is_left),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/save", tests, make_curve, remove_curve);
}
