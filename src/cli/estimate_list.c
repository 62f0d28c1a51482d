#include "cli/estimate_list.h"

#include "cli/json.h"
#include "estimator/kind.h"
#include "measure/kind.h"

#include <string.h>

/* Those of the estimator, and those that all have. */
static size_t n_parameters(const ip_estimator_kind *k)
{
  return k->no_pca ? k->n_parameters : ip_estimator_kind_n_parameters(k);
}

/* ---------------------------------------------------------------- text */

/* "    name=default  help", with the other choices if there are any. */
static void list_parameter(const ip_parameter *p, FILE *out)
{
  fprintf(out, "    %s=%s", p->name, p->fallback);
  for (const char *const *c = p->choices; p->type == IP_PARAMETER_CHOICE && *c; c++)
    if (strcmp(*c, p->fallback) != 0) fprintf(out, "|%s", *c);
  fprintf(out, "  %s\n", p->help);
}

static void list_measure(const ip_measure_kind *k, FILE *out)
{
  fprintf(out, "%s\n    %s\n", k->name, k->help);
  for (size_t p = 0; p < k->n_parameters; p++) list_parameter(&k->parameter[p], out);
  for (size_t s = 0; s < k->n_series; s++)
    fprintf(out, "    /%s [%s]  %s\n", k->series[s].name, k->series[s].unit, k->series[s].help);
}

static void list_all(FILE *out)
{
  fputs("Estimators (--estimator):\n\n", out);
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++) {
    const ip_estimator_kind *k = ip_estimator_kind_at(i);
    fprintf(out, "%s\n    %s\n", k->name, k->help);
    for (size_t p = 0; p < n_parameters(k); p++) list_parameter(ip_estimator_kind_parameter(k, p), out);
  }
  fputs("\nMeasures (--measure), with their series and units:\n\n", out);
  for (size_t i = 0; i < ip_measure_n_kinds(); i++) list_measure(ip_measure_kind_at(i), out);
}

/* ---------------------------------------------------------------- JSON */

static json_t *json_of_parameter(const ip_parameter *p)
{
  static const char *const types[] = {
      [IP_PARAMETER_INT] = "integer", [IP_PARAMETER_REAL] = "number", [IP_PARAMETER_CHOICE] = "choice"};
  size_t n = 0;
  while (p->type == IP_PARAMETER_CHOICE && p->choices[n]) n++;
  json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "name", p->name, "type", types[p->type], "default", p->fallback,
                             "help", p->help);
  if (p->type == IP_PARAMETER_CHOICE) {
    json_object_set_new(object, "choices", ip_json_texts(n, p->choices));
  } else {
    json_object_set_new(object, "low", ip_json_real(p->low));
    json_object_set_new(object, "high", ip_json_real(p->high));
  }
  return object;
}

static json_t *json_of_estimator(const ip_estimator_kind *k)
{
  json_t *parameters = json_array();
  for (size_t p = 0; p < n_parameters(k); p++)
    json_array_append_new(parameters, json_of_parameter(ip_estimator_kind_parameter(k, p)));
  return json_pack("{s:s, s:s, s:o}", "name", k->name, "help", k->help, "parameters", parameters);
}

static json_t *json_of_measure(const ip_measure_kind *k)
{
  json_t *parameters = json_array(), *series = json_array();
  for (size_t p = 0; p < k->n_parameters; p++) json_array_append_new(parameters, json_of_parameter(&k->parameter[p]));
  for (size_t s = 0; s < k->n_series; s++)
    json_array_append_new(series, json_pack("{s:s, s:s, s:s}", "name", k->series[s].name, "unit", k->series[s].unit,
                                            "help", k->series[s].help));
  return json_pack("{s:s, s:s, s:o, s:o}", "name", k->name, "help", k->help, "parameters", parameters, "series",
                   series);
}

static json_t *json_of_all(void)
{
  json_t *estimators = json_array(), *measures = json_array();
  for (size_t i = 0; i < ip_estimator_n_kinds(); i++)
    json_array_append_new(estimators, json_of_estimator(ip_estimator_kind_at(i)));
  for (size_t i = 0; i < ip_measure_n_kinds(); i++)
    json_array_append_new(measures, json_of_measure(ip_measure_kind_at(i)));
  return json_pack("{s:o, s:o}", "estimators", estimators, "measures", measures);
}

ip_status ip_estimate_list(bool json, FILE *out)
{
  if (json) return ip_json_print(json_of_all(), out);
  list_all(out);
  return IP_OK;
}
