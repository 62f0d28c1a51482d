#include "dataset/columns.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* --- Names */

static ip_status create(const ip_record *first, bool header, ip_columns **out)
{
  ip_columns *c;
  ip_status st;
  IP_TRY(IP_NEW(c, 1, "columns"));
  c->n = first->n;
  IP_TRY_GOTO(st, IP_NEW(c->role, c->n, "roles of columns"), failed);
  IP_TRY_GOTO(st, IP_NEW(c->place, c->n, "places of columns"), failed);
  if (header) IP_TRY_GOTO(st, IP_NEW(c->name, c->n, "names of columns"), failed);
  for (size_t k = 0; header && k < c->n; k++) IP_TRY_GOTO(st, IP_STRDUP(c->name[k], first->cell[k].text), failed);
  *out = c;
  return IP_OK;
failed:
  ip_columns_destroy(&c);
  return st;
}

void ip_columns_destroy(ip_columns **c)
{
  if (!*c) return;
  for (size_t k = 0; (*c)->name && k < (*c)->n; k++) ip_free((*c)->name[k]);
  ip_free((*c)->name);
  ip_free((*c)->sorted);
  ip_free((*c)->role);
  ip_free((*c)->place);
  ip_free(*c);
  *c = NULL;
}

const char *ip_columns_text(const ip_columns *c, size_t k, char room[static 32])
{
  snprintf(room, 32, "%zu", k + 1);
  return c->name && *c->name[k] ? c->name[k] : room;
}

static int by_name(const void *a, const void *b)
{
  const ip_named_column *p = a, *q = b;
  int order = strcmp(p->name, q->name);
  return order ? order : (p->column > q->column) - (p->column < q->column);
}

static ip_status sort_names(ip_columns *c)
{
  IP_TRY(IP_NEW(c->sorted, c->n, "names of columns"));
  for (size_t k = 0; k < c->n; k++) c->sorted[k] = (ip_named_column){c->name[k], k};
  qsort(c->sorted, c->n, sizeof *c->sorted, by_name);
  return IP_OK;
}

/* Finds a column by the n characters of its name: by bisection, since a file may have many columns. */
static bool find_name(const ip_columns *c, size_t n, const char *name, size_t *column)
{
  size_t low = 0, high = c->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const ip_named_column *m = &c->sorted[middle];
    int order = strncmp(m->name, name, n);
    if (order == 0 && !m->name[n]) {
      *column = m->column;
      return true;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return false;
}

static ip_status check_names(const char *path, ip_columns *c)
{
  if (!c->name) return IP_OK;
  IP_TRY(sort_names(c));
  for (size_t k = 1; k < c->n; k++) {
    const ip_named_column *a = &c->sorted[k - 1], *b = &c->sorted[k];
    IP_REQUIRE(strcmp(a->name, b->name) != 0, IP_EFORMAT,
               "%s: columns %zu and %zu have the same name, '%s'; rename one, or set header to no", path, a->column + 1,
               b->column + 1, a->name);
  }
  return IP_OK;
}

/* --- Roles in the training file */

/* The column that `n` characters of an option name, or its number from 1. */
static ip_status find_column(const char *path, const ip_columns *c, const char *key, size_t n, const char *wanted,
                             size_t *column)
{
  char word[64] = "";
  int64_t number;
  while (n > 0 && *wanted == ' ') wanted++, n--;
  while (n > 0 && wanted[n - 1] == ' ') n--;
  if (c->name && find_name(c, n, wanted, column)) return IP_OK;
  memcpy(word, wanted, n < sizeof word ? n : sizeof word - 1);
  bool is_number = ip_parse_int(word, &number);
  if (is_number && number >= 1 && (uint64_t)number <= c->n) {
    *column = (size_t)number - 1;
    return IP_OK;
  }
  ip_hint hint = c->name && !is_number ? ip_text_hint(word, c->n, (const char *const *)c->name) : (ip_hint){""};
  IP_REQUIRE(!*hint.text, IP_ECONFIG, "%s: %s: unknown column '%s'%s", path, key, word, hint.text);
  IP_FAIL(IP_ECONFIG, "%s: %s: unknown column '%s'; expected %sa number from 1 to %zu%s", path, key, word,
          c->name ? "a name of the first line or " : "", c->n, c->name ? "" : ", because the file has no header");
}

/* Gives a role to each of the columns that an option lists, separated by commas. */
static ip_status assign_list(const char *path, ip_columns *c, const char *key, const char *list, ip_column_role role)
{
  size_t column;
  for (const char *s = list;; s++) {
    size_t n = strcspn(s, ",");
    IP_TRY(find_column(path, c, key, n, s, &column));
    c->role[column] = role;
    s += n;
    if (!*s) return IP_OK;
  }
}

static bool is_open(const char *option)
{
  return !option || !*option;
}

static bool is_none(const char *option)
{
  return option && strcmp(option, "none") == 0;
}

/* "target" and digits. */
static bool is_target(const char *name)
{
  return strncmp(name, "target", 6) == 0 && name[6] && name[6 + strspn(name + 6, "0123456789")] == 0;
}

/* "p(CLASS)" */
static bool is_probability(const char *name)
{
  size_t n = strlen(name);
  return n >= 4 && strncmp(name, "p(", 2) == 0 && name[n - 1] == ')';
}

static ip_column_role role_of(const ip_dataset_options *opt, const char *name)
{
  if (!opt->named_columns) return IP_COLUMN_INPUT;
  if (is_probability(name)) return IP_COLUMN_PROBABILITY;
  if (strcmp(name, "split") == 0) return IP_COLUMN_SPLIT;
  return is_open(opt->target_columns) && is_target(name) ? IP_COLUMN_TARGET : IP_COLUMN_INPUT;
}

/* An index as pandas writes it: the first column, without a name or named so when it was read again. */
static bool is_index(const ip_columns *c)
{
  return c->name && c->n > 1 && (!*c->name[0] || strcmp(c->name[0], "Unnamed: 0") == 0);
}

/* The column of labels where no option names it: by a usual name, else the last, unless that has another role. */
static bool guess_label(const ip_columns *c, size_t *column)
{
  int best = 0;
  for (size_t k = 0; c->name && k < c->n; k++) {
    int rank = c->role[k] == IP_COLUMN_INPUT ? ip_text_label_name(c->name[k]) : 0;
    if (rank == 0 || (best && rank >= best)) continue;
    best = rank;
    *column = k;
  }
  if (!best) *column = c->n - 1;
  return c->role[*column] == IP_COLUMN_INPUT;
}

static ip_status assign_label(const char *path, const ip_dataset_options *opt, ip_columns *c)
{
  size_t column;
  if (is_none(opt->label_column) && !(c->name && find_name(c, 4, "none", &column))) return IP_OK;
  bool found = true;
  if (is_open(opt->label_column))
    found = guess_label(c, &column);
  else
    IP_TRY(find_column(path, c, "label_column", strlen(opt->label_column), opt->label_column, &column));
  if (found) c->role[column] = IP_COLUMN_LABEL;
  return IP_OK;
}

static ip_status assign_roles(const char *path, const ip_dataset_options *opt, ip_columns *c)
{
  for (size_t k = 0; c->name && k < c->n; k++) c->role[k] = role_of(opt, c->name[k]);
  if (is_open(opt->index_column) && is_index(c)) c->role[0] = IP_COLUMN_INDEX;
  if (!is_open(opt->index_column) && !is_none(opt->index_column))
    IP_TRY(assign_list(path, c, "index_column", opt->index_column, IP_COLUMN_INDEX));
  if (!is_open(opt->target_columns) && !is_none(opt->target_columns))
    IP_TRY(assign_list(path, c, "target_columns", opt->target_columns, IP_COLUMN_TARGET));
  IP_TRY(assign_label(path, opt, c));
  for (size_t k = 0; k < c->n; k++) c->place[k] = c->n_of[c->role[k]]++;
  IP_REQUIRE(c->n_of[IP_COLUMN_SPLIT] <= 1, IP_EFORMAT, "%s: more than one column of the split", path);
  IP_REQUIRE(c->n_of[IP_COLUMN_INPUT] > 0, IP_EFORMAT,
             "%s: has %zu column%s, none of them an input; expected inputs and a label, separated by commas", path,
             c->n, c->n == 1 ? "" : "s");
  IP_REQUIRE(c->n_of[IP_COLUMN_LABEL] + c->n_of[IP_COLUMN_TARGET] + c->n_of[IP_COLUMN_PROBABILITY] > 0, IP_ECONFIG,
             "%s: neither labels nor targets; set label_column or target_columns", path);
  return IP_OK;
}

ip_status ip_columns_create(const char *path, const ip_dataset_options *opt, const ip_record *first, bool header,
                            ip_columns **out)
{
  *out = NULL;
  ip_columns *c;
  IP_TRY(create(first, header, &c));
  ip_status st = check_names(path, c);
  if (st == IP_OK) st = assign_roles(path, opt, c);
  if (st != IP_OK) ip_columns_destroy(&c);
  *out = c;
  return st;
}

/* --- The test file */

static ip_status match_positions(const char *path, const ip_columns *train, const char *train_path, ip_columns *c)
{
  IP_REQUIRE(c->n == train->n, IP_EFORMAT, "%s: its lines have %zu cells, those of %s have %zu", path, c->n, train_path,
             train->n);
  for (size_t k = 0; k < c->n; k++) {
    c->role[k] = train->role[k];
    c->place[k] = train->place[k];
    c->n_of[c->role[k]]++;
  }
  return IP_OK;
}

/* Whether a column of the training file is needed in the test file. */
static bool is_needed(ip_column_role role)
{
  return role != IP_COLUMN_INDEX && role != IP_COLUMN_SPLIT;
}

static size_t count_needed(const ip_columns *c)
{
  size_t n = 0;
  for (int role = 0; role < IP_COLUMN_N_ROLES; role++) n += is_needed((ip_column_role)role) ? c->n_of[role] : 0;
  return n;
}

static ip_status match_names(const char *path, const ip_columns *train, const char *train_path, ip_columns *c)
{
  for (size_t k = 0, from; k < c->n; k++) {
    bool same = k < train->n && strcmp(train->name[k], c->name[k]) == 0; /* the usual order, and many columns */
    from = k;
    bool known = same || find_name(train, strlen(c->name[k]), c->name[k], &from);
    IP_REQUIRE(known || (k == 0 && is_index(c)), IP_EFORMAT,
               "%s: column '%s' is not in %s; expected the same names in both", path, c->name[k], train_path);
    c->role[k] = known ? train->role[from] : IP_COLUMN_INDEX;
    c->place[k] = known ? train->place[from] : 0;
    c->n_of[c->role[k]]++;
  }
  if (count_needed(c) == count_needed(train)) return IP_OK; /* no name stands twice */
  for (size_t k = 0, at; k < train->n; k++)
    IP_REQUIRE(!is_needed(train->role[k]) || find_name(c, strlen(train->name[k]), train->name[k], &at), IP_EFORMAT,
               "%s: has no column '%s', which %s has; expected the same names in both", path, train->name[k],
               train_path);
  return IP_OK;
}

ip_status ip_columns_match(const char *path, const ip_columns *train, const char *train_path, const ip_record *first,
                           bool header, ip_columns **out)
{
  *out = NULL;
  IP_REQUIRE(header == (train->name != NULL), IP_EFORMAT,
             "%s: its first line is %s, that of %s is %s; set header, or write both alike", path,
             header ? "a header" : "a sample", train_path, header ? "a sample" : "a header");
  ip_columns *c;
  IP_TRY(create(first, header, &c));
  ip_status st = check_names(path, c);
  if (st == IP_OK) st = header ? match_names(path, train, train_path, c) : match_positions(path, train, train_path, c);
  if (st != IP_OK) ip_columns_destroy(&c);
  *out = c;
  return st;
}

/* --- Remarks */

static size_t first_of(const ip_columns *c, ip_column_role role)
{
  size_t k = 0;
  while (k < c->n && c->role[k] != role) k++;
  return k;
}

ip_status ip_columns_remark(const ip_columns *c, const ip_dataset_options *opt, char **text)
{
  char label[160] = "", index[120] = "", targets[80] = "", room[32];
  size_t n_targets = c->n_of[IP_COLUMN_TARGET], at = first_of(c, IP_COLUMN_LABEL);
  if (is_open(opt->label_column) && at < c->n)
    snprintf(label, sizeof label, ", labels in column %.80s", ip_columns_text(c, at, room));
  else if (is_open(opt->label_column))
    snprintf(label, sizeof label, ", no labels");
  at = first_of(c, IP_COLUMN_INDEX);
  if (is_open(opt->index_column) && at < c->n)
    snprintf(index, sizeof index, ", column %zu left out as an index", at + 1);
  if (is_open(opt->target_columns) && n_targets > 0)
    snprintf(targets, sizeof targets, ", %zu target%s by name", n_targets, n_targets == 1 ? "" : "s");
  return IP_FORMAT(*text, "%s%s%s", label, targets, index);
}
