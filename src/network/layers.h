/* layers.h - the list of hidden layers of a network: its entries as texts, and what they make of the shape of a sample.
 *
 * A network is given by the widths of its hidden layers, or by such a list:
 *
 *     120                                            dense layer of 120 units
 *     conv:channels=6:kernel=5:stride=1:padding=2    2-D convolution; stride 1 and padding 0 unless given
 *     maxpool:size=2:stride=2                        largest or mean unit of each window of a channel; the stride is
 *     avgpool:size=2:stride=2                        the size unless given
 *     flatten                                        what follows is dense; a dense layer implies it
 *
 * An image of c channels is (c, height, width); a convolution of kernel k and stride s makes it (channels,
 * (height + 2 padding - k) / s + 1, (width + 2 padding - k) / s + 1), both rounded down, and pooling likewise, without
 * padding. Units of an image are numbered in that order.
 */
#ifndef IP_NETWORK_LAYERS_H
#define IP_NETWORK_LAYERS_H

#include "network/network.h"

typedef struct ip_image {
  size_t channels, height, width; /* a dense layer has height = width = 1 */
} ip_image;

/* One hidden layer, or the output layer. */
typedef struct ip_layer_plan {
  ip_layer_kind kind;
  ip_image from, to;
  size_t kernel, stride, padding; /* of a convolution; of pooling the size, stride and 0 */
  size_t number;                  /* 1 for the first layer of its kind */
} ip_layer_plan;

/* Each entry alone, and their order. IP_ECONFIG, "network.layers: ...". */
ip_status ip_layers_check(const ip_network_options *o);

/* Plans of all layers (n of them, the output layer last) for samples of n_in numbers, in a new array (ip_free).
 * IP_ECONFIG if a layer does not fit. */
ip_status ip_layers_plan(const ip_network_options *o, size_t n_in, size_t n_out, size_t *n, ip_layer_plan **plan);

/* Units of an image, and products (comparisons, of pooling) of one sample in a layer. */
size_t ip_image_size(ip_image image);
size_t ip_layer_products(const ip_layer_plan *p);

/* Whether checked options have layers of the kind, and whether their last hidden layer is dense. */
bool ip_layers_have(const ip_network_options *o, ip_layer_kind kind);
bool ip_layers_end_dense(const ip_network_options *o);

/* The number, from 1, of the first noisy layer that is one of convolution or pooling; 0: there is none. */
size_t ip_layers_noisy_image(const ip_network_options *o);

#endif
