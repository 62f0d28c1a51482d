#include "base/test/check.h"

#include "file/atomic.h"
#include "file/npz.h"
#include "file/test/temp.h"
#include "runfile/from_npz.h"
#include "runfile/runfile.h"

#include <math.h>

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

/* Everything that an archive may have beside layers; the second layer is the widest. */
static const double epochs[EPOCHS] = {2, 5, 7};
static const float soft[2 * N] = {0.25f, 0.75f, 0.5f, 0.5f, 1, 0, 0.75f, 0.25f, 0, 1, 0.5f, 0.5f};
static const float target[N] = {6, 5, 4, 3, 2, 1};
static const int32_t split[N] = {0, 1, 0, 0, 1, 0}, x_id[N] = {4, 9, 4, 0, 1, 2};

static ip_status put_all(const char *path, const char *name_of_targets, const double *epoch)
{
  ip_npz *z;
  unlink(path);
  IP_TRY(ip_npz_create(path, &z));
  IP_TRY(ip_npz_put(z, "narrow", IP_NPZ_F32, 3, (size_t[]){EPOCHS, N, 1}, t));
  IP_TRY(ip_npz_put(z, "wide", IP_NPZ_F32, 3, (size_t[]){EPOCHS, N, WIDTH}, t));
  IP_TRY(ip_npz_put(z, "epoch", IP_NPZ_F64, 1, (size_t[]){EPOCHS}, epoch));
  IP_TRY(ip_npz_put(z, "p_y_given_x", IP_NPZ_F32, 2, (size_t[]){N, 2}, soft));
  IP_TRY(ip_npz_put(z, name_of_targets, IP_NPZ_F32, 1, (size_t[]){N}, target));
  IP_TRY(ip_npz_put(z, "split", IP_NPZ_I32, 1, (size_t[]){N}, split));
  IP_TRY(ip_npz_put(z, "x_id", IP_NPZ_I32, 1, (size_t[]){N}, x_id));
  IP_TRY(ip_npz_put(z, "x", IP_NPZ_F32, 2, (size_t[]){N, 1}, x));
  return ip_npz_publish(&z);
}

static void every_array_of_an_archive_has_its_place(void **state)
{
  (void)state;
  const int32_t most_probable[N] = {1, 1, 0, 0, 1, 1}; /* of equals the last */
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) t[i] = (float)i / 8;
  for (int i = 0; i < 2; i++) {
    ip_run *r;
    bool made;
    float got[N * WIDTH];
    const char *run = i ? ".hidden" : "all.of.it.h5";
    CHECK_OK(put_all(temp_path("all.npz"), i ? "targets" : "target", epochs));
    CHECK_OK(ip_run_from_npz(temp_path("all.npz"), temp_path(run), &made));
    CHECK_OK(ip_run_open(temp_path(run), &r));
    CHECK_OK(ip_run_load_inputs(r));
    const ip_run_head *h = ip_run_head_of(r);
    assert_string_equal(h->name, i ? ".hidden" : "all.of.it");
    assert_string_equal(ip_run_status(r), "done");
    assert_true(h->n == N && h->n_classes == 2 && h->n_targets == 1 && h->n_in == 1 && h->epochs == 7);
    assert_memory_equal(h->y, most_probable, sizeof most_probable);
    assert_memory_equal(h->p_y_given_x, soft, sizeof soft);
    assert_memory_equal(h->target, target, sizeof target);
    assert_memory_equal(h->x, x, sizeof x);
    assert_int_equal(h->n_x, 5); /* there are more numbers than samples: new ones */
    for (size_t k = 0; k < N; k++) {
      assert_int_equal(h->split[k], split[k]);
      for (size_t j = 0; j < k; j++) assert_int_equal(h->x_id[j] == h->x_id[k], x_id[j] == x_id[k]);
    }
    assert_int_equal(ip_run_n_epochs(r), EPOCHS);
    for (size_t e = 0; e < EPOCHS; e++) {
      assert_true((double)ip_run_epochs(r)[e] == epochs[e]);
      for (size_t k = 0; k < 2; k++) {
        CHECK_OK(ip_run_read_activation(r, k, e, got));
        assert_memory_equal(got, t + e * N * (k + 1), N * (k + 1) * sizeof *got);
      }
    }
    assert_string_equal(h->layer[0].kind, "hidden");
    assert_string_equal(h->layer[1].name, "wide");
    ip_run_close(&r);
  }
}

/* What the samples are when an archive has only some of the arrays, in one epoch of two layers. */
static void what_an_archive_lacks_follows_from_the_rest(void **state)
{
  (void)state;
  static const float wide[3 * N] = {0.5F, 0.5F, 0, 1, 0, 0, 0.25F, 0.75F, 0, 0.5F, 0.5F, 0, 1, 0, 0, 0, 1, 0};
  static const int32_t small[N] = {2, 0, 1, 1, 0, 2}, large[N] = {0, 4, 1, 1, 0, 4}, id[N] = {0, 1, 1, 2, 6, 0};
  const int32_t none[N] = {0}, of_soft[N] = {1, 0, 1, 1, 0, 1};
  static const struct {
    bool has_y, has_soft, has_target, has_id, is_large;
    size_t n_classes, n_x;
  } known[] = {{.has_y = true, .n_classes = 3, .n_x = N},
               {.has_soft = true, .n_classes = 3, .n_x = N},
               {.has_target = true, .n_classes = 1, .n_x = N},
               {.has_y = true, .has_soft = true, .n_classes = 3, .n_x = N},
               {.has_y = true, .is_large = true, .n_classes = 5, .n_x = N},
               {.has_y = true, .has_target = true, .has_id = true, .n_classes = 3, .n_x = 4}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_npz *z;
    ip_run *r;
    bool made;
    const int32_t *labels = known[i].is_large ? large : small;
    CHECK_OK(ip_npz_create(temp_path("part.npz"), &z));
    CHECK_OK(ip_npz_put(z, "first", IP_NPZ_F32, 2, (size_t[]){N, 2}, t));
    CHECK_OK(ip_npz_put(z, "second", IP_NPZ_F32, 2, (size_t[]){N, 1}, t));
    if (known[i].has_y) CHECK_OK(ip_npz_put(z, "y", IP_NPZ_I32, 1, (size_t[]){N}, labels));
    if (known[i].has_soft) CHECK_OK(ip_npz_put(z, "p_y_given_x", IP_NPZ_F32, 2, (size_t[]){N, 3}, wide));
    if (known[i].has_target) CHECK_OK(ip_npz_put(z, "target", IP_NPZ_F32, 2, (size_t[]){N, 2}, wide));
    if (known[i].has_id) CHECK_OK(ip_npz_put(z, "x_id", IP_NPZ_I32, 1, (size_t[]){N}, id));
    CHECK_OK(ip_npz_publish(&z));
    unlink(temp_path("part.h5"));
    CHECK_OK(ip_run_from_npz(temp_path("part.npz"), temp_path("part.h5"), &made));
    CHECK_OK(ip_run_open(temp_path("part.h5"), &r));
    const ip_run_head *h = ip_run_head_of(r);
    if (h->n_classes != known[i].n_classes || h->n_x != known[i].n_x)
      fail_msg("archive %zu: %zu classes and %zu inputs", i, h->n_classes, h->n_x);
    assert_memory_equal(h->y, known[i].has_y ? labels : known[i].has_soft ? of_soft : none, sizeof none);
    assert_true(!h->split && !h->x && !h->n_in && !h->p_y_given_x == !known[i].has_soft);
    assert_int_equal(h->n_targets, known[i].has_target ? 2 : 0);
    assert_true(isnan(h->hx_bits) && isnan(h->hy_bits) && isnan(h->ixy_bits));
    for (size_t k = 0; k < N; k++)
      for (size_t j = 0; j < k; j++) assert_int_equal(h->x_id[j] == h->x_id[k], known[i].has_id && id[j] == id[k]);
    assert_true(h->epochs == 0 && ip_run_n_epochs(r) == 1 && ip_run_epochs(r)[0] == 0);
    assert_true(!*h->layer[0].activation && !strcmp(h->layer[0].kind, "hidden") && !strcmp(h->layer[1].kind, "output"));
    assert_true(h->layer[0].width == 2 && h->layer[1].width == 1);
    ip_run_close(&r);
  }
  ip_npz *z;
  ip_run *r;
  bool made;
  CHECK_OK(ip_npz_create(temp_path("one.npz"), &z)); /* one layer, whose epochs have no numbers */
  CHECK_OK(ip_npz_put(z, "only", IP_NPZ_F32, 3, (size_t[]){EPOCHS, N, WIDTH}, t));
  CHECK_OK(ip_npz_put(z, "y", IP_NPZ_I32, 1, (size_t[]){N}, small));
  CHECK_OK(ip_npz_publish(&z));
  CHECK_OK(ip_run_from_npz(temp_path("one.npz"), temp_path("one.h5"), &made));
  CHECK_OK(ip_run_open(temp_path("one.h5"), &r));
  assert_int_equal(ip_run_n_epochs(r), EPOCHS);
  for (size_t e = 0; e < EPOCHS; e++) assert_int_equal(ip_run_epochs(r)[e], e);
  assert_true(ip_run_head_of(r)->epochs == EPOCHS - 1 && !strcmp(ip_run_head_of(r)->layer[0].kind, "output"));
  ip_run_close(&r);
  assert_true(ip_run_is_npz("a.npz") && ip_run_is_npz("b/a.NPZ"));
  assert_false(ip_run_is_npz(".npz") || ip_run_is_npz("a.npy") || ip_run_is_npz("a.npz.h5") || ip_run_is_npz("anpz"));
}

static void epochs_that_do_not_ascend_are_refused(void **state)
{
  (void)state;
  static const struct {
    double epoch[EPOCHS];
    const char *message;
  } wrong[] = {{{2, 2, 7}, "epoch: 2 follows 2; expected ascending epochs"},
               {{2, 5, 4}, "epoch: 4 follows 5; expected ascending epochs"},
               {{-1, 5, 7}, "epoch: element 0 (from 0) is -1; expected integers from 0 to 9007199254740992"},
               {{0, 0.5, 7}, "epoch: element 1 (from 0) is 0.5"}};
  bool made = true;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_OK(put_all(temp_path("order.npz"), "target", wrong[i].epoch));
    CHECK_FAILS(ip_run_from_npz(temp_path("order.npz"), temp_path("order.h5"), &made), IP_EFORMAT, wrong[i].message);
    assert_false(made || temp_exists("order.h5") || temp_exists("order.h5.part"));
  }
}

/* One epoch, in two dimensions or three. */
static void layers_have_a_row_for_each_sample(void **state)
{
  (void)state;
  static const struct {
    size_t rank, dim[3];
    const char *message; /* NULL: accepted */
  } known[] = {{2, {N, 2}, NULL},
               {3, {1, N, 2}, NULL},
               {2, {N, 0}, "first has the shape (6, 0); expected activations (1, 6, units), or without the 1"},
               {2, {N - 1, 2}, "first has the shape (5, 2); expected activations"},
               {3, {1, N - 1, 2}, "first has the shape (1, 5, 2); expected activations"},
               {1, {N}, "first has the shape (6); expected activations"}};
  const int32_t labels[N] = {0, 1, 1, 0, 0, 1};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    ip_npz *z;
    bool made;
    unlink(temp_path("rows.h5"));
    CHECK_OK(ip_npz_create(temp_path("rows.npz"), &z));
    CHECK_OK(ip_npz_put(z, "first", IP_NPZ_F32, known[i].rank, known[i].dim, t));
    CHECK_OK(ip_npz_put(z, "y", IP_NPZ_I32, 1, (size_t[]){N}, labels));
    CHECK_OK(ip_npz_publish(&z));
    if (known[i].message)
      CHECK_FAILS(ip_run_from_npz(temp_path("rows.npz"), temp_path("rows.h5"), &made), IP_EFORMAT, known[i].message);
    else
      CHECK_OK(ip_run_from_npz(temp_path("rows.npz"), temp_path("rows.h5"), &made));
  }
}

static ip_status make_b(const char *npz, const char *run)
{
  bool made;
  ip_status st = ip_run_from_npz(npz, run, &made);
  assert_false(temp_exists("b.h5.part") || temp_exists("b.h5.state"));
  return st;
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
  const float half[2 * N] = {0.5f, 0.5f};
  const double from_two[N] = {-1, 2, 1, -1, 1, 1};
  const struct {
    const char *message;
    ip_npz_type type;
    size_t rank, dim[3];
    const void *y;
  } wrong[] = {
      {"y: row 0 (from 0) is not one-hot; expected one label for each sample", IP_NPZ_F32, 2, {N, 2}, half},
      {"y has the shape (6, 2, 1); expected one label for each sample, or one-hot", IP_NPZ_F32, 3, {N, 2, 1}, half},
      {"y: element 0 (from 0) is -1; expected integers from 0 to", IP_NPZ_F64, 1, {N}, from_two},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK_OK(put_labels(temp_path("wrong.npz"), wrong[i].type, wrong[i].rank, wrong[i].dim, wrong[i].y));
    CHECK_FAILS(ip_run_from_npz(temp_path("wrong.npz"), run, &made), IP_EFORMAT, wrong[i].message);
  }
  static const struct {
    const char *name, *message;
  } lone[] = {
      {"first", "no array y; expected labels y (n), or p_y_given_x (n, classes) or target (n, targets), beside"},
      {"y", "no activations; expected an array for each layer, (samples, units) or (epochs, samples, units)"}};
  for (size_t i = 0; i < 2; i++) {
    ip_npz *z;
    CHECK_OK(ip_npz_create(temp_path("lone.npz"), &z));
    CHECK_OK(ip_npz_put(z, lone[i].name, IP_NPZ_I32, 1, (size_t[]){N}, (int32_t[N]){0}));
    CHECK_OK(ip_npz_publish(&z));
    CHECK_FAILS(ip_run_from_npz(temp_path("lone.npz"), run, &made), IP_EFORMAT, lone[i].message);
  }
  CHECK_FAILS(ip_run_from_npz(npz, "/nowhere/b.h5", &made), IP_EIO, "/nowhere/b.h5");
  CHECK_EVERY_ALLOCATION(make_b(npz, run), unlink(run));
  size_t n, n_failed = 0;
  char *bytes;
  CHECK_OK(ip_file_read(npz, 1 << 20, &n, &bytes));
  for (size_t at = 100; at < 500; at += 20) { /* packed numbers that are damaged, which is noticed when they are read */
    bytes[at] ^= 0x55;
    temp_write("damaged.npz", n, bytes);
    bytes[at] ^= 0x55;
    ip_error_clear();
    if (ip_run_from_npz(temp_path("damaged.npz"), run, &made) != IP_OK) n_failed++;
    assert_true(made == temp_exists("b.h5"));
    assert_false(temp_exists("b.h5.part") || temp_exists("b.h5.state"));
    unlink(run);
  }
  ip_free(bytes);
  ip_error_clear();
  assert_true(n_failed > 0);
  assert_false(temp_exists("b.h5") || temp_exists("b.h5.part") || temp_exists("b.h5.state"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_archive_becomes_a_run_once),
      cmocka_unit_test(one_hot_rows_and_minus_one_are_labels),
      cmocka_unit_test(every_array_of_an_archive_has_its_place),
      cmocka_unit_test(what_an_archive_lacks_follows_from_the_rest),
      cmocka_unit_test(epochs_that_do_not_ascend_are_refused),
      cmocka_unit_test(layers_have_a_row_for_each_sample),
      cmocka_unit_test(failures_leave_nothing),
  };
  return cmocka_run_group_tests_name("runfile/from_npz", tests, temp_create, temp_remove);
}
