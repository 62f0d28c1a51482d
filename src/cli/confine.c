#define _GNU_SOURCE /* syscall */
#include "cli/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---------------------------------------------------------------- memory */

/* Bytes of data that the process has already: a sanitizer reserves more than any machine has. */
static uint64_t data_bytes(void)
{
  unsigned long pages = 0;
  FILE *in = fopen("/proc/self/statm", "re");
  if (!in) return UINT64_MAX;
  if (fscanf(in, "%*u %*u %*u %*u %*u %lu", &pages) != 1) pages = 0;
  fclose(in);
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void limit_memory(void)
{
  struct rlimit data, core = {0, 0};
  rlim_t machine = (rlim_t)sysconf(_SC_PHYS_PAGES) * (rlim_t)sysconf(_SC_PAGESIZE);
  setrlimit(RLIMIT_CORE, &core);
  if (getrlimit(RLIMIT_DATA, &data) || data.rlim_cur <= machine || data_bytes() > machine) return;
  data.rlim_cur = data.rlim_max = machine;
  setrlimit(RLIMIT_DATA, &data);
}

/* ---------------------------------------------------------------- files */

/* Rights and fields of newer kernels than the header's. A kernel that does not know them is not asked for them. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
struct ruleset {
  uint64_t files, network, scoped;
};
enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_NETWORK = 4, ABI_SCOPED = 6 };
static const uint64_t bind_and_connect = 3, abstract_sockets_and_signals = 3;

static const uint64_t write_file = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
static const uint64_t change_folder = LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                                      LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                      LANDLOCK_ACCESS_FS_REFER;
static const uint64_t never = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                              LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                              LANDLOCK_ACCESS_FS_MAKE_SYM;

/* Lets what lies below an open file or directory be changed. */
static void allow(int ruleset, uint64_t rights, int fd)
{
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
  if (fd >= 0) syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

static void allow_path(int ruleset, uint64_t rights, const char *path)
{
  int fd = open(path, O_PATH | O_CLOEXEC);
  struct stat s;
  if (fd >= 0 && !fstat(fd, &s)) allow(ruleset, S_ISDIR(s.st_mode) ? rights : rights & write_file, fd);
  if (fd >= 0) close(fd);
}

static void limit_files(size_t n, const char *const *folder, const char *scratch)
{
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return;
  uint64_t known = write_file | change_folder | never;
  if (abi < ABI_REFER) known &= ~(uint64_t)LANDLOCK_ACCESS_FS_REFER;
  if (abi < ABI_TRUNCATE) known &= ~(uint64_t)LANDLOCK_ACCESS_FS_TRUNCATE;
  struct ruleset asked = {.files = known,
                          .network = abi < ABI_NETWORK ? 0 : bind_and_connect,
                          .scoped = abi < ABI_SCOPED ? 0 : abstract_sockets_and_signals};
  size_t size = sizeof asked.files * (abi < ABI_NETWORK ? 1 : abi < ABI_SCOPED ? 2 : 3);
  int ruleset = (int)syscall(SYS_landlock_create_ruleset, &asked, size, 0);
  if (ruleset < 0) return;
  for (size_t i = 0; i < n; i++)
    if (folder[i]) allow_path(ruleset, (write_file | change_folder) & known, folder[i]);
  if (scratch) allow_path(ruleset, write_file & known, scratch);
  for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) allow(ruleset, write_file & known, fd);
  allow_path(ruleset, write_file & known, "/dev/null");
  allow_path(ruleset, write_file & known, "/dev/full");
  allow_path(ruleset, write_file & known, "/dev/tty");
  syscall(SYS_landlock_restrict_self, ruleset, 0);
  close(ruleset);
}

/* ---------------------------------------------------------------- system calls */

static void limit_calls(void)
{
  static const int refused[] = {SCMP_SYS(socket),
                                SCMP_SYS(connect),
                                SCMP_SYS(bind),
                                SCMP_SYS(listen),
                                SCMP_SYS(accept),
                                SCMP_SYS(accept4),
                                SCMP_SYS(sendto),
                                SCMP_SYS(ptrace),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(process_vm_readv),
                                SCMP_SYS(process_vm_writev),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(bpf),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(userfaultfd),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(move_mount),
                                SCMP_SYS(open_tree),
                                SCMP_SYS(pivot_root),
                                SCMP_SYS(chroot),
                                SCMP_SYS(setns),
                                SCMP_SYS(unshare),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(add_key),
                                SCMP_SYS(request_key),
                                SCMP_SYS(kexec_load),
                                SCMP_SYS(init_module),
                                SCMP_SYS(finit_module),
                                SCMP_SYS(delete_module),
                                SCMP_SYS(reboot),
                                SCMP_SYS(swapon),
                                SCMP_SYS(settimeofday),
                                SCMP_SYS(clock_settime),
                                SCMP_SYS(open_by_handle_at)};
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (!filter) return;
  bool good = true;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    good = good && !seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
  if (good) seccomp_load(filter); /* without seccomp in the kernel, the other limits hold */
  seccomp_release(filter);
}

void ip_confine(size_t n, const char *const *folder, const char *scratch)
{
  limit_memory();
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  limit_files(n, folder, scratch);
  limit_calls();
}
