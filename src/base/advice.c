#include "base/advice.h"

#include <errno.h>

const char *ip_advice_on_writing(int error)
{
  switch (error) {
  case ENOSPC:
  case EDQUOT:
    return "; free some space, or choose another disk";
  case EFBIG:
    return "; raise the limit of file sizes (ulimit -f)";
  case EACCES:
  case EPERM:
  case EROFS:
    return "; choose a place you may write in";
  case ENOENT:
    return "; make its directory first";
  case ENOTDIR:
    return "; a parent of this path is a file";
  default:
    return "";
  }
}

ip_status ip_status_of_write(int error)
{
  return error == ENOSPC || error == EDQUOT ? IP_ENOSPC : IP_EIO;
}
