/* tables.h - summary.csv, runs.csv and correlations.csv, run by run. For gather.c. */
#ifndef IP_SUMMARY_TABLES_H
#define IP_SUMMARY_TABLES_H

#include "study/gathered.h"
#include "summary/plan.h"

typedef struct ip_tables ip_tables;

/* Begins the tables in `folder`. */
ip_status ip_tables_create(const ip_gather_plan *p, const char *folder, ip_tables **out);
ip_status ip_tables_add(ip_tables *t, const ip_gathered *g);

/* Ends them and gives them their names. */
ip_status ip_tables_publish(ip_tables *t);
void ip_tables_destroy(ip_tables **t);

#endif
