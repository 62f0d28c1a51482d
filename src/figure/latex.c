#include "figure/latex.h"

#include "base/mem.h"
#include "file/atomic.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 1 << 26 };

typedef struct {
  const char *raw, *graphics;
  double points;
  FILE *out;
} picture;

static bool starts_with(const char *s, const char *start)
{
  return strncmp(s, start, strlen(start)) == 0;
}

/* --- Texts */

/* Formulas of the field, the longer ones first. */
static const struct {
  const char *text, *latex;
} formulas[] = {
    {"I(X;T|Y)", "$I(X;T|Y)$"}, {"I(X;T)", "$I(X;T)$"},    {"I(T;Y)", "$I(T;Y)$"},    {"I(X;Y)", "$I(X;Y)$"},
    {"2^{H(T)}", "$2^{H(T)}$"}, {"H(Y|X)", "$H(Y|X)$"},    {"H(X)", "$H(X)$"},        {"H(Y)", "$H(Y)$"},
    {"H(T)", "$H(T)$"},         {"log2 N", "$\\log_2 N$"}, {"\xE2\x88\x92", "$-$"}, /* minus */
    {"\xCE\xB2", "$\\beta$"},   {"\xC2\xB2", "$^2$"},      {"\xC3\x97", "$\\times$"}, {"\xE2\x89\xA4", "$\\le$"},
    {"\xE2\x89\xA5", "$\\ge$"}, {"\xE2\x80\x93", "--"}, /* en dash */
};

/* Signs that mean something to TeX, or are others in its oldest fonts. */
static const struct {
  char sign;
  const char *latex;
} escapes[] = {{'\\', "\\textbackslash{}"},
               {'{', "\\{"},
               {'}', "\\}"},
               {'$', "\\$"},
               {'&', "\\&"},
               {'%', "\\%"},
               {'#', "\\#"},
               {'_', "\\_"},
               {'^', "\\textasciicircum{}"},
               {'~', "\\textasciitilde{}"},
               {'<', "\\textless{}"},
               {'>', "\\textgreater{}"},
               {'|', "\\textbar{}"},
               {'"', "\\textquotedbl{}"}};

/* Bytes of the UTF-8 character at s; 0 if it is none. */
static size_t character(const char *s, size_t n)
{
  const unsigned char *b = (const unsigned char *)s;
  size_t size = b[0] < 0x80 ? 1 : b[0] >> 5 == 6 ? 2 : b[0] >> 4 == 14 ? 3 : b[0] >> 3 == 30 ? 4 : 0;
  if (size > n) return 0;
  for (size_t i = 1; i < size; i++)
    if (b[i] >> 6 != 2) return 0;
  return size;
}

/* Letters with accents, U+00C0 to U+017F, are known to every LaTeX. */
static bool is_latin(const char *s, size_t size)
{
  unsigned char b = (unsigned char)s[0];
  return size == 2 && b >= 0xC3 && b <= 0xC5;
}

static size_t put_formula(const picture *p, const char *s, size_t n)
{
  for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
    size_t size = strlen(formulas[i].text);
    if (size > n || memcmp(s, formulas[i].text, size) != 0) continue;
    fputs(formulas[i].latex, p->out);
    return size;
  }
  return 0;
}

static size_t put_sign(const picture *p, const char *s, size_t n)
{
  for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
    if (*s == escapes[i].sign) {
      fputs(escapes[i].latex, p->out);
      return 1;
    }
  size_t size = character(s, n);
  if (size == 1)
    fputc((unsigned char)*s < 32 || *s == 127 ? ' ' : *s, p->out);
  else if (is_latin(s, size))
    fwrite(s, 1, size, p->out);
  else
    fputc('?', p->out); /* pdflatex would stop at it */
  return size ? size : 1;
}

/* Whether the whole text is a number, or a power of ten: "-0.5", "10^{-2}". */
static bool is_number(const char *s, size_t n)
{
  size_t digits = 0;
  bool power = n > 5 && starts_with(s, "10^{") && s[n - 1] == '}';
  for (size_t i = power ? 4 : 0; i < n - power; i++) {
    if (!strchr("0123456789-+.", s[i])) return false;
    digits += s[i] >= '0' && s[i] <= '9';
  }
  return digits > 0;
}

static void put_text(const picture *p, const char *s, size_t n)
{
  size_t small = strlen(IP_LATEX_SMALL);
  if (n >= small && memcmp(s, IP_LATEX_SMALL, small) == 0) {
    fprintf(p->out, "\\fontsize{%.4g}{%.4g}\\selectfont ", p->points * 5 / 6, p->points);
    s += small, n -= small;
  }
  if (is_number(s, n)) {
    fprintf(p->out, "$%.*s$", (int)n, s);
    return;
  }
  for (size_t i = 0; i < n;) {
    size_t done = put_formula(p, s + i, n - i);
    i += done ? done : put_sign(p, s + i, n - i);
  }
}

/* --- Lines */

/* "\put(746,595){\makebox(0,0)[r]{\strut{}TEXT}}%": what is before the text, and as many braces as it opens. */
static ip_status put_text_line(const picture *p, const char *line, size_t n, const char *strut)
{
  static const char allowed[] = "\\abcdefghijklmnopqrstuvwxyz0123456789()[]{}.,- ";
  size_t before = (size_t)(strut - line) + strlen("\\strut{}"), open = 0;
  bool known = starts_with(line + strspn(line, " "), "\\put(") && strspn(line, allowed) >= before;
  for (const char *c = line; c < strut; c++) open += (size_t)(*c == '{') - (size_t)(*c == '}');
  known = known && open <= 4 && n >= before + open + 1 && line[n - 1] == '%';
  for (size_t i = 0; known && i < open; i++) known = line[n - 2 - i] == '}';
  IP_REQUIRE(known, IP_EFORMAT, "%s: unexpected line from gnuplot: %.*s", p->raw, (int)(n < 200 ? n : 200), line);
  fwrite(line, 1, before, p->out);
  put_text(p, line + before, n - 1 - open - before);
  fwrite(line + n - 1 - open, 1, open + 1, p->out);
  fputc('\n', p->out);
  return IP_OK;
}

/* A line of the picture without a text. */
static ip_status put_plain_line(const picture *p, const char *line, size_t n)
{
  static const char *const known[] = {
      "\\begin{picture}(", "\\gplgaddtomacro\\gpl", "\\csname LT",     "\\colorrgb{", "\\colorgray{", "}%",
      "\\gplbacktext",     "\\gplfronttext",        "\\end{picture}%", "\\endgroup"};
  static const char include[] = "\\put(0,0){\\includegraphics[";
  const char *text = line + strspn(line, " \t");
  if (starts_with(text, include)) {
    const char *name = strstr(text, "]{");
    IP_REQUIRE(name && name < line + n, IP_EFORMAT, "%s: unexpected line from gnuplot: %.*s", p->raw, (int)n, line);
    fprintf(p->out, "%.*s%s}}%%\n", (int)(name + 2 - line), line, p->graphics);
    return IP_OK;
  }
  bool is_known = n == (size_t)(text - line);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) is_known = is_known || starts_with(text, known[i]);
  IP_REQUIRE(is_known && n < 200, IP_EFORMAT, "%s: unexpected line from gnuplot: %.*s", p->raw,
             (int)(n < 200 ? n : 200), line);
  fprintf(p->out, "%.*s\n", (int)n, line);
  return IP_OK;
}

static ip_status put_lines(const picture *p, const char *text)
{
  bool in_picture = false;
  fprintf(p->out, "%% Figure of infoplane. In the document: \\usepackage{graphicx,color}, and \\input of this file.\n");
  for (const char *line = text; *line;) {
    size_t n = strcspn(line, "\n");
    bool begins = starts_with(line, "\\begin{picture}");
    if (begins) fprintf(p->out, "    \\fontsize{%.4g}{%.4g}\\selectfont\n", p->points, 1.2 * p->points);
    in_picture |= begins;
    const char *strut = strstr(line, "\\strut{}");
    if (!in_picture)
      fprintf(p->out, "%.*s\n", (int)n, line);
    else if (strut && strut < line + n)
      IP_TRY(put_text_line(p, line, n, strut));
    else
      IP_TRY(put_plain_line(p, line, n));
    line += n + (line[n] == '\n');
  }
  IP_REQUIRE(in_picture, IP_EFORMAT, "%s: gnuplot wrote no picture environment", p->raw);
  return IP_OK;
}

ip_status ip_latex_finish(const char *raw, const char *graphics, double points, const char *out)
{
  size_t n;
  char *text;
  ip_draft *draft;
  IP_TRY(ip_file_read(raw, MOST, &n, &text));
  ip_status st = ip_draft_create(out, &draft);
  if (st == IP_OK) {
    picture p = {raw, graphics, points, ip_draft_stream(draft)};
    st = put_lines(&p, text);
    if (st == IP_OK) st = ip_draft_publish(&draft);
    ip_draft_discard(&draft);
  }
  ip_free(text);
  return st;
}
