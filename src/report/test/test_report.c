#include "report/report.h"

#include "report/html.h"

#include "base/test/check.h"
#include "report/test/elements.h"
#include "study/test/made_runs.h"

#include <math.h>
#include <sys/stat.h>

static char text[8 << 20];

/* What a file of the directory holds, into `text`. */
static void read_text(const char *name)
{
  FILE *in = fopen(temp_path(name), "rb");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = 0;
  fclose(in);
}

static FILE *begin(void)
{
  FILE *out = fopen(temp_path("piece"), "wb");
  assert_non_null(out);
  return out;
}

static const char *end(FILE *out)
{
  assert_int_equal(fclose(out), 0);
  read_text("piece");
  return text;
}

static void texts_cannot_leave_their_place_in_the_page(void **state)
{
  (void)state;
  FILE *out = begin();
  ip_html_text(out, "<script>\"a\" & 'b'\x01\xff \xce\xb1 \xe2\x82\xac \xf0\x9f\x98\x80 \xe2\x82");
  assert_string_equal(end(out),
                      "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;?? \xce\xb1 \xe2\x82\xac \xf0\x9f\x98\x80 ??");
  out = begin();
  ip_html_number(out, 1.0 / 3, 4);
  ip_html_number(out, (double)NAN, 4);
  assert_string_equal(end(out), "0.3333&ndash;");
}

static void images_are_base64_as_rfc_4648_gives_it(void **state)
{
  (void)state;
  static const char *const cases[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char want[128], path[512];
    temp_write("image", strlen(cases[i][0]), cases[i][0]);
    strcpy(path, temp_path("image"));
    FILE *out = begin();
    CHECK_OK(ip_html_data(out, path, "image/gif"));
    snprintf(want, sizeof want, "data:image/gif;base64,%s", cases[i][1]);
    assert_string_equal(end(out), want);
  }
  FILE *out = begin();
  CHECK_FAILS(ip_html_data(out, "/no/such.svg", "image/svg+xml"), IP_EIO, "/no/such.svg");
  fclose(out);
}

/* Decoded as an attribute in single quotes (&amp;), and as a URL (%xx), it is the file, with spaces for line ends. */
static void an_svg_is_text_in_a_url(void **state)
{
  (void)state;
  static const char svg[] = "<?xml?>\n<svg a=\"1\"\tb='2'>\r\n<use href='#p'/>50 % &amp; \xce\xb1</svg>\n";
  static const char want[] =
      "data:image/svg+xml,%3C?xml?%3E %3Csvg a=\"1\" b=%272%27%3E  %3Cuse href=%27%23p%27/%3E50 %25 &amp;amp; "
      "\xce\xb1%3C/svg%3E ";
  char path[512];
  size_t n;
  temp_write("image", sizeof svg - 1, svg);
  strcpy(path, temp_path("image"));
  FILE *out = begin();
  CHECK_OK(ip_html_svg(out, path));
  assert_string_equal(end(out), want);
  CHECK_OK(ip_html_svg_size(path, &n));
  assert_int_equal(n, sizeof want - 1);
  out = begin();
  CHECK_FAILS(ip_html_svg(out, "/no/such.svg"), IP_EIO, "/no/such.svg");
  fclose(out);
  CHECK_FAILS(ip_html_svg_size("/no/such.svg", &n), IP_EIO, "/no/such.svg");
}

/* A file of more than one piece: no padding inside, and every third byte where it belongs. */
static void long_images_have_their_padding_at_the_end(void **state)
{
  (void)state;
  enum { N = 10000 };
  static unsigned char bytes[N];
  char path[512];
  for (int i = 0; i < N; i++) bytes[i] = (unsigned char)(i % 3 == 0 ? 'f' : 'o');
  temp_write("image", N, bytes);
  strcpy(path, temp_path("image"));
  FILE *out = begin();
  CHECK_OK(ip_html_data(out, path, "a"));
  const char *digits = end(out) + strlen("data:a;base64,");
  assert_int_equal(strlen(digits), (N + 2) / 3 * 4);
  for (int i = 0; i < N / 3; i++) assert_memory_equal(digits + 4 * i, "Zm9v", 4);
  assert_string_equal(digits + N / 3 * 4, "Zg==");
}

#define CONFIG(seed) "name: r\nseed: " seed "\n"

static void the_page_has_figures_measures_runs_and_configuration(void **state)
{
  (void)state;
  const made_run runs[] = {
      {.file = "x/runs/a.h5", .experiment = "<r> & d", .config = CONFIG("1"), .seed = 1, .n_epochs = 6},
      {.file = "x/runs/b.h5", .experiment = "<r> & d", .config = CONFIG("2"), .seed = 2, .n_epochs = 6, .shift = 1},
      {.file = "x/runs/c.h5",
       .experiment = "<r> & d",
       .config = CONFIG("3"),
       .seed = 3,
       .n_epochs = 6,
       .failed_to_fit = true,
       .shift = 50}};
  char path[3][512], folder[512], page[512];
  const char *file[3];
  mkdir(temp_path("x"), 0755);
  mkdir(temp_path("x/runs"), 0755);
  for (size_t i = 0; i < 3; i++) {
    CHECK_OK(made_write(&runs[i]));
    strcpy(path[i], temp_path(runs[i].file));
    file[i] = path[i];
  }
  static const char yaml[] = "a: <b> & 'c'\ndescription: \"1 < 2 & <i>x\"\n";
  temp_write("x/experiment.yaml", sizeof yaml - 1, yaml);
  strcpy(folder, temp_path("x"));
  strcpy(page, temp_path("x/report.html"));
  ip_report_options o = {.folder = folder, .out = page};
  CHECK_OK(ip_report_write(3, file, &o));
  read_text("x/report.html");
  check_elements(text);
  assert_non_null(strstr(text, "<h1>&lt;r&gt; &amp; d</h1>"));
  assert_non_null(strstr(text, "<p>3 runs of 1 configuration. Data: made. H(X) = 2 bits"));
  assert_non_null(strstr(text, "<figure id=\"figure-plane\">"));
  assert_non_null(strstr(text, "src='data:image/svg+xml,%3C?xml version=\"1.0\""));
  /* Layer 1: the I(X;T) of the two runs falls from 2 and 3 at epoch 0 to 1.95 and 2.95; I(T;Y) ends at 0.55, the
   * accuracies at 0.55 and 0.4. */
  assert_non_null(strstr(
      text, "<td>2.5</td><td>0</td><td>2.45</td><td>0.05</td><td>0.55</td><td>&ndash;</td><td>&ndash;</td><td>0 of "
            "2</td>"));
  assert_non_null(strstr(text,
                         "<th scope=\"row\">b.h5</th><td>2</td><td>0.55</td><td>0.4</td><td>2.95</td><td>0.05</td>"
                         "<td>0.55</td>"));
  assert_non_null(strstr(text, "<p class=\"lead\">1 &lt; 2 &amp; &lt;i&gt;x</p>"));
  assert_non_null(strstr(text, "<th scope=\"row\">width:size=0.5</th>")); /* all estimators */
  assert_non_null(strstr(text, "<td>3</td><td>failed to fit</td><td>6</td><td>15</td><td>4</td>"));
  assert_non_null(strstr(text, "<li>1 of 3 runs failed to fit and is left out of means"));
  assert_non_null(strstr(text, "<pre>a: &lt;b&gt; &amp; &#39;c&#39;\n"));
  assert_null(strstr(text, "src=\"")); /* images are data, nothing is referred to */
  for (const char *at = text; (at = strstr(at, " src='")); at++) assert_memory_equal(at, " src='data:image/", 17);
  assert_null(strstr(text, "<r>"));
}

static void a_failure_leaves_no_page(void **state)
{
  (void)state;
  const made_run run = {.file = "lone.h5", .experiment = "", .config = "", .seed = 1, .n_epochs = 4};
  CHECK_OK(made_write(&run));
  char path[512], folder[512], page[512];
  strcpy(path, temp_path("lone.h5"));
  strcpy(folder, temp_path("y"));
  strcpy(page, temp_path("y/report.html"));
  const char *file = path;
  ip_report_options o = {.folder = folder, .out = page};
  setenv("INFOPLANE_GNUPLOT", "false", 1);
  CHECK_FAILS(ip_report_write(1, &file, &o), IP_ECHILD, "plane.svg");
  unsetenv("INFOPLANE_GNUPLOT");
  assert_false(temp_exists("y/report.html"));
  assert_false(temp_exists("y/report.html.part"));
  CHECK_OK(ip_report_write(1, &file, &o));
  assert_true(temp_exists("y/report.html"));
  o.estimator = "none";
  CHECK_FAILS(ip_report_write(1, &file, &o), IP_EINVAL, "it has: edges");
  o.estimator = NULL;
  o.out = "/no/such/folder/page.html";
  CHECK_FAILS(ip_report_write(1, &file, &o), IP_EIO, "/no/such/folder");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(texts_cannot_leave_their_place_in_the_page),
      cmocka_unit_test(images_are_base64_as_rfc_4648_gives_it),
      cmocka_unit_test(an_svg_is_text_in_a_url),
      cmocka_unit_test(long_images_have_their_padding_at_the_end),
      cmocka_unit_test(the_page_has_figures_measures_runs_and_configuration),
      cmocka_unit_test(a_failure_leaves_no_page),
  };
  return cmocka_run_group_tests_name("report/report", tests, temp_create, temp_remove);
}
