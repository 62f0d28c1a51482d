/* IDX, the format of MNIST: two zero bytes, the type of the elements, the number of dimensions, each dimension as a
 * big-endian 32-bit number, then the elements, last dimension fastest. Source: LeCun, Cortes & Burges, "The MNIST
 * database of handwritten digits", file formats. */
#include "dataset/locate.h"
#include "dataset/reader.h"
#include "file/bytes.h"

#include <inttypes.h>
#include <string.h>

enum { UNSIGNED_BYTE = 8, MOST_DIMENSIONS = 8, CHUNK = 1 << 16 };

typedef struct {
  ip_bytes *images, *labels;
  char *label_file;
} idx_state;

typedef struct {
  int rank;
  uint32_t dim[MOST_DIMENSIONS];
} idx_shape;

static ip_status read_exactly(ip_bytes *b, const char *path, size_t n, void *to)
{
  size_t got;
  IP_TRY(ip_bytes_read(b, n, to, &got));
  IP_REQUIRE(got == n, IP_EFORMAT, "%s: truncated; download the file again", path);
  return IP_OK;
}

static ip_status read_shape(ip_bytes *b, const char *path, idx_shape *shape)
{
  unsigned char magic[4], dim[4];
  *shape = (idx_shape){0};
  IP_TRY(read_exactly(b, path, 4, magic));
  IP_REQUIRE(magic[0] == 0 && magic[1] == 0, IP_EFORMAT,
             "%s: not an IDX file: it begins with the bytes %02x %02x %02x %02x; expected 00 00 08 and the number of "
             "dimensions",
             path, magic[0], magic[1], magic[2], magic[3]);
  IP_REQUIRE(magic[2] == UNSIGNED_BYTE, IP_EFORMAT,
             "%s: holds IDX elements of type 0x%02x; expected unsigned bytes (0x08), convert the file", path, magic[2]);
  IP_REQUIRE(magic[3] >= 1 && magic[3] <= MOST_DIMENSIONS, IP_EFORMAT,
             "%s: announces %d dimensions; expected 1 for labels, 2 or more for images", path, magic[3]);
  shape->rank = magic[3];
  for (int i = 0; i < shape->rank; i++) {
    IP_TRY(read_exactly(b, path, 4, dim));
    shape->dim[i] = (uint32_t)dim[0] << 24 | (uint32_t)dim[1] << 16 | (uint32_t)dim[2] << 8 | dim[3];
  }
  return IP_OK;
}

/* Reads the header; *row_size is the number of elements behind the first dimension. */
static ip_status open_file(const char *path, ip_bytes **b, idx_shape *shape, size_t *row_size)
{
  IP_TRY(ip_bytes_open(path, b));
  IP_TRY(read_shape(*b, path, shape));
  uint64_t header = 4 + 4 * (uint64_t)shape->rank, row = 1;
  for (int i = 1; i < shape->rank; i++) {
    IP_REQUIRE(shape->dim[i] == 0 || row <= UINT64_C(0xffffffff) / shape->dim[i], IP_EFORMAT,
               "%s: announces samples of more than 2^32 elements: its header is damaged", path);
    row *= shape->dim[i];
  }
  IP_TRY(ip_bytes_expect(*b, header, header + row * shape->dim[0])); /* below 2^64: both factors are below 2^32 */
  *row_size = (size_t)row;
  return IP_OK;
}

static ip_status open_idx(ip_part *part)
{
  idx_state *s;
  IP_TRY(IP_NEW(s, 1, "IDX files"));
  part->state = s;
  idx_shape images, labels;
  size_t one;
  IP_TRY(open_file(part->path, &s->images, &images, &part->n_in));
  IP_REQUIRE(images.rank >= 2, IP_EFORMAT, "%s: holds labels (1 dimension); name the file of the images", part->path);
  part->n = images.dim[0];
  if (images.rank == 3) memcpy(part->shape, (const size_t[]){1, images.dim[1], images.dim[2]}, sizeof part->shape);

  if (part->label_file && *part->label_file)
    IP_TRY(IP_STRDUP(s->label_file, part->label_file));
  else
    IP_TRY(ip_locate_labels(part->path, &s->label_file));
  IP_REQUIRE(s->label_file, IP_EIO,
             "%s: no label file in the same directory; set label_file, or rename the files to ...-images-idx3-ubyte "
             "and ...-labels-idx1-ubyte",
             part->path);
  IP_TRY(open_file(s->label_file, &s->labels, &labels, &one));
  IP_REQUIRE(labels.rank == 1, IP_EFORMAT, "%s: has %d dimensions, labels have 1; is it a file of images?",
             s->label_file, labels.rank);
  IP_REQUIRE(labels.dim[0] == part->n, IP_EFORMAT,
             "%s: holds %" PRIu32 " labels for the %zu images of %s; the two files do not belong together",
             s->label_file, labels.dim[0], part->n, part->path);
  return IP_OK;
}

static ip_status read_images(const idx_state *s, const ip_part *part, unsigned char *chunk, float *x)
{
  for (size_t left = part->n * part->n_in; left > 0;) {
    size_t m = left < CHUNK ? left : CHUNK;
    IP_TRY(read_exactly(s->images, part->path, m, chunk));
    for (size_t i = 0; i < m; i++) x[i] = chunk[i];
    x += m;
    left -= m;
  }
  return IP_OK;
}

static ip_status read_labels(const idx_state *s, size_t n, unsigned char *chunk, ip_label_pool *pool, int32_t *y)
{
  int32_t id[256];
  for (int i = 0; i < 256; i++) id[i] = -1;
  for (size_t left = n; left > 0;) {
    size_t m = left < CHUNK ? left : CHUNK;
    IP_TRY(read_exactly(s->labels, s->label_file, m, chunk));
    for (size_t i = 0; i < m; i++) {
      if (id[chunk[i]] < 0) IP_TRY(ip_label_pool_add_number(pool, chunk[i], &id[chunk[i]]));
      *y++ = id[chunk[i]];
    }
    left -= m;
  }
  return IP_OK;
}

static ip_status read_idx(ip_part *part, size_t first, ip_label_pool *pool, ip_dataset *ds)
{
  idx_state *s = part->state;
  unsigned char *chunk;
  IP_TRY(IP_NEW(chunk, CHUNK, "piece of a file"));
  ip_status st = read_images(s, part, chunk, ds->x + first * ds->n_in);
  if (st == IP_OK) st = read_labels(s, part->n, chunk, pool, ds->y + first);
  ip_free(chunk);
  return st;
}

static void close_idx(ip_part *part)
{
  idx_state *s = part->state;
  if (!s) return;
  ip_bytes_close(&s->images);
  ip_bytes_close(&s->labels);
  ip_free(s->label_file);
  ip_free(s);
  part->state = NULL;
}

const ip_reader ip_reader_idx = {
    .format = "IDX",
    .range = {.known = true, .low = 0, .high = 255, .is_image = true},
    .open = open_idx,
    .read = read_idx,
    .close = close_idx,
};
