#include "num/softmax.h"

#include "num/variant.h"

IP_VARIANTS(ip_softmax)
