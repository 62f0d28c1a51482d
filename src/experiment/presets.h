/* presets.h - the experiments that come with the program, by name.
 *
 * For configurations that inherit from one, and for the commands. "szt2017" and "szt2017.yaml" are the file
 * szt2017.yaml in the directory INFOPLANE_EXPERIMENTS, or of the installation, or experiments/ of the source tree.
 */
#ifndef IP_EXPERIMENT_PRESETS_H
#define IP_EXPERIMENT_PRESETS_H

#include "base/mem.h"
#include "base/text.h"

/* The names, sorted and without extension, in scratch. */
ip_status ip_preset_names(ip_scratch *sc, size_t *n, const char *const **name);

/* The path of a preset, to be freed with ip_free; NULL, with a hint at similar names, if there is none. */
ip_status ip_preset_find(const char *name, char **path, ip_hint *hint);

#endif
