/* bias_bounds.c - how far each estimator is off on the calibration tasks: the bounds of docs/calibration.md. */
#include "calibrate/calibrate.h"

#include <math.h>
#include <string.h>

static const char *const specs[] = {
    "edges",
    "width",
    "equal_width",
    "equal_mass",
    "ebab",
    "exact",
    "exact:correction=miller_madow",
    "exact:correction=grassberger",
    "exact:correction=chao_shen",
    "exact:correction=jackknife",
    "exact:correction=chao_wang_jost",
    "exact:correction=shrinkage",
    "exact:correction=nsb",
    "kde_upper",
    "kde_lower",
    "kde_upper:noise=network",
    "kde_lower:noise=network",
    "gaussian",
    "gaussian:given=inputs",
    "ksg",
    "mixture_ksg",
    "mixture_ksg:x=index",
    "sliced:slices=20",
    "edge",
    "ksg:pca=1",
    "renyi",
    "renyi:x=index:factor=0.01",
    "noisy",
    "multiplicative",
    "dropout",
};

const char *const *ip_calibration_specs(size_t *n)
{
  *n = sizeof specs / sizeof *specs;
  return specs;
}

/* The bias with n samples lies between low - below (10^4/n)^rate and high + above (10^4/n)^rate: what remains with many
 * samples, and what few add. Where each comes from is said in docs/calibration.md. Names are separated by blanks. */
typedef struct bias_bound {
  const char *tasks;
  ip_quantity quantity;
  const char *labels;
  double low, high, below, above, rate;
} bias_bound;

#define BINS_OF_ONE_UNIT "edges width equal_mass ebab"
#define BINS BINS_OF_ONE_UNIT " equal_width"
#define BOUNDS "kde_upper kde_lower"
#define NETWORK_BOUNDS "kde_upper:noise=network kde_lower:noise=network"
#define GAUSSIANS "gaussian gaussian:given=inputs"
#define UNBIASED                                                                                                       \
  "exact:correction=miller_madow exact:correction=grassberger exact:correction=jackknife "                             \
  "exact:correction=chao_wang_jost"
#define CORRECTED UNBIASED " exact:correction=chao_shen exact:correction=shrinkage exact:correction=nsb"
#define MIXTURES "mixture_ksg sliced:slices=20"
#define ONE_UNIT "ksg ksg:pca=1 " MIXTURES
#define RENYI "renyi:x=index:factor=0.01"

static const bias_bound bounds[] = {
    /* T takes a few values: plug-in */
    {"bsc bec", IP_QUANTITY_IXT, BINS " exact " CORRECTED, 0, 0, 0.002, 0.002, 0.5},
    {"bsc bec", IP_QUANTITY_ITY, BINS " exact " CORRECTED " " BOUNDS, 0, 0, 0.002, 0.002, 0.5},
    {"bsc bec", IP_QUANTITY_IXT, RENYI, -0.01, 0.02, 0.002, 0.002, 0.5},
    {"bsc bec", IP_QUANTITY_ITY, RENYI, -0.01, 0.02, 0.002, 0.002, 0.5},
    {"sphere", IP_QUANTITY_IXT, "width exact exact:correction=chao_shen exact:correction=nsb", 0, 0, 0.005, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, "exact:correction=shrinkage", 0, 0, 0.005, 0.007, 1},
    {"sphere", IP_QUANTITY_IXT, UNBIASED, 0, 0, 0.001, 0.001, 1},
    {"sphere", IP_QUANTITY_ITY, "width exact " CORRECTED, 0, 0, 0.001, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, "equal_width equal_mass ebab", -1.1, -0.8, 0.005, 0.001, 1},
    {"sphere", IP_QUANTITY_ITY, "equal_width equal_mass ebab", -0.15, 0, 0.001, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, "kde_upper", -0.04, 0, 0.005, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, "kde_lower", -0.65, 0, 0.005, 0.001, 1},
    {"sphere", IP_QUANTITY_ITY, BOUNDS, -0.06, 0, 0.001, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, RENYI, -0.06, 0, 0.006, 0.001, 1},
    {"sphere", IP_QUANTITY_ITY, RENYI, -0.01, 0.01, 0.001, 0.001, 1},

    {"bsc bec", IP_QUANTITY_IXT, "mixture_ksg:x=index " MIXTURES, 0, 0, 0.002, 0.002, 0.5},
    {"bsc bec", IP_QUANTITY_ITY, MIXTURES, 0, 0, 0.002, 0.002, 0.5},
    {"zero_inflated_poisson", IP_QUANTITY_IXT, MIXTURES, 0, 0, 0.001, 0.001, 1},
    {"sphere", IP_QUANTITY_IXT, "mixture_ksg:x=index", 0, 0, 0.012, 0.002, 1},
    {"sphere", IP_QUANTITY_ITY, MIXTURES, 0, 0, 0.001, 0.001, 1},

    /* Noise that is known */
    {"gaussian_channel", IP_QUANTITY_IXT, "kde_upper:noise=network", 0, 1.443, 0.02, 0.02, 0.5},
    {"gaussian_channel", IP_QUANTITY_IXT, "kde_lower:noise=network", -0.64, 0, 0.02, 0.02, 0.5},
    {"gaussian_channel", IP_QUANTITY_ITY, NETWORK_BOUNDS, -0.06, 0.16, 0.01, 0.01, 0.5},
    {"gaussian_channel", IP_QUANTITY_IXT, "noisy", 0, 0, 0.01, 0.01, 0.5},
    {"gaussian_channel", IP_QUANTITY_ITY, "noisy", 0, 0, 0.005, 0.005, 0.5},
    {"multiplicative_channel", IP_QUANTITY_IXT, "multiplicative", 0, 0, 0.005, 0.005, 0.5},
    {"multiplicative_channel", IP_QUANTITY_ITY, "multiplicative", 0, 0, 0.005, 0.005, 0.5},
    {"dropout_channel", IP_QUANTITY_IXT, "dropout exact", 0, 0, 0.002, 0.002, 0.5},
    {"dropout_channel", IP_QUANTITY_ITY, "dropout exact", 0, 0, 0.002, 0.002, 0.5},
    {"gaussian_channel", IP_QUANTITY_IXT, "gaussian", 0, 0, 0.005, 0.005, 0.5},

    /* Jointly Gaussian, or not */
    {"gaussian_channel normal", IP_QUANTITY_IXT, "gaussian:given=inputs", 0, 0, 0.003, 0.003, 0.5},
    {"half_cube", IP_QUANTITY_IXT, "gaussian:given=inputs", -0.18, -0.1, 0.01, 0.01, 0.5},
    {"spiral", IP_QUANTITY_IXT, "gaussian:given=inputs", -1.8, -1.4, 0.01, 0.01, 0.5},
    {"student", IP_QUANTITY_IXT, "gaussian:given=inputs", -0.0612, -0.0612, 0.02, 0.02, 0.5},
    {"uniform", IP_QUANTITY_IXT, "gaussian:given=inputs", -0.116, -0.116, 0.01, 0.01, 0.5},
    {"gaussian_channel", IP_QUANTITY_ITY, GAUSSIANS, -0.08, 0, 0.01, 0.01, 0.5},
    {"normal spiral", IP_QUANTITY_ITY, GAUSSIANS, -0.02, 0.01, 0.01, 0.01, 0.5},
    {"half_cube", IP_QUANTITY_ITY, GAUSSIANS, -0.12, 0, 0.01, 0.01, 0.5},
    {"student", IP_QUANTITY_ITY, GAUSSIANS, -0.18, 0, 0.01, 0.01, 0.5},
    {"uniform", IP_QUANTITY_ITY, GAUSSIANS, 0, 0.09, 0.01, 0.01, 0.5},

    /* Neighbours */
    {"gaussian_channel", IP_QUANTITY_IXT, "ksg mixture_ksg", 0, 0, 0.03, 0.03, 0.75},
    {"normal", IP_QUANTITY_IXT, "ksg mixture_ksg", 0, 0, 0.06, 0.02, 0.75},
    {"half_cube", IP_QUANTITY_IXT, "ksg mixture_ksg", 0, 0, 0.22, 0.02, 0.5},
    {"spiral", IP_QUANTITY_IXT, "ksg mixture_ksg", 0, 0, 0.45, 0.02, 0.5},
    {"student", IP_QUANTITY_IXT, ONE_UNIT, 0, 0, 0.02, 0.02, 0.5},
    {"uniform", IP_QUANTITY_IXT, ONE_UNIT, 0, 0, 0.05, 0.02, 0.5},
    {"gaussian_channel normal half_cube spiral", IP_QUANTITY_ITY, "ksg mixture_ksg", 0, 0, 0.015, 0.015, 0.5},

    {"student uniform", IP_QUANTITY_ITY, ONE_UNIT, 0, 0, 0.015, 0.015, 0.5},
    {"gaussian_channel", IP_QUANTITY_IXT, "sliced:slices=20", -2.8396, -2.8396, 0.6, 0.6, 0},
    {"normal", IP_QUANTITY_IXT, "sliced:slices=20", -2.0124, -2.0124, 0.2, 0.2, 0},
    {"gaussian_channel", IP_QUANTITY_IXT, "ksg:pca=1", -1.7297, -1.7297, 0.03, 0.03, 0.75},
    {"normal", IP_QUANTITY_IXT, "ksg:pca=1", -1.4739, -1.4739, 0.06, 0.03, 0.75},

    /* I(T;Y) of continuous T, in bins or with assumed noise: too large as soon as cells hold few samples */
    {"student", IP_QUANTITY_ITY, BINS_OF_ONE_UNIT " " BOUNDS, -0.02, 0, 0.001, 0.02, 1},
    {"student", IP_QUANTITY_ITY, "equal_width", -0.15, 0, 0.001, 0.02, 1},
    {"uniform", IP_QUANTITY_ITY, BINS " " BOUNDS, -0.025, 0, 0.001, 0.01, 1},
    {"gaussian_channel", IP_QUANTITY_ITY, BINS " " BOUNDS, -0.02, 0, 0.01, 0.1, 0.5},
    {"normal half_cube spiral", IP_QUANTITY_ITY, BINS " exact " BOUNDS, -0.02, 0.6155, 0, 0, 1},
};

/* Whether `word` is among the words of `list`. */
static bool among(const char *word, const char *list)
{
  size_t length = strlen(word);
  for (const char *at = list; at; at = strchr(at, ' ')) {
    at += *at == ' ';
    if (!strncmp(at, word, length) && (at[length] == ' ' || !at[length])) return true;
  }
  return false;
}

bool ip_bias_bounds_find(const char *task, ip_quantity q, const char *label, size_t n, double *low_bits,
                         double *high_bits)
{
  for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++) {
    const bias_bound *c = &bounds[k];
    if (c->quantity != q || !among(task, c->tasks) || !among(label, c->labels)) continue;
    double few = pow(1e4 / (double)n, c->rate);
    *low_bits = c->low - c->below * few;
    *high_bits = c->high + c->above * few;
    return true;
  }
  return false;
}
