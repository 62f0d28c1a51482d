#include "num/kernelsum.h"

#include "base/pairs.h"
#include "num/affine.h"
#include "num/variant.h"

#include <float.h>
#include <math.h>

IP_VARIANTS(ip_kernel)

/* Pairs are taken by square blocks of samples, and these by strips of rows, whose column sums go on in float64. */
enum { STRIP = 64, BLOCK = 256 };

/* Activations are multiplied by a power of two that brings the width of the kernels near 1, unless that would take the
 * largest one beyond 2^LARGEST: then squares neither overflow nor vanish. What fills up vectors is at 2^FAR. */
enum { LARGEST = 40, FAR = 60 };

/* Samples stand in the order of their labels, so that most blocks are of one label or of labels without overlap. Each
 * thread has a copy, with buffers of its own from `d` on. */
typedef struct work {
  const ip_kernel *loops;
  size_t n, width, stride, n_y; /* stride: n, filled up to whole vectors */
  size_t row_step, block_step;  /* of `rows` */
  bool wide, keep_rows;         /* keep_rows: of all blocks, for several threads */
  const uint32_t *order;        // (n) number of each sample before sorting
  const int32_t *label;         // (stride) -1 where filled up; NULL: soft labels
  const float *p;               // (n_y, stride) soft labels
  const float *x;    // narrow: (width, stride); wide: centred, (whole / IP_KERNEL_PANEL, width, IP_KERNEL_PANEL)
  const float *norm; // (stride) |x_i|^2, only wide
  float *rows;       // only wide: (BLOCK, row_step) the samples of the block at hand, or of each block
  const float *t;    // (n, width) as they came, in their own order
  float factor, scale, near, margin, large;
  ip_kernel_sums total;            // in the order of the samples here
  float *d;                        // (BLOCK, BLOCK)
  uint8_t *doubtful;               // (BLOCK)
  float *p_block;                  // (n_y, BLOCK)
  float *class_row, *class_column; // (STRIP, n_y), (n_y, BLOCK)
  ip_kernel_tile tile;
} work;

static size_t whole(size_t n, size_t unit)
{
  return (n + unit - 1) / unit * unit;
}

static size_t round_up(size_t n)
{
  return whole(n, IP_COLUMNS);
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* order (n): samples by label, those of one label in their own order. */
static ip_status sort_by_label(size_t n, size_t n_y, const int32_t *label, ip_scratch *sc, uint32_t *order)
{
  size_t mark = ip_scratch_mark(sc);
  size_t *at; // (n_y + 1)
  IP_TRY(IP_SCRATCH(sc, at, n_y + 1, "class sizes"));
  for (size_t i = 0; i < n; i++) at[label[i] + 1]++;
  for (size_t c = 0; c < n_y; c++) at[c + 1] += at[c];
  for (size_t i = 0; i < n; i++) order[at[label[i]]++] = (uint32_t)i;
  ip_scratch_release(sc, mark);
  return IP_OK;
}

static ip_status take_labels(work *w, const int32_t *label, const float *p, ip_scratch *sc)
{
  uint32_t *order; // (n)
  IP_TRY(IP_SCRATCH(sc, order, w->n, "samples by label"));
  w->order = order;
  if (p) {
    float *q; // (n_y, stride)
    IP_TRY(IP_SCRATCH(sc, q, w->n_y * w->stride, "soft labels"));
    w->p = q;
    for (size_t i = 0; i < w->n; i++) order[i] = (uint32_t)i;
    for (size_t c = 0; c < w->n_y; c++)
      for (size_t i = 0; i < w->n; i++) q[c * w->stride + i] = p[i * w->n_y + c];
    return IP_OK;
  }
  int32_t *sorted; // (stride)
  IP_TRY(IP_SCRATCH(sc, sorted, w->stride, "sorted labels"));
  w->label = sorted;
  IP_TRY(sort_by_label(w->n, w->n_y, label, sc, order));
  for (size_t i = 0; i < w->stride; i++) sorted[i] = i < w->n ? label[order[i]] : -1;
  return IP_OK;
}

/* The largest |t| of t (m), by LANES numbers at a time. */
static float largest(size_t m, const float *t)
{
  enum { LANES = 16 };
  float most[LANES] = {0};
  for (size_t k = 0; k < m; k += LANES)
    for (size_t l = 0; l < least(LANES, m - k); l++) most[l] = fabsf(t[k + l]) > most[l] ? fabsf(t[k + l]) : most[l];
  for (size_t l = 1; l < LANES; l++) most[0] = most[l] > most[0] ? most[l] : most[0];
  return most[0];
}

/* The power of two for activations t (m), and the scale that goes with it. */
static float power_of_two(size_t m, const float *t, double scale, float *scale_after)
{
  float most = largest(m, t);
  int wanted = isfinite(scale) ? ilogb(scale) / 2 : INT32_MAX, allowed = most > 0 ? LARGEST - ilogbf(most) : 0;
  int power = wanted < allowed ? wanted : allowed;
  power = power < -126 ? -126 : power > 127 ? 127 : power;
  *scale_after = (float)fmin(ldexp(scale, -2 * power), (double)FLT_MAX);
  return ldexpf(1, power);
}

static ip_status take_narrow(work *w, ip_scratch *sc)
{
  float *x; // (width, stride)
  IP_TRY(IP_SCRATCH(sc, x, w->width * w->stride, "activations by unit"));
  w->x = x;
  for (size_t k = 0; k < w->width; k++)
    for (size_t i = 0; i < w->stride; i++)
      x[k * w->stride + i] = i < w->n ? w->t[w->order[i] * w->width + k] * w->factor : ldexpf(1, FAR);
  return IP_OK;
}

/* mean (width) of the activations. */
static void take_means(const work *w, double *mean)
{
  for (size_t i = 0; i < w->n; i++)
    for (size_t k = 0; k < w->width; k++) mean[k] += (double)w->t[i * w->width + k];
  for (size_t k = 0; k < w->width; k++) mean[k] /= (double)w->n;
}

/* x (width, IP_KERNEL_PANEL): samples i.., centred and scaled; norm (IP_KERNEL_PANEL): their squared lengths. */
static void take_panel(const work *w, size_t i, const double *mean, float *x, float *norm)
{
  enum { SOME = 16 }; /* features at a time, a line of the memory */
  size_t n = least(IP_KERNEL_PANEL, w->n - i);
  double square[IP_KERNEL_PANEL][SOME] = {{0}};
  for (size_t k = 0; k < w->width; k += SOME)
    for (size_t r = 0; r < n; r++) {
      const float *from = w->t + w->order[i + r] * w->width + k;
      size_t some = least(SOME, w->width - k);
      for (size_t m = 0; m < some; m++) {
        float v = (float)(((double)from[m] - mean[k + m]) * (double)w->factor);
        square[r][m] += (double)v * (double)v;
        x[(k + m) * IP_KERNEL_PANEL + r] = v;
      }
    }
  for (size_t r = 0; r < n; r++) {
    double sum = 0;
    for (size_t m = 0; m < SOME; m++) sum += square[r][m];
    norm[r] = (float)sum;
  }
}

static ip_status take_wide(work *w, ip_scratch *sc)
{
  float *x, *norm; // (whole / IP_KERNEL_PANEL, width, IP_KERNEL_PANEL), (stride)
  double *mean;    // (width)
  w->row_step = whole(w->width, 2 * IP_COLUMNS) + IP_COLUMNS; /* rows a power of two apart share few lines of a cache */
  IP_TRY(IP_SCRATCH(sc, x, whole(w->n, IP_KERNEL_PANEL) * w->width, "centred activations"));
  IP_TRY(IP_SCRATCH(sc, norm, w->stride, "squared lengths"));
  IP_TRY(IP_SCRATCH(sc, mean, w->width, "mean activations"));
  w->block_step = w->keep_rows ? BLOCK * w->row_step : 0;
  size_t n_kept = w->keep_rows ? whole(w->n, BLOCK) : BLOCK;
  IP_TRY(IP_SCRATCH(sc, w->rows, n_kept * w->row_step, "samples of a block"));
  w->x = x;
  w->norm = norm;
  take_means(w, mean);
  for (size_t i = 0; i < w->n; i += IP_KERNEL_PANEL) take_panel(w, i, mean, x + i * w->width, norm + i);
  for (size_t i = w->n; i < w->stride; i++) norm[i] = ldexpf(1, 2 * FAR);
  /* What |a|^2 + |b|^2 - 2 ab loses: half an ulp in each of the additions of ab, which are as large as |a|^2 for near
   * samples and err at random. It matters from 2e-6 in the exponent on, where the exponent is above -60. */
  double lost = 0x1p-24 * fmax(4, sqrt((double)w->width / 3));
  w->near = (float)fmin(15 / (double)w->scale, (double)FLT_MAX);
  w->margin = (float)(8 * lost);
  w->large = (float)fmin(2e-6 / (4 * (double)w->scale * lost), (double)FLT_MAX);
  return IP_OK;
}

static ip_status take_totals(work *w, ip_scratch *sc)
{
  for (int k = 0; k < IP_N_KERNELS; k++) {
    IP_TRY(IP_SCRATCH(sc, w->total.all[k], w->stride, "kernel sums"));
    IP_TRY(IP_SCRATCH(sc, w->total.own[k], w->stride * (w->p ? w->n_y : 1), "kernel sums of classes"));
  }
  return IP_OK;
}

/* The buffers of a thread. */
static ip_status take_buffers(work *w, ip_scratch *sc)
{
  IP_TRY(IP_SCRATCH(sc, w->d, (size_t)BLOCK * BLOCK, "block of distances"));
  IP_TRY(IP_SCRATCH(sc, w->doubtful, BLOCK, "doubtful rows"));
  for (int k = 0; k < IP_N_KERNELS; k++) {
    IP_TRY(IP_SCRATCH(sc, w->tile.row[k], STRIP, "sums of rows"));
    IP_TRY(IP_SCRATCH(sc, w->tile.column[k], BLOCK, "sums of columns"));
    IP_TRY(IP_SCRATCH(sc, w->tile.own_row[k], STRIP, "sums of rows"));
    IP_TRY(IP_SCRATCH(sc, w->tile.own_column[k], BLOCK, "sums of columns"));
    if (w->p) IP_TRY(IP_SCRATCH(sc, w->tile.value[k], (size_t)STRIP * BLOCK, "block of kernels"));
  }
  if (!w->p) return IP_OK;
  IP_TRY(IP_SCRATCH(sc, w->p_block, w->n_y * BLOCK, "block of soft labels"));
  IP_TRY(IP_SCRATCH(sc, w->class_row, w->n_y * STRIP, "sums of rows"));
  IP_TRY(IP_SCRATCH(sc, w->class_column, w->n_y * BLOCK, "sums of columns"));
  return IP_OK;
}

static float *rows_of(const work *w, size_t i)
{
  return w->rows + i / BLOCK * w->block_step;
}

/* Samples i.. of the panels next to each other: in the first pair of their block as rows, that with itself. */
static void take_rows(const work *w, size_t i)
{
  for (size_t p = i; p < least(i + BLOCK, w->n); p += IP_KERNEL_PANEL) {
    const float *x = w->x + p * w->width;
    float *to = rows_of(w, i) + (p - i) * w->row_step;
    for (size_t k = 0; k < w->width; k++)
      for (size_t r = 0; r < IP_KERNEL_PANEL; r++) to[r * w->row_step + k] = x[k * IP_KERNEL_PANEL + r];
  }
}

/* d (rows, ld): products of the samples of a block with each other. Those below the diagonal are equal to those above.
 */
static void own_products(work *w, size_t i, size_t rows, size_t ld)
{
  for (size_t r = 0; r < rows; r += STRIP) {
    size_t n = least(STRIP, rows - r);
    w->loops->products(n, ld - r, w->width, rows_of(w, i) + r * w->row_step, w->row_step, w->x + (i + r) * w->width, ld,
                       w->d + r * ld + r);
    for (size_t c = 0; c < r; c++)
      for (size_t k = r; k < r + n; k++) w->d[k * ld + c] = w->d[c * ld + k];
  }
}

/* d (rows, ld): distances of the block's rows, samples i.., to samples j.. by products; those that lost digits are
 * taken again. */
static void wide_distances(work *w, size_t i, size_t rows, size_t j, size_t columns, size_t ld)
{
  if (i == j)
    own_products(w, i, rows, ld);
  else
    w->loops->products(rows, ld, w->width, rows_of(w, i), w->row_step, w->x + j * w->width, ld, w->d);
  w->loops->from_products(rows, ld, w->norm + i, w->norm + j, w->near, w->margin, w->large, w->d, w->doubtful);
  for (size_t r = 0; r < rows; r++) {
    if (!w->doubtful[r]) continue;
    float *d = w->d + r * ld;
    for (size_t c = 0; c < columns; c++) {
      float norms = w->norm[i + r] + w->norm[j + c];
      bool same = i == j && c == r; /* set to 0 below */
      if (!same && d[c] < norms * w->margin + w->near && norms > w->large)
        d[c] = w->loops->distance(w->width, w->t + w->order[i + r] * w->width, w->t + w->order[j + c] * w->width,
                                  w->factor);
    }
  }
  for (size_t r = 0; i == j && r < rows; r++) w->d[r * ld + r] = 0;
}

static void clear(size_t n, float *x)
{
  for (size_t k = 0; k < n; k++) x[k] = 0;
}

static void add(size_t n, const float *x, double *sum)
{
  for (size_t k = 0; k < n; k++) sum[k] += (double)x[k];
}

/* own += the tile's kernels times the soft labels of the other side. */
static void add_soft_labels(work *w, size_t i, size_t j, size_t columns, bool both)
{
  const ip_kernel_tile *t = &w->tile;
  const ip_affine *products = ip_affine_variant(0);
  for (int k = 0; k < IP_N_KERNELS; k++) {
    products->correlate(t->rows, w->n_y, t->columns, false, t->value[k], w->p_block, w->class_row, NULL);
    for (size_t c = 0; c < w->n_y; c++)
      for (size_t r = 0; r < t->rows; r++)
        w->total.own[k][c * w->stride + i + r] += (double)w->class_row[r * w->n_y + c];
    if (!both) continue;
    products->combine(w->n_y, t->rows, t->columns, w->p + i, w->stride, 1, NULL, t->value[k], w->class_column, NULL);
    for (size_t c = 0; c < w->n_y; c++)
      add(columns, w->class_column + c * t->columns, w->total.own[k] + c * w->stride + j);
  }
}

/* Adds the sums of the tile's rows, samples i.., and, where `both`, of its columns, samples j... */
static void add_tile(work *w, size_t i, size_t j, size_t columns, bool both)
{
  ip_kernel_tile *t = &w->tile;
  bool one = false, mixed = false; /* of one label; of labels that overlap */
  if (w->label) {
    int32_t first = w->label[i], last = w->label[i + t->rows - 1];
    int32_t low = w->label[j], high = w->label[j + columns - 1];
    one = first == high && last == low && first == last;
    mixed = !one && first <= high && low <= last;
  }
  t->row_label = mixed ? w->label + i : NULL;
  t->column_label = mixed ? w->label + j : NULL;
  for (int k = 0; k < IP_N_KERNELS; k++) {
    clear(t->columns, t->column[k]);
    clear(mixed ? t->columns : 0, t->own_column[k]);
  }
  w->loops->sums(t);
  for (int k = 0; k < IP_N_KERNELS; k++) {
    add(t->rows, t->row[k], w->total.all[k] + i);
    if (both) add(columns, t->column[k], w->total.all[k] + j);
    if (!one && !mixed) continue;
    add(t->rows, one ? t->row[k] : t->own_row[k], w->total.own[k] + i);
    if (both) add(columns, one ? t->column[k] : t->own_column[k], w->total.own[k] + j);
  }
  if (w->p) add_soft_labels(w, i, j, columns, both);
}

/* All pairs of a block: samples i.. with samples j... */
static void add_block(work *w, size_t i, size_t j)
{
  size_t rows = least(BLOCK, w->n - i), columns = least(BLOCK, w->n - j), ld = round_up(columns);
  if (w->wide && i == j) take_rows(w, i);
  if (w->wide) wide_distances(w, i, rows, j, columns, ld);
  for (size_t c = 0; w->p && c < w->n_y; c++)
    for (size_t k = 0; k < ld; k++) w->p_block[c * ld + k] = w->p[c * w->stride + j + k];
  w->tile.columns = ld;
  w->tile.scale = w->scale;
  for (size_t r = 0; r < rows; r += STRIP) {
    w->tile.rows = least(STRIP, rows - r);
    w->tile.d = w->wide ? w->d + r * ld : w->d;
    if (!w->wide) w->loops->distances(w->tile.rows, ld, w->width, w->stride, w->x + i + r, w->x + j, w->d);
    add_tile(w, i + r, j, columns, i != j);
  }
}

/* ---------------------------------------------------------------- threads */

static void add_pair(void *what, size_t i, size_t j, size_t part)
{
  work *of = what; // one for each thread
  add_block(&of[part], i * BLOCK, j * BLOCK);
}

static ip_status add_all(const work *w, ip_team *team, ip_scratch *sc)
{
  work *of; // one for each thread
  IP_TRY(IP_SCRATCH(sc, of, ip_team_size(team), "work of threads"));
  for (size_t k = 0; k < ip_team_size(team); k++) {
    of[k] = *w;
    IP_TRY(take_buffers(&of[k], sc));
  }
  return ip_team_pairs(team, (w->n + BLOCK - 1) / BLOCK, sc, add_pair, of);
}

ip_status ip_kernel_sum(size_t n, size_t width, const float *t, double scale, size_t n_y, const int32_t *label,
                        const float *p, ip_team *team, ip_scratch *sc, const ip_kernel_sums *out)
{
  size_t mark = ip_scratch_mark(sc);
  work w = {.loops = ip_kernel_variant(0), .n = n, .width = width, .t = t, .stride = round_up(n), .n_y = n_y};
  w.wide = width > IP_KERNEL_NARROW;
  w.keep_rows = ip_team_size(team) > 1;
  w.factor = power_of_two(n * width, t, scale, &w.scale);
  IP_TRY(take_labels(&w, label, p, sc));
  IP_TRY(w.wide ? take_wide(&w, sc) : take_narrow(&w, sc));
  IP_TRY(take_totals(&w, sc));
  IP_TRY(add_all(&w, team, sc));
  for (int k = 0; k < IP_N_KERNELS; k++)
    for (size_t i = 0; i < n; i++) {
      out->all[k][w.order[i]] = w.total.all[k][i];
      for (size_t c = 0; c < (p ? n_y : 1); c++) out->own[k][c * n + w.order[i]] = w.total.own[k][c * w.stride + i];
    }
  ip_scratch_release(sc, mark);
  return IP_OK;
}
