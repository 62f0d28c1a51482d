#include "study/measured.h"

#include "base/plain.h"
#include "measure/measure.h"

#include <string.h>

static bool has_measure(const ip_measured_list *list, const char *measure)
{
  for (size_t i = 0; i < list->n; i++)
    if (!strcmp(list->series[i].measure, measure)) return true;
  return false;
}

static ip_status add(ip_measured_list *list, const char *measure, const char *name, const char *unit, ip_scratch *sc)
{
  ip_measured_series s;
  IP_TRY(IP_SCRATCH_GROW(sc, list->series, list->n, &list->room, "series of measures"));
  IP_TRY(ip_scratch_text(sc, measure, &s.measure));
  IP_TRY(ip_scratch_text(sc, name, &s.name));
  IP_TRY(ip_scratch_text(sc, unit, &s.unit));
  IP_TRY(ip_scratch_format(sc, &s.column, "%s/%s", measure, name));
  IP_TRY(ip_plain_text(s.column, strlen(s.column), sc, &s.column));
  list->series[list->n++] = s;
  return IP_OK;
}

ip_status ip_measured_add_run(ip_measured_list *list, ip_run *run, ip_scratch *sc)
{
  for (size_t m = 0; m < ip_run_n_measures(run); m++) {
    const char *label = ip_run_measure_name(run, m);
    ip_information info;
    if (has_measure(list, label)) continue;
    IP_TRY(ip_run_describe_measure(run, label, sc, &info));
    for (size_t s = 0; s < info.n_series; s++) IP_TRY(add(list, label, info.series[s], info.unit[s], sc));
  }
  return IP_OK;
}

ip_status ip_measured_add_spec(ip_measured_list *list, const char *spec, const char *split, ip_scratch *sc)
{
  ip_measure *m;
  const char *label;
  IP_TRY(ip_measure_create(spec, 0, &m));
  if (ip_measure_needs(m) & IP_NEEDS_SPLIT) split = "all";
  ip_status st = ip_run_name_group(ip_measure_label(m), split, sc, &label);
  bool known = st == IP_OK && has_measure(list, label);
  for (size_t s = 0; s < ip_measure_n_series(m) && !known && st == IP_OK; s++) {
    const ip_measure_series *series = ip_measure_series_at(m, s);
    st = add(list, label, series->name, series->unit, sc);
  }
  ip_measure_destroy(&m);
  return st;
}

size_t ip_measured_find(const ip_measured_list *list, const char *column)
{
  size_t i = 0;
  while (i < list->n && strcmp(list->series[i].column, column) != 0) i++;
  return i;
}
