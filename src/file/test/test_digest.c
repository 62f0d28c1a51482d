#include "base/test/check.h"
#include "file/digest.h"
#include "file/test/temp.h"

#include <sys/stat.h>

static void check_digest(const char *bytes, size_t n, const char *expected)
{
  char text[IP_DIGEST_TEXT];
  ip_digest_bytes(bytes, n, text);
  assert_string_equal(text, expected);
}

/* FIPS 180-2, appendix B, and the digest of nothing. */
static void the_digest_is_sha_256(void **state)
{
  (void)state;
  check_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  check_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void pieces_make_the_digest_of_the_whole(void **state)
{
  (void)state;
  char bytes[1000], whole[IP_DIGEST_TEXT], pieces[IP_DIGEST_TEXT];
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * 7);
  ip_digest_bytes(bytes, sizeof bytes, whole);
  ip_digest d;
  ip_digest_begin(&d);
  for (size_t i = 0, n = 0; i < sizeof bytes; i += n) {
    n = i % 13 < sizeof bytes - i ? i % 13 + 1 : sizeof bytes - i;
    ip_digest_add(&d, bytes + i, n);
  }
  ip_digest_end(&d, pieces);
  assert_string_equal(pieces, whole);
}

static void a_file_has_the_digest_of_its_bytes(void **state)
{
  (void)state;
  char text[IP_DIGEST_TEXT];
  temp_write("abc", 3, "abc");
  CHECK_OK(ip_digest_file(temp_path("abc"), text));
  assert_string_equal(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  char bytes[40000], expected[IP_DIGEST_TEXT]; /* longer than a block */
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (char)(i * i >> 4);
  ip_digest_bytes(bytes, sizeof bytes, expected);
  temp_write("long", sizeof bytes, bytes);
  CHECK_OK(ip_digest_file(temp_path("long"), text));
  assert_string_equal(text, expected);
  CHECK_FAILS(ip_digest_file("/dev/null", text), IP_EIO, "/dev/null: cannot be opened: Is a device or socket");
  assert_int_equal(mkfifo(temp_path("pipe"), 0600), 0);
  CHECK_FAILS(ip_digest_file(temp_path("pipe"), text), IP_EIO, "pipe: cannot be opened: Is a named pipe");
  CHECK_FAILS(ip_digest_file(temp_path("none"), text), IP_EIO, "none: cannot be opened: No such file");
  CHECK_FAILS(ip_digest_file(temp_folder, text), IP_EIO, "Is a directory");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_digest_is_sha_256),
      cmocka_unit_test(pieces_make_the_digest_of_the_whole),
      cmocka_unit_test(a_file_has_the_digest_of_its_bytes),
  };
  return cmocka_run_group_tests(tests, temp_create, temp_remove);
}
