/* cmd_calibrate.c - infoplane calibrate: tests estimators on problems with known mutual information. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "calibrate/family.h"
#include "cli/calibrate_request.h"
#include "cli/json.h"
#include "figure/figure.h"
#include "figure/gnuplot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_calibrate = {
    .name = "calibrate",
    .usage = "[--task NAME | --family NAME | --consistency]... [--estimator SPEC]... [--samples N]... [-o TABLE] "
             "[--figure FILE]",
    .summary = "Test the estimators on problems with known mutual information",
    .details =
        "Draws samples of problems with a closed form, runs the estimators on them, and prints the bias and standard\n"
        "deviation over repeats. If docs/calibration.md documents a bias bound, checks it. Without --task and\n"
        "--estimator, all are used; an estimator that does not apply to a problem is skipped there. The default takes\n"
        "a few minutes: 10 problems, 28 estimators, 100 to 10000 samples, 10 repeats.\n\n"
        "With --family, prints the mean absolute error on families of problems with 0 to 10 nats (10000 samples), in\n"
        "means over numbers of pairs, beside the errors that mutinfo has published. All of them take ten minutes.\n"
        "With --consistency, tests independence, data processing and additivity.\n\n"
        "Examples: infoplane calibrate --task bsc --samples 1000\n"
        "          infoplane calibrate --family normal_pairs --nats 5 --repeats 3\n"
        "          infoplane calibrate --estimator ksg --estimator ksg:k=10 --task normal -o ksg.csv\n"
        "          infoplane calibrate --check -o calibration.tsv --figure calibration.svg",
    .run = run,
};

static void list_tasks(void)
{
  for (size_t i = 0; i < ip_task_count(); i++) {
    const ip_calibration_task *t = ip_task_at(i);
    ip_print(stdout, "%-24s%s\n%-24sI(X;T) = %.6f", t->name, t->summary, "", ip_task_ixt_bits(t));
    if (t->ity_bits) printf(", I(T;Y) = %.6f", ip_task_ity_bits(t));
    puts(" bit");
  }
  puts("\nFamilies, with any I(X;T) up to 12 nats: NAME:nats=1:pairs=1, of Student also freedom=1");
  for (size_t i = 0; i < ip_family_count(); i++)
    ip_print(stdout, "%-24s%s\n", ip_family_at(i)->name, ip_family_at(i)->summary);
}

/* The selected tasks, estimators and sizes; the defaults if none are given. */
static ip_status choose(const ip_calibrate_request *w, ip_scratch *sc, ip_calibration_options *o)
{
  static const size_t sizes[] = {100, 1000, 10000};
  const ip_calibration_task **task;
  size_t *size;
  o->n_tasks = w->tasks.n ? w->tasks.n : ip_task_count();
  IP_TRY(IP_SCRATCH(sc, task, o->n_tasks, "tasks"));
  for (size_t i = 0; i < o->n_tasks; i++)
    if (w->tasks.n)
      IP_TRY(ip_task_find(w->tasks.word[i], sc, &task[i]));
    else
      task[i] = ip_task_at(i);
  o->task = task;
  o->estimator = ip_calibration_specs(&o->n_estimators);
  if (w->estimators.n) {
    o->estimator = w->estimators.word;
    o->n_estimators = w->estimators.n;
  }
  o->n_sizes = w->samples.n ? w->samples.n : IP_COUNT(sizes);
  IP_TRY(IP_SCRATCH(sc, size, o->n_sizes, "numbers of samples"));
  for (size_t i = 0; i < o->n_sizes; i++) {
    int64_t n = w->samples.n ? 0 : (int64_t)sizes[i];
    IP_REQUIRE(n || (ip_parse_int(w->samples.word[i], &n) && n >= 2 && n <= 1000000), IP_EUSAGE,
               "infoplane calibrate --samples: expected an integer from 2 to 1000000, got '%s'", w->samples.word[i]);
    size[i] = (size_t)n;
  }
  o->size = size;
  IP_REQUIRE(w->repeats >= 2 && w->repeats <= 100000, IP_EUSAGE,
             "infoplane calibrate --repeats: expected an integer from 2 to 100000, got %lld", (long long)w->repeats);
  IP_REQUIRE(w->seed >= 0, IP_EUSAGE, "infoplane calibrate --seed: expected 0 or more, got %lld", (long long)w->seed);
  o->repeats = (size_t)w->repeats;
  o->seed = (uint64_t)w->seed;
  return IP_OK;
}

static void print_text(size_t n, const ip_calibration_row *row)
{
  int width = 16;
  for (size_t k = 0; k < n; k++)
    if ((int)strlen(row[k].task->name) > width) width = (int)strlen(row[k].task->name);
  ip_print(stdout, "%-*s %-8s%-30s%8s%10s%10s%10s  %s\n", width, "task", "", "estimator", "samples", "true", "bias",
           "sd", "documented bias");
  for (size_t k = 0; k < n; k++) {
    const ip_calibration_row *r = &row[k];
    ip_print(stdout, "%-*s %-8s%-30s%8zu%10.4f%10.4f%10.4f", width, r->task->name, ip_quantity_name(r->quantity),
             r->estimator, r->n, r->true_bits, r->mean_bits - r->true_bits, r->sd_bits);
    if (!isnan(r->low_bits))
      ip_print(stdout, "  %.3f to %.3f%s", r->low_bits, r->high_bits, ip_calibration_holds(r) ? "" : "  EXCEEDED");
    putchar('\n');
  }
}

static ip_status print_json(size_t n, const ip_calibration_row *row)
{
  json_t *list = json_array();
  for (size_t k = 0; k < n; k++) {
    const ip_calibration_row *r = &row[k];
    bool bound = !isnan(r->low_bits);
    json_t *low = bound ? json_real(r->low_bits) : json_null(), *high = bound ? json_real(r->high_bits) : json_null();
    json_t *within = bound ? json_boolean(ip_calibration_holds(r)) : json_null();
    json_array_append_new(list,
                          json_pack("{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "task", r->task->name,
                                    "quantity", ip_quantity_name(r->quantity), "estimator", r->estimator, "samples",
                                    (json_int_t)r->n, "repeats", (json_int_t)r->repeats, "true_bits",
                                    ip_json_real(r->true_bits), "mean_bits", ip_json_real(r->mean_bits), "sd_bits",
                                    ip_json_real(r->sd_bits), "low_bits", low, "high_bits", high, "within", within));
  }
  return ip_json_print(list, stdout);
}

ip_status ip_calibrate_draw(const char *figure, const char *script, size_t n, const void *row, ip_scratch *sc,
                            ip_status (*write)(const char *path, size_t n, const void *row, ip_scratch *sc))
{
  const char *dot = strrchr(figure, '.'), *format = dot ? dot + 1 : "";
  char *table, *path;
  size_t stem = dot ? (size_t)(dot - figure) : 0;
  IP_REQUIRE(
      ip_figure_is_format(format), IP_EUSAGE,
      "infoplane calibrate --figure: expected a name with the extension .svg, .png, .pdf, .eps or .tex, got '%s'",
      figure);
  IP_TRY(IP_SCRATCH(sc, table, stem + 5, "name of a table"));
  memcpy(table, figure, stem);
  memcpy(table + stem, ".tsv", 5);
  IP_TRY(write(table, n, row, sc));
  IP_TRY(ip_gnuplot_script(script, &path));
  ip_status st = ip_gnuplot_draw(path, table, figure, format, NULL);
  ip_free(path);
  return st;
}

static ip_status write_figure(const char *path, size_t n, const void *row, ip_scratch *sc)
{
  const ip_calibration_row *of = row;
  size_t bounded = 0;
  for (size_t k = 0; k < n; k++) bounded += isnan(of[k].low_bits) ? 0 : 1;
  IP_REQUIRE(bounded, IP_EINVAL, "no selected estimate has a documented bias to show; see docs/calibration.md");
  return ip_calibration_write_figure(path, n, of, sc);
}

static ip_status report(const ip_calibrate_request *w, size_t n, const ip_calibration_row *row, ip_scratch *sc)
{
  if (w->output) IP_TRY(ip_calibration_write(w->output, n, row));
  if (w->figure) IP_TRY(ip_calibrate_draw(w->figure, "calibration", n, row, sc, write_figure));
  if (w->json)
    IP_TRY(print_json(n, row));
  else if (!w->output)
    print_text(n, row);
  size_t exceeded = 0, first = 0;
  for (size_t k = n; k-- > 0;)
    if (!ip_calibration_holds(&row[k])) {
      exceeded++;
      first = k;
    }
  IP_REQUIRE(!w->check || !exceeded, IP_ENUMERIC,
             "%zu of the documented biases are exceeded; first: %s of %s by %s, %zu samples: %.4f, documented %.3f to "
             "%.3f",
             exceeded, ip_quantity_name(row[first].quantity), row[first].task->name, row[first].estimator, row[first].n,
             row[first].mean_bits - row[first].true_bits, row[first].low_bits, row[first].high_bits);
  return IP_OK;
}

static ip_status calibrate(const ip_calibrate_request *w, ip_scratch *sc)
{
  ip_calibration_options o = {0};
  ip_calibration_row *row;
  size_t n;
  IP_REQUIRE(!w->families.n + !w->tasks.n + !w->consistency >= 2, IP_EUSAGE,
             "infoplane calibrate: --task, --family and --consistency are alternatives; give one of them");
  IP_REQUIRE(w->families.n || w->consistency || !w->nats.n, IP_EUSAGE,
             "infoplane calibrate: --nats needs --family or --consistency");
  IP_REQUIRE(w->families.n || !w->pairs.n, IP_EUSAGE, "infoplane calibrate: --pairs needs --family");
  IP_REQUIRE(!w->families.n || !w->check, IP_EUSAGE,
             "infoplane calibrate: errors on families have no bounds to --check");
  IP_REQUIRE(!w->consistency || !w->figure, IP_EUSAGE, "infoplane calibrate: --consistency has no figure");
  IP_TRY(choose(w, sc, &o));
  if (w->families.n) return ip_calibrate_families(w, &o, sc);
  if (w->consistency) return ip_calibrate_consistency(w, &o, sc);
  double total = (double)(o.n_tasks * o.n_sizes * o.n_estimators * o.repeats);
  IP_TRY(ip_progress_create(isatty(STDERR_FILENO) ? stderr : NULL, "calibrate", "estimates", total, &o.progress));
  ip_status st = ip_calibrate(&o, sc, &n, &row);
  ip_progress_destroy(&o.progress);
  IP_TRY(st);
  return report(w, n, row, sc);
}

static ip_status run(int argc, char **argv)
{
  ip_calibrate_request w = {.repeats = 10, .seed = 1};
  const ip_option options[] = {
      {"task", 't', IP_OPT_WORDS, "NAME", "problem to use (repeatable; default: all)", &w.tasks},
      {"family", 0, IP_OPT_WORDS, "NAME", "family of problems, or all (repeatable)", &w.families},
      {"nats", 0, IP_OPT_WORDS, "X", "I(X;T) of the members of families (repeatable; default: 0 to 10)", &w.nats},
      {"pairs", 0, IP_OPT_WORDS, "N", "columns of X and T of the members of families (repeatable; default: 1, 2, 3)",
       &w.pairs},
      {"consistency", 0, IP_OPT_FLAG, NULL, "test independence, data processing and additivity instead",
       &w.consistency},
      {"estimator", 'e', IP_OPT_WORDS, "SPEC", "estimator to test (repeatable; default: all)", &w.estimators},
      {"samples", 'n', IP_OPT_WORDS, "N", "number of samples (repeatable; default: 100, 1000, 10000)", &w.samples},
      {"repeats", 'r', IP_OPT_INT, "N", "number of repeats (10)", &w.repeats},
      {"seed", 0, IP_OPT_INT, "N", "seed of random numbers (1)", &w.seed},
      {"output", 'o', IP_OPT_TEXT, "FILE", "write the table to FILE (.tsv, .csv)", &w.output},
      {"figure", 0, IP_OPT_TEXT, "FILE",
       "plot the estimates that have a documented bias to FILE (.svg, .png, .pdf, .eps, .tex)", &w.figure},
      {"check", 0, IP_OPT_FLAG, NULL, "fail if a documented bias is exceeded", &w.check},
      {"json", 0, IP_OPT_FLAG, NULL, "print the table as JSON", &w.json},
      {"list", 'l', IP_OPT_FLAG, NULL, "list the problems and their mutual information", &w.list},
  };
  ip_arguments args;
  ip_scratch *sc = NULL;
  ip_status st = ip_options_parse(&ip_cmd_calibrate, IP_COUNT(options), options, argc, argv, &args);
  if (st == IP_OK && !args.help && args.n)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE,
                      "infoplane calibrate: unexpected argument '%s'; select a problem with --task", args.word[0]);
  else if (st == IP_OK && !args.help && w.list && w.json)
    st = ip_error_set(__FILE__, __LINE__, __func__, IP_EUSAGE,
                      "infoplane calibrate: --json prints estimates; the --list of problems is text only");
  else if (st == IP_OK && !args.help && w.list)
    list_tasks();
  else if (st == IP_OK && !args.help) {
    st = ip_scratch_create(&sc);
    if (st == IP_OK) st = calibrate(&w, sc);
    ip_scratch_destroy(&sc);
  }
  ip_words_free(&w.tasks);
  ip_words_free(&w.estimators);
  ip_words_free(&w.samples);
  ip_words_free(&w.families);
  ip_words_free(&w.nats);
  ip_words_free(&w.pairs);
  return st;
}
