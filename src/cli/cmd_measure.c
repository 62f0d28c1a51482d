/* cmd_measure.c - infoplane measure: entropies, divergences and mutual information of distributions in files. */
#include "base/plain.h"
#include "cli/complete.h"
#include "cli/json.h"
#include "cli/options.h"
#include "file/matrix.h"
#include "info/discrete.h"

#include <math.h>
#include <stdio.h>

static ip_status run(int argc, char **argv);

const ip_command ip_cmd_measure = {
    .name = "measure",
    .usage = "P.csv [Q.csv] [--joint] [--nats] [--json]",
    .summary = "Entropy, cross-entropy, divergence and mutual information of discrete distributions",
    .details =
        "Each line of P.csv is a distribution: nonnegative numbers that sum to 1 (a file with one column is one\n"
        "distribution). With Q.csv, line i of P is compared with line i of Q, or with its only line:\n"
        "H(P,Q) = H(P) + KL(P||Q); KL(P||Q) is inf if Q is 0 where P is not. With --joint, a file is one table p(x,y)\n"
        "with x in rows and y in columns, and joint and conditional entropies and I(X;Y) are printed. '-' is standard\n"
        "input. A header line is skipped; detected properties of the format are reported on standard error. Arrays of\n"
        "NumPy (.npy, and .npz with one array or p_xy) are read, too.\n\n"
        "Example: echo 1,0,0 > p.csv; echo 0.7,0.2,0.1 > q.csv; infoplane measure p.csv q.csv --nats",
    .run = run,
    .complete = ip_complete_table,
};

typedef struct {
  const char *name, *label; /* in JSON, in text */
  double bits;
} measure;

enum { MOST = 16 };

typedef struct {
  size_t n;
  measure of[MOST];
} measures;

static void add(measures *m, const char *name, const char *label, double bits)
{
  m->of[m->n++] = (measure){name, label, bits};
}

/* The measures of n cells; q may be NULL. */
static void measure_pair(size_t n, const double *p, const double *q, measures *m)
{
  add(m, "entropy_p", "H(P)", ip_entropy_bits(n, p));
  if (!q) return;
  add(m, "entropy_q", "H(Q)", ip_entropy_bits(n, q));
  add(m, "cross_entropy_pq", "H(P,Q)", ip_cross_entropy_bits(n, p, q));
  add(m, "cross_entropy_qp", "H(Q,P)", ip_cross_entropy_bits(n, q, p));
  add(m, "kl_pq", "KL(P||Q)", ip_kl_bits(n, p, q));
  add(m, "kl_qp", "KL(Q||P)", ip_kl_bits(n, q, p));
}

static ip_status measure_joint(const ip_matrix *p, measures *m)
{
  ip_scratch *sc;
  ip_joint_measures j;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_joint_measure(p->n_rows, p->n_cols, p->cell, sc, &j);
  ip_scratch_destroy(&sc);
  IP_TRY(st);
  add(m, "entropy_x", "H(X)", j.hx_bits);
  add(m, "entropy_y", "H(Y)", j.hy_bits);
  add(m, "entropy_xy", "H(X,Y)", j.hxy_bits);
  add(m, "entropy_x_given_y", "H(X|Y)", j.hx_given_y_bits);
  add(m, "entropy_y_given_x", "H(Y|X)", j.hy_given_x_bits);
  add(m, "mutual_information", "I(X;Y)", j.mi_bits);
  return IP_OK;
}

static ip_status print_json(const measures *m, const char *unit, double scale, size_t line)
{
  json_t *object = json_object();
  json_object_set_new(object, "unit", json_string(unit));
  json_object_set_new(object, "line", ip_json_count(line));
  for (size_t i = 0; i < m->n; i++) json_object_set_new(object, m->of[i].name, ip_json_real(m->of[i].bits * scale));
  return ip_json_print_line(object, stdout);
}

static void print_text(const measures *m, const char *unit, double scale, size_t line, bool many)
{
  if (many) printf("line %zu\n", line);
  for (size_t i = 0; i < m->n; i++)
    ip_print(stdout, "%s%-10s%.6f %s\n", many ? "  " : "", m->of[i].label, m->of[i].bits * scale, unit);
}

/* Checks the distributions of a file: the whole table, or every line. */
static ip_status check(const ip_matrix *m, bool whole)
{
  if (whole) return ip_matrix_check_distribution(m, 0, m->n_rows);
  size_t cell;
  double sum;
  bool table = m->n_rows > 1 &&
               ip_distribution_fault(m->n_rows * m->n_cols, m->cell, IP_SUM_TOLERANCE, &cell, &sum) == IP_CELL_FINE;
  IP_REQUIRE(
      !table, IP_EINVAL,
      "%s:%u:1: all lines together sum to 1, expected each line to sum to 1; use --joint if the file is a table p(x,y)",
      m->path, m->line[0]);
  for (size_t row = 0; row < m->n_rows; row++) IP_TRY(ip_matrix_check_distribution(m, row, 1));
  return IP_OK;
}

static ip_status check_shapes(const ip_matrix *p, const ip_matrix *q, bool whole)
{
  IP_REQUIRE(p->n_cols == q->n_cols, IP_EINVAL, "%s:%u:1: got %zu cells per line, expected %zu as in %s", q->path,
             q->line[0], q->n_cols, p->n_cols, p->path);
  IP_REQUIRE(p->n_rows == q->n_rows || (q->n_rows == 1 && !whole), IP_EINVAL,
             "%s:%u:1: got %zu lines, expected %zu as in %s%s", q->path, q->line[0], q->n_rows, p->n_rows, p->path,
             whole ? "" : ", or one");
  return IP_OK;
}

typedef struct {
  bool joint, nats, json;
} choices;

/* Measures and prints one line of p with its partner in q, or the whole of both. */
static ip_status measure_one(const ip_matrix *p, const ip_matrix *q, size_t row, bool whole, const choices *c)
{
  size_t n = (whole ? p->n_rows : 1) * p->n_cols, q_row = q && q->n_rows > 1 ? row : 0;
  measures m = {0};
  measure_pair(n, p->cell + row * p->n_cols, q ? q->cell + q_row * q->n_cols : NULL, &m);
  if (c->joint) IP_TRY(measure_joint(p, &m));
  const char *unit = c->nats ? "nat" : "bit";
  double scale = c->nats ? IP_NATS_PER_BIT : 1;
  if (c->json) return print_json(&m, unit, scale, p->line[row]);
  print_text(&m, unit, scale, p->line[row], !whole && p->n_rows > 1);
  return IP_OK;
}

/* All is checked before the first is printed. */
static ip_status measure_all(const ip_matrix *p, const ip_matrix *q, const choices *c)
{
  bool whole = c->joint || p->n_cols == 1;
  IP_TRY(check(p, whole));
  if (q) {
    IP_TRY(check_shapes(p, q, whole));
    IP_TRY(check(q, whole));
  }
  for (size_t row = 0; row < (whole ? 1 : p->n_rows); row++) IP_TRY(measure_one(p, q, row, whole, c));
  return IP_OK;
}

/* Reads a file and reports what was guessed of its format. */
static ip_status read_file(const char *path, const ip_text_options *opt, ip_matrix **m)
{
  IP_TRY(ip_matrix_read(path, opt, m));
  if (*(*m)->remark) ip_print(stderr, "%s: read as: %s\n", (*m)->path, (*m)->remark);
  return IP_OK;
}

static ip_status run(int argc, char **argv)
{
  choices c = {0};
  ip_text_options text = {0};
  const ip_option options[] = {
      {"joint", 0, IP_OPT_FLAG, NULL, "read tables p(x,y), x in rows and y in columns", &c.joint},
      {"nats", 0, IP_OPT_FLAG, NULL, "print nats instead of bits", &c.nats},
      {"json", 0, IP_OPT_FLAG, NULL, "print one JSON object per distribution", &c.json},
      {"separator", 0, IP_OPT_CHOICE, "WHICH", "auto, comma, semicolon, tab, pipe or blank (auto)",
       &(ip_choice){ip_separator_names(), &text.separator}},
      {"decimal", 0, IP_OPT_CHOICE, "SIGN", "auto, point or comma (auto)",
       &(ip_choice){ip_decimal_names(), &text.decimal}},
      {"header", 0, IP_OPT_CHOICE, "WHETHER", "whether the first line has column names: auto, yes or no (auto)",
       &(ip_choice){ip_header_names(), &text.header}},
  };
  ip_arguments args;
  IP_TRY(ip_options_parse(&ip_cmd_measure, IP_COUNT(options), options, argc, argv, &args));
  if (args.help) return IP_OK;
  IP_REQUIRE(args.n == 1 || args.n == 2, IP_EUSAGE, "infoplane measure: got %zu files, expected one or two", args.n);

  ip_matrix *p = NULL, *q = NULL;
  ip_status st = read_file(args.word[0], &text, &p);
  if (st == IP_OK && args.n == 2) st = read_file(args.word[1], &text, &q);
  if (st == IP_OK) st = measure_all(p, q, &c);
  ip_matrix_destroy(&p);
  ip_matrix_destroy(&q);
  return st;
}
