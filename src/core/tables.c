/* tables.c - measures of distributions and tables. */
#include "core/call.h"

#include "info/discrete.h"

static ip_status check_distribution(uint64_t n_x, uint64_t n_y, const double *p)
{
  IP_REQUIRE(p, IP_EINVAL, "the table is NULL");
  IP_REQUIRE(n_x && n_y, IP_EINVAL, "the table has %llu rows and %llu columns, expected at least one of each",
             (unsigned long long)n_x, (unsigned long long)n_y);
  IP_TRY(ip_call_check_size("table", n_x, n_y, sizeof(double)));
  return ip_distribution_check((size_t)n_x, (size_t)n_y, p, "p");
}

static ip_status check_counts(uint64_t n_x, uint64_t n_y, const uint32_t *count)
{
  IP_REQUIRE(count, IP_EINVAL, "the table is NULL");
  IP_TRY(ip_call_check_size("table", n_x, n_y, sizeof(double)));
  for (size_t i = 0; i < (size_t)(n_x * n_y); i++)
    if (count[i]) return IP_OK;
  IP_FAIL(IP_EINVAL, "all counts are 0");
}

static ip_status measure_entropy(uint64_t n, const double *p, double *bits)
{
  IP_REQUIRE(bits, IP_EINVAL, "there is no place for the entropy (NULL)");
  IP_TRY(check_distribution(1, n, p));
  *bits = ip_entropy_bits((size_t)n, p);
  return IP_OK;
}

int32_t ip_capi_entropy(uint64_t n, const double *p, double *bits)
{
  return IP_CALL(measure_entropy(n, p, bits));
}

static ip_status measure_entropy_of_counts(uint64_t n, const uint32_t *count, double *bits)
{
  IP_REQUIRE(bits, IP_EINVAL, "there is no place for the entropy (NULL)");
  IP_TRY(check_counts(1, n, count));
  *bits = ip_entropy_counts_bits((size_t)n, count);
  return IP_OK;
}

int32_t ip_capi_entropy_counts(uint64_t n, const uint32_t *count, double *bits)
{
  return IP_CALL(measure_entropy_of_counts(n, count, bits));
}

/* Of p or, if that is NULL, of counts, which have been checked. */
static ip_status measure_joint(size_t n_x, size_t n_y, const double *p, const uint32_t *count, ip_capi_joint *out)
{
  ip_scratch *sc;
  ip_joint_measures m;
  IP_TRY(ip_scratch_create(&sc));
  ip_status st = p ? ip_joint_measure(n_x, n_y, p, sc, &m) : ip_joint_measure_counts(n_x, n_y, count, sc, &m);
  ip_scratch_destroy(&sc);
  if (st != IP_OK) return st;
  ip_capi_joint found = {.hx = m.hx_bits,
                         .hy = m.hy_bits,
                         .hxy = m.hxy_bits,
                         .hx_given_y = m.hx_given_y_bits,
                         .hy_given_x = m.hy_given_x_bits,
                         .mi = m.mi_bits};
  ip_call_write(out, &found, sizeof found);
  return IP_OK;
}

static ip_status measure_table(uint64_t n_x, uint64_t n_y, const double *p, ip_capi_joint *out)
{
  IP_TRY(ip_call_check_out(out, "ip_capi_joint"));
  IP_TRY(check_distribution(n_x, n_y, p));
  return measure_joint((size_t)n_x, (size_t)n_y, p, NULL, out);
}

int32_t ip_capi_joint_measure(uint64_t n_x, uint64_t n_y, const double *p, ip_capi_joint *out)
{
  return IP_CALL(measure_table(n_x, n_y, p, out));
}

static ip_status measure_counts(uint64_t n_x, uint64_t n_y, const uint32_t *count, ip_capi_joint *out)
{
  IP_TRY(ip_call_check_out(out, "ip_capi_joint"));
  IP_TRY(check_counts(n_x, n_y, count));
  return measure_joint((size_t)n_x, (size_t)n_y, NULL, count, out);
}

int32_t ip_capi_joint_measure_counts(uint64_t n_x, uint64_t n_y, const uint32_t *count, ip_capi_joint *out)
{
  return IP_CALL(measure_counts(n_x, n_y, count, out));
}
