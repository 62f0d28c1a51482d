/* cblas.h - the one BLAS function of src/num, for processors whose OpenBLAS is not installed (cmake/part.cmake). */
#ifndef IP_STANDIN_CBLAS_H
#define IP_STANDIN_CBLAS_H

enum { CblasRowMajor = 101, CblasNoTrans = 111, CblasTrans = 112 };

/* C (m, n) = alpha A B^T + beta C; A (m, k) and B (n, k), all by rows. */
__attribute__((unused)) static void cblas_sgemm(int order, int a_as, int b_as, int m, int n, int k, float alpha,
                                                const float *a, int lda, const float *b, int ldb, float beta, float *c,
                                                int ldc)
{
  if (order != CblasRowMajor || a_as != CblasNoTrans || b_as != CblasTrans) __builtin_trap();
  for (int i = 0; i < m; i++)
    for (int j = 0; j < n; j++) {
      float sum = 0;
      for (int l = 0; l < k; l++) sum += a[(long)i * lda + l] * b[(long)j * ldb + l];
      float *to = &c[(long)i * ldc + j];
      *to = alpha * sum + (beta == 0 ? 0 : beta * *to);
    }
}

#endif
