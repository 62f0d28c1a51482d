#include "network/inside.h"

#include "num/affine.h"
#include "num/rows.h"

size_t ip_pass_columns(size_t n)
{
  return (n + IP_COLUMNS - 1) / IP_COLUMNS * IP_COLUMNS;
}

/* Numbers of a chunk from which on sharing their loading out pays for waking the others. */
enum { SHARED_NUMBERS = 50000 };

/* Samples on their way into columns. */
typedef struct loaded {
  ip_network *net;
  const float *x; // (.., n_in)
  const uint32_t *row;
  size_t n, columns;
} loaded;

/* Some features of all samples; lines of the cache are whole. */
static void load_features(void *what, size_t part, size_t n)
{
  const loaded *l = what;
  size_t n_in = l->net->n_in, first = n_in * part / n, end = n_in * (part + 1) / n;
  ip_rows_gather(end - first, n_in, l->n, l->x + first, l->row, l->columns, l->net->input + first * l->columns);
}

/* Chooses where samples are loaded; false if that place has them already. */
static bool choose_place(ip_network *net, const uint32_t *row, size_t n_out, size_t columns)
{
  ip_batches *b = &net->batches;
  net->input = net->own_input;
  net->target = net->own_target;
  if (!b->index || !row || row < b->index || row >= b->index + b->n) return true;
  uint32_t *at = &b->at[row - b->index];
  bool is_new = !*at;
  if (is_new && b->used + columns > b->room) return true;
  if (is_new) *at = (uint32_t)(1 + b->used), b->used += columns;
  net->input = b->column + (*at - 1) * (net->n_in + n_out);
  net->target = net->input + net->n_in * columns;
  return is_new;
}

bool ip_pass_load(ip_network *net, const float *x, const float *target, const uint32_t *index, size_t from, size_t n,
                  size_t columns)
{
  const uint32_t *row = index ? index + from : NULL;
  size_t n_out = net->layer[net->n_layers - 1].out, first = index ? 0 : from;
  net->row_index = index;
  net->row_first = from;
  net->n_rows = n;
  if (!choose_place(net, target ? row : NULL, n_out, columns)) return false;
  loaded l = {net, x + first * net->n_in, row, n, columns};
  ip_network_share(net->n_in * columns >= SHARED_NUMBERS ? net->team : NULL, load_features, &l);
  if (target) ip_rows_gather(n_out, n_out, n, target + first * n_out, row, columns, net->target);
  return true;
}

/* Products of a chunk from which on sharing them out pays for waking the others; the chunks of images are small, so
 * that there are more to wake for. */
enum { SHARED_PRODUCTS = 100000, SHARED_IMAGE_PRODUCTS = 1000000 };

/* What the members of the team do with layer k, each for rows of its own: units of the layer, or of the one below. */
typedef struct shared {
  ip_network *net;
  size_t k, columns;
  const float *d; /* derivative of the loss by z of layer k */
  float *below;   /* ... by t, then by z, of layer k - 1 */
  bool add;
  float *gradient;
} shared;

static void share_out(const shared *s, void (*work)(void *what, size_t part, size_t n))
{
  const ip_layer *layer = &s->net->layer[s->k];
  bool dense = layer->plan.kind == IP_DENSE;
  size_t products = dense ? layer->out * layer->in : ip_layer_products(&layer->plan);
  bool large = products * s->columns >= (dense ? SHARED_PRODUCTS : SHARED_IMAGE_PRODUCTS);
  ip_network_share(large ? s->net->team : NULL, work, (void *)s);
}

static const float *units_below(const ip_network *net, size_t k)
{
  return k ? net->layer[k - 1].t : net->input;
}

/* z = W x + b, and what of the layer acts on each unit alone. */
static void forward_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  ip_network *net = s->net;
  const ip_layer *layer = &net->layer[s->k];
  size_t first = layer->out * part / n, end = layer->out * (part + 1) / n;
  const float *w = net->parameter + layer->weights + first * layer->in, *b = net->parameter + layer->biases + first;
  ip_affine_forward(end - first, layer->in, s->columns, w, b, units_below(net, s->k), layer->z + first * s->columns);
  if (s->k != net->bottleneck && s->k + 1 < net->n_layers && !layer->normed)
    ip_hidden_activate(net, s->k, s->columns, first, end);
}

/* The activation of a normalized layer, which needs the affine maps of all units first. */
static void activate_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  size_t units = s->net->layer[s->k].units;
  ip_hidden_activate(s->net, s->k, s->columns, units * part / n, units * (part + 1) / n);
}

/* The same of a convolution, by rows of its image, and of pooling, by channels. */
static void forward_image_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  size_t height = s->net->layer[s->k].plan.to.height;
  ip_conv_forward(s->net, s->k, s->columns, height * part / n, height * (part + 1) / n);
}

static void forward_channels(void *what, size_t part, size_t n)
{
  const shared *s = what;
  size_t channels = s->net->layer[s->k].plan.to.channels;
  ip_pool_forward(s->net, s->k, s->columns, channels * part / n, channels * (part + 1) / n);
}

static void forward_layer(ip_network *net, size_t k, size_t columns)
{
  shared s = {.net = net, .k = k, .columns = columns};
  if (net->layer[k].plan.kind == IP_DENSE) {
    share_out(&s, forward_rows);
    if (!net->layer[k].normed) return;
    ip_norm_forward(net, k, columns);
    share_out(&s, activate_rows);
  } else if (net->layer[k].plan.kind == IP_CONV) {
    ip_conv_begin(net, k, columns);
    share_out(&s, forward_image_rows);
  } else {
    share_out(&s, forward_channels);
  }
}

static void weight_gradient_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  const ip_layer *layer = &s->net->layer[s->k];
  size_t first = layer->out * part / n, end = layer->out * (part + 1) / n;
  ip_affine_weight_gradient(end - first, layer->in, s->columns, s->add, s->d + first * s->columns,
                            units_below(s->net, s->k), s->gradient + layer->weights + first * layer->in,
                            s->gradient + layer->biases + first);
}

static void input_gradient_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  ip_network *net = s->net;
  const ip_layer *layer = &net->layer[s->k];
  size_t first = layer->in * part / n, end = layer->in * (part + 1) / n;
  const float *tanh_below = ip_hidden_tanh(net, s->k - 1); /* most networks': no second pass over the derivatives */
  ip_affine_input_gradient(layer->out, layer->in, s->columns, first, end, net->parameter + layer->weights, s->d,
                           tanh_below, s->below);
  if (s->k - 1 != net->bottleneck && !tanh_below) ip_hidden_backward(net, s->k - 1, s->columns, first, end, s->below);
}

static void weight_gradient_inner(void *what, size_t part, size_t n)
{
  const shared *s = what;
  size_t in = s->net->layer[s->k].in;
  ip_conv_weight_gradient(s->net, s->k, s->columns, in * part / n, in * (part + 1) / n, s->add, s->d, s->gradient);
}

static void input_gradient_image_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  ip_conv_input_gradient(s->net, s->k, s->columns, part, n, s->below);
}

/* From the derivatives by t of the layer below a convolution to those by z. */
static void activation_backward_rows(void *what, size_t part, size_t n)
{
  const shared *s = what;
  size_t units = s->net->layer[s->k - 1].units;
  ip_hidden_backward(s->net, s->k - 1, s->columns, units * part / n, units * (part + 1) / n, s->below);
}

static void pool_gradient_channels(void *what, size_t part, size_t n)
{
  const shared *s = what;
  const ip_layer_plan *p = &s->net->layer[s->k].plan;
  size_t first = p->from.channels * part / n, end = p->from.channels * (part + 1) / n;
  size_t area = p->from.height * p->from.width;
  ip_pool_backward(s->net, s->k, s->columns, first, end, s->d, s->below);
  ip_hidden_backward(s->net, s->k - 1, s->columns, first * area, end * area, s->below);
}

/* The gradient by the parameters of layer k and, unless it is the first, by z of the one below. */
static void backward_layer(const shared *s)
{
  ip_layer_kind kind = s->net->layer[s->k].plan.kind;
  if (kind == IP_DENSE) {
    share_out(s, weight_gradient_rows);
    if (s->k > 0) share_out(s, input_gradient_rows);
  } else if (kind == IP_CONV) {
    ip_conv_begin_gradients(s->net, s->k, s->columns, s->d);
    share_out(s, weight_gradient_inner);
    if (s->k == 0) return;
    share_out(s, input_gradient_image_rows);
    share_out(s, activation_backward_rows);
  } else if (s->k > 0) {
    share_out(s, pool_gradient_channels);
  }
}

void ip_pass_forward_to(ip_network *net, size_t last, size_t columns)
{
  for (size_t k = 0; k <= last; k++) {
    forward_layer(net, k, columns);
    if (k == net->bottleneck) {
      ip_bottleneck_forward(net, columns);
    } else {
      ip_hidden_add_noise(net, k, columns);
    }
  }
}

/* The output layer, from the units of the last hidden one. */
static void forward_output(ip_network *net, size_t columns, bool loss)
{
  size_t last = net->n_layers - 1;
  forward_layer(net, last, columns);
  const ip_layer *layer = &net->layer[last];
  ip_output_apply(net->output, layer->out, columns, layer->z, loss ? net->target : NULL, net->loss, net->softmax);
  if (loss && net->loss_scale != 1.0f)
    for (size_t i = 0; i < columns; i++) net->loss[i] *= (double)net->loss_scale;
  if (net->quantize_output) ip_hidden_quantize(&net->output_levels, layer->width * columns, layer->z, layer->t);
}

void ip_pass_forward(ip_network *net, size_t columns, bool loss)
{
  if (net->n_layers > 1) ip_pass_forward_to(net, net->n_layers - 2, columns);
  forward_output(net, columns, loss);
}

void ip_pass_redraw(ip_network *net, size_t columns, bool loss)
{
  if (net->noise != IP_UNIT_NOISE_NONE) {
    ip_pass_forward(net, columns, loss);
    return;
  }
  if (net->bottleneck < net->n_layers) ip_bottleneck_draw(net, columns);
  forward_output(net, columns, loss);
}

void ip_pass_backward(ip_network *net, size_t from, size_t n, size_t columns, float scale, float *gradient)
{
  size_t last = net->n_layers - 1;
  float *d = net->delta[0], *below = net->delta[1];
  ip_output_delta(net->layer[last].out, n, columns, net->layer[last].z, net->target, scale * net->loss_scale, d);
  for (size_t k = last;; k--) {
    shared s = {net, k, columns, d, below, from > 0, gradient};
    backward_layer(&s);
    if (k == 0) return;
    if (net->layer[k - 1].normed) ip_norm_backward(net, k - 1, columns, from > 0, below, gradient);
    if (k - 1 == net->bottleneck) ip_bottleneck_backward(net, from, n, columns, scale, below, gradient);
    float *swap = d;
    d = below, below = swap;
  }
}
