/* fail_call.c - runs a command and lets the n-th system call of a kind fail, in whichever of its processes it comes.
 *
 *     fail_call -o FILE KIND N ERROR COMMAND...
 *
 * KIND: write, sync, rename, open (for writing), mkdir, unlink, truncate, lock, fork, thread, exec, pipe. Writes to the
 * standard streams and to memory (memfd) do not count, and nothing does before COMMAND itself is running. ERROR: the
 * number of an errno; 0: the n-th write is cut in half instead ("short"). FILE gets the number of calls of the kind,
 * and 1 if one was made to fail. Exits as COMMAND does, with 128 + signal if a signal ended it. x86-64 only.
 *
 * A seccomp filter stops the processes at calls of the kind and at no others, so COMMAND is hardly slower. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  const char *kind;
  long number;
} call;

static const call calls[] = {{"write", SYS_write},       {"write", SYS_pwrite64},  {"write", SYS_writev},
                             {"write", SYS_pwritev},     {"write", SYS_pwritev2},  {"write", SYS_copy_file_range},
                             {"write", SYS_sendfile},    {"write", SYS_fallocate}, {"sync", SYS_fsync},
                             {"sync", SYS_fdatasync},    {"rename", SYS_rename},   {"rename", SYS_renameat},
                             {"rename", SYS_renameat2},  {"open", SYS_open},       {"open", SYS_openat},
                             {"open", SYS_creat},        {"mkdir", SYS_mkdir},     {"mkdir", SYS_mkdirat},
                             {"unlink", SYS_unlink},     {"unlink", SYS_unlinkat}, {"truncate", SYS_ftruncate},
                             {"truncate", SYS_truncate}, {"lock", SYS_flock},      {"lock", SYS_fcntl},
                             {"fork", SYS_fork},         {"fork", SYS_vfork},      {"fork", SYS_clone},
                             {"fork", SYS_clone3},       {"thread", SYS_clone},    {"thread", SYS_clone3},
                             {"exec", SYS_execve},       {"exec", SYS_execveat},   {"pipe", SYS_pipe},
                             {"pipe", SYS_pipe2}};

static struct {
  const char *kind;
  uint64_t n, seen;
  int error;
  bool begun, failed;
} plan;

enum { N_CALLS = sizeof calls / sizeof *calls };

/* In the process that becomes COMMAND: calls of the kind stop for the tracer. */
static bool install_filter(void)
{
  struct sock_filter code[2 * N_CALLS + 8];
  unsigned short n = 0;
  code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
  code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
  code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < N_CALLS; i++) {
    if (strcmp(calls[i].kind, plan.kind) != 0) continue;
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, 0, 1);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
  }
  code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  struct sock_fprog program = {.len = n, .filter = code};
  return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

static bool for_writing(long flags)
{
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
}

static bool is_thread(pid_t pid, long number, const struct user_regs_struct *regs)
{
  uint64_t flags = number == SYS_clone3 ? (uint64_t)ptrace(PTRACE_PEEKDATA, pid, (void *)regs->rdi, NULL) : regs->rdi;
  return flags & CLONE_THREAD;
}

/* Of memfd_create: no disk, no quota. */
static bool is_memory(pid_t pid, unsigned long long fd)
{
  char link[64], name[16];
  snprintf(link, sizeof link, "/proc/%d/fd/%llu", (int)pid, fd);
  return readlink(link, name, sizeof name) >= 7 && !memcmp(name, "/memfd:", 7);
}

static bool counts(pid_t pid, const struct user_regs_struct *regs)
{
  long number = (long)regs->orig_rax;
  switch (number) {
  case SYS_write:
  case SYS_writev:
    return regs->rdi > STDERR_FILENO && !is_memory(pid, regs->rdi);
  case SYS_open:
    return for_writing((long)regs->rsi);
  case SYS_openat:
    return for_writing((long)regs->rdx);
  case SYS_fcntl:
    return regs->rsi == F_SETLK || regs->rsi == F_SETLKW || regs->rsi == F_OFD_SETLK;
  case SYS_clone:
  case SYS_clone3:
    return is_thread(pid, number, regs) == !strcmp(plan.kind, "thread");
  default:
    return true;
  }
}

/* A process is about to make a call of the kind. */
static void on_call(pid_t pid)
{
  struct user_regs_struct regs;
  if (!plan.begun || ptrace(PTRACE_GETREGS, pid, NULL, &regs) || !counts(pid, &regs)) return;
  if (++plan.seen != plan.n) return;
  plan.failed = true;
  if (plan.error) {
    regs.orig_rax = (unsigned long long)-1; /* no call */
    regs.rax = (unsigned long long)-plan.error;
  } else if (regs.rdx > 1) {
    regs.rdx /= 2;
  }
  ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

/* Returns the signal that the process gets when it goes on. */
static int see_stop(pid_t pid, int status)
{
  int event = status >> 16;
  if (event == PTRACE_EVENT_SECCOMP) on_call(pid);
  if (event == PTRACE_EVENT_EXEC) plan.begun = true;
  return event ? 0 : WSTOPSIG(status);
}

static int follow(pid_t first)
{
  int status, result = 1;
  pid_t pid;
  while ((pid = waitpid(-1, &status, __WALL)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid < 0) continue;
    if (WIFSTOPPED(status)) {
      int signal = see_stop(pid, status);
      ptrace(PTRACE_CONT, pid, NULL, (void *)(intptr_t)signal);
    } else if (pid == first) {
      result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
  }
  return result;
}

int main(int argc, char **argv)
{
  if (argc < 7 || strcmp(argv[1], "-o") != 0) {
    fprintf(stderr, "usage: fail_call -o FILE KIND N ERROR COMMAND...\n");
    return 126;
  }
  plan.kind = argv[3];
  plan.n = strtoull(argv[4], NULL, 10);
  plan.error = atoi(argv[5]);
  int go[2];
  if (pipe(go)) return 126;
  pid_t first = fork();
  if (first == 0) {
    char byte;
    close(go[1]);
    if (read(go[0], &byte, 1) < 0) _exit(126); /* until the parent has seized it */
    close(go[0]);
    if (!install_filter()) _exit(125);
    execvp(argv[6], argv + 6);
    _exit(127);
  }
  long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (ptrace(PTRACE_SEIZE, first, NULL, (void *)options) || ptrace(PTRACE_INTERRUPT, first, NULL, NULL)) {
    perror("fail_call: tracing is not allowed here");
    kill(first, SIGKILL);
    return 125;
  }
  close(go[0]);
  close(go[1]);
  int result = follow(first);
  FILE *out = fopen(argv[2], "w");
  if (!out) return 126;
  fprintf(out, "%llu %d\n", (unsigned long long)plan.seen, plan.failed);
  return fclose(out) ? 126 : result;
}
