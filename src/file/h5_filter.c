#include "file/h5_id.h"

/* Names the first filter of the dataset that this HDF5 library cannot undo: "lzf" of h5py, blosc, zstd, ... */
bool ip_h5_lacks_filter(hid_t dataset)
{
  hid_t list = H5Dget_create_plist(dataset);
  int n = list < 0 ? 0 : H5Pget_nfilters(list);
  bool lacks = false;
  for (int i = 0; i < n && !lacks; i++) {
    char name[64] = "";
    unsigned flags, config;
    size_t n_values = 0;
    H5Z_filter_t id = H5Pget_filter2(list, (unsigned)i, &flags, &n_values, NULL, sizeof name, name, &config);
    name[sizeof name - 1] = 0;
    lacks = id >= 0 && H5Zfilter_avail(id) <= 0;
    if (!lacks) continue;
    H5Eclear2(H5E_DEFAULT);
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_PLINE, H5E_NOFILTER,
             "it is compressed with the filter %s (number %d), which the HDF5 library here does not have; write it "
             "without: in h5py new.create_dataset(name, data=old[name][()]), or h5repack -f NONE OLD NEW where the "
             "plugin of the filter is (HDF5_PLUGIN_PATH)",
             *name ? name : "without a name", (int)id);
  }
  ip_h5_close_ids(1, &list);
  return lacks;
}
