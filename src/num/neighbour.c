#include "num/neighbour.h"

#include "num/variant.h"

IP_VARIANTS(ip_neighbour)
