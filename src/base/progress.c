#include "base/progress.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/plain.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define BAR_WIDTH 24

struct ip_progress {
  FILE *out;
  bool terminal, relay, second, left_is_set;
  double total, done, start_s, last_s, left_s;
  char label[80], unit[24], note[80];
};

ip_status ip_progress_create(FILE *out, const char *label, const char *unit, double total, ip_progress **p)
{
  *p = NULL;
  if (!out) return IP_OK;
  ip_progress *new;
  IP_TRY(IP_NEW(new, 1, "progress"));
  new->out = out;
  new->terminal = isatty(fileno(out)) == 1;
  new->total = total;
  new->start_s = new->last_s = ip_clock_s();
  snprintf(new->label, sizeof new->label, "%s", label);
  ip_plain_terminal(new->label);
  snprintf(new->unit, sizeof new->unit, "%s", unit);
  *p = new;
  return IP_OK;
}

ip_status ip_progress_relay(FILE *out, ip_progress **p)
{
  IP_TRY(ip_progress_create(out, "", "", 0, p));
  if (*p) (*p)->relay = true;
  return IP_OK;
}

/* One line of a relay. */
static void tell(const ip_progress *p)
{
  if (p->second)
    fprintf(p->out, "+%.0f/%.0f\n", p->done, p->total);
  else
    fprintf(p->out, "%.0f\n", p->done);
  fflush(p->out);
}

void ip_progress_second_part(ip_progress *p, double total)
{
  if (!p) return;
  p->second = true;
  p->done = 0;
  p->total = total;
  if (p->relay) tell(p);
}

void ip_progress_set_left(ip_progress *p, double left_s)
{
  if (!p) return;
  p->left_is_set = true;
  p->left_s = left_s;
}

static void draw(const ip_progress *p, double now, bool last)
{
  double elapsed = now - p->start_s, rate = elapsed > 0 ? p->done / elapsed : 0;
  char left[32], took[32], bar[BAR_WIDTH + 1];
  double left_s = p->done > 0 && p->total > 0 ? elapsed * (p->total - p->done) / p->done : -1;
  ip_clock_format(p->left_is_set ? p->left_s : left_s, left);
  ip_clock_format(elapsed, took);
  if (p->terminal) {
    size_t full = p->total > 0 ? (size_t)(BAR_WIDTH * (p->done < p->total ? p->done / p->total : 1)) : 0;
    for (size_t i = 0; i < BAR_WIDTH; i++) bar[i] = i < full ? '#' : '.';
    bar[BAR_WIDTH] = 0;
    fprintf(p->out, "\r\033[K%s [%s] ", p->label, bar);
  } else {
    fprintf(p->out, "%s: ", p->label);
  }
  if (p->total > 0)
    fprintf(p->out, "%.0f/%.0f %s, %.3g/s, ", p->done, p->total, p->unit, rate);
  else
    fprintf(p->out, "%.0f %s, %.3g/s, ", p->done, p->unit, rate);
  fprintf(p->out, last ? "took %s" : "%s left", last ? took : left);
  if (p->note[0]) fprintf(p->out, "  %s", p->note);
  if (last || !p->terminal) fputc('\n', p->out);
  fflush(p->out);
}

void ip_progress_update(ip_progress *p, double done, const char *note)
{
  if (!p) return;
  p->done = done;
  snprintf(p->note, sizeof p->note, "%s", note ? note : "");
  ip_plain_terminal(p->note);
  double now = ip_clock_s();
  if (now - p->last_s < (p->terminal || p->relay ? 0.1 : 10)) return;
  p->last_s = now;
  if (p->relay)
    tell(p);
  else
    draw(p, now, false);
}

void ip_progress_clear(const ip_progress *p)
{
  if (!p || !p->terminal || p->relay) return;
  fputs("\r\033[K", p->out);
  fflush(p->out);
}

void ip_progress_destroy(ip_progress **p)
{
  if (!*p) return;
  if (!(*p)->relay) draw(*p, ip_clock_s(), true);
  ip_free(*p);
  *p = NULL;
}
