/* schema.h - the datasets that a run file may have: one list for the code that checks files and for docs/run-file.md.
 *
 * A dataset whose name is in the list has to have the elements and the shape that the list gives, in files from any
 * program. Everything else in a file is never opened.
 */
#ifndef IP_RUNFILE_SCHEMA_H
#define IP_RUNFILE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

typedef enum ip_run_elements { IP_RUN_INTEGERS, IP_RUN_NUMBERS, IP_RUN_TEXT } ip_run_elements;

/* What gives the length of an axis. */
typedef enum ip_run_axis {
  IP_AXIS_EPOCHS,      /* at least that of /epoch; rows beyond it are ignored */
  IP_AXIS_SOME_EPOCHS, /* any: of /epoch itself, and of estimates, which may cover fewer or more */
  IP_AXIS_SAMPLES,     /* that of /data/y */
  IP_AXIS_LAYERS,      /* the number of groups in /layers */
  IP_AXIS_UNITS,       /* the width of the layer */
  IP_AXIS_CLASSES,     /* any: the dataset itself gives the number */
  IP_AXIS_TARGETS,
  IP_AXIS_INPUTS
} ip_run_axis;

enum { IP_RUN_MAX_AXES = 3 };

/* One kind of dataset. Filters: those of the HDF5 library (file/h5_admit.c). */
typedef struct ip_run_object {
  const char *pattern;      /* "/layers/<k>/mean", where <k> is any one name */
  bool if_listed;           /* only if the attribute `series` of /metrics or /layers has its name; else never opened */
  ip_run_elements elements; /* of any number of bytes */
  const char *type;         /* that infoplane writes: "f32" */
  size_t n_axes;
  ip_run_axis axis[IP_RUN_MAX_AXES]; // (n_axes)
} ip_run_object;

size_t ip_run_n_objects(void);
const ip_run_object *ip_run_object_at(size_t i);

/* The kind that a path belongs to; NULL if it is not in the list. *leads: a group of this path contains some. */
const ip_run_object *ip_run_find_object(const char *path, bool *leads);

/* "epochs, samples, units", and as docs/run-file.md has it: "[E, N, width]". */
const char *ip_run_axes_text(const ip_run_object *object, char text[static 64]);
const char *ip_run_axes_letters(const ip_run_object *object, char text[static 64]);

#endif
