#include "dataset/test/files.h"

#include "base/rng.h"

#include <sys/stat.h>

enum { N = 5, SIDE = 3, IMAGES = 16 + N * SIDE * SIDE, LABELS = 8 + N };

static void put_be32(unsigned char *to, uint32_t v)
{
  for (int i = 0; i < 4; i++) to[i] = (unsigned char)(v >> (24 - 8 * i));
}

/* Images 0, 1, 2, ... (the pixels count up from `start`), labels 7, 3, 7, 3, 7. */
static void make_images(unsigned char *b, int start)
{
  put_be32(b, 0x803);
  put_be32(b + 4, N);
  put_be32(b + 8, SIDE);
  put_be32(b + 12, SIDE);
  for (int i = 0; i < N * SIDE * SIDE; i++) b[16 + i] = (unsigned char)(start + i);
}

static void make_labels(unsigned char *b)
{
  put_be32(b, 0x801);
  put_be32(b + 4, N);
  for (int i = 0; i < N; i++) b[8 + i] = i % 2 ? 3 : 7;
}

/* Four good files in the directory, packed or plain. */
static void put_all(char *(*put)(const char *, size_t, const void *), const char *ending)
{
  unsigned char images[IMAGES], labels[LABELS];
  char name[64];
  make_labels(labels);
  for (int i = 0; i < 2; i++) {
    make_images(images, i * 100);
    snprintf(name, sizeof name, "%s-images-idx3-ubyte%s", i ? "t10k" : "train", ending);
    put(name, IMAGES, images);
    snprintf(name, sizeof name, "%s-labels-idx1-ubyte%s", i ? "t10k" : "train", ending);
    put(name, LABELS, labels);
  }
}

static int fresh(void **state)
{
  (void)state;
  empty_folder();
  put_all(put_bytes, "");
  return 0;
}

static void check_both_halves(const ip_dataset *ds)
{
  assert_int_equal(ds->n, 2 * N);
  assert_int_equal(ds->n_in, SIDE * SIDE);
  assert_int_equal(ds->n_classes, 2);
  assert_string_equal(ds->class_name[0], "3");
  assert_string_equal(ds->class_name[1], "7");
  assert_int_equal(ds->n_train, N);
  for (size_t r = 0; r < ds->n; r++) {
    assert_int_equal(ds->split[r], r < N ? IP_SPLIT_TRAIN : IP_SPLIT_TEST);
    assert_int_equal(ds->y[r], r % N % 2 == 0);
    for (size_t k = 0; k < 9; k++) assert_true(ds->x[r * 9 + k] == (float)((r < N ? 0 : 100) + 9 * (r % N) + k));
  }
}

static void a_folder_of_four_files_has_its_own_split_plain_or_packed(void **state)
{
  (void)state;
  ip_dataset *plain = read_file(folder);
  check_both_halves(plain);
  empty_folder();
  put_all(put_packed, ".gz");
  ip_dataset *packed = read_file(folder);
  check_both_halves(packed);
  assert_string_equal(plain->sha256, packed->sha256);
  ip_dataset_destroy(&plain);
  ip_dataset_destroy(&packed);
}

static void one_file_finds_the_others_beside_it(void **state)
{
  (void)state;
  ip_dataset *ds = read_file(in_folder("train-images-idx3-ubyte"));
  check_both_halves(ds);
  assert_string_equal(ds->name, "train-images-idx3-ubyte");
  assert_int_equal(ds->shape[0], 1);
  assert_int_equal(ds->shape[1] * ds->shape[2], ds->n_in);
  ip_dataset_destroy(&ds);
  ds = read_file(in_folder("t10k-images-idx3-ubyte"));
  assert_int_equal(ds->n, N);
  assert_true(ds->x[0] == 100);
  ip_dataset_destroy(&ds);
}

static void a_name_that_tells_nothing_is_read_by_its_content_with_labels_named(void **state)
{
  (void)state;
  char labels[512], images[512];
  snprintf(labels, sizeof labels, "%s", in_folder("labels"));
  snprintf(images, sizeof images, "%s", in_folder("pictures"));
  assert_int_equal(rename(in_folder("train-labels-idx1-ubyte"), labels), 0);
  assert_int_equal(rename(in_folder("train-images-idx3-ubyte"), images), 0);
  refuse(images, IP_EIO, "no label file in the same directory");
  ip_dataset_options opt = plain_options(images);
  opt.label_file = labels;
  ip_dataset *ds = read_with(&opt);
  assert_int_equal(ds->n, N);
  ip_dataset_destroy(&ds);
}

static void images_are_scaled_from_0_to_255_whatever_the_brightest_pixel(void **state)
{
  (void)state;
  ip_dataset_options opt = plain_options(folder);
  opt.scale = IP_SCALE_AUTO;
  ip_dataset *ds = read_with(&opt);
  assert_true(ds->x[8] == 8 / 255.0f);
  ip_dataset_destroy(&ds);
  opt.scale = IP_SCALE_SYMMETRIC;
  ds = read_with(&opt);
  assert_true(ds->x[0] == -1);
  ip_dataset_destroy(&ds);
}

static void options_of_other_formats_are_refused(void **state)
{
  (void)state;
  ip_dataset_options opt = plain_options(folder);
  opt.label_column = (char[]){"kind"};
  refuse_with(&opt, IP_ECONFIG, "label_column is for CSV", "train-images-idx3-ubyte");
  opt.label_column = NULL;
  opt.labels = IP_LABELS_SOFT;
  refuse_with(&opt, IP_ECONFIG, "soft labels require p(y|x)", strrchr(folder, '/') + 1);
}

static void wrong_magic_types_and_dimensions_are_named(void **state)
{
  (void)state;
  unsigned char b[IMAGES];
  make_images(b, 0);
  b[0] = 'P';
  refuse(put_bytes("train-images-idx3-ubyte", IMAGES, b), IP_EFORMAT, "begins with the bytes 50 00 08 03");
  b[0] = 0, b[2] = 0x0d;
  refuse(put_bytes("train-images-idx3-ubyte", IMAGES, b), IP_EFORMAT, "type 0x0d");
  b[2] = 8, b[3] = 200;
  refuse(put_bytes("train-images-idx3-ubyte", IMAGES, b), IP_EFORMAT, "announces 200 dimensions");
  refuse(in_folder("train-labels-idx1-ubyte"), IP_EFORMAT, "holds labels");
  make_images(b, 0);
  put_be32(b + 4, 0);
  refuse(put_bytes("train-images-idx3-ubyte", 16, b), IP_EFORMAT, "labels for the 0 images");
  refuse(put_text("numbers.dat", "what is this?"), IP_EFORMAT, "unknown file type");
}

/* More pixels and labels than are read at once. */
static void many_images_keep_their_pixels_and_labels(void **state)
{
  (void)state;
  enum { MANY = 70001 };
  static unsigned char images[16 + 2 * MANY], labels[8 + MANY];
  put_be32(images, 0x803), put_be32(images + 4, MANY), put_be32(images + 8, 1), put_be32(images + 12, 2);
  put_be32(labels, 0x801), put_be32(labels + 4, MANY);
  for (size_t i = 0; i < MANY; i++) {
    images[16 + 2 * i] = (unsigned char)(i % 251), images[17 + 2 * i] = (unsigned char)(i % 13);
    labels[8 + i] = (unsigned char)(i % 7);
  }
  for (int packed = 0; packed < 2; packed++) {
    empty_folder();
    (packed ? put_packed : put_bytes)(packed ? "a-images-idx3-ubyte.gz" : "a-images-idx3-ubyte", sizeof images, images);
    put_bytes("a-labels-idx1-ubyte", sizeof labels, labels);
    ip_dataset *ds = read_file(in_folder(packed ? "a-images-idx3-ubyte.gz" : "a-images-idx3-ubyte"));
    assert_true(ds->n == MANY && ds->n_in == 2 && ds->n_classes == 7);
    assert_true(ds->shape[0] == 1 && ds->shape[1] == 1 && ds->shape[2] == 2);
    for (size_t i = 0; i < MANY; i++)
      assert_true(ds->x[2 * i] == (float)(i % 251) && ds->x[2 * i + 1] == (float)(i % 13) && ds->y[i] == (int)(i % 7));
    ip_dataset_destroy(&ds);
  }
}

static void images_have_two_to_eight_dimensions(void **state)
{
  (void)state;
  unsigned char labels[LABELS];
  make_labels(labels);
  put_bytes("a-labels-idx1-ubyte", LABELS, labels);
  for (uint32_t rank = 0; rank <= 9; rank++) {
    unsigned char b[4 + 9 * 4 + 2 * N] = {0};
    put_be32(b, 0x800 + rank);
    put_be32(b + 4, N);
    for (uint32_t i = 1; i < rank; i++) put_be32(b + 4 + 4 * i, i + 1 == rank ? 2 : 1);
    for (size_t i = 0; i < 2 * N; i++) b[4 + 4 * rank + i] = (unsigned char)i;
    char *path = put_bytes("a-images-idx3-ubyte", 4 + 4 * rank + (rank > 1 ? 2 * N : N), b), message[80];
    snprintf(message, sizeof message, rank == 1 ? "holds labels (1 dimension)" : "announces %d dimensions", (int)rank);
    if (rank < 2 || rank > 8) {
      refuse(path, IP_EFORMAT, message);
      continue;
    }
    ip_dataset *ds = read_file(path);
    assert_true(ds->n == N && ds->n_in == 2 && ds->x[9] == 9);
    assert_int_equal(ds->shape[2], rank == 3 ? 2 : 0); /* only images have one */
    ip_dataset_destroy(&ds);
  }
}

static void counts_that_overflow_or_exceed_the_file_are_refused_before_memory_is_taken(void **state)
{
  (void)state;
  const uint32_t sizes[][3] = {{0xffffffff, 0xffffffff, 0xffffffff},
                               {0xffffffff, 0xffff, 0xffff},
                               {0x10000, 0x10000, 1},
                               {0x80000000, 2, 1},
                               {N + 1, SIDE, SIDE},
                               {N - 1, SIDE, SIDE}};
  unsigned char b[IMAGES];
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    make_images(b, 0);
    for (int k = 0; k < 3; k++) put_be32(b + 4 + 4 * k, sizes[i][k]);
    refuse(put_bytes("train-images-idx3-ubyte", IMAGES, b), IP_EFORMAT, "header");
    refuse(put_packed("train-images-idx3-ubyte.gz", IMAGES, b), IP_EFORMAT, "header");
  }
}

static void every_truncation_of_a_plain_file_is_noticed(void **state)
{
  (void)state;
  unsigned char b[IMAGES];
  make_images(b, 0);
  refuse(put_bytes("train-images-idx3-ubyte", 0, b), IP_EFORMAT, "is empty");
  for (size_t n = 1; n < IMAGES; n++)
    refuse(put_bytes("train-images-idx3-ubyte", n, b), IP_EFORMAT, n < 16 ? "truncated" : "it is truncated");
  make_images(b, 0);
  put_bytes("train-images-idx3-ubyte", IMAGES, b);
  make_labels(b);
  for (size_t n = 1; n < LABELS; n++) {
    put_bytes("train-labels-idx1-ubyte", n, b);
    ip_dataset_options opt = plain_options(in_folder("train-images-idx3-ubyte"));
    refuse_with(&opt, IP_EFORMAT, "truncated", "train-labels-idx1-ubyte");
  }
}

static void every_truncation_of_a_packed_file_is_noticed(void **state)
{
  (void)state;
  unsigned char b[IMAGES], packed[1000];
  make_images(b, 0);
  put_packed("train-images-idx3-ubyte.gz", IMAGES, b);
  size_t length = get_bytes(in_folder("train-images-idx3-ubyte.gz"), sizeof packed, packed);
  for (size_t n = 1; n < length; n++) refuse(put_bytes("train-images-idx3-ubyte.gz", n, packed), IP_EFORMAT, ": ");
}

static void a_packed_file_of_several_members_is_read(void **state)
{
  (void)state;
  unsigned char b[IMAGES], packed[2000];
  make_images(b, 0);
  put_packed("first", 40, b);
  put_packed("second", IMAGES - 40, b + 40);
  size_t n = get_bytes(in_folder("first"), 1000, packed);
  n += get_bytes(in_folder("second"), 1000, packed + n);
  ip_dataset *ds = read_file(put_bytes("train-images-idx3-ubyte.gz", n, packed));
  check_both_halves(ds);
  ip_dataset_destroy(&ds);
}

static void files_that_do_not_belong_together_are_refused(void **state)
{
  (void)state;
  unsigned char b[IMAGES];
  make_labels(b);
  put_be32(b + 4, N - 1);
  put_bytes("train-labels-idx1-ubyte", LABELS - 1, b);
  refuse(in_folder("train-images-idx3-ubyte"), IP_EFORMAT, "holds 4 labels for the 5 images");
  fresh(NULL);
  make_images(b, 0);
  put_be32(b + 8, 1);
  put_be32(b + 12, 9 * N);
  put_be32(b + 4, 1);
  put_bytes("t10k-images-idx3-ubyte", IMAGES, b);
  make_labels(b);
  put_be32(b + 4, 1);
  put_bytes("t10k-labels-idx1-ubyte", 9, b);
  refuse(in_folder("train-images-idx3-ubyte"), IP_EFORMAT, "have 45 inputs");
}

static void missing_files_and_folders_say_what_was_looked_for(void **state)
{
  (void)state;
  empty_folder();
  refuse(folder, IP_EIO, "holds no train-images-idx3-ubyte");
  refuse(in_folder("nothing-images-idx3-ubyte"), IP_EIO, "and no file of that name");
  ip_dataset_options opt = plain_options((char[]){"mnist"});
  setenv("INFOPLANE_DATA", folder, 1);
  if (access("data/mnist", F_OK) != 0) refuse_with(&opt, IP_EIO, "scripts/fetch-mnist.sh", "mnist: dataset not found");
  put_all(put_packed, ".gz");
  ip_dataset *ds = read_with(&opt);
  check_both_halves(ds);
  assert_string_equal(ds->name, "mnist");
  ip_dataset_destroy(&ds);
  unsetenv("INFOPLANE_DATA");
}

/* $INFOPLANE_DATA/mnist comes before $INFOPLANE_DATA, and data/mnist is where neither is. */
static void a_named_dataset_is_looked_for_in_three_places(void **state)
{
  (void)state;
  static const char *const in[] = {"mnist", "data", "data/mnist"};
  unsigned char images[IMAGES], labels[LABELS];
  char name[64], *old = getcwd(NULL, 0);
  make_labels(labels);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(mkdir(in_folder(in[i]), 0700), 0);
    make_images(images, 10 * (i + 1));
    snprintf(name, sizeof name, "%s/train-images-idx3-ubyte", in[i]);
    put_bytes(name, IMAGES, images);
    snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte", in[i]);
    put_bytes(name, LABELS, labels);
  }
  assert_true(old && chdir(folder) == 0);
  ip_dataset_options opt = plain_options((char[]){"mnist"});
  static const float first[] = {10, 0, 30, 30}; /* the first pixel; of the files of the folder itself, 0 */
  for (int i = 0; i < 4; i++) {
    if (i < 3) setenv("INFOPLANE_DATA", i < 2 ? folder : "", 1);
    if (i == 3) unsetenv("INFOPLANE_DATA");
    if (i == 1) unlink("mnist/train-images-idx3-ubyte");
    ip_dataset *ds = read_with(&opt);
    assert_true(ds->x[0] == first[i]);
    ip_dataset_destroy(&ds);
  }
  unlink("mnist/train-labels-idx1-ubyte");
  for (int i = 2; i >= 0; i--) {
    snprintf(name, sizeof name, "%s/train-images-idx3-ubyte", in[i]);
    unlink(name);
    snprintf(name, sizeof name, "%s/train-labels-idx1-ubyte", in[i]);
    unlink(name);
    assert_int_equal(rmdir(in[i]), 0);
  }
  assert_int_equal(chdir(old), 0);
  free(old);
}

static void random_damage_never_gets_through_unchecked(void **state)
{
  (void)state;
  unsigned char good[2][1000], bad[1000];
  unsigned char b[IMAGES];
  make_images(b, 0);
  put_packed("packed", IMAGES, b);
  size_t n[2] = {IMAGES, get_bytes(in_folder("packed"), 1000, good[1])};
  memcpy(good[0], b, IMAGES);
  ip_rng r = ip_rng_open(1, IP_RNG_TEST, 0);
  for (int i = 0; i < 2000; i++) {
    int packed = i % 2;
    memcpy(bad, good[packed], n[packed]);
    for (uint64_t k = 0; k <= ip_rng_below(&r, 3); k++)
      bad[ip_rng_below(&r, i % 4 < 2 ? 16 : n[packed])] = (unsigned char)ip_rng_u32(&r);
    ip_dataset_options opt =
        plain_options(put_bytes(packed ? "train-images-idx3-ubyte.gz" : "train-images-idx3-ubyte", n[packed], bad));
    survive(&opt);
  }
}

static void failing_allocations_are_reported_and_leak_nothing(void **state)
{
  (void)state;
  empty_folder();
  put_all(put_packed, ".gz");
  ip_dataset_options opt = plain_options(folder);
  ip_dataset *ds = NULL;
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
  setenv("INFOPLANE_DATA", folder, 1);
  opt.name = (char[]){"fashion-mnist"};
  CHECK_EVERY_ALLOCATION(ip_dataset_create(&opt, 1, &ds), ip_dataset_destroy(&ds));
  unsetenv("INFOPLANE_DATA");
}

/* Labels 0 to 9 of Fashion-MNIST have names; any other number of classes has none. */
static void classes_of_fashion_mnist_have_names(void **state)
{
  (void)state;
  ip_dataset_options opt = ip_dataset_options_default();
  ip_dataset *ds;
  opt.name = (char[]){"fashion-mnist"};
  setenv("INFOPLANE_DATA", folder, 1);
  CHECK_OK(ip_dataset_create(&opt, 1, &ds));
  assert_string_equal(ds->class_name[1], "7");
  ip_dataset_destroy(&ds);
  for (int file = 0; file < 2; file++) {
    unsigned char labels[LABELS];
    make_labels(labels);
    for (int i = 0; i < N; i++) labels[8 + i] = (unsigned char)(N * file + i);
    put_bytes(file ? "t10k-labels-idx1-ubyte" : "train-labels-idx1-ubyte", LABELS, labels);
  }
  CHECK_OK(ip_dataset_create(&opt, 1, &ds));
  assert_int_equal(ds->n_classes, 10);
  static const char *const names[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                      "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  for (size_t c = 0; c < 10; c++) assert_string_equal(ds->class_name[c], names[c]);
  ip_dataset_destroy(&ds);
  unsetenv("INFOPLANE_DATA");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_folder_of_four_files_has_its_own_split_plain_or_packed, fresh),
      cmocka_unit_test_setup(one_file_finds_the_others_beside_it, fresh),
      cmocka_unit_test_setup(a_name_that_tells_nothing_is_read_by_its_content_with_labels_named, fresh),
      cmocka_unit_test_setup(images_are_scaled_from_0_to_255_whatever_the_brightest_pixel, fresh),
      cmocka_unit_test_setup(options_of_other_formats_are_refused, fresh),
      cmocka_unit_test_setup(wrong_magic_types_and_dimensions_are_named, fresh),
      cmocka_unit_test_setup(many_images_keep_their_pixels_and_labels, fresh),
      cmocka_unit_test_setup(images_have_two_to_eight_dimensions, fresh),
      cmocka_unit_test_setup(counts_that_overflow_or_exceed_the_file_are_refused_before_memory_is_taken, fresh),
      cmocka_unit_test_setup(every_truncation_of_a_plain_file_is_noticed, fresh),
      cmocka_unit_test_setup(every_truncation_of_a_packed_file_is_noticed, fresh),
      cmocka_unit_test_setup(a_packed_file_of_several_members_is_read, fresh),
      cmocka_unit_test_setup(files_that_do_not_belong_together_are_refused, fresh),
      cmocka_unit_test_setup(missing_files_and_folders_say_what_was_looked_for, fresh),
      cmocka_unit_test_setup(a_named_dataset_is_looked_for_in_three_places, fresh),
      cmocka_unit_test_setup(random_damage_never_gets_through_unchecked, fresh),
      cmocka_unit_test_setup(classes_of_fashion_mnist_have_names, fresh),
      cmocka_unit_test_setup(failing_allocations_are_reported_and_leak_nothing, fresh),
  };
  return cmocka_run_group_tests_name("dataset/idx", tests, make_folder, remove_folder);
}
