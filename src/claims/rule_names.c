/* rule_names.c - the names of series and functions. */
#include "claims/rule_names.h"

#include "base/text.h"
#include "runfile/names.h"
#include "runfile/series.h"

#include <string.h>

/* name in rules, name in the run file, where */
static const struct {
  const char *name, *path;
  ip_source source;
} series[] = {
    {"excess", "excess", IP_SOURCE_ESTIMATE}, /* excess.h */
    {"train_loss", IP_NAME_TRAIN_LOSS, IP_SOURCE_METRIC},
    {"train_accuracy", IP_NAME_TRAIN_ACCURACY, IP_SOURCE_METRIC},
    {"test_loss", IP_NAME_TEST_LOSS, IP_SOURCE_METRIC},
    {"test_accuracy", IP_NAME_TEST_ACCURACY, IP_SOURCE_METRIC},
    {"train_rate_bits", IP_NAME_TRAIN_RATE, IP_SOURCE_METRIC},
    {"test_rate_bits", IP_NAME_TEST_RATE, IP_SOURCE_METRIC},
    {"logged_rate_bits", IP_NAME_LOGGED_RATE, IP_SOURCE_METRIC},
    {IP_NAME_WEIGHT_NORM, IP_NAME_WEIGHT_NORM, IP_SOURCE_LAYER},
    {IP_NAME_CONSTANT_UNITS, IP_NAME_CONSTANT_UNITS, IP_SOURCE_LAYER},
    {IP_NAME_GRADIENT_MEAN, IP_NAME_GRADIENT_MEAN, IP_SOURCE_LAYER},
    {IP_NAME_GRADIENT_STD, IP_NAME_GRADIENT_STD, IP_SOURCE_LAYER},
};
enum { N_SERIES = sizeof series / sizeof *series };

static const char *const scalars[] = {"hx_bits", "hy_bits", "ixy_bits", "log2_n"};
enum { N_SCALARS = sizeof scalars / sizeof *scalars };

static const struct {
  const char *name, *arguments, *meaning;
  ip_rule_type result;
  bool is_cross_fitted;
} functions[] = {
#define X(symbol, name, result, arguments, is_cross_fitted, meaning)                                                   \
  {#name, arguments, meaning, IP_TYPE_##result, is_cross_fitted},
    IP_FUNCTION_LIST(X)
#undef X
};

ip_source ip_rule_source(const char *name, const char **path)
{
  static const char *const metrics[] = {"train/", "test/", "logged/", "validation/"};
  *path = name;
  for (size_t i = 0; i < N_SERIES; i++)
    if (!strcmp(series[i].name, name)) {
      *path = series[i].path;
      return series[i].source;
    }
  for (size_t i = 0; i < IP_N_INFORMATION_SERIES; i++)
    if (!strcmp(ip_information_series_name(i), name)) return IP_SOURCE_ESTIMATE;
  if (!strchr(name, '/')) return IP_SOURCE_NONE;
  for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
    if (!strncmp(name, metrics[i], strlen(metrics[i]))) return IP_SOURCE_METRIC;
  return IP_SOURCE_MEASURE;
}

bool ip_rule_is_scalar(const char *name)
{
  for (size_t i = 0; i < N_SCALARS; i++)
    if (!strcmp(scalars[i], name)) return true;
  return false;
}

ip_hint ip_rule_hint(const char *name)
{
  const char *names[N_SERIES + IP_N_INFORMATION_SERIES + N_SCALARS + 1];
  size_t n = 0;
  for (size_t i = 0; i < N_SERIES; i++) names[n++] = series[i].name;
  for (size_t i = 0; i < IP_N_INFORMATION_SERIES; i++) names[n++] = ip_information_series_name(i);
  for (size_t i = 0; i < N_SCALARS; i++) names[n++] = scalars[i];
  names[n++] = "gradient_ratio";
  return ip_text_hint(name, n, names);
}

bool ip_rule_function(const char *name, ip_function_entry *f)
{
  *f = (ip_function_entry){.function = IP_FUNCTION_REDUCER, .reducer = ip_reducer_of(name), .arguments = "s"};
  if (f->reducer != IP_N_REDUCERS) {
    f->result = IP_TYPE_VALUE;
    return true;
  }
  for (int i = 0; i < IP_FUNCTION_REDUCER; i++)
    if (!strcmp(functions[i].name, name)) {
      f->function = (ip_function)i;
      f->arguments = functions[i].arguments;
      f->result = functions[i].result;
      return true;
    }
  return false;
}

ip_hint ip_rule_function_hint(const char *name)
{
  const char *names[IP_FUNCTION_REDUCER + IP_N_REDUCERS + 4];
  size_t n = 0;
  for (int i = 0; i < IP_FUNCTION_REDUCER; i++) names[n++] = functions[i].name;
  for (int i = 0; i < IP_N_REDUCERS; i++) names[n++] = ip_reducer_name((ip_reducer)i);
  names[n++] = "final";
  names[n++] = "both";
  names[n++] = "any_hidden";
  names[n++] = "all_hidden";
  return ip_text_expected(name, n, names);
}

bool ip_rule_is_cross_fitted(const ip_rule *r)
{
  if (r->op == IP_OP_CALL && r->function == IP_FUNCTION_REDUCER && ip_reducer_is_cross_fitted(r->reducer)) return true;
  if (r->op == IP_OP_CALL && r->function < IP_FUNCTION_REDUCER && functions[r->function].is_cross_fitted) return true;
  for (size_t i = 0; i < r->n; i++)
    if (ip_rule_is_cross_fitted(r->arg[i])) return true;
  return false;
}

/* "vk": "value, key" */
static void print_arguments(const char *arguments, char text[static 80])
{
  *text = 0;
  for (size_t i = 0; arguments[i]; i++) {
    const char *word = arguments[i] == 's'   ? "series"
                       : arguments[i] == 'c' ? "condition"
                       : arguments[i] == 'v' ? "value"
                       : arguments[i] == 'k' ? "key"
                       : arguments[i] == 'r' ? "pearson|spearman"
                                             : "q";
    if (i) strcat(text, ", ");
    strcat(text, word);
  }
}

void ip_rule_help(FILE *out)
{
  char text[80], call[120];
  for (int i = 0; i < IP_N_REDUCERS; i++) {
    snprintf(call, sizeof call, "%s(series)", ip_reducer_name((ip_reducer)i));
    fprintf(out, "  %-48s%s\n", call, ip_reducer_meaning((ip_reducer)i));
  }
  fprintf(out, "  %-48s%s\n", "final(metric)", "the metric at the end of training");
  fprintf(out, "  %-48s%s\n", "both(decision, decision)", "holds if both hold, fails if both fail, else undecided");
  fprintf(out, "  %-48s%s\n", "any_hidden(decision)", "holds for one hidden layer (Holm)");
  fprintf(out, "  %-48s%s\n", "all_hidden(decision)", "holds for every hidden layer");
  for (int i = 0; i < IP_FUNCTION_REDUCER; i++) {
    print_arguments(functions[i].arguments, text);
    snprintf(call, sizeof call, "%s(%s)", functions[i].name, text);
    fprintf(out, "  %-48s%s\n", call, functions[i].meaning);
  }
}
