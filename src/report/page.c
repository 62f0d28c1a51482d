#include "report/page.h"

#include "base/build.h"
#include "report/html.h"

#include <string.h>

/* 'sha256-...' of a text, as a policy names it (Content Security Policy Level 3). */
static void put_source(FILE *out, size_t n, const char *text)
{
  char hex[IP_DIGEST_TEXT];
  unsigned char digest[32];
  ip_digest_bytes(text, n, hex);
  for (size_t i = 0; i < sizeof digest; i++) {
    static const char digits[] = "0123456789abcdef";
    long high = strchr(digits, hex[2 * i]) - digits, low = strchr(digits, hex[2 * i + 1]) - digits;
    digest[i] = (unsigned char)(16 * high + low);
  }
  fputs("'sha256-", out);
  ip_html_base64(out, sizeof digest, digest);
  fputs("'", out);
}

static void put_policy(FILE *out, bool with_script)
{
  fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ", out);
  put_source(out, ip_page_style_size, ip_page_style);
  if (with_script) {
    fputs("; script-src ", out);
    put_source(out, ip_page_script_size, ip_page_script);
  }
  fputs("; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n", out);
}

void ip_page_head(FILE *out, const char *title, bool with_script)
{
  fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", out);
  put_policy(out, with_script);
  fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", out);
  ip_html_text(out, title);
  fputs("</title>\n<style>", out);
  fwrite(ip_page_style, 1, ip_page_style_size, out);
  fputs("</style>\n</head>\n<body>\n", out);
}

void ip_page_explore_begin(FILE *out)
{
  fputs("<section id=\"explore\" hidden></section>\n<p id=\"no-explore\" hidden></p>\n"
        "<details id=\"report\" open><summary>Figures, measures and configuration</summary>\n",
        out);
}

void ip_page_explore_end(FILE *out)
{
  fputs("</details>\n", out);
}

void ip_page_foot(FILE *out, const ip_page_data *d)
{
  fputs("<footer>", out);
  if (d) {
    fputs("<p id=\"cuts\" class=\"quiet\">", out);
    if (d->n_cuts) fputs("Left out to keep the page small: ", out);
    for (size_t i = 0; i < d->n_cuts; i++) {
      fputs(i ? "; " : "", out);
      ip_html_text(out, d->cut[i]);
    }
    fputs(d->n_cuts ? ".</p>\n" : "</p>\n", out);
  }
  fputs("<p class=\"quiet\">infoplane " IP_VERSION " (" IP_COMMIT ")</p></footer>\n", out);
}

ip_status ip_page_end(FILE *out, const ip_page_data *d, bool with_blocks)
{
  if (d) {
    fputs("<script type=\"application/json\" id=\"ip-meta\">", out);
    IP_TRY(ip_page_meta(out, d));
    fputs("</script>\n", out);
    ip_page_blocks(out, d, with_blocks);
    fputs("<script>", out);
    fwrite(ip_page_script, 1, ip_page_script_size, out);
    fputs("</script>\n", out);
  }
  fputs("</body>\n</html>\n", out);
  return IP_OK;
}
