#include "dataset/dataset.h"

ip_dataset_options ip_dataset_options_default(void)
{
  static char name[] = "sphere", none[] = "";
  return (ip_dataset_options){
      .name = name,
      .label_file = none,
      .test_file = none,
      .label_column = none,
      .target_columns = none,
      .index_column = none,
      .named_columns = true,
      .labels = IP_LABELS_HARD,
      .gamma = 12,
      .theta = 5.89,
      .n_samples = 4096,
      .n_in = 10,
      .n_targets = 1,
      .noise = 0.5,
      .split = IP_SPLIT_BY_AUTO,
      .train_fraction = 0.8,
      .scale = IP_SCALE_AUTO,
  };
}

const char *const *ip_dataset_labels_names(void)
{
  static const char *const names[] = {"hard", "soft", NULL};
  return names;
}

const char *const *ip_dataset_split_names(void)
{
  static const char *const names[] = {"auto", "random", "stratified", "first", "source", NULL};
  return names;
}

const char *const *ip_dataset_scale_names(void)
{
  static const char *const names[] = {"auto", "none", "unit", "symmetric", "standard", NULL};
  return names;
}
