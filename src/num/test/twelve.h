/* twelve.h - twelve pairs with ties, whose statistics tests compare with those of SciPy. */
#ifndef IP_NUM_TEST_TWELVE_H
#define IP_NUM_TEST_TWELVE_H

enum { N = 12 };
static const double X[N] = {3.1, -1.2, 4.4, 0.5, 2.2, 9.7, -3.3, 1.1, 2.2, 6.0, 0.1, 5.2};
static const double Y[N] = {1.0, 0.3, 2.5, -0.7, 0.4, 5.1, -2.2, 1.9, 0.4, 1.2, 2.0, 2.1};

#endif
