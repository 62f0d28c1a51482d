/* published.c - the tables of mutinfo (Butakov et al., github.com/VanessB/mutinfo), rounded to four digits:
 * source/evaluate/tables/lowdim/continuous/distribution_estimator-MAE-10000.md at commit
 * b1bd94fd64102a5b64730fbec4504b7602a4b16e; smoothed_discrete: the same of lowdim/mixture at
 * c2ab3bf8c5cc78986f2d520858895d588ee78b81.
 *
 * 10000 samples, 10 runs; the mean over 1, 2 and 3 pairs (Student: and 1 and 2 degrees of freedom) of the absolute
 * error of the mean over runs. Every number is that of the best setting: the number of neighbours among 1, 2, 3, 5, 10
 * and 20 (KSG, WKL: weighted Kozachenko-Leonenko), the width of the network (MINE with the Donsker-Varadhan bound,
 * InfoNCE). WKL has no value for a T of few values.
 */
#include "calibrate/published.h"

#include <math.h>

#define NO ((double)NAN)

static const ip_published_errors errors[] = {
    {"normal_pairs",
     "mutinfo KSG",
     {0.0008228, 0.009229, 0.04534, 0.182, 0.4538, 0.8327, 1.271, 1.767, 2.336, 3.01, 3.787}},
    {"normal_pairs",
     "mutinfo WKL",
     {0.01494, 0.0212, 0.02343, 0.06769, 0.2938, 0.6378, 0.6532, 1.013, 1.592, 2.257, 3.013}},
    {"normal_pairs",
     "mutinfo MINE-DV",
     {0, 0.02026, 0.02276, 0.04918, 0.1255, 0.2981, 0.657, 1.306, 2.119, 3.002, 3.883}},
    {"normal_pairs",
     "mutinfo InfoNCE",
     {0, 0.01991, 0.0324, 0.0625, 0.1367, 0.299, 0.6291, 1.195, 1.982, 2.908, 3.889}},
    {"cdf_pairs", "mutinfo KSG", {0.001069, 0.03045, 0.1134, 0.2923, 0.5963, 0.9948, 1.446, 1.951, 2.527, 3.208, 3.99}},
    {"cdf_pairs",
     "mutinfo WKL",
     {0.00452, 0.04857, 0.07482, 0.1882, 0.4358, 0.7906, 1.216, 1.674, 2.193, 2.801, 3.507}},
    {"cdf_pairs", "mutinfo MINE-DV", {0, 0.06536, 0.1239, 0.2511, 0.4629, 0.819, 1.416, 2.171, 3.042, 4.022, 4.919}},
    {"cdf_pairs", "mutinfo InfoNCE", {0, 0.06988, 0.1398, 0.2247, 0.3506, 0.5765, 0.9891, 1.613, 2.429, 3.344, 4.304}},
    {"student_pairs", "mutinfo KSG", {NO, 0.0801, 0.0825, 0.1816, 0.4219, 0.7797, 1.212, 1.704, 2.272, 2.946, 3.719}},
    {"student_pairs", "mutinfo WKL", {NO, 0.03331, 0.03028, 0.06856, 0.2599, 0.488, 0.6599, 1.189, 1.768, 2.43, 3.186}},
    {"student_pairs",
     "mutinfo MINE-DV",
     {NO, 0.1243, 0.1589, 0.2417, 0.3436, 0.5933, 1.105, 1.788, 2.679, 3.582, 4.518}},
    {"student_pairs",
     "mutinfo InfoNCE",
     {NO, 0.1099, 0.1232, 0.1589, 0.2421, 0.416, 0.7484, 1.292, 2.043, 2.937, 3.902}},
    {"smoothed_uniform",
     "mutinfo KSG",
     {0.001301, 0.1051, 0.1813, 0.3271, 0.6005, 0.9795, 1.415, 1.898, 2.441, 3.09, 3.85}},
    {"smoothed_uniform",
     "mutinfo WKL",
     {0.0009187, 0.09926, 0.1337, 0.2073, 0.4396, 0.7892, 1.214, 1.675, 2.18, 2.766, 3.448}},
    {"smoothed_uniform",
     "mutinfo MINE-DV",
     {0, 0.06596, 0.07543, 0.1162, 0.1927, 0.3753, 0.6778, 1.288, 2.074, 2.99, 3.894}},
    {"smoothed_uniform",
     "mutinfo InfoNCE",
     {0, 0.06602, 0.07261, 0.09021, 0.1408, 0.2573, 0.5647, 1.16, 1.975, 2.926, 3.916}},
    {"log_gamma_exponential",
     "mutinfo KSG",
     {0, 0.01082, 0.01707, 0.03595, 0.06311, 0.1112, 0.203, 0.3746, 0.6619, 1.126, 1.802}},
    {"log_gamma_exponential",
     "mutinfo WKL",
     {0, 0.01553, 0.02023, 0.02784, 0.03692, 0.08256, 0.1312, 0.2334, 0.4152, 0.7036, 1.073}},
    {"log_gamma_exponential",
     "mutinfo MINE-DV",
     {0, 0.02351, 0.07242, 0.1119, 0.2378, 0.4978, 0.9196, 1.754, 2.536, 3.392, 4.352}},
    {"log_gamma_exponential",
     "mutinfo InfoNCE",
     {0, 0.02702, 0.0487, 0.09031, 0.1842, 0.37, 0.7037, 1.267, 2.037, 2.968, 3.944}},
    {"quantized", "mutinfo KSG", {0, 0.02002, 0.03323, 0.05772, 0.0943, 0.151, 0.2388, 0.3984, 0.8819, 3.008, 6.117}},
    {"quantized", "mutinfo MINE-DV", {0, 0.03083, 0.05883, 0.1459, 0.2485, 0.5406, 1.016, 1.543, 2.246, 3.092, 4.073}},
    {"quantized", "mutinfo InfoNCE", {0, 0.01554, 0.02656, 0.06168, 0.13, 0.2654, 0.5881, 1.185, 2.019, 2.958, 3.933}},
    {"smoothed_discrete",
     "mutinfo KSG",
     {0, 0.01454, 0.01764, 0.03535, 0.05677, 0.09623, 0.1657, 0.2926, 0.5365, 1.014, 1.641}},
    {"smoothed_discrete",
     "mutinfo MINE-DV",
     {0, 0.03671, 0.03607, 0.07669, 0.1414, 0.3163, 0.5105, 0.9663, 1.46, 2.222, 3.052}},
    {"smoothed_discrete",
     "mutinfo InfoNCE",
     {0, 0.03797, 0.03024, 0.06758, 0.09962, 0.2257, 0.5219, 1.12, 1.943, 2.893, 3.879}},
};

const ip_published_errors *ip_published(size_t *n)
{
  *n = sizeof errors / sizeof *errors;
  return errors;
}
