/* cmd_curve.c - infoplane curve: the Information Bottleneck curve of a dataset, a table p(x,y) or a named channel. */
#include "base/mem.h"
#include "base/plain.h"
#include "bottleneck/gaussian.h"
#include "bottleneck/grid.h"
#include "bottleneck/save.h"
#include "cli/complete.h"
#include "cli/curve_source.h"
#include "cli/guard.h"
#include "cli/json.h"
#include "cli/options.h"
#include "figure/curve.h"
#include "figure/paper.h"
#include "file/atomic.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_curve = {
    .name = "curve",
    .usage = "CONFIG|NAME|P.csv|P.npy|P.h5|bsc:P|bec:P|gaussian:R [--beta GRID] [-o DIR] [OPTIONS]",
    .summary = "The Information Bottleneck curve: the largest I(T;Y) for every I(X;T)",
    .details =
        "The joint distribution p(x,y) is that of an experiment's dataset (CONFIG.yaml) or of a dataset by its "
        "name;\n"
        "a table in a CSV or .npy file, x down and y across, whose cells sum to 1; an array p_xy in an HDF5 or .npz\n"
        "file, or its x and y; or a channel: binary symmetric, binary erasure, or Gaussian with a correlation.\n"
        "infoplane minimises I(X;T) - beta I(T;Y) at every beta of the grid. DIR then contains curve.csv,\n"
        "critical.csv (the phase transitions), curve.h5 (with p(t|x), p(y|t) and p(t) at every\n"
        "beta) and figures/curve.svg. GRID is MIN:MAX:logN, MIN:MAX:linN, or betas with commas between them.\n"
        "certified: proved that no T has a Lagrangian lower by more than optimality_gap_bits.\n"
        "docs/bottleneck.md has the formulas.\n\n"
        "Examples: infoplane curve experiments/ib-curve-sphere.yaml --beta 1:300:log40\n"
        "          infoplane curve sphere --set dataset.labels=soft -o results/soft-sphere\n"
        "          infoplane curve bsc:0.1 --json\n"
        "          infoplane curve sphere --squared --beta 0.05:1.5:lin30     hard labels: the whole curve",
    .run = run,
    .complete = ip_complete_distribution,
};

typedef struct {
  const char *grid, *folder, *format, *width;
  ip_paper paper;
  bool json, squared, no_figure;
  double alpha, tolerance;
  int64_t restarts, refine, seed;
  ip_words set;
} choices;

/* --- What is printed */

/* Only the plain bottleneck has these betas. */
static void print_constant(const ip_ib_constant *k)
{
  if (!isfinite(k->critical_beta)) return;
  ip_print(stdout, "critical beta %.6f (T = constant is optimal up to this beta%s)\n", k->critical_beta,
           k->certified ? "" : "; not certified");
  printf("unstable beta %.6f (T = constant is unstable from this beta on)\n", k->unstable_beta);
}

static void print_text(const ip_curve_source *source, const ip_ib_curve *c)
{
  ip_print(stdout, "source      %s\n", source->name);
  if (source->problem) {
    printf("inputs      %zu, of %zu different p(y|x); %zu outcomes\n", source->problem->n_inputs, source->problem->n_x,
           source->problem->n_y);
    printf("H(Y)        %.6f bit\n", source->problem->hy_bits);
  }
  printf("I(X;Y)      %.6f bit\n", c->ixy_bits);
  print_constant(&c->constant);
  ip_print(stdout, "\n%12s %12s %12s %9s %9s\n", "beta", "I(X;T)", "I(T;Y)", "clusters", "certified");
  for (size_t i = 0; i < c->n; i++) {
    const ip_ib_solution *s = c->point[i];
    ip_print(stdout, "%12.6g %12.6f %12.6f %9zu %9s%s\n", s->beta, s->ixt_bits, s->ity_bits, s->n_t,
             s->certified ? "yes" : "no", s->converged ? "" : "  not converged");
  }
  for (size_t i = 0; i < c->n_critical; i++) {
    const ip_ib_critical *k = &c->critical[i];
    ip_print(stdout, "%sbeta %.6f: %zu to %zu clusters", i ? "" : "\n", k->critical_beta, k->n_before, k->n_after);
    if (isfinite(k->split_beta)) printf("; one of the %zu would split at %.6f", k->n_before, k->split_beta);
    printf("\n");
  }
}

static json_t *json_of(const ip_curve_source *source, const ip_ib_curve *c)
{
  json_t *points = json_array(), *critical = json_array();
  for (size_t i = 0; i < c->n; i++) {
    const ip_ib_solution *s = c->point[i];
    json_array_append_new(points, json_pack("{s:f, s:o, s:f, s:f, s:o, s:I, s:f, s:o, s:b, s:b}", "beta", s->beta,
                                            "slope_beta", ip_json_finite(s->slope_beta), "ixt_bits", s->ixt_bits,
                                            "ity_bits", s->ity_bits, "ht_bits", ip_json_finite(s->ht_bits), "clusters",
                                            (json_int_t)s->n_t, "lagrangian_bits", s->lagrangian_bits,
                                            "optimality_gap_bits", ip_json_finite(s->optimality_gap_bits), "converged",
                                            s->converged, "certified", s->certified));
  }
  for (size_t i = 0; i < c->n_critical; i++) {
    const ip_ib_critical *k = &c->critical[i];
    json_array_append_new(critical, json_pack("{s:f, s:o, s:I, s:I, s:f, s:f}", "critical_beta", k->critical_beta,
                                              "split_beta", ip_json_finite(k->split_beta), "clusters_before",
                                              (json_int_t)k->n_before, "clusters_after", (json_int_t)k->n_after,
                                              "ixt_bits", k->ixt_bits, "ity_bits", k->ity_bits));
  }
  const ip_ib_problem *p = source->problem; /* NULL: a Gaussian channel */
  return json_pack("{s:s, s:o, s:o, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o}", "source", source->name, "inputs",
                   p ? ip_json_count(p->n_inputs) : json_null(), "different_inputs",
                   p ? ip_json_count(p->n_x) : json_null(), "outcomes", p ? ip_json_count(p->n_y) : json_null(),
                   "hy_bits", p ? ip_json_real(p->hy_bits) : json_null(), "ixy_bits", c->ixy_bits,
                   "first_critical_beta", ip_json_finite(c->constant.critical_beta), "unstable_beta",
                   ip_json_finite(c->constant.unstable_beta), "first_critical_certified",
                   isfinite(c->constant.critical_beta) ? json_boolean(c->constant.certified) : json_null(), "points",
                   points, "critical", critical);
}

static ip_status print_json(const ip_curve_source *source, const ip_ib_curve *c)
{
  return ip_json_print(json_of(source, c), stdout);
}

/* --- What is written */

static ip_status in_folder(const char *folder, const char *name, ip_scratch *sc, const char **path)
{
  size_t n = strlen(folder) + strlen(name) + 2;
  char *text;
  IP_TRY(IP_SCRATCH(sc, text, n, "path"));
  snprintf(text, n, "%s/%s", folder, name);
  *path = text;
  return IP_OK;
}

static ip_status write_files(const ip_curve_source *source, const ip_ib_options *opt, const ip_ib_curve *c,
                             const choices *o, ip_scratch *sc)
{
  const char *csv, *critical, *h5, *figures;
  IP_TRY(in_folder(o->folder, "curve.csv", sc, &csv));
  IP_TRY(in_folder(o->folder, "critical.csv", sc, &critical));
  IP_TRY(in_folder(o->folder, "curve.h5", sc, &h5));
  IP_TRY(in_folder(o->folder, "figures", sc, &figures));
  IP_TRY(ip_folder_create(o->folder));
  IP_TRY(ip_ib_curve_write_csv(c, csv));
  IP_TRY(ip_ib_critical_write_csv(c, critical));
  IP_TRY(ip_ib_curve_write_h5(source->problem, opt, c, source->name, h5));
  bool draws = !o->no_figure && source->problem;
  ip_status st = IP_OK;
  if (draws) {
    const ip_figure_options drawing = {.format = o->format, .folder = figures, .paper = o->paper};
    const char *slash = strrchr(source->name, '/');
    fflush(stdout);
    st = ip_curve_draw(source->problem, c, slash ? slash + 1 : source->name, "curve", &drawing);
  }
  if (!o->json) {
    ip_print(stdout, "\nwritten to %s: curve.csv, critical.csv, curve.h5", o->folder);
    if (draws && st == IP_OK) ip_print(stdout, ", figures/curve.%s", o->format ? o->format : "svg");
    printf("\n");
  }
  return st;
}

/* --- The work */

static ip_status solve(const ip_curve_source *source, const ip_ib_curve_options *opt, size_t n, const double *beta,
                       ip_ib_curve **c)
{
  if (source->problem) return ip_ib_curve_create(source->problem, opt, n, beta, c);
  double rho = fabs(source->rho);
  IP_REQUIRE(
      opt->solve.alpha == 1, IP_EUSAGE,
      "infoplane curve --alpha: got %g, expected 1 for a Gaussian channel; H(T) - alpha H(T|X) of a continuous T "
      "has no lower bound when alpha is below 1",
      opt->solve.alpha);
  IP_REQUIRE(!opt->n_refine, IP_EUSAGE,
             "infoplane curve --refine: the curve of a Gaussian channel is exact; give more betas with --beta");
  return ip_ib_gaussian_curve(1, &rho, opt->squared, n, beta, c);
}

static ip_status curve_of(const ip_curve_source *source, const choices *o, size_t n, const double *beta)
{
  ip_ib_curve_options opt = ip_ib_curve_options_default();
  opt.solve.alpha = o->alpha;
  opt.squared = o->squared;
  opt.n_restarts = (size_t)o->restarts;
  opt.n_refine = (size_t)o->refine;
  opt.tolerance_bits = o->tolerance;
  opt.seed = (uint64_t)o->seed;
  ip_ib_curve *c = NULL;
  ip_scratch *sc = NULL;
  FILE *progress = isatty(2) && !o->json ? stderr : NULL;
  IP_TRY(ip_progress_create(progress, "curve", "betas", (double)n, &opt.progress));
  ip_status st = solve(source, &opt, n, beta, &c);
  ip_progress_destroy(&opt.progress);
  if (st == IP_OK) st = ip_scratch_create(&sc);
  if (st == IP_OK) {
    if (o->json)
      st = print_json(source, c);
    else
      print_text(source, c);
  }
  if (st == IP_OK && o->folder) st = write_files(source, &opt.solve, c, o, sc);
  ip_ib_curve_destroy(&c);
  ip_scratch_destroy(&sc);
  return st;
}

static ip_status check(const choices *o, const ip_arguments *args)
{
  IP_REQUIRE(args->n == 1, IP_EUSAGE, "infoplane curve: got %zu sources, expected one; see infoplane curve --help",
             args->n);
  IP_REQUIRE(isfinite(o->alpha) && o->alpha >= 0 && o->alpha <= 1, IP_EUSAGE,
             "infoplane curve --alpha: expected 0 (deterministic) to 1 (the bottleneck), got %g", o->alpha);
  IP_REQUIRE(!o->squared || o->alpha == 1, IP_EUSAGE, "infoplane curve: --squared goes with --alpha 1 only");
  IP_REQUIRE(o->restarts >= 0 && o->restarts <= 10000, IP_EUSAGE,
             "infoplane curve --restarts: expected 0 to 10000, got %lld", (long long)o->restarts);
  IP_REQUIRE(o->refine >= 0 && o->refine <= 10000, IP_EUSAGE, "infoplane curve --refine: expected 0 to 10000, got %lld",
             (long long)o->refine);
  IP_REQUIRE(isfinite(o->tolerance) && o->tolerance >= 0, IP_EUSAGE,
             "infoplane curve --tolerance: expected bits, 0 or more, got %g", o->tolerance);
  IP_REQUIRE(!o->format || ip_figure_is_format(o->format), IP_EUSAGE,
             "infoplane curve --format: expected svg, png, pdf, eps or tex, got '%s'", o->format);
  if (o->paper.font) IP_TRY(ip_paper_check_font(o->paper.font));
  IP_REQUIRE((o->folder && !o->no_figure) || !(o->format || o->width || o->paper.font), IP_EUSAGE,
             "infoplane curve: --format, --width and --font are those of the figure, which needs -o DIR%s",
             o->no_figure ? " without --no-figure" : "");
  return IP_OK;
}

typedef struct {
  const choices *o;
  const char *word;
} request;

/* In the supervised child. */
static ip_status curve(void *context)
{
  const request *rq = context;
  const choices *o = rq->o;
  size_t n;
  double *beta;
  ip_curve_source source = {0};
  IP_TRY(ip_ib_grid_parse(o->grid, &n, &beta));
  ip_status st = ip_curve_source_open(rq->word, o->set.n, o->set.word, &source);
  if (st == IP_OK) st = curve_of(&source, o, n, beta);
  ip_curve_source_close(&source);
  ip_free(beta);
  return st;
}

static ip_status check_and_run(const choices *o, const ip_arguments *args)
{
  IP_TRY(check(o, args));
  const ip_guard guard = {.folder = o->folder, .draws_eps = o->format && !strcmp(o->format, "eps")};
  return ip_guard_run(&guard, curve, &(request){o, args->word[0]});
}

static ip_status run(int argc, char **argv)
{
  choices o = {.grid = IP_IB_GRID_DEFAULT, .alpha = 1, .restarts = 3, .refine = 0, .tolerance = 1e-3, .seed = 1};
  const ip_option options[] = {
      {"beta", 'b', IP_OPT_TEXT, "GRID", "betas (" IP_IB_GRID_DEFAULT ")", &o.grid},
      {"output", 'o', IP_OPT_TEXT, "DIR", "write curve.csv, critical.csv, curve.h5 and the figure there", &o.folder},
      {"json", 0, IP_OPT_FLAG, NULL, "print JSON", &o.json},
      {"set", 0, IP_OPT_WORDS, "KEY=VALUE",
       "override a key of the configuration, such as dataset.gamma=20 (repeatable)", &o.set},
      {"alpha", 0, IP_OPT_REAL, "A", "minimise H(T) - A H(T|X) - beta I(T;Y); 0 is deterministic (1)", &o.alpha},
      {"squared", 0, IP_OPT_FLAG, NULL, "minimise I(X;T)^2 - beta I(T;Y) in nats, for hard labels", &o.squared},
      {"refine", 0, IP_OPT_INT, "N", "add up to N betas where the curve is known least (0)", &o.refine},
      {"tolerance", 0, IP_OPT_REAL, "BITS", "... until its error is at most BITS (0.001)", &o.tolerance},
      {"extra", 0, IP_OPT_RENAMED, "refine", NULL, NULL},
      {"bend", 0, IP_OPT_RENAMED, "tolerance", NULL, NULL},
      {"restarts", 0, IP_OPT_INT, "N", "random starts at every beta without a certificate (3)", &o.restarts},
      {"seed", 0, IP_OPT_INT, "N", "seed of the random starts (1)", &o.seed},
      {"format", 0, IP_OPT_TEXT, "FORMAT", "format of the figure: svg, png, pdf, eps or tex (svg)", &o.format},
      {"width", 'w', IP_OPT_TEXT, "WIDTH", "width of the figure for a paper: 85mm, 17cm, 3.3in", &o.width},
      {"font", 0, IP_OPT_TEXT, "FONT", "family, points or both, as in \"Times,8\"; default: DejaVu Sans",
       &o.paper.font},
      {"no-figure", 0, IP_OPT_FLAG, NULL, "plot no figure; gnuplot is not needed", &o.no_figure},
  };
  ip_arguments args;
  ip_status st = ip_options_parse(&ip_cmd_curve, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && o.width) st = ip_paper_parse_width(o.width, &o.paper.width_mm);
  if (st == IP_OK && !args.help) st = check_and_run(&o, &args);
  ip_words_free(&o.set);
  return st;
}
