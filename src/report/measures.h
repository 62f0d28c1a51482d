/* measures.h - the tables of the page. For the files of this directory. */
#ifndef IP_REPORT_MEASURES_H
#define IP_REPORT_MEASURES_H

#include "report/facts.h"

#include <stdbool.h>
#include <stdio.h>

/* Measures: a table per configuration with a row per layer and estimator, means over its networks; flags. */
ip_status ip_report_measures(FILE *out, const ip_facts *f);

/* Measures other than information: a table per configuration with a row per series. Nothing if no file has any. */
ip_status ip_report_measured(FILE *out, const ip_facts *f);

/* Single networks: a table per configuration and estimator with a row per network, at most `most` rows in all. */
void ip_report_networks(FILE *out, const ip_facts *f, size_t most);

/* Correlations of compression with accuracy over all runs, as correlations.csv has them. */
ip_status ip_report_correlations(FILE *out, const ip_facts *f);

/* Runs: status, epochs and remark of every file, at most `most`. */
void ip_report_runs(FILE *out, const ip_facts *f, size_t most);

/* <section> with its heading, and a table in a box that scrolls by itself; both are closed by their ends. */
void ip_report_section(FILE *out, const char *id, const char *heading);
void ip_report_table(FILE *out, const char *about); /* about: for screen readers; escaped here */
void ip_report_table_end(FILE *out);

/* A cell with a number; a dash for NaN. */
void ip_report_cell(FILE *out, double value, int digits);

/* ... of a decrease in bits: three digits, and at most four decimals. */
void ip_report_decrease_cell(FILE *out, double bits);

/* The head of a column of texts (to the left, as they are) or of numbers. */
void ip_report_column(FILE *out, const char *name, bool text);

#endif
