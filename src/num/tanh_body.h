/* tanh_body.h - tanh of vectors, for one instruction set; see bodies.h.
 *
 * On each of 16 intervals tanh is a polynomial in the distance d from the lower end, fitted to the least largest error
 * in units of the last place, below 0.7 of them. A division would take as long as all of this. The ends are where the
 * exponent or one of the first two bits of |x| + 0.625 change: 0, 1/8, 2/8, 3/8, 5/8, ..., 11/8, 15/8, 19/8, ...,
 * 27/8, 35/8, ..., 59/8. So these bits are the number of the interval, modulo 16 and from 9 on.
 */
#ifndef IP_NUM_TANH_BODY_H
#define IP_NUM_TANH_BODY_H

#include "num/simd.h"

enum { TANH_DEGREE = 5 };

/* (degree + 1, interval) */
static const float tanh_coefficient[TANH_DEGREE + 1][16] = {
    {0.879826665f, 0.954045236f, 0.982845008f, 0.993654609f, 0.997660995f, 0.999683142f, 0.999957085f, 0.999994218f,
     0.999999225f, 0.0f, 0.124352999f, 0.244918659f, 0.3583574f, 0.554599702f, 0.703905582f, 0.809301078f},
    {0.225910202f, 0.089799732f, 0.034017235f, 0.0126528144f, 0.00467020087f, 0.00063275022f, 8.70167351e-05f,
     1.04561886e-05f, 1.29265698e-06f, 1.0f, 0.984538078f, 0.940016568f, 0.871578753f, 0.692423046f, 0.504521549f,
     0.345030516f},
    {-0.198885113f, -0.0856996253f, -0.0334498212f, -0.0126040736f, -0.00462939451f, -0.000624241075f, -9.53768249e-05f,
     -2.34372123e-06f, -4.05655413e-07f, 3.11910071e-07f, -0.12254677f, -0.23034443f, -0.312268674f, -0.38413626f,
     -0.355293274f, -0.27920562f},
    {0.10073337f, 0.0519314148f, 0.0215597786f, 0.00843374245f, 0.00293997908f, 0.000386835891f, 8.27450349e-05f,
     -1.83822158e-05f, -6.99724637e-07f, -0.333355635f, -0.310369432f, -0.254331052f, -0.179900542f, -0.0165564567f,
     0.0838032961f, 0.110826746f},
    {-0.0263060424f, -0.0210830849f, -0.00984390825f, -0.00426676078f, -0.00119810621f, -0.000147508559f,
     -5.46513002e-05f, 2.64104674e-05f, 6.24134998e-07f, 0.000472841784f, 0.0572572537f, 0.117004953f, 0.179149911f,
     0.13294962f, 0.0501004942f, 0.00242880848f},
    {0.00119113678f, 0.004835926f, 0.00268020388f, 0.0013907922f, 0.000239494126f, 2.6117772e-05f, 1.74025226e-05f,
     -1.11676145e-05f, -1.4392198e-07f, 0.129985586f, 0.177284986f, 0.130435213f, -0.0250110589f, -0.053213805f,
     -0.0350000411f, -0.0233677179f},
};

/* tanh(x), exactly 1 from |x| = 9.3 on; NaN is NaN. */
IP_INLINE ip_vf vf_tanh(ip_vf x)
{
  ip_vf a = vf_at_most(vf_abs(x), 9.3f);
  ip_vi bits = (ip_vi)(a + 0.625f), interval = bits >> 21;
  ip_vf d = a - ((ip_vf)(bits & ~0x1fffff) - 0.625f);
  ip_vf y = vf_lookup(tanh_coefficient[TANH_DEGREE], interval);
  for (int k = TANH_DEGREE - 1; k >= 0; k--) y = vf_fma(y, d, vf_lookup(tanh_coefficient[k], interval));
  return (ip_vf)((ip_vi)y | ((ip_vi)x & INT32_MIN));
}

/* d (1 - t^2), the derivative by x from that by t = tanh(x). */
IP_INLINE ip_vf vf_tanh_slope(ip_vf t, ip_vf d)
{
  return d * vf_fma(-t, t, vf_set(1.0f));
}

#endif
