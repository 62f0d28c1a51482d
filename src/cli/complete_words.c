/* complete_words.c - completion of the words of commands: configurations, run files, datasets. */
#include "cli/complete.h"
#include "dataset/dataset.h"
#include "experiment/presets.h"

ip_status ip_complete_preset(const ip_candidates *c)
{
  ip_scratch *sc;
  size_t n;
  const char *const *name;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = ip_preset_names(sc, &n, &name);
  for (size_t i = 0; i < n && st == IP_OK; i++) ip_candidate(c, name[i], "", "preset");
  ip_scratch_destroy(&sc);
  return st;
}

ip_status ip_complete_config(const ip_candidates *c)
{
  ip_candidate_files(c, "yaml");
  return ip_complete_preset(c);
}

ip_status ip_complete_runs(const ip_candidates *c)
{
  ip_candidate_files(c, "h5");
  return IP_OK;
}

ip_status ip_complete_activations(const ip_candidates *c)
{
  ip_candidate_files(c, "npz");
  return ip_complete_runs(c);
}

ip_status ip_complete_dataset(const ip_candidates *c)
{
  ip_candidate_names(c, ip_dataset_names());
  ip_candidate_files(c, "");
  return IP_OK;
}

ip_status ip_complete_table(const ip_candidates *c)
{
  ip_candidate_files(c, "");
  return IP_OK;
}

ip_status ip_complete_distribution(const ip_candidates *c)
{
  static const char *const channels[] = {"bsc:", "bec:", "gaussian:", NULL};
  ip_candidate_names(c, channels);
  return ip_complete_dataset(c);
}
