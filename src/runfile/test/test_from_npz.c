#include "base/test/check.h"

#include "file/npz.h"
#include "file/test/temp.h"
#include "runfile/from_npz.h"
#include "runfile/runfile.h"

enum { N = 6, WIDTH = 2, EPOCHS = 3 };

static float t[EPOCHS * N * WIDTH];
static const float x[N] = {0, 1, 0, -0.0f, 2, 1};
static const char *const y[N] = {"b", "a", "b", "c", "a", "b"};

static ip_status put_archive(const char *path, size_t n_labels)
{
  ip_npz *z;
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) t[i] = (float)i / 8;
  IP_TRY(ip_npz_create(path, &z));
  ip_status st = ip_npz_put(z, "first", IP_NPZ_F32, 3, (size_t[]){EPOCHS, N, WIDTH}, t);
  if (st == IP_OK) st = ip_npz_put_texts(z, "y", n_labels, y);
  if (st == IP_OK) st = ip_npz_put(z, "x", IP_NPZ_F32, 2, (size_t[]){N, 1}, x);
  if (st == IP_OK) st = ip_npz_put(z, "last", IP_NPZ_F32, 3, (size_t[]){EPOCHS, N, 1}, t);
  if (st == IP_OK) st = ip_npz_publish(&z);
  ip_npz_discard(&z);
  return st;
}

static void an_archive_becomes_a_run_once(void **state)
{
  (void)state;
  bool made;
  ip_run *r;
  float got[N * WIDTH];
  CHECK_OK(put_archive(temp_path("a.npz"), N));
  CHECK_OK(ip_run_from_npz(temp_path("a.npz"), temp_path("a.h5"), &made));
  assert_true(made);
  CHECK_OK(ip_run_from_npz(temp_path("a.npz"), temp_path("a.h5"), &made));
  assert_false(made);
  CHECK_OK(ip_run_open(temp_path("a.h5"), &r));
  const ip_run_head *h = ip_run_head_of(r);
  const uint32_t x_id[N] = {0, 1, 0, 0, 2, 1};
  const int32_t labels[N] = {1, 0, 1, 2, 0, 1};
  assert_int_equal(h->n, N);
  assert_memory_equal(h->x_id, x_id, sizeof x_id);
  assert_memory_equal(h->y, labels, sizeof labels);
  assert_string_equal(h->name, "a");
  assert_string_equal(h->layer[0].name, "first");
  assert_string_equal(h->layer[1].kind, "output");
  assert_int_equal(ip_run_n_epochs(r), EPOCHS);
  CHECK_OK(ip_run_read_activation(r, 0, 2, got));
  assert_memory_equal(got, t + 2 * N * WIDTH, sizeof got);
  CHECK_OK(ip_run_read_activation(r, 1, 1, got));
  assert_memory_equal(got, t + N, N * sizeof *got);
  ip_run_close(&r);
}

/* An archive of one layer and these labels. */
static ip_status put_labels(const char *npz, ip_npz_type type, size_t rank, const size_t *dim, const void *labels)
{
  ip_npz *z;
  unlink(npz);
  IP_TRY(ip_npz_create(npz, &z));
  IP_TRY(ip_npz_put(z, "first", IP_NPZ_F32, 2, (size_t[]){N, 1}, t));
  IP_TRY(ip_npz_put(z, "y", type, rank, dim, labels));
  return ip_npz_publish(&z);
}

static void one_hot_rows_and_minus_one_are_labels(void **state)
{
  (void)state;
  const int32_t hot[3 * N] = {0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1};
  const double two[N] = {1, -1, 1, 1, -1, -1};
  const int32_t of_hot[N] = {1, 0, 2, 1, 0, 2}, of_two[N] = {1, 0, 1, 1, 0, 0};
  for (int i = 0; i < 2; i++) {
    char npz[512], run[512];
    bool made;
    ip_run *r;
    snprintf(npz, sizeof npz, "%s", temp_path(i ? "two.npz" : "hot.npz"));
    snprintf(run, sizeof run, "%s", temp_path(i ? "two.h5" : "hot.h5"));
    if (i)
      CHECK_OK(put_labels(npz, IP_NPZ_F64, 1, (size_t[]){N}, two));
    else
      CHECK_OK(put_labels(npz, IP_NPZ_I32, 2, (size_t[]){N, 3}, hot));
    CHECK_OK(ip_run_from_npz(npz, run, &made));
    CHECK_OK(ip_run_open(run, &r));
    assert_int_equal(ip_run_head_of(r)->n_classes, i ? 2 : 3);
    assert_memory_equal(ip_run_head_of(r)->y, i ? of_two : of_hot, sizeof of_hot);
    ip_run_close(&r);
  }
}

static void failures_leave_nothing(void **state)
{
  (void)state;
  bool made;
  char npz[512], run[512];
  snprintf(npz, sizeof npz, "%s", temp_path("b.npz"));
  snprintf(run, sizeof run, "%s", temp_path("b.h5"));
  CHECK_OK(put_archive(npz, N - 1));
  CHECK_FAILS(ip_run_from_npz(npz, run, &made), IP_EFORMAT, "b.npz: x has the shape (6, 1); expected");
  CHECK_OK(put_archive(npz, N));
  temp_write("b.h5", 3, "abc");
  CHECK_FAILS(ip_run_from_npz(npz, run, &made), IP_EINVAL, "b.h5 exists and was not made from");
  unlink(run);
  const float soft[2 * N] = {0.5f, 0.5f};
  const double from_two[N] = {-1, 2, 1, -1, 1, 1};
  const struct {
    const char *message;
    ip_npz_type type;
    size_t rank, dim[3];
    const void *y;
  } wrong[] = {
      {"y: row 0 (from 0) is not one-hot; expected one label for each sample", IP_NPZ_F32, 2, {N, 2}, soft},
      {"y has the shape (6, 2, 1); expected one label for each sample, or one-hot", IP_NPZ_F32, 3, {N, 2, 1}, soft},
      {"y: element 0 (from 0) is -1; expected integers from 0 to", IP_NPZ_F64, 1, {N}, from_two},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_OK(put_labels(temp_path("wrong.npz"), wrong[i].type, wrong[i].rank, wrong[i].dim, wrong[i].y));
    CHECK_FAILS(ip_run_from_npz(temp_path("wrong.npz"), run, &made), IP_EFORMAT, wrong[i].message);
  }
  CHECK_FAILS(ip_run_from_npz(npz, "/nowhere/b.h5", &made), IP_EIO, "/nowhere/b.h5");
  CHECK_EVERY_ALLOCATION(ip_run_from_npz(npz, run, &made), unlink(run));
  assert_false(temp_exists("b.h5") || temp_exists("b.h5.part") || temp_exists("b.h5.state"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_archive_becomes_a_run_once),
      cmocka_unit_test(one_hot_rows_and_minus_one_are_labels),
      cmocka_unit_test(failures_leave_nothing),
  };
  return cmocka_run_group_tests_name("runfile/from_npz", tests, temp_create, temp_remove);
}
