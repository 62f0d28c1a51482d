/* findings.h - the findings in sentences: one per configuration and layer, computed from the facts.
 *
 * For the files of this directory. Which networks decreased, and which could not show it, are rules of facts.h, which
 * the section states. An estimator that is unable in more than half of the networks is not compared with the others.
 */
#ifndef IP_REPORT_FINDINGS_H
#define IP_REPORT_FINDINGS_H

#include "report/facts.h"

#include <stdio.h>

/* The section of the page. */
ip_status ip_report_findings(FILE *out, const ip_facts *f);

/* "Layer 5 (3 tanh)", "Output layer 6 (2 softmax)"; escaped. */
void ip_report_layer(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k);

/* The sentence about layer k of a group without its subject: "I(X;T) decreased by 4.1 bits (edges), ..."; escaped. */
ip_status ip_report_sentence(FILE *out, const ip_facts *f, const ip_run_group *g, size_t k);

/* What a figure shows, for those who do not see it; escaped, fit for an attribute. */
void ip_report_alternative(FILE *out, const ip_facts *f, const char *figure, const char *summary);

#endif
