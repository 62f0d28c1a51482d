#include "num/descent.h"

#include "num/variant.h"

IP_VARIANTS(ip_descent)
