#include "runfile/schema.h"

#include "runfile/names.h"

#include <stdio.h>
#include <string.h>

#define BY_EPOCH                                                                                                       \
  1,                                                                                                                   \
  {                                                                                                                    \
    IP_AXIS_EPOCHS                                                                                                     \
  }
#define BY_SAMPLE                                                                                                      \
  1,                                                                                                                   \
  {                                                                                                                    \
    IP_AXIS_SAMPLES                                                                                                    \
  }
#define BY_LAYER                                                                                                       \
  2,                                                                                                                   \
  {                                                                                                                    \
    IP_AXIS_SOME_EPOCHS, IP_AXIS_LAYERS                                                                                \
  }
#define BY_UNIT                                                                                                        \
  3,                                                                                                                   \
  {                                                                                                                    \
    IP_AXIS_EPOCHS, IP_AXIS_SAMPLES, IP_AXIS_UNITS                                                                     \
  }

/* Of several patterns that fit a path, the last one counts. */
static const ip_run_object objects[] = {
    {"/epoch", false, IP_RUN_INTEGERS, "i64", 1, {IP_AXIS_SOME_EPOCHS}},
    {"/data/x_id", false, IP_RUN_INTEGERS, "u32", BY_SAMPLE},
    {"/data/y", false, IP_RUN_INTEGERS, "i32", BY_SAMPLE},
    {"/data/split", false, IP_RUN_INTEGERS, "u8", BY_SAMPLE},
    {"/data/p_y_given_x", false, IP_RUN_NUMBERS, "f32", 2, {IP_AXIS_SAMPLES, IP_AXIS_CLASSES}},
    {"/data/target", false, IP_RUN_NUMBERS, "f32", 2, {IP_AXIS_SAMPLES, IP_AXIS_TARGETS}},
    {"/data/x", false, IP_RUN_NUMBERS, "f32", 2, {IP_AXIS_SAMPLES, IP_AXIS_INPUTS}},
    {"/metrics/<name>", true, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/metrics/<part>/<name>", false, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/layers/<k>/<name>", true, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/layers/<k>/activation", false, IP_RUN_NUMBERS, "f32", BY_UNIT},
    {"/layers/<k>/mean", false, IP_RUN_NUMBERS, "f32", BY_UNIT},
    {"/layers/<k>/" IP_NAME_WEIGHT_NORM, false, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/layers/<k>/" IP_NAME_CONSTANT_UNITS, false, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/layers/<k>/" IP_NAME_GRADIENT_MEAN, false, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/layers/<k>/" IP_NAME_GRADIENT_STD, false, IP_RUN_NUMBERS, "f64", BY_EPOCH},
    {"/information/<estimator>/<series>", false, IP_RUN_NUMBERS, "f64", BY_LAYER},
    {"/measures/<measure>/<series>", false, IP_RUN_NUMBERS, "f64", BY_LAYER},
    {"/config", false, IP_RUN_TEXT, "string", 0, {0}},
};

size_t ip_run_n_objects(void)
{
  return sizeof objects / sizeof *objects;
}

const ip_run_object *ip_run_object_at(size_t i)
{
  return &objects[i];
}

/* Whether a path is one of the pattern, or that of a group on the way to one. */
static bool matches(const char *pattern, const char *path, bool *leads)
{
  while (*path) {
    if (*pattern != '<') {
      if (*pattern++ != *path++) return false;
      continue;
    }
    pattern = strchr(pattern, '>') + 1;
    size_t n = strcspn(path, "/");
    if (!n) return false;
    path += n;
  }
  *leads |= *pattern == '/';
  return !*pattern;
}

const ip_run_object *ip_run_find_object(const char *path, bool *leads)
{
  *leads = false;
  const ip_run_object *found = NULL;
  for (size_t i = 0; i < ip_run_n_objects(); i++)
    if (matches(objects[i].pattern, path, leads)) found = &objects[i];
  return found;
}

static const char *axes(const ip_run_object *object, const char *const *word, char text[static 64])
{
  size_t n = 0;
  *text = 0;
  for (size_t i = 0; i < object->n_axes; i++)
    n += (size_t)snprintf(text + n, 64 - n, "%s%s", i ? ", " : "", word[object->axis[i]]);
  return text;
}

const char *ip_run_axes_text(const ip_run_object *object, char text[static 64])
{
  static const char *const words[] = {
      [IP_AXIS_EPOCHS] = "epochs",   [IP_AXIS_SOME_EPOCHS] = "epochs", [IP_AXIS_SAMPLES] = "samples",
      [IP_AXIS_LAYERS] = "layers",   [IP_AXIS_UNITS] = "units",        [IP_AXIS_CLASSES] = "classes",
      [IP_AXIS_TARGETS] = "targets", [IP_AXIS_INPUTS] = "inputs"};
  return axes(object, words, text);
}

const char *ip_run_axes_letters(const ip_run_object *object, char text[static 64])
{
  static const char *const letters[] = {
      [IP_AXIS_EPOCHS] = "E",        [IP_AXIS_SOME_EPOCHS] = "E", [IP_AXIS_SAMPLES] = "N",
      [IP_AXIS_LAYERS] = "L",        [IP_AXIS_UNITS] = "width",   [IP_AXIS_CLASSES] = "C",
      [IP_AXIS_TARGETS] = "targets", [IP_AXIS_INPUTS] = "inputs"};
  return axes(object, letters, text);
}
