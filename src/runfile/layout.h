/* layout.h - the objects of a run file and their names, shared by the files of this directory. */
#ifndef IP_RUNFILE_LAYOUT_H
#define IP_RUNFILE_LAYOUT_H

#include "file/h5.h"
#include "runfile/runfile.h"

#define IP_RUN_FORMAT_NAME "infoplane run"

enum { IP_RUN_NAME_SIZE = 320 };

/* "/layers/<k+1>/<what>", "/metrics/<what>", "/information/<label>/<series>" or "/measures/<label>/<series>" into text
 * (IP_RUN_NAME_SIZE); what and series may be NULL. */
const char *ip_run_layer_name(char *text, size_t k, const char *what);
const char *ip_run_metric_name(char *text, const char *what);
const char *ip_run_part_path(char *text, ip_run_part part, const char *label, const char *series);

/* "/information", "/measures". */
const char *ip_run_part_group(ip_run_part part);

/* "train/loss" as the attribute of /final, "train_loss". */
const char *ip_run_final_name(char *text, const char *metric);

/* Makes every object of a new file, for `n_rows` logged epochs, with no epoch in it yet. */
ip_status ip_run_layout(ip_h5 *h, const ip_run_head *head, size_t n_rows, bool with_activations);

/* Changes the number of rows of everything with one row an epoch, except /epoch itself. */
ip_status ip_run_layout_resize(ip_h5 *h, const ip_run_head *head, size_t n_rows, bool with_activations);

/* One group of information or of a measure, new or replaced. */
ip_status ip_run_put_information(ip_h5 *h, const ip_information *info);

#endif
