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
  ip_npz *z;
  CHECK_OK(ip_npz_create(temp_path("one-hot.npz"), &z));
  CHECK_OK(ip_npz_put(z, "first", IP_NPZ_F32, 2, (size_t[]){N, 1}, t));
  CHECK_OK(ip_npz_put(z, "y", IP_NPZ_F32, 2, (size_t[]){N, 2}, t));
  CHECK_OK(ip_npz_publish(&z));
  CHECK_FAILS(ip_run_from_npz(temp_path("one-hot.npz"), run, &made), IP_EFORMAT,
              "y has the shape (6, 2); expected one label for each sample, as y.argmax(1) of one-hot rows");
  CHECK_FAILS(ip_run_from_npz(npz, "/nowhere/b.h5", &made), IP_EIO, "/nowhere/b.h5");
  CHECK_EVERY_ALLOCATION(ip_run_from_npz(npz, run, &made), unlink(run));
  assert_false(temp_exists("b.h5") || temp_exists("b.h5.part") || temp_exists("b.h5.state"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_archive_becomes_a_run_once),
      cmocka_unit_test(failures_leave_nothing),
  };
  return cmocka_run_group_tests_name("runfile/from_npz", tests, temp_create, temp_remove);
}
