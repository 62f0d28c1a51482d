/* cmd_data.c - infoplane data: generates, converts and describes datasets. */
#include "base/mem.h"
#include "base/plain.h"
#include "base/text.h"
#include "cli/complete.h"
#include "cli/guard.h"
#include "cli/json.h"
#include "cli/options.h"
#include "dataset/dataset.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_data = {
    .name = "data",
    .usage = "NAME|FILE [--info] [-o FILE] [--json] [OPTIONS]",
    .summary = "Generate, convert and describe datasets",
    .details =
        "NAME is sphere (the 12-bit task of Shwartz-Ziv & Tishby), linear_gaussian, mnist or fashion-mnist. FILE is "
        "IDX\n"
        "(an image file or a directory of four files, also .gz), CSV with a label column (.csv, .tsv, .psv, .txt, "
        "also\n"
        ".gz), MATLAB with F and y (.mat), HDF5 with x and y (.h5), or NumPy (.npz with x and y, x.npy beside y.npy).\n"
        "The command prints what training would use: samples, classes, the split, entropies of inputs and labels in\n"
        "bits, and the SHA-256 of the content. -o writes the dataset as CSV, HDF5 or .npz, depending on the "
        "extension.\n\n"
        "The format of a CSV file (separator, decimal sign, header) and its label column are detected from all lines\n"
        "and names. Detected properties are reported on standard error; options override them.\n\n"
        "Examples: infoplane data sphere\n"
        "          infoplane data sphere --labels soft --gamma 12 -o soft.h5\n"
        "          infoplane data iris.csv --label-column species --split stratified --scale standard --json",
    .run = run,
    .complete = ip_complete_dataset,
};

/* --- The description of a dataset */

typedef struct {
  size_t *samples, *train; // (n_classes) of each class
  float low, high;         /* of x */
  ip_dataset_information bits;
} facts;

static ip_status gather(const ip_dataset *ds, ip_scratch *sc, facts *f)
{
  IP_TRY(IP_SCRATCH(sc, f->samples, ds->n_classes, "samples of classes"));
  IP_TRY(IP_SCRATCH(sc, f->train, ds->n_classes, "training samples of classes"));
  for (size_t r = 0; r < ds->n; r++) {
    f->samples[ds->y[r]]++;
    f->train[ds->y[r]] += ds->split[r] == IP_SPLIT_TRAIN;
  }
  f->low = f->high = ds->x[0];
  for (size_t i = 0; i < ds->n * ds->n_in; i++) {
    if (ds->x[i] < f->low) f->low = ds->x[i];
    if (ds->x[i] > f->high) f->high = ds->x[i];
  }
  return ip_dataset_measure(ds, &f->bits);
}

static void print_classes(const ip_dataset *ds, const facts *f)
{
  enum { SHOWN = 20 };
  printf("classes     %zu:", ds->n_classes);
  for (size_t c = 0; c < ds->n_classes && c < SHOWN; c++) {
    ip_print(stdout, "%s %s (%zu)", c ? "," : "", ds->class_name[c], f->samples[c]);
  }
  ip_print(stdout, "%s\n", ds->n_classes > SHOWN ? ", ..." : "");
}

static void print_text(const ip_dataset *ds, const facts *f)
{
  ip_print(stdout, "name        %s\n", ds->name);
  printf("samples     %zu (%zu train, %zu test)\n", ds->n, ds->n_train, ds->n_test);
  printf("inputs      %zu, from %g to %g, %zu distinct rows\n", ds->n_in, (double)f->low, (double)f->high, ds->n_x);
  if (ds->n_targets) printf("targets     %zu\n", ds->n_targets);
  if (!isnan(ds->ixy_bits)) printf("I(X;Y)      %.10g bit (of the model that generated the targets)\n", ds->ixy_bits);
  if (ds->n_classes > 1 || !ds->n_targets) {
    print_classes(ds, f);
    ip_print(stdout, "labels      %s\n", ds->p_y_given_x ? "soft: p(y|x) is known" : "hard");
    printf("H(X)        %.10g bit\n", f->bits.hx_bits);
    printf("H(Y)        %.10g bit\n", f->bits.hy_bits);
    printf("H(Y|X)      %.10g bit\n", f->bits.hy_given_x_bits);
    printf("I(X;Y)      %.10g bit\n", f->bits.ixy_bits);
  }
  ip_print(stdout, "sha256      %s\n", ds->sha256);
}

static json_t *json_of(const ip_dataset *ds, const facts *f)
{
  json_t *classes = json_array();
  for (size_t c = 0; c < ds->n_classes; c++)
    json_array_append_new(classes, json_pack("{s:o, s:I, s:I}", "name", ip_json_text(ds->class_name[c]), "samples",
                                             (json_int_t)f->samples[c], "train", (json_int_t)f->train[c]));
  return json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:s}", "name",
                   ip_json_text(ds->name), "samples", (json_int_t)ds->n, "train", (json_int_t)ds->n_train, "test",
                   (json_int_t)ds->n_test, "inputs", (json_int_t)ds->n_in, "distinct_inputs", (json_int_t)ds->n_x,
                   "targets", (json_int_t)ds->n_targets, "x_min", ip_json_real((double)f->low), "x_max",
                   ip_json_real((double)f->high), "classes", classes, "soft", ds->p_y_given_x != NULL, "hx_bits",
                   ip_json_real(f->bits.hx_bits), "hy_bits", ip_json_real(f->bits.hy_bits), "hy_given_x_bits",
                   ip_json_real(f->bits.hy_given_x_bits), "ixy_bits", ip_json_real(f->bits.ixy_bits), "ixy_model_bits",
                   ip_json_real(ds->ixy_bits), "sha256", ds->sha256);
}

static ip_status describe(const ip_dataset *ds, bool json)
{
  ip_scratch *sc;
  facts f = {0};
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = gather(ds, sc, &f);
  if (st == IP_OK && json)
    st = ip_json_print(json_of(ds, &f), stdout);
  else if (st == IP_OK)
    print_text(ds, &f);
  ip_scratch_destroy(&sc);
  return st;
}

/* --- The command */

typedef struct {
  const ip_dataset_options *opt;
  int64_t seed;
  const char *output;
  bool info, json;
} request;

/* In the supervised child. */
static ip_status make(void *context)
{
  const request *r = context;
  const char *output = r->output;
  ip_dataset *ds = NULL;
  ip_status st = ip_dataset_create(r->opt, (uint64_t)r->seed, &ds);
  if (st == IP_OK) ip_print(stderr, "%s", ds->remark);
  if (st == IP_OK && output) st = ip_dataset_write(ds, output);
  if (st == IP_OK && output) ip_print(stderr, "wrote %s\n", output);
  if (st == IP_OK && (r->info || r->json || !output)) st = describe(ds, r->json);
  ip_dataset_destroy(&ds);
  return st;
}

/* Options of a dataset that is not this one. */
static ip_status check_generated(const ip_dataset_options *o)
{
  const ip_dataset_options usual = ip_dataset_options_default();
  const char *of_gaussian = o->n_samples != usual.n_samples     ? "samples"
                            : o->n_in != usual.n_in             ? "inputs"
                            : o->irrelevant != usual.irrelevant ? "irrelevant"
                            : o->n_targets != usual.n_targets   ? "targets"
                            : o->noise != usual.noise           ? "noise"
                                                                : NULL;
  const char *of_sphere = o->gamma != usual.gamma ? "gamma" : o->theta != usual.theta ? "theta" : NULL;
  bool is_soft_sphere = !strcmp(o->name, "sphere") && o->labels == IP_LABELS_SOFT;
  IP_REQUIRE(!of_gaussian || !strcmp(o->name, "linear_gaussian"), IP_EUSAGE,
             "infoplane data --%s: is for linear_gaussian, not for %s", of_gaussian, o->name);
  IP_REQUIRE(!of_sphere || is_soft_sphere, IP_EUSAGE, "infoplane data --%s: is for the sphere with --labels soft",
             of_sphere);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  ip_dataset_options opt = ip_dataset_options_default();
  bool info = false, json = false, plain_columns = false;
  const char *output = NULL;
  const char *label_column = "", *label_file = "", *test_file = "";
  const char *target_columns = "", *index_column = "";
  int64_t seed = 0;
  const ip_option options[] = {
      {"info", 0, IP_OPT_FLAG, NULL, "describe the dataset even if -o writes it", &info},
      {"output", 'o', IP_OPT_TEXT, "FILE", "write the dataset to FILE (.csv, .tsv, .h5, .npz)", &output},
      {"json", 0, IP_OPT_FLAG, NULL, "describe the dataset as JSON", &json},
      {"seed", 0, IP_OPT_INT, "N", "seed of random numbers (0)", &seed},
      {"split", 0, IP_OPT_CHOICE, "HOW", "auto, random, stratified, first or source (auto)",
       &(ip_choice){ip_dataset_split_names(), &opt.split}},
      {"train-fraction", 0, IP_OPT_REAL, "R", "fraction of samples used for training (0.8)", &opt.train_fraction},
      {"max-train", 0, IP_OPT_INT, "N", "maximum number of training samples", &opt.max_train},
      {"max-test", 0, IP_OPT_INT, "N", "maximum number of test samples", &opt.max_test},
      {"random-labels", 0, IP_OPT_REAL, "R", "fraction of training labels replaced by random labels",
       &opt.random_labels},
      {"scale", 0, IP_OPT_CHOICE, "HOW", "auto, none, unit, symmetric or standard (auto)",
       &(ip_choice){ip_dataset_scale_names(), &opt.scale}},
      {"labels", 0, IP_OPT_CHOICE, "KIND", "sphere: hard or soft (hard)",
       &(ip_choice){ip_dataset_labels_names(), &opt.labels}},
      {"gamma", 0, IP_OPT_REAL, "R", "sphere: steepness of soft labels (12)", &opt.gamma},
      {"theta", 0, IP_OPT_REAL, "R", "sphere: threshold of soft labels (5.89)", &opt.theta},
      {"label-column", 0, IP_OPT_TEXT, "NAME", "CSV: name or number of the label column, or none", &label_column},
      {"target-columns", 0, IP_OPT_TEXT, "NAMES", "CSV: names or numbers of regression targets, a,b,..., or none",
       &target_columns},
      {"index-column", 0, IP_OPT_TEXT, "NAMES", "CSV: names or numbers of columns to leave out, or none",
       &index_column},
      {"plain-columns", 0, IP_OPT_FLAG, NULL, "CSV: columns named split, p(CLASS) or target1 are inputs",
       &plain_columns},
      {"separator", 0, IP_OPT_CHOICE, "WHICH", "CSV: auto, comma, semicolon, tab, pipe or blank (auto)",
       &(ip_choice){ip_separator_names(), &opt.text.separator}},
      {"decimal", 0, IP_OPT_CHOICE, "SIGN", "CSV: auto, point or comma (auto)",
       &(ip_choice){ip_decimal_names(), &opt.text.decimal}},
      {"header", 0, IP_OPT_CHOICE, "WHETHER", "CSV: whether the first line has column names: auto, yes or no (auto)",
       &(ip_choice){ip_header_names(), &opt.text.header}},
      {"label-file", 0, IP_OPT_TEXT, "FILE", "IDX and .npy: label file, if it is not beside the samples", &label_file},
      {"test-file", 0, IP_OPT_TEXT, "FILE", "test samples in a second file of the same format", &test_file},
      {"samples", 0, IP_OPT_INT, "N", "linear_gaussian: samples (4096)", &opt.n_samples},
      {"inputs", 0, IP_OPT_INT, "N", "linear_gaussian: inputs (10)", &opt.n_in},
      {"irrelevant", 0, IP_OPT_INT, "N", "linear_gaussian: inputs, the last ones, that do not matter (0)",
       &opt.irrelevant},
      {"targets", 0, IP_OPT_INT, "N", "linear_gaussian: targets (1)", &opt.n_targets},
      {"noise", 0, IP_OPT_REAL, "R", "linear_gaussian: standard deviation of the noise (0.5)", &opt.noise},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_data, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1, IP_EUSAGE, "infoplane data: got %zu datasets, expected one, such as sphere, mnist or a file",
             args.n);
  IP_REQUIRE(seed >= 0, IP_EUSAGE, "infoplane data --seed: expected 0 or more, got %lld", (long long)seed);
  opt.name = (char *)args.word[0]; /* options only read what they point to */
  IP_TRY(check_generated(&opt));
  opt.named_columns = !plain_columns;
  opt.target_columns = (char *)target_columns;
  opt.index_column = (char *)index_column;
  opt.label_column = (char *)label_column;
  opt.label_file = (char *)label_file;
  opt.test_file = (char *)test_file;
  return ip_guard_run(&(ip_guard){.file = output}, make, &(request){&opt, seed, output, info, json});
}
