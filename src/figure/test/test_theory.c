#include "figure/curve.h"
#include "figure/figure.h"

#include "base/test/check.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

static int create(void **state)
{
  if (temp_create(state)) return -1;
  strcpy(tables_folder, temp_path("out"));
  return 0;
}

/* The labels of the made runs are a function of X with H(Y) = 1 bit, H(X) = 2 bits: the curve rises from (0, 0) to (1,
 * 1) and goes on level, so that a point right of 1 bit is as far from it as its I(T;Y) is from 1. */
static void layers_are_as_far_from_the_curve_as_the_data_say(void **state)
{
  (void)state;
  const made_run m = {.file = "a.h5", .experiment = "theory", .config = "", .seed = 1, .n_epochs = 10};
  CHECK_OK(made_write(&m));
  char path[512];
  strcpy(path, temp_path("a.h5"));
  const char *file = path, *name = "theory";
  ip_figure_options o = {.folder = tables_folder};
  CHECK_OK(ip_figures_draw(1, &file, 1, &name, &o));
  for (size_t e = 0; e < 10; e += 9)
    for (size_t k = 0; k < MADE_LAYERS; k++) {
      char epoch[24], layer[24];
      snprintf(epoch, sizeof epoch, "%d", (int)made_epoch(e));
      snprintf(layer, sizeof layer, "%zu", k + 1);
      CHECK_NEAR(FIND("theory", "ity_gap_bits", {"kind", "layer"}, {"epoch", epoch}, {"layer", layer}),
                 1 - made_ity(e, k), 1e-6);
      CHECK_NEAR(FIND("theory", "distance_bits", {"kind", "layer"}, {"epoch", epoch}, {"layer", layer}),
                 1 - made_ity(e, k), 1e-6);
    }
  CHECK_NEAR(FIND("theory", "ity_bits", {"kind", "curve"}, {"ixt_bits", "2"}), 1, 1e-9);
  CHECK_NEAR(FIND("theory", "ixy_bits", {"kind", "curve"}), 1, 1e-9);
  CHECK_NEAR(FIND("theory", "hx_bits", {"kind", "curve"}), 2, 1e-9);
  /* (0, 0), 40 optima, the end at H(Y), H(X); and the layers at each epoch */
  assert_int_equal(count_lines("theory", false), 1 + 1 + 40 + 2 + 10 * MADE_LAYERS);
  CHECK_NEAR(FIND("theory", "ixt_bits", {"kind", "curve"}, {"beta", "1"}), 1, 1e-6); /* Y of X: from beta 1 on all */
}

/* Data of the same sizes and other labels have a curve of their own, and the next configuration again the first. */
static void every_data_has_its_curve(void **state)
{
  (void)state;
  static const char *const config[] = {"name: t\na: 1\n", "name: t\na: 2\n", "name: t\na: 3\n"};
  static const char *const name[] = {"t1.h5", "t2.h5", "t3.h5"}, *const figure = "theory";
  char path[3][512];
  const char *file[3];
  for (size_t i = 0; i < 3; i++) {
    const made_run m = {.file = name[i], .experiment = "t", .config = config[i], .n_epochs = 3, .rare = i == 1};
    CHECK_OK(made_write(&m));
    strcpy(path[i], temp_path(name[i]));
    file[i] = path[i];
  }
  ip_figure_options o = {.folder = tables_folder};
  CHECK_OK(ip_figures_draw(3, file, 1, &figure, &o));
  const double h = 2 - 0.75 * log2(3); /* of 1/4 */
  CHECK_NEAR(FIND("theory", "ixy_bits", {"kind", "curve"}, {"panel", "a: 1"}), 1, 1e-9);
  CHECK_NEAR(FIND("theory", "ixy_bits", {"kind", "curve"}, {"panel", "a: 2"}), h, 1e-9);
  CHECK_NEAR(FIND("theory", "ixy_bits", {"kind", "curve"}, {"panel", "a: 3"}), 1, 1e-9);
}

typedef struct {
  size_t n;
  char path[600];
} drawn;

static void note(void *context, const char *name, const char *path, const char *why_not)
{
  (void)name, (void)why_not;
  drawn *d = context;
  d->n++;
  snprintf(d->path, sizeof d->path, "%s", path ? path : "");
}

/* Binary symmetric channel, crossover 0.1: at beta = 2, I(X;T) = 0.696432 and I(T;Y) = 0.407234 bits; the first
 * bifurcation is at 1 / (1 - 0.2)^2 = 1.5625. */
static void the_curve_of_a_channel_is_drawn_with_its_bifurcation(void **state)
{
  (void)state;
  static const double p_xy[] = {0.45, 0.05, 0.05, 0.45}, beta[] = {1.2, 1.5, 1.7, 2, 3, 5, 10, 30};
  ip_ib_problem *p;
  ip_ib_curve *c;
  ip_ib_curve_options options = ip_ib_curve_options_default();
  CHECK_OK(ip_ib_problem_create(2, 2, p_xy, &p));
  CHECK_OK(ip_ib_curve_create(p, &options, sizeof beta / sizeof *beta, beta, &c));
  drawn d = {0};
  ip_figure_options o = {.folder = tables_folder, .on_figure = note, .context = &d};
  CHECK_OK(ip_curve_draw(p, c, "bsc \"0.1\" `x`", "bsc", &o));
  assert_int_equal(d.n, 1);
  assert_string_equal(d.path, temp_path("out/bsc.svg"));
  CHECK_NEAR(FIND("bsc", "ixt_bits", {"beta", "2"}), 0.696432, 1e-5);
  CHECK_NEAR(FIND("bsc", "ity_bits", {"beta", "2"}), 0.407234, 1e-5);
  CHECK_NEAR(FIND("bsc", "beta", {"kind", "bifurcation"}), 1.5625, 1e-5);
  CHECK_NEAR(FIND("bsc", "clusters", {"beta", "2"}), 2, 0);
  CHECK_NEAR(FIND("bsc", "effective_clusters", {"beta", "2"}), 2, 1e-9); /* 2^H(T) of two equal clusters */
  CHECK_NEAR(FIND("bsc", "effective_clusters", {"beta", "1.2"}), 1, 1e-9);
  CHECK_NEAR(FIND("bsc", "clusters", {"kind", "bifurcation"}), 2, 0); /* after it */
  CHECK_NEAR(FIND("bsc", "ixt_bits", {"kind", "bifurcation"}), 0, 1e-9);
  CHECK_NEAR(FIND("bsc", "hx_bits", {"beta", "2"}), 1, 1e-12);
  CHECK_NEAR(FIND("bsc", "ixy_bits", {"beta", "2"}), p->ixy_bits, 1e-12);
  c->n_critical = 0; /* a curve without them is drawn too */
  CHECK_OK(ip_curve_draw(p, c, "", "bsc", &o));
  o.format = "png";
  CHECK_OK(ip_curve_draw(p, c, "", "bsc", &o));
  size_t n = c->n;
  c->n = 0;
  CHECK_FAILS(ip_curve_draw(p, c, "", "bsc", &o), IP_EINVAL, "no points");
  c->n = n;
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  size_t k = 0, live = ip_mem_live();
  ip_status st;
  do {
    ip_error_clear();
    ip_mem_fail_at(++k);
    st = ip_curve_draw(p, c, "title", "bsc", &o);
    ip_mem_fail_at(0);
    assert_int_equal(ip_mem_live(), live);
    assert_true(st == IP_ENOMEM || st == IP_ECHILD);
  } while (st != IP_ECHILD);
  ip_error_clear();
  unsetenv("INFOPLANE_GNUPLOT");
  ip_ib_curve_destroy(&c);
  ip_ib_problem_destroy(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layers_are_as_far_from_the_curve_as_the_data_say),
      cmocka_unit_test(every_data_has_its_curve),
      cmocka_unit_test(the_curve_of_a_channel_is_drawn_with_its_bifurcation),
  };
  return cmocka_run_group_tests_name("figure/theory", tests, create, temp_remove);
}
