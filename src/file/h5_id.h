/* h5_id.h - HDF5 ids, for the files of this directory only. */
#ifndef IP_FILE_H5_ID_H
#define IP_FILE_H5_ID_H

#include "file/h5.h"
#include "file/reading.h"

#include <hdf5.h>

struct ip_h5 {
  hid_t file;
  hid_t transfer; /* properties of reading and writing numbers and variable-length texts */
  char *path;
  bool reads; /* opened for reading alone */
  hid_t last; /* of a file that is read: the dataset or group opened last, which stays open; else 0 */
  char last_name[256];
  bool is_new; /* made by this process, so that nothing in it can lead outside */
  bool failed; /* an operation failed: perhaps the disk is full */
  bool lost;   /* a write failed: nothing more goes to the file */
  size_t n_kept, n_room, last_kept;
  struct ip_h5_kept {
    char *name;
    hid_t id;
  } * kept; // (n_kept) datasets that stay open
};

hid_t ip_h5_memory_type(ip_h5_type type);
hid_t ip_h5_file_type(ip_h5_type type);

/* Records IP_EIO with "file: /object: what: " and the deepest sentence of HDF5's own error stack. */
ip_status ip_h5_fail(const char *file, int line, const char *func, ip_h5 *h, const char *object, const char *what);
#define IP_H5_FAIL(h, object, what) return ip_h5_fail(__FILE__, __LINE__, __func__, (h), (object), (what))

/* After a failed write, and before anything is closed: redirects the data that HDF5 still holds to memory that is never
 * read. HDF5 cannot discard data it failed to write; it would try again at the end of the program and crash. */
void ip_h5_divert(ip_h5 *h);

/* Ends a write to a dataset that is then closed, with `failed` the result of H5Dwrite: writes what HDF5 still holds,
 * because closing would also write it but does harm if it fails, and diverts the file on failure. */
herr_t ip_h5_end_write(ip_h5 *h, hid_t dataset, herr_t failed);

/* Opens a dataset that may be read (ip_h5_admits); H5I_INVALID_HID, with the reason on HDF5's error stack, for any
 * other. The only way to a dataset here. In a file that is read, the same name again costs nothing: whether it is
 * there, its shape and its contents are asked for one after the other. */
hid_t ip_h5_open_dataset(ip_h5 *h, const char *name);

/* Whether an open dataset of a file from anywhere may be read, by its description: its elements are in the file, which
 * can hold as many, and the filters are those of libhdf5. The reason, if not, is on HDF5's error stack. */
bool ip_h5_admits(hid_t file, hid_t dataset);

/* Whether a type is one of numbers, or of integers: of at most 64 bits, or floating-point of at most 128, with their
 * parts where they have bits. */
bool ip_h5_is_number_type(hid_t type);
bool ip_h5_is_integer_type(hid_t type);

/* The object opened last: whether it is `name`; keeps it open, in a file that is read; closes it, before the file. To
 * open a dataset copies its properties, which takes longer than to read a short one. */
bool ip_h5_is_last(const ip_h5 *h, const char *name);
void ip_h5_remember(ip_h5 *h, const char *name, hid_t id);
void ip_h5_forget_last(ip_h5 *h);

/* Opens an attribute of an object. Its absence is on HDF5's error stack. */
hid_t ip_h5_open_attribute(ip_h5 *h, const char *object, const char *attribute);

/* The id of a dataset that is kept open; H5I_INVALID_HID when it is not. */
hid_t ip_h5_kept_id(ip_h5 *h, const char *name);

/* Closes the kept datasets of this name, or below a group of this name. */
void ip_h5_forget_kept(ip_h5 *h, const char *name);

#define IP_H5_INSIDE_ADVICE                                                                                            \
  "infoplane reads and writes only what is inside the file; make a copy that holds everything (h5py: read the array, " \
  "write it to a new file) and use that"

/* IP_EFORMAT if a link in the file leads to another file, is of a kind that users define, or makes a loop; the message
 * names it. */
ip_status ip_h5_check_links(ip_h5 *h);

/* Negative, with the reason on the error stack, when a dataset below an object may not be read. */
herr_t ip_h5_check_below(ip_h5 *h, const char *name);

/* A variable-length UTF-8 string type; H5I_INVALID_HID on failure. */
hid_t ip_h5_text_type(void);

/* Closes ids that were opened; 0 and negative ones are ignored. */
void ip_h5_close_ids(size_t n, const hid_t *id);

/* Properties that create parent groups; a creation list without times. */
hid_t ip_h5_link_properties(void);
hid_t ip_h5_object_properties(hid_t class);

#endif
