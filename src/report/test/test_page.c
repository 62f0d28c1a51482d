/* test_page.c - the page as a whole: its structure, what it leaves out, and names from hostile files. */
#include "report/report.h"

#include "base/test/check.h"
#include "report/test/elements.h"
#include "study/test/made_runs.h"

#include <ctype.h>
#include <sys/stat.h>

static char text[8 << 20];
static bool is_static;

typedef struct {
  int n;
  char names[512];
} left_out;

static void told(void *context, const char *figure, const char *why_not)
{
  left_out *l = context;
  assert_true(strlen(why_not) > 10);
  l->n++;
  strcat(l->names, figure);
  strcat(l->names, " ");
}

/* Writes the page of (n) runs into `text`. */
static void page(size_t n, const made_run *run, const char *folder, left_out *left)
{
  char path[8][512], root[512], out[512], name[64];
  const char *file[8];
  snprintf(name, sizeof name, "%s/runs", folder);
  mkdir(temp_path(folder), 0755);
  mkdir(temp_path(name), 0755);
  for (size_t i = 0; i < n; i++) {
    CHECK_OK(made_write(&run[i]));
    strcpy(path[i], temp_path(run[i].file));
    file[i] = path[i];
  }
  strcpy(root, temp_path(folder));
  snprintf(name, sizeof name, "%s/report.html", folder);
  strcpy(out, temp_path(name));
  *left = (left_out){0};
  ip_report_options o = {.folder = root, .out = out, .is_static = is_static, .on_figure = told, .context = left};
  CHECK_OK(ip_report_write(n, file, &o));
  FILE *in = fopen(out, "rb");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = 0;
  fclose(in);
  check_elements(text);
}

static size_t count(const char *what)
{
  size_t n = 0;
  for (const char *at = text; (at = strstr(at, what)); at += strlen(what)) n++;
  return n;
}

#define CONFIG(seed) "name: r\ndescription: all of it\nseed: " seed "\n"

static void the_page_has_landmarks_captions_scopes_and_links_that_lead_somewhere(void **state)
{
  (void)state;
  const made_run runs[] = {
      {.file = "s/runs/a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 6},
      {.file = "s/runs/b.h5", .experiment = "r", .config = CONFIG("2"), .seed = 2, .n_epochs = 6, .shift = 1}};
  left_out left;
  page(2, runs, "s", &left);
  assert_int_equal(left.n, 0);
  assert_null(strstr(text, "id=\"left-out\""));
  assert_int_equal(count("<main>"), 1);
  assert_int_equal(count("<nav "), 1);
  assert_int_equal(count("<h1>"), 1);
  assert_non_null(strstr(text, "<p class=\"lead\">all of it</p>"));
  assert_true(count("<table>") >= 4);
  assert_int_equal(count("<table>"), count("<caption>"));
  assert_int_equal(count("<table>"), count("<thead>"));
  assert_int_equal(count("<th>"), 0); /* each has a scope */
  assert_int_equal(count("<th "), count(" scope=\"col\"") + count(" scope=\"colgroup\"") + count(" scope=\"row\"") +
                                      count(" scope=\"rowgroup\""));
  assert_int_equal(count("<img "), count("<img alt=\"")); /* the alternative says what is seen */
  assert_non_null(strstr(text, "layer 1 ends at I(X;T) 2.45 and I(T;Y) 0.55 bits"));
  assert_non_null(strstr(text, "at the end: training loss 0.167, test loss 0.333, training accuracy 0.55, test "
                               "accuracy 0.4"));
  assert_non_null(strstr(text, "<th scope=\"row\">geometry/nc1</th><td class=\"text\"></td><td>3.846</td>"));
  /* The gradient's mean, 4/e + k, is below 2 from the third logged epoch on in layer 1, from the fifth, 14, in 2. */
  assert_non_null(strstr(text, "layer 2: the mean gradient is below its standard deviation first at epoch 15"));
  size_t links = 0;
  for (const char *at = text; (at = strstr(at, "href=\"#")); links++) {
    char id[64];
    at += strlen("href=\"#");
    snprintf(id, sizeof id, "id=\"%.*s\"", (int)strcspn(at, "\""), at);
    if (!strstr(text, id)) fail_msg("a link leads to %s", id);
  }
  assert_true(links >= 8);
}

static void no_word_is_so_long_that_it_pushes_the_page_wide(void **state)
{
  (void)state;
  const made_run run = {.file = "w/runs/a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 6};
  left_out left;
  is_static = true; /* data are long words of their own */
  page(1, &run, "w", &left);
  is_static = false;
  bool inside = false;
  size_t length = 0;
  for (const char *c = strstr(text, "<body>"); *c; c++) {
    if (*c == '<' || *c == '>') inside = *c == '<';
    length = inside || *c == '>' || isspace((unsigned char)*c) ? 0 : length + 1;
    if (length > 40) fail_msg("a word of more than 40 letters: %.60s", c - 40);
  }
  assert_non_null(strstr(text, "overflow-wrap: anywhere")); /* and names from files break anywhere */
}

static void what_lacks_estimates_is_named_and_the_others_are_drawn(void **state)
{
  (void)state;
  const made_run runs[] = {{.file = "l/runs/a.h5", .experiment = "r", .config = CONFIG("1"), .seed = 1, .n_epochs = 6},
                           {.file = "l/runs/b.h5",
                            .experiment = "r",
                            .config = CONFIG("2"),
                            .seed = 2,
                            .n_epochs = 6,
                            .no_information = true}};
  left_out left;
  page(2, runs, "l", &left);
  assert_non_null(strstr(text, "figure id=\"figure-plane\""));
  assert_non_null(strstr(text, "(from the 1 of 2 runs that have estimates)"));
  assert_non_null(strstr(text, "<li>1 of 2 runs has no estimates by edges and is not part of its numbers and of the "
                               "figures of information: b.h5."));
  const char *loss = strstr(text, "id=\"figure-loss\"");
  assert_non_null(loss);
  assert_int_equal(strncmp(strstr(loss, "</figcaption>") - strlen("samples"), "samples", 7), 0); /* from both runs */
}

static void figures_that_are_left_out_are_reported_with_their_reason(void **state)
{
  (void)state;
  const made_run run = {.file = "n/runs/a.h5",
                        .experiment = "r",
                        .config = CONFIG("1"),
                        .seed = 1,
                        .n_epochs = 6,
                        .no_information = true};
  left_out left;
  page(1, &run, "n", &left);
  assert_string_equal(left.names, "plane layers ");
  assert_non_null(strstr(text, "<a href=\"#left-out\">"));
  assert_non_null(strstr(text, "<li>Figure plane: a run file has no such estimates"));
  assert_non_null(strstr(text, "No run file has estimates of information."));
  assert_null(strstr(text, "id=\"figure-plane\""));
  assert_non_null(strstr(text, "id=\"figure-loss\""));
}

static void names_from_files_stay_texts(void **state)
{
  (void)state;
  static const char bad[] = "</title><script>alert(1)</script>\"' onerror=x & <!-- ]]> \x01\xff";
  made_run run = {.file = "h/runs/a<b>\"'&.h5",
                  .experiment = bad,
                  .config = "name: r\ndescription: \"<img src=x onerror='y'>\"\n",
                  .seed = 1,
                  .n_epochs = 6};
  left_out left;
  page(1, &run, "h", &left);
  assert_int_equal(count("<script"), 2 + count("<script type=\"text/plain\" id=\"ip-block-"));
  assert_null(strstr(text, "<!--"));
  assert_null(strstr(text, "<img src"));
  assert_null(strstr(text, "a<b>"));
  assert_int_equal(count("</title>"), 1);
  assert_non_null(strstr(text, "<h1>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onerror=x &amp; "
                               "&lt;!-- ]]&gt; ?\?</h1>"));
  assert_non_null(strstr(text, "a&lt;b&gt;&quot;&#39;&amp;.h5"));
  assert_non_null(strstr(text, "<p class=\"lead\">&lt;img src=x onerror=&#39;y&#39;&gt;</p>"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_page_has_landmarks_captions_scopes_and_links_that_lead_somewhere),
      cmocka_unit_test(no_word_is_so_long_that_it_pushes_the_page_wide),
      cmocka_unit_test(what_lacks_estimates_is_named_and_the_others_are_drawn),
      cmocka_unit_test(figures_that_are_left_out_are_reported_with_their_reason),
      cmocka_unit_test(names_from_files_stay_texts),
  };
  return cmocka_run_group_tests_name("report/page", tests, temp_create, temp_remove);
}
