/* drawn_runs.h - four run files that figures are drawn from, for a group of tests with the setup `create`. */
#ifndef IP_FIGURE_TEST_DRAWN_RUNS_H
#define IP_FIGURE_TEST_DRAWN_RUNS_H

#include "figure/figure.h"
#include "figure/test/tables.h"
#include "study/test/made_runs.h"

#define CONFIG(activation, seed)                                                                                       \
  "name: test\nseed: " seed "\nnetwork:\n  hidden: [2]\n  activation: " activation "\nlog:\n  count: 4\n"

/* Two tanh runs 1 bit apart in I(X;T), one that did not fit, one relu run, in this order. */
static const made_run runs[] = {
    {.file = "a.h5", .experiment = "test", .config = CONFIG("tanh", "1"), .seed = 1, .n_epochs = 20},
    {.file = "b.h5", .experiment = "test", .config = CONFIG("tanh", "2"), .seed = 2, .n_epochs = 20, .shift = 1},
    {.file = "c.h5",
     .experiment = "test",
     .config = CONFIG("tanh", "3"),
     .seed = 3,
     .n_epochs = 20,
     .failed_to_fit = true,
     .shift = 100},
    {.file = "d.h5", .experiment = "test", .config = CONFIG("relu", "1"), .seed = 1, .n_epochs = 20, .shift = 0.5},
};
static char file_names[4][512];
static const char *files[4];

static inline int create(void **state)
{
  if (temp_create(state)) return -1;
  for (size_t i = 0; i < 4; i++) {
    if (made_write(&runs[i]) != IP_OK) {
      fprintf(stderr, "%s\n", ip_error_message());
      return -1;
    }
    strcpy(file_names[i], temp_path(runs[i].file));
    files[i] = file_names[i];
  }
  strcpy(tables_folder, temp_path("out"));
  return 0;
}

static inline ip_status draw(size_t n, const char *const *file, const char *name, const char *format)
{
  ip_figure_options o = {.format = format, .folder = tables_folder};
  return ip_figures_draw(n, file, name ? 1 : 0, &name, &o);
}

#endif
