/* normal.h - the standard normal distribution. */
#ifndef IP_NUM_NORMAL_H
#define IP_NUM_NORMAL_H

/* The z with P(|Z| < z) = level: 1.95996... for 0.95. 0 < level < 1; to the last digits of a double. */
double ip_normal_quantile(double level);

#endif
