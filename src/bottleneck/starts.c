#include "bottleneck/starts.h"

#include "base/rng.h"

#include <string.h>

enum {
  MOST_FACES = 64,
  MIXTURES = 2,           /* of all p(y|x) on a face */
  MIXTURES_THOROUGH = 12, /* the same, and half as many of two of them */
};

typedef struct {
  const ip_ib_problem *p;
  bool *on; // (MOST_FACES, n_y) the labels of a face
  size_t n_faces;
} faces;

static const double *row(const ip_ib_problem *p, size_t x)
{
  return p->p_y_given_x + x * (p->n_y + 1);
}

/* The number of the face with these labels, which may be a new one; MOST_FACES when there is no room for it. */
static size_t face_of(faces *f, const bool *on)
{
  size_t n_y = f->p->n_y;
  for (size_t k = 0; k < f->n_faces; k++)
    if (memcmp(f->on + k * n_y, on, n_y * sizeof *on) == 0) return k;
  if (f->n_faces == MOST_FACES) return MOST_FACES;
  memcpy(f->on + f->n_faces * n_y, on, n_y * sizeof *on);
  return f->n_faces++;
}

/* The faces of all p(y|x), and their unions as long as there is room. */
static void find_faces(faces *f, bool *on, uint32_t *face_of_row)
{
  size_t n_y = f->p->n_y;
  for (size_t x = 0; x < f->p->n_x; x++) {
    for (size_t y = 0; y < n_y; y++) on[y] = row(f->p, x)[y] > 0;
    face_of_row[x] = (uint32_t)face_of(f, on);
  }
  for (size_t k = 1; k < f->n_faces; k++)
    for (size_t j = 0; j < k; j++) {
      for (size_t y = 0; y < n_y; y++) on[y] = f->on[k * n_y + y] || f->on[j * n_y + y];
      face_of(f, on);
    }
}

static bool is_within(const faces *f, size_t x, size_t k)
{
  for (size_t y = 0; y < f->p->n_y; y++)
    if (row(f->p, x)[y] > 0 && !f->on[k * f->p->n_y + y]) return false;
  return true;
}

static void add_weighted(const ip_ib_problem *p, size_t x, double weight, double *q, double *sum)
{
  for (size_t y = 0; y < p->n_y; y++) q[y] += weight * row(p, x)[y];
  *sum += weight;
}

/* The mean of the p(y|x) on face k (mixture 0), or a random mixture of all or of two of them. */
static void mix(const faces *f, size_t k, size_t mixture, const uint32_t *member, size_t n, double *q)
{
  const ip_ib_problem *p = f->p;
  ip_rng r = ip_rng_open(mixture, IP_RNG_RESTART, k);
  double sum = 0;
  if (mixture > MIXTURES && mixture % 2) {
    double part = ip_rng_uniform(&r);
    add_weighted(p, member[ip_rng_below(&r, n)], part, q, &sum);
    add_weighted(p, member[ip_rng_below(&r, n)], 1 - part, q, &sum);
  } else {
    for (size_t i = 0; i < n; i++) {
      double u = ip_rng_uniform(&r);
      add_weighted(p, member[i], mixture ? u * u * u * u + 1e-3 : p->p_xy[member[i] * (p->n_y + 1) + p->n_y], q, &sum);
    }
  }
  for (size_t y = 0; y < p->n_y; y++) q[y] /= sum;
}

ip_status ib_starts_make(const ip_ib_problem *p, bool thorough, ip_scratch *sc, ib_starts *out)
{
  faces f = {.p = p};
  size_t n_x = p->n_x, n_y = p->n_y, per_face = 1 + (thorough ? MIXTURES_THOROUGH : MIXTURES);
  bool *on;         // (n_y)
  uint32_t *member; // (n_x)
  *out = (ib_starts){.n = n_x};
  IP_TRY(IP_SCRATCH(sc, f.on, MOST_FACES * n_y, "faces of the simplex"));
  IP_TRY(IP_SCRATCH(sc, on, n_y, "a face of the simplex"));
  IP_TRY(IP_SCRATCH(sc, member, n_x, "inputs on a face"));
  IP_TRY(IP_SCRATCH(sc, out->q, (n_x + MOST_FACES * per_face) * n_y, "starts"));
  IP_TRY(IP_SCRATCH(sc, out->face, n_x + MOST_FACES * per_face, "faces of starts"));
  for (size_t x = 0; x < n_x; x++) memcpy(out->q + x * n_y, row(p, x), n_y * sizeof *out->q);
  find_faces(&f, on, out->face);
  out->n_faces = f.n_faces + 1; /* the last one: no room for it */
  for (size_t x = 0; x < n_x; x++)
    if (out->face[x] == MOST_FACES) out->face[x] = (uint32_t)f.n_faces;
  if (f.n_faces == 1 && !thorough) return IP_OK;
  for (size_t k = 0; k < f.n_faces; k++) {
    size_t n = 0;
    for (size_t x = 0; x < n_x; x++)
      if (is_within(&f, x, k)) member[n++] = (uint32_t)x;
    for (size_t i = 0; i < per_face && n > 1; i++) {
      mix(&f, k, i, member, n, out->q + out->n * n_y);
      out->face[out->n++] = (uint32_t)k;
    }
  }
  return IP_OK;
}
