/* Which files belong to a file, by their names. */
#include "dataset/locate.h"

#include "base/test/check.h"
#include "file/test/temp.h"

#include <sys/stat.h>

typedef ip_status find(const char *path, char **found);

typedef struct {
  find *find;
  const char *there[3], *asked, *found; /* found: NULL if nothing is */
} example;

static void names_lead_to_the_files_beside_them(void **state)
{
  (void)state;
  static const example known[] = {
      {ip_locate_labels, {"a-labels-idx1-ubyte"}, "a-images-idx3-ubyte", "a-labels-idx1-ubyte"},
      {ip_locate_labels, {"a-labels-idx1-ubyte"}, "a-images-idx3-ubyte.gz", "a-labels-idx1-ubyte"},
      {ip_locate_labels, {"a-labels-idx1-ubyte.gz"}, "a-images-idx3-ubyte", "a-labels-idx1-ubyte.gz"},
      {ip_locate_labels, {"a-labels.idx1-ubyte"}, "a-images.idx3-ubyte", "a-labels.idx1-ubyte"},
      {ip_locate_labels, {"my-labels.idx"}, "my-images.idx", "my-labels.idx"},
      {ip_locate_labels, {"a-labels-idx1-ubyte", "a-labels-idx3-ubyte"}, "a-images-idx3-ubyte", "a-labels-idx1-ubyte"},
      {ip_locate_labels, {"a-labels-idx3-ubyte"}, "a-images-idx3-ubyte", "a-labels-idx3-ubyte"},
      {ip_locate_labels, {"y_train.npy"}, "x_train.npy", "y_train.npy"},
      {ip_locate_labels, {"y_train.npy"}, "X_train.npy", "y_train.npy"},
      {ip_locate_labels, {"y_a.npy.gz"}, "x_a.npy.gz", "y_a.npy.gz"},
      {ip_locate_labels, {"y.npy"}, "x.npy", "y.npy"},
      {ip_locate_labels, {"y.npy"}, "X.npy", "y.npy"},
      {ip_locate_labels, {"labels.npy"}, "images.npy", "labels.npy"},
      {ip_locate_labels, {"y_train.csv"}, "x_train.csv", NULL}, /* arrays alone */
      {ip_locate_labels, {"b-labels-idx1-ubyte"}, "a-images-idx3-ubyte", NULL},
      {ip_locate_labels, {"y.npy"}, "samples.npy", NULL},
      {ip_locate_test, {"t10k-images-idx3-ubyte"}, "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"},
      {ip_locate_test, {"t10k-images-idx3-ubyte.gz"}, "train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz"},
      {ip_locate_test, {"test-images.idx3-ubyte"}, "train-images.idx3-ubyte", "test-images.idx3-ubyte"},
      {ip_locate_test, {"test-images", "t10k-images"}, "train-images", "t10k-images"},
      {ip_locate_test, {"x_test.npy"}, "x_train.npy", "x_test.npy"},
      {ip_locate_test, {"X_test.npy"}, "X_train.npy", "X_test.npy"},
      {ip_locate_test, {"x_test.npy"}, "X_train.npy", NULL},
      {ip_locate_test, {"x_test.npz"}, "x_train.npz", NULL},
      {ip_locate_test, {"t10k-images-idx3-ubyte"}, "images-idx3-ubyte", NULL},
      {ip_locate_images, {"train-images-idx3-ubyte"}, "", "/train-images-idx3-ubyte"},
      {ip_locate_images, {"train-images-idx3-ubyte.gz"}, "", "/train-images-idx3-ubyte.gz"},
      {ip_locate_images, {"train-images.idx3-ubyte"}, "", "/train-images.idx3-ubyte"},
      {ip_locate_images, {"train-images-idx3-ubyte.idx"}, "", "/train-images-idx3-ubyte.idx"},
      {ip_locate_images,
       {"train-images.idx3-ubyte", "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"},
       "",
       "/train-images-idx3-ubyte"},
      {ip_locate_images, {"t10k-images-idx3-ubyte"}, "", NULL},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const example *e = &known[i];
    char *found;
    for (size_t k = 0; k < 3 && e->there[k]; k++) temp_write(e->there[k], 0, "");
    CHECK_OK(e->find(temp_path(e->asked), &found));
    if (!found != !e->found || (found && strcmp(found, temp_path(e->found)) != 0))
      fail_msg("example %zu: beside %s: found %s", i, e->asked, found ? found : "nothing");
    ip_free(found);
    for (size_t k = 0; k < 3 && e->there[k]; k++) unlink(temp_path(e->there[k]));
  }
}

/* A directory whose name has the word in it is not what is exchanged. */
static void only_the_last_part_of_a_path_is_another(void **state)
{
  (void)state;
  char *found, path[300], folder[300], labels[320];
  snprintf(folder, sizeof folder, "%s", temp_path("train-images"));
  assert_int_equal(mkdir(folder, 0700), 0);
  snprintf(path, sizeof path, "%.280s/my-images", folder);
  snprintf(labels, sizeof labels, "%.280s/my-labels", folder);
  temp_write("train-images/my-labels", 0, "");
  CHECK_OK(ip_locate_labels(path, &found));
  assert_string_equal(found, labels);
  ip_free(found);
  CHECK_OK(ip_locate_test(path, &found));
  assert_null(found);
  assert_true(ip_locate_is_folder(folder) && ip_locate_is_there(folder));
  assert_true(ip_locate_is_there(labels) && !ip_locate_is_folder(labels) && !ip_locate_is_there(path));
  assert_true(ip_locate_ends_with("a.CSV", ".csv") && ip_locate_ends_with(".csv", ".csv"));
  assert_false(ip_locate_ends_with("csv", ".csv") || ip_locate_ends_with("a.csv.gz", ".csv"));
}

static void a_failed_allocation_is_reported(void **state)
{
  (void)state;
  char *found = NULL;
  temp_write("y.npy", 0, "");
  const char *asked = temp_path("x.npy");
  CHECK_EVERY_ALLOCATION(ip_locate_labels(asked, &found), ip_free(found));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(names_lead_to_the_files_beside_them),
      cmocka_unit_test(only_the_last_part_of_a_path_is_another),
      cmocka_unit_test(a_failed_allocation_is_reported),
  };
  return cmocka_run_group_tests_name("dataset/locate", tests, temp_create, temp_remove);
}
