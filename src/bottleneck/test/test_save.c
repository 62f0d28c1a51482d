#include "bottleneck/save.h"
#include "bottleneck/test/problems.h"

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

static void tables_hold_the_points_to_the_last_digit(void **state)
{
  (void)state;
  char *text;
  size_t n;
  CHECK_OK(ip_ib_curve_write_csv(c, temp_path("curve.csv")));
  CHECK_OK(ip_file_read(temp_path("curve.csv"), 100000, &n, &text));
  assert_ptr_equal(strstr(text, "beta,slope_beta,ixt_bits,ity_bits,ht_bits,clusters,"), text);
  const char *line = text;
  for (size_t i = 0; i < c->n; i++) {
    double beta, slope, ixt, ity;
    line = strchr(line, '\n') + 1;
    assert_int_equal(sscanf(line, "%lf,%lf,%lf,%lf", &beta, &slope, &ixt, &ity), 4);
    assert_true(beta == c->point[i]->beta && ixt == c->point[i]->ixt_bits && ity == c->point[i]->ity_bits);
  }
  ip_free(text);
  CHECK_OK(ip_ib_critical_write_csv(c, temp_path("critical.csv")));
  CHECK_OK(ip_file_read(temp_path("critical.csv"), 100000, &n, &text));
  size_t lines = 0;
  for (const char *s = text; *s; s++) lines += *s == '\n';
  assert_int_equal(lines, 1 + c->n_critical);
  assert_true(c->n_critical >= 2);
  assert_ptr_equal(strstr(text, "critical_beta,split_beta,clusters_before,clusters_after,ixt_bits,ity_bits\n"), text);
  line = text;
  for (size_t i = 0; i < c->n_critical; i++) {
    const ip_ib_critical *k = &c->critical[i];
    double v[6];
    line = strchr(line, '\n') + 1;
    assert_int_equal(sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5]), 6);
    const double is[] = {k->critical_beta,   k->split_beta, (double)k->n_before,
                         (double)k->n_after, k->ixt_bits,   k->ity_bits};
    for (size_t j = 0; j < 6; j++)
      if (v[j] != is[j] && !(isnan(v[j]) && isnan(is[j])))
        fail_msg("row %zu, column %zu: %.17g, not %.17g", i, j, v[j], is[j]);
    assert_true(k->n_after != k->n_before);
  }
  ip_free(text);
}

static void the_hdf5_file_holds_the_distributions_of_every_point(void **state)
{
  (void)state;
  ip_h5 *h;
  double w[4][3][3], p_t[4][3], p_yt[4][3][3], p_x[3], beta[4];
  CHECK_OK(ip_ib_curve_write_h5(p, &opt, c, "five cells", temp_path("curve.h5")));
  CHECK_OK(ip_h5_open(temp_path("curve.h5"), false, &h));
  double certified[4];
  CHECK_OK(ip_h5_read(h, "/certified", IP_H5_F64, sizeof certified, certified));
  for (size_t i = 0; i < 4; i++) assert_true(certified[i] == c->point[i]->certified);
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
  CHECK_OK(ip_h5_close(&h));
}

static void a_folder_that_is_not_there_is_named_and_nothing_is_left(void **state)
{
  (void)state;
  CHECK_FAILS(ip_ib_curve_write_csv(c, temp_path("no/curve.csv")), IP_EIO, "no/curve.csv");
  CHECK_FAILS(ip_ib_curve_write_h5(p, &opt, c, "x", temp_path("no/curve.h5")), IP_EIO, "no/curve.h5");
  ip_error_clear();
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
  CHECK_EVERY_ALLOCATION(write_all(), (void)0);
  assert_int_equal(access(temp_path("c.h5.part"), F_OK), -1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables_hold_the_points_to_the_last_digit),
      cmocka_unit_test(the_hdf5_file_holds_the_distributions_of_every_point),
      cmocka_unit_test(every_number_has_its_own_name),
      cmocka_unit_test(a_folder_that_is_not_there_is_named_and_nothing_is_left),
      cmocka_unit_test(memory_that_runs_out_is_reported_and_none_is_lost),
  };
  return cmocka_run_group_tests_name("bottleneck/save", tests, make_curve, remove_curve);
}
