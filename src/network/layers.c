#include "network/inside.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Units of one layer: keeps all products of sizes within range. */
enum { MOST_UNITS = 1 << 20, MOST_PARAMETERS = 4, MOST_TEXT = 128 };

/* An entry of the list, not yet fitted to an image; a dense layer's units are its channels. */
typedef struct entry {
  ip_layer_kind kind;
  bool flatten;
  size_t channels, kernel, stride, padding;
} entry;

/* ---------------------------------------------------------------- texts */

/* A parameter of a kind of entry: `least` .. `most`, and its value unless given; 0: it must be given, -1: it follows
 * from the others. */
typedef struct parameter {
  const char *name;
  int64_t least, most, fallback;
} parameter;

typedef struct entry_kind {
  const char *name;
  ip_layer_kind kind;
  parameter parameter[MOST_PARAMETERS];
} entry_kind;

enum { FLATTEN, CONV, MAX_POOL, MEAN_POOL, N_ENTRY_KINDS, MOST_POSITIONS = 1000 };
#define POOL_PARAMETERS                                                                                                \
  {                                                                                                                    \
    {"size", 1, MOST_POSITIONS, 0},                                                                                    \
    {                                                                                                                  \
      "stride", 1, MOST_POSITIONS, -1                                                                                  \
    }                                                                                                                  \
  }
static const entry_kind kinds[N_ENTRY_KINDS] = {
    [FLATTEN] = {"flatten", IP_DENSE, {{NULL, 0, 0, 0}}},
    [CONV] = {"conv",
              IP_CONV,
              {{"channels", 1, 100000, 0},
               {"kernel", 1, MOST_POSITIONS, 0},
               {"stride", 1, MOST_POSITIONS, 1},
               {"padding", 0, MOST_POSITIONS, -1}}},
    [MAX_POOL] = {"maxpool", IP_MAX_POOL, POOL_PARAMETERS},
    [MEAN_POOL] = {"avgpool", IP_MEAN_POOL, POOL_PARAMETERS},
};

static size_t n_parameters(const entry_kind *kind)
{
  size_t n = 0;
  while (n < MOST_PARAMETERS && kind->parameter[n].name) n++;
  return n;
}

/* One "key=value" of the entry into value[]. */
static ip_status read_parameter(const entry_kind *kind, char *item, int64_t *value)
{
  const char *names[MOST_PARAMETERS];
  size_t n = n_parameters(kind), at;
  for (size_t i = 0; i < n; i++) names[i] = kind->parameter[i].name;
  IP_REQUIRE(n, IP_ECONFIG, "%s has no parameters, got '%s'", kind->name, item);
  char *text = strchr(item, '=');
  IP_REQUIRE(text, IP_ECONFIG, "expected key=value after ':', got '%s'", item);
  *text++ = '\0';
  IP_TRY(ip_text_choose(IP_ECONFIG, "parameter", item, n, names, &at));
  const parameter *p = &kind->parameter[at];
  IP_REQUIRE(value[at] < 0, IP_ECONFIG, "%s is given twice", p->name);
  IP_REQUIRE(ip_parse_int(text, &value[at]) && value[at] >= p->least && value[at] <= p->most, IP_ECONFIG,
             "%s: got '%s', expected an integer in [%lld, %lld]", p->name, text, (long long)p->least,
             (long long)p->most);
  return IP_OK;
}

static ip_status read_parameters(const entry_kind *kind, const char *text, int64_t *value)
{
  for (size_t i = 0; i < MOST_PARAMETERS; i++) value[i] = -1;
  for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
    char item[MOST_TEXT];
    snprintf(item, sizeof item, "%.*s", (int)strcspn(at + 1, ":"), at + 1);
    IP_TRY(read_parameter(kind, item, value));
  }
  for (size_t i = 0; i < n_parameters(kind); i++) {
    const parameter *p = &kind->parameter[i];
    IP_REQUIRE(value[i] >= 0 || p->fallback != 0, IP_ECONFIG, "%s is missing; give %s:%s=NUMBER", p->name, kind->name,
               p->name);
    if (value[i] < 0 && p->fallback > 0) value[i] = p->fallback;
  }
  return IP_OK;
}

static ip_status read_entry(const char *text, entry *e)
{
  static const char *const names[] = {"flatten", "conv", "maxpool", "avgpool"};
  int64_t value[MOST_PARAMETERS];
  char word[MOST_TEXT];
  size_t at;
  *e = (entry){.kind = IP_DENSE};
  if (ip_parse_int(text, &value[0])) {
    IP_REQUIRE(ip_interval_has(IP_RANGE_HIDDEN, (double)value[0]), IP_ECONFIG, "expected a number of units%s",
               ip_interval_words(IP_RANGE_HIDDEN).text);
    e->channels = (size_t)value[0];
    return IP_OK;
  }
  IP_REQUIRE(strlen(text) < MOST_TEXT, IP_ECONFIG, "is too long");
  snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ":"), text);
  IP_TRY(ip_text_choose(IP_ECONFIG, "layer", word, N_ENTRY_KINDS, names, &at));
  IP_TRY(read_parameters(&kinds[at], text, value));
  e->kind = kinds[at].kind;
  e->flatten = at == FLATTEN;
  if (at == CONV) {
    e->channels = (size_t)value[0], e->kernel = (size_t)value[1], e->stride = (size_t)value[2];
    e->padding = value[3] < 0 ? 0 : (size_t)value[3];
    IP_REQUIRE(e->padding < e->kernel, IP_ECONFIG, "padding: got %zu, expected less than the kernel, %zu", e->padding,
               e->kernel);
  } else if (!e->flatten) {
    e->kernel = (size_t)value[0];
    e->stride = value[1] < 0 ? e->kernel : (size_t)value[1];
  }
  return IP_OK;
}

static ip_status read_one(const ip_network_options *o, size_t i, bool *flat, entry *e)
{
  ip_status st = read_entry(o->layers[i], e);
  if (st != IP_OK) {
    ip_error_prefix("network.layers: entry %zu, '%.60s'", i + 1, o->layers[i]);
    return st;
  }
  IP_REQUIRE(!*flat || (e->kind == IP_DENSE && !e->flatten), IP_ECONFIG,
             "network.layers: entry %zu, '%s': follows a flat layer, which has no positions; put it before", i + 1,
             o->layers[i]);
  *flat = e->kind == IP_DENSE;
  return IP_OK;
}

ip_status ip_layers_check(const ip_network_options *o)
{
  entry e;
  bool flat = false;
  for (size_t i = 0; i < o->n_layers; i++) IP_TRY(read_one(o, i, &flat, &e));
  return IP_OK;
}

bool ip_layers_end_dense(const ip_network_options *o)
{
  entry e;
  return o->n_layers && read_entry(o->layers[o->n_layers - 1], &e) == IP_OK && e.kind == IP_DENSE && !e.flatten;
}

size_t ip_layers_noisy_image(const ip_network_options *o)
{
  size_t k = 0;
  for (size_t i = 0; i < o->n_layers; i++) {
    entry e;
    if (read_entry(o->layers[i], &e) != IP_OK || e.flatten) continue;
    if (e.kind != IP_DENSE && ip_hidden_is_noisy(o, k)) return k + 1;
    k++;
  }
  return 0;
}

bool ip_layers_have(const ip_network_options *o, ip_layer_kind kind)
{
  entry e;
  for (size_t i = 0; i < o->n_layers; i++) {
    if (read_entry(o->layers[i], &e) != IP_OK) {
      ip_error_clear();
    } else if (e.kind == kind && !e.flatten) {
      return true;
    }
  }
  return false;
}

/* ---------------------------------------------------------------- shapes */

size_t ip_image_size(ip_image image)
{
  return image.channels * image.height * image.width;
}

size_t ip_layer_products(const ip_layer_plan *p)
{
  size_t units = ip_image_size(p->to), window = p->kernel * p->kernel;
  if (p->kind == IP_DENSE) return units * ip_image_size(p->from);
  return units * window * (p->kind == IP_CONV ? p->from.channels : 1);
}

static ip_layer_plan dense(ip_image from, size_t width)
{
  return (ip_layer_plan){.kind = IP_DENSE, .from = from, .to = {width, 1, 1}};
}

static ip_status fit(const entry *e, ip_image from, ip_layer_plan *plan)
{
  size_t height = from.height + 2 * e->padding, width = from.width + 2 * e->padding;
  IP_REQUIRE(e->kernel <= height && e->kernel <= width, IP_ECONFIG,
             "a window of %zux%zu does not fit into an image of %zux%zu", e->kernel, e->kernel, height, width);
  *plan = (ip_layer_plan){.kind = e->kind,
                          .from = from,
                          .to = {e->kind == IP_CONV ? e->channels : from.channels, (height - e->kernel) / e->stride + 1,
                                 (width - e->kernel) / e->stride + 1},
                          .kernel = e->kernel,
                          .stride = e->stride,
                          .padding = e->padding};
  IP_REQUIRE(plan->to.channels <= MOST_UNITS / (plan->to.height * plan->to.width), IP_ECONFIG,
             "%zu channels of %zux%zu; at most %d units are possible", plan->to.channels, plan->to.height,
             plan->to.width, MOST_UNITS);
  return IP_OK;
}

static ip_status check_shape(const ip_network_options *o, size_t n_in)
{
  const size_t *s = o->shape;
  bool spatial = ip_layers_have(o, IP_CONV) || ip_layers_have(o, IP_MAX_POOL) || ip_layers_have(o, IP_MEAN_POOL);
  if (!spatial) return IP_OK;
  IP_REQUIRE(s[0] && s[1] && s[2], IP_ECONFIG,
             "dataset.shape: convolution and pooling need the shape of a sample, which this dataset does not have; set "
             "channels, height and width, such as [1, 28, 28]");
  IP_REQUIRE(s[0] <= n_in && s[1] <= n_in && s[2] <= n_in && s[0] * s[1] * s[2] == n_in, IP_ECONFIG,
             "dataset.shape: %zu x %zu x %zu inputs; the samples have %zu", s[0], s[1], s[2], n_in);
  return IP_OK;
}

static ip_status plan_list(const ip_network_options *o, size_t n_in, size_t *n, ip_layer_plan *plan)
{
  size_t count[IP_N_LAYER_KINDS] = {0};
  bool flat = false;
  IP_TRY(check_shape(o, n_in));
  ip_image image = {o->shape[0], o->shape[1], o->shape[2]};
  if (ip_image_size(image) != n_in) image = (ip_image){n_in, 1, 1}; /* dense layers alone */
  *n = 0;
  for (size_t i = 0; i < o->n_layers; i++) {
    entry e;
    IP_TRY(read_one(o, i, &flat, &e));
    if (e.flatten) continue;
    ip_layer_plan *p = &plan[(*n)++];
    ip_status st = IP_OK;
    if (e.kind == IP_DENSE)
      *p = dense(image, e.channels);
    else
      st = fit(&e, image, p);
    if (st != IP_OK) {
      ip_error_prefix("network.layers: entry %zu, '%s'", i + 1, o->layers[i]);
      return st;
    }
    p->number = ++count[e.kind];
    image = p->to;
  }
  return IP_OK;
}

static ip_status plan_all(const ip_network_options *o, size_t n_in, size_t n_out, size_t *n, ip_layer_plan *plan)
{
  ip_image image = {n_in, 1, 1};
  *n = o->n_hidden;
  for (size_t k = 0; k < o->n_hidden; k++, image = plan[k - 1].to) {
    plan[k] = dense(image, o->hidden[k]);
    plan[k].number = k + 1;
  }
  if (o->n_layers) IP_TRY(plan_list(o, n_in, n, plan));
  if (o->n_layers && *n) image = plan[*n - 1].to;
  plan[*n] = dense(image, n_out);
  ++*n;
  return IP_OK;
}

ip_status ip_layers_plan(const ip_network_options *o, size_t n_in, size_t n_out, size_t *n, ip_layer_plan **plan)
{
  IP_TRY(IP_NEW(*plan, o->n_hidden + o->n_layers + 1, "plan of the layers"));
  ip_status st = plan_all(o, n_in, n_out, n, *plan);
  if (st != IP_OK) {
    ip_free(*plan);
    *plan = NULL;
  }
  return st;
}

size_t ip_network_count_layers(const ip_network_options *o)
{
  size_t n = o->n_hidden + 1;
  for (size_t i = 0; i < o->n_layers; i++) n += strcmp(o->layers[i], "flatten") != 0;
  return n;
}

ip_status ip_network_measure(const ip_network_options *o, size_t n_in, size_t n_out, ip_network_size *size)
{
  ip_layer_plan *plan;
  *size = (ip_network_size){0};
  IP_TRY(ip_layers_plan(o, n_in, n_out, &size->n_layers, &plan));
  for (size_t k = 0; k < size->n_layers; k++) size->products += (double)ip_layer_products(&plan[k]);
  ip_free(plan);
  return IP_OK;
}
