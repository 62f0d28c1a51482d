/* locate.h - finding files by the names they are usually given. */
#ifndef IP_DATASET_LOCATE_H
#define IP_DATASET_LOCATE_H

#include "base/status.h"

#include <stdbool.h>

bool ip_locate_is_folder(const char *path);
bool ip_locate_is_there(const char *path);
bool ip_locate_ends_with(const char *s, const char *end);

/* The training images of a directory of IDX files (train-images-idx3-ubyte and its other spellings, with or without
 * .gz), to be freed; NULL if not found. */
ip_status ip_locate_images(const char *folder, char **path);

/* The labels beside a file of images, the test images beside training images; to be freed, NULL if not found. Also of
 * NumPy: y.npy beside x.npy, y_train.npy and x_test.npy beside x_train.npy. */
ip_status ip_locate_labels(const char *images, char **path);
ip_status ip_locate_test(const char *images, char **path);

#endif
