#include "base/test/check.h"
#include "file/atomic.h"
#include "file/h5.h"
#include "file/test/temp.h"
#include "runfile/runfile.h"
#include "runfile/test/sample_run.h"

static ip_run *open_run(const char *name)
{
  ip_run *r;
  CHECK_OK(ip_run_open(temp_path(name), &r));
  return r;
}

static void check_epochs(ip_run *r, size_t n_epochs)
{
  assert_int_equal(ip_run_n_epochs(r), n_epochs);
  double metric[64], by_layer[128];
  float t[SAMPLE_N * SAMPLE_WIDTH];
  CHECK_OK(ip_run_read_metric(r, "train/accuracy", metric));
  CHECK_OK(ip_run_read_layer_metric(r, "gradient_mean", by_layer));
  for (size_t e = 0; e < n_epochs; e++) {
    int64_t epoch = ip_run_epochs(r)[e];
    assert_int_equal(epoch, 3 * e);
    assert_true(metric[e] == (double)epoch + 0.125);
    assert_true(by_layer[e * 2 + 1] == (double)epoch * 10 + 3);
    for (size_t k = 0; k < SAMPLE_LAYERS && ip_run_has_activations(r); k++) {
      CHECK_OK(ip_run_read_activation(r, k, e, t));
      for (size_t i = 0; i < SAMPLE_N * ip_run_head_of(r)->layer[k].width; i++)
        assert_true(t[i] == sample_value(epoch, k, i));
    }
    if (!ip_run_has_activations(r)) continue;
    CHECK_OK(ip_run_read_mean(r, 0, e, t));
    assert_true(t[4] == -sample_value(epoch, 0, 4));
  }
}

static void what_was_written_is_read_back(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("a.h5"), 5, 5));
  assert_false(temp_exists("a.h5.part"));
  assert_false(temp_exists("a.h5.state"));
  ip_run *r = open_run("a.h5");
  const ip_run_head *h = ip_run_head_of(r);
  assert_string_equal(h->name, "seed=3");
  assert_string_equal(h->config, "training:\n  epochs: 10\n");
  assert_string_equal(h->digest, "0123456789abcdef");
  assert_string_equal(h->estimate_digest, "");
  assert_int_equal(h->seed, 3);
  assert_true(h->hx_bits == 2.5 && isnan(h->ixy_bits));
  assert_int_equal(h->n, SAMPLE_N);
  assert_int_equal(h->n_x, 6);
  assert_int_equal(h->n_classes, 2);
  assert_memory_equal(h->x_id, sample_x_id, sizeof sample_x_id);
  assert_memory_equal(h->y, sample_y, sizeof sample_y);
  assert_memory_equal(h->split, sample_split, sizeof sample_split);
  assert_null(h->p_y_given_x);
  assert_null(h->x);
  assert_int_equal(h->n_layers, 2);
  assert_string_equal(h->layer[1].kind, "output");
  assert_string_equal(h->layer[0].activation, "tanh");
  assert_true(h->layer[0].has_mean && !h->layer[1].has_mean);
  assert_int_equal(h->n_metrics, 3);
  assert_string_equal(h->metric[1], "train/accuracy");
  assert_string_equal(h->layer_metric[1], "gradient_mean");
  assert_string_equal(ip_run_status(r), "done");
  assert_true(ip_run_final(r, "train/accuracy") == 0.5);
  assert_true(ip_run_final(r, "train_accuracy") == 0.5);
  assert_true(isnan(ip_run_final(r, "none")));
  check_epochs(r, 5);
  double v[5];
  CHECK_OK(ip_run_read_metric(r, "none", v));
  assert_true(isnan(v[0]) && isnan(v[4]));
  ip_run_close(&r);
  ip_run_close(&r);
}

static void optional_arrays_are_kept(void **state)
{
  (void)state;
  float p[SAMPLE_N * 3], x[SAMPLE_N * 4];
  for (int i = 0; i < SAMPLE_N * 3; i++) p[i] = (float)i;
  for (int i = 0; i < SAMPLE_N * 4; i++) x[i] = (float)i / 2;
  ip_run_head head = sample_head(2);
  head.p_y_given_x = p;
  head.n_classes = 3;
  head.x = x;
  head.n_in = 4;
  head.target = x;
  head.n_targets = 4;
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(temp_path("x.h5"), &head, &w));
  for (size_t e = 0; e < 2; e++) CHECK_OK(sample_append(w, e));
  CHECK_OK(sample_end(w));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(temp_path("x.h5"), true));
  ip_run *r = open_run("x.h5");
  const ip_run_head *h = ip_run_head_of(r);
  assert_int_equal(h->n_classes, 3);
  assert_int_equal(h->n_in, 4);
  assert_int_equal(h->n_targets, 4);
  assert_memory_equal(h->target, x, SAMPLE_N * 4 * sizeof *x);
  assert_memory_equal(h->p_y_given_x, p, sizeof p);
  assert_null(h->x);
  CHECK_OK(ip_run_load_inputs(r));
  assert_memory_equal(h->x, x, sizeof x);
  ip_run_close(&r);
}

static void a_file_being_written_shows_its_complete_epochs(void **state)
{
  (void)state;
  ip_run_head head = sample_head(10);
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(temp_path("b.h5"), &head, &w));
  for (size_t e = 0; e < 4; e++) CHECK_OK(sample_append(w, e));
  /* HDF5 opens a file once in a process: look at a copy, as it is on disk while the writer goes on. */
  CHECK_OK(ip_file_copy(temp_path("b.h5.part"), temp_path("b.copy")));
  ip_run_writer_destroy(&w);
  ip_run *r = open_run("b.copy");
  assert_string_equal(ip_run_status(r), "running");
  check_epochs(r, 4);
  ip_run_close(&r);
}

static void an_interrupted_run_goes_on_and_ends_equal(void **state)
{
  (void)state;
  const char *end[] = {"c0.h5", "c1.h5"};
  CHECK_OK(sample_write(temp_path(end[0]), 6, 6));
  ip_run_head head = sample_head(6);
  ip_run_writer *w;
  CHECK_OK(ip_run_writer_create(temp_path(end[1]), &head, &w));
  for (size_t e = 0; e < 3; e++) CHECK_OK(sample_append(w, e));
  ip_run_writer_destroy(&w);
  size_t n_epochs, n_state;
  int64_t next;
  void *bytes;
  CHECK_OK(ip_run_writer_resume(temp_path(end[1]), &head, &w, &n_epochs, &next, &n_state, &bytes));
  assert_non_null(w);
  assert_int_equal(n_epochs, 3);
  assert_int_equal(next, 7);
  assert_int_equal(n_state, SAMPLE_STATE);
  assert_int_equal(((unsigned char *)bytes)[99], 3);
  ip_free(bytes);
  for (size_t e = 3; e < 6; e++) CHECK_OK(sample_append(w, e));
  CHECK_OK(sample_end(w));
  ip_run_writer_destroy(&w);
  CHECK_OK(ip_run_publish(temp_path(end[1]), true));
  ip_run *r = open_run(end[1]);
  check_epochs(r, 6);
  ip_run_close(&r);
  char command[1200];
  snprintf(command, sizeof command, "h5diff --exclude-path /provenance '%s' '%s'", temp_path(end[0]),
           temp_path(end[1]));
  assert_int_equal(system(command), 0);
}

static void room_not_used_or_not_planned_makes_no_difference(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("e0.h5"), 6, 6));
  CHECK_OK(sample_write(temp_path("e1.h5"), 50, 6));
  CHECK_OK(sample_write(temp_path("e2.h5"), 2, 6));
  CHECK_OK(sample_write(temp_path("e3.h5"), 0, 6));
  const char *other[] = {"e1.h5", "e2.h5", "e3.h5"};
  for (int i = 0; i < 3; i++) {
    char command[1200];
    snprintf(command, sizeof command, "h5diff --exclude-path /provenance '%s' '%s'", temp_path("e0.h5"),
             temp_path(other[i]));
    assert_int_equal(system(command), 0);
    ip_run *r = open_run(other[i]);
    check_epochs(r, 6);
    ip_run_close(&r);
  }
  CHECK_OK(sample_write(temp_path("e4.h5"), 6, 0)); /* diverged before its first epoch was logged */
  ip_run *r = open_run("e4.h5");
  check_epochs(r, 0);
  ip_run_close(&r);
}

static void information_is_added_replaced_and_read(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("f.h5"), 4, 4));
  CHECK_OK(sample_inform(temp_path("f.h5"), "edges", 4, 100));
  CHECK_OK(sample_inform(temp_path("f.h5"), "width:size=0.5", 4, 1));
  CHECK_OK(sample_inform(temp_path("f.h5"), "edges", 4, 200));
  assert_false(temp_exists("f.h5.new"));
  ip_run *r = open_run("f.h5");
  assert_string_equal(ip_run_head_of(r)->estimate_digest, "estimated");
  assert_int_equal(ip_run_n_information(r), 2);
  assert_string_equal(ip_run_information_name(r, 0), "edges");
  ip_scratch *sc;
  CHECK_OK(ip_scratch_create(&sc));
  ip_information info;
  CHECK_OK(ip_run_read_information(r, "edges", sc, &info));
  assert_int_equal(info.n_attributes, 2);
  assert_true(info.attribute[0].is_number && info.attribute[0].number == 30);
  assert_string_equal(info.attribute[0].text, "30");
  assert_string_equal(info.attribute[1].text, "run");
  assert_int_equal(info.n_series, 2);
  assert_string_equal(info.series[0], "ity"); /* in alphabetical order */
  assert_true(info.value[0][7] == 193 && info.value[1][7] == 207);
  double v[8];
  CHECK_OK(ip_run_read_series(r, "width:size=0.5", "ixt", v));
  assert_true(v[3] == 4);
  CHECK_OK(ip_run_read_series(r, "edges", "ixt_low", v));
  assert_true(isnan(v[0]) && isnan(v[7]));
  CHECK_FAILS(ip_run_read_information(r, "kde", sc, &info), IP_EINVAL,
              "f.h5: no estimates 'kde'; the file has edges, width:size=0.5");
  check_epochs(r, 4);
  float t[1];
  CHECK_FAILS(ip_run_read_activation(r, 2, 0, t), IP_EINVAL,
              "f.h5: got layer 2 at logged epoch 0, expected below 2 and 4");
  CHECK_FAILS(ip_run_read_activation(r, 0, 4, t), IP_EINVAL, "got layer 0 at logged epoch 4");
  CHECK_FAILS(ip_run_read_mean(r, 9, 0, t), IP_EINVAL, "got layer 9");
  ip_run_close(&r);
  ip_scratch_destroy(&sc);
  CHECK_FAILS(sample_inform(temp_path("none.h5"), "edges", 4, 1), IP_EIO, "none.h5: cannot be opened");
}

static void a_run_opened_for_its_series_loads_its_samples_when_asked(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("s.h5"), 4, 4));
  CHECK_OK(sample_inform(temp_path("s.h5"), "edges", 4, 100));
  ip_run *r;
  CHECK_OK(ip_run_open_series(temp_path("s.h5"), &r));
  const ip_run_head *h = ip_run_head_of(r);
  assert_int_equal(h->n, SAMPLE_N);
  assert_int_equal(h->n_classes, 2);
  assert_null(h->y);
  check_epochs(r, 4);
  double v[8];
  CHECK_OK(ip_run_read_series(r, "edges", "ixt", v));
  assert_true(v[7] == 107);
  for (int twice = 0; twice < 2; twice++) {
    CHECK_OK(ip_run_load_samples(r));
    assert_int_equal(h->n_x, 6);
    assert_memory_equal(h->x_id, sample_x_id, sizeof sample_x_id);
    assert_memory_equal(h->y, sample_y, sizeof sample_y);
    assert_memory_equal(h->split, sample_split, sizeof sample_split);
  }
  ip_run_close(&r);
}

/* Puts a series of two dimensions in the place of `name`. */
static void spoil(const char *file, const char *name)
{
  ip_h5 *h;
  const double value[4] = {0};
  CHECK_OK(ip_h5_open(temp_path(file), true, &h));
  CHECK_OK(ip_h5_remove(h, name));
  CHECK_OK(ip_h5_put(h, name, IP_H5_F64, 2, (const size_t[]){2, 2}, value));
  CHECK_OK(ip_h5_close(&h));
}

static void a_damaged_series_is_found_when_it_is_read_at_the_latest(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("d.h5"), 4, 4));
  CHECK_OK(sample_inform(temp_path("d.h5"), "edges", 4, 100));
  spoil("d.h5", "/metrics/train/loss");
  const char *expected = "d.h5: /metrics/train/loss: got shape [2, 2], expected [4] (epochs)";
  ip_run *r;
  double v[8];
  CHECK_FAILS(ip_run_open(temp_path("d.h5"), &r), IP_EFORMAT, expected);
  CHECK_OK(ip_run_open_series(temp_path("d.h5"), &r));
  CHECK_FAILS(ip_run_read_metric(r, "train/loss", v), IP_EFORMAT, expected);
  CHECK_OK(ip_run_read_metric(r, "train/accuracy", v));
  ip_run_close(&r);
  CHECK_OK(sample_write(temp_path("d.h5"), 4, 4));
  spoil("d.h5", "/data/y");
  CHECK_FAILS(ip_run_open_series(temp_path("d.h5"), &r), IP_EFORMAT, "d.h5: /data/y");
}

static void a_run_can_be_published_without_its_activations(void **state)
{
  (void)state;
  ip_run_writer *w;
  ip_run_head head = sample_head(4);
  CHECK_OK(ip_run_writer_create(temp_path("g.h5"), &head, &w));
  for (size_t e = 0; e < 4; e++) CHECK_OK(sample_append(w, e));
  CHECK_OK(sample_end(w));
  ip_run_writer_destroy(&w);
  CHECK_OK(sample_inform(temp_path("g.h5.part"), "edges", 4, 100));
  char *ended, *before;
  ip_h5 *h;
  CHECK_OK(ip_h5_open(temp_path("g.h5.part"), false, &h));
  CHECK_OK(ip_h5_text(h, "/provenance", "ended", &before));
  CHECK_OK(ip_h5_close(&h));
  CHECK_OK(ip_run_publish(temp_path("g.h5"), false));
  CHECK_OK(ip_h5_open(temp_path("g.h5"), false, &h));
  CHECK_OK(ip_h5_text(h, "/provenance", "ended", &ended));
  CHECK_OK(ip_h5_close(&h));
  assert_true(*before && !strcmp(ended, before)); /* of the training, not of the copy */
  ip_free(before);
  ip_free(ended);
  assert_false(temp_exists("g.h5.part") || temp_exists("g.h5.new") || temp_exists("g.h5.state"));
  ip_run *r = open_run("g.h5");
  assert_false(ip_run_has_activations(r));
  assert_int_equal(ip_run_head_of(r)->layer[0].width, SAMPLE_WIDTH);
  assert_true(ip_run_final(r, "test/loss") == 0.75);
  assert_string_equal(ip_run_head_of(r)->estimate_digest, "estimated");
  check_epochs(r, 4);
  double v[8];
  CHECK_OK(ip_run_read_series(r, "edges", "ity", v));
  assert_true(v[2] == 98);
  float t[1];
  CHECK_FAILS(ip_run_read_activation(r, 0, 0, t), IP_EFORMAT, "g.h5: contains no activations");
  ip_run_close(&r);
}

/* A name that is taken by a directory: the complete run stays, and nothing half made. */
static void a_run_that_cannot_have_its_name_stays_complete(void **state)
{
  (void)state;
  CHECK_OK(sample_write(temp_path("t.h5"), 2, 2));
  assert_int_equal(rename(temp_path("t.h5"), temp_path("taken.h5.part")), 0);
  CHECK_OK(ip_folder_create(temp_path("taken.h5")));
  for (int keep = 0; keep < 2; keep++) {
    CHECK_FAILS(ip_run_publish(temp_path("taken.h5"), keep), IP_EIO, "taken.h5: Is a directory");
    assert_false(temp_exists("taken.h5.new"));
    ip_run *r = open_run("taken.h5.part");
    check_epochs(r, 2);
    assert_true(ip_run_has_activations(r));
    ip_run_close(&r);
  }
  CHECK_FAILS(ip_run_publish(temp_path("nothing.h5"), true), IP_EIO, "nothing.h5.part: cannot be brought to the disk");
  CHECK_FAILS(ip_run_publish(temp_path("nothing.h5"), false), IP_EIO, "nothing.h5.part: cannot be opened");
}

static ip_status whole_life(const char *path)
{
  unlink(path);
  IP_TRY(sample_write(path, 2, 2));
  IP_TRY(sample_inform(path, "edges", 2, 1));
  ip_run *r;
  IP_TRY(ip_run_open(path, &r));
  double v[64];
  ip_scratch *sc = NULL;
  ip_information info;
  ip_status st = ip_run_read_layer_metric(r, "weight_norm", v);
  if (st == IP_OK) st = ip_scratch_create(&sc);
  if (st == IP_OK) st = ip_run_read_information(r, "edges", sc, &info);
  ip_scratch_destroy(&sc);
  ip_run_close(&r);
  return st;
}

static void a_failed_allocation_is_reported_and_leaves_nothing(void **state)
{
  (void)state;
  char path[512];
  snprintf(path, sizeof path, "%s", temp_path("memory.h5"));
  CHECK_EVERY_ALLOCATION(whole_life(path), assert_false(temp_exists("memory.h5.new")));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_written_is_read_back),
      cmocka_unit_test(optional_arrays_are_kept),
      cmocka_unit_test(a_file_being_written_shows_its_complete_epochs),
      cmocka_unit_test(an_interrupted_run_goes_on_and_ends_equal),
      cmocka_unit_test(room_not_used_or_not_planned_makes_no_difference),
      cmocka_unit_test(information_is_added_replaced_and_read),
      cmocka_unit_test(a_run_opened_for_its_series_loads_its_samples_when_asked),
      cmocka_unit_test(a_damaged_series_is_found_when_it_is_read_at_the_latest),
      cmocka_unit_test(a_run_can_be_published_without_its_activations),
      cmocka_unit_test(a_run_that_cannot_have_its_name_stays_complete),
      cmocka_unit_test(a_failed_allocation_is_reported_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
