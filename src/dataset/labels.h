/* labels.h - from labels as a file spells them to classes 0 .. n_classes-1.
 *
 * Readers add the label of each sample as it comes and store the number they get; when all files are read, the classes
 * are put in order (numbers by size, else alphabetically) and the numbers replaced. Labels that are numbers are the
 * same when their values are: 1, 1.0 and 01.
 */
#ifndef IP_DATASET_LABELS_H
#define IP_DATASET_LABELS_H

#include "dataset/dataset.h"

/* More distinct labels than this are not classes but, for example, a column of measurements. */
enum { IP_LABELS_MAX_CLASSES = 10000 };

typedef struct ip_label_pool ip_label_pool;

ip_status ip_label_pool_create(ip_label_pool **out);
void ip_label_pool_destroy(ip_label_pool **pool);

/* The number of a label, in order of first appearance. IP_EFORMAT for an empty text, a number that is not finite, and a
 * label that exceeds the maximum; the reader adds the place to the message. */
ip_status ip_label_pool_add(ip_label_pool *pool, const char *text, int32_t *id);
ip_status ip_label_pool_add_number(ip_label_pool *pool, double value, int32_t *id);

/* The same for a text that is no number even if it could be read as nan or inf. */
ip_status ip_label_pool_add_word(ip_label_pool *pool, const char *text, int32_t *id);

/* As ip_label_pool_add_number for arrays of numbers, where a fraction is a measurement and not a class: IP_EFORMAT,
 * with `instead`, where real-valued targets belong. */
ip_status ip_label_pool_add_whole(ip_label_pool *pool, double value, const char *instead, int32_t *id);

/* Puts the classes in order when `sort` is set (else they stay in that of their appearance), rewrites the numbers in
 * ds->y, and fills n_classes and class_name. */
ip_status ip_label_pool_finish(ip_label_pool *pool, bool sort, ip_dataset *ds);

/* The most probable of n classes, the last of equals. */
int32_t ip_labels_most_probable(size_t n, const float *p);

#endif
