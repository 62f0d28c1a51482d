/* fail_call.c - runs a command and lets the n-th system call of a kind fail, in whichever of its processes it comes.
 *
 *     fail_call -o FILE KIND N ERROR COMMAND...
 *
 * KIND: write, sync, rename, open (for writing), mkdir, unlink, truncate, lock, fork, thread, exec, pipe. Writes to the
 * standard streams do not count, and nothing does before COMMAND itself is running. ERROR: the number of an errno; 0:
 * the n-th write is cut in half instead ("short"). FILE gets the number of calls of the kind, and 1 if one was made to
 * fail. Exits as COMMAND does, with 128 + signal if a signal ended it. x86-64 only. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
  pid_t failing; /* its call is on the way and shall fail; 0: none */
} plan;

static bool for_writing(long flags)
{
  return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
}

static bool is_thread(pid_t pid, long number, const struct user_regs_struct *regs)
{
  uint64_t flags = number == SYS_clone3 ? (uint64_t)ptrace(PTRACE_PEEKDATA, pid, (void *)regs->rdi, NULL) : regs->rdi;
  return flags & CLONE_THREAD;
}

static bool counts(pid_t pid, const struct user_regs_struct *regs)
{
  long number = (long)regs->orig_rax;
  bool of_kind = false;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
    of_kind |= calls[i].number == number && !strcmp(calls[i].kind, plan.kind);
  if (!of_kind) return false;
  switch (number) {
  case SYS_write:
  case SYS_writev:
    return regs->rdi > STDERR_FILENO;
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

static void on_entry(pid_t pid)
{
  struct user_regs_struct regs;
  if (!plan.begun || ptrace(PTRACE_GETREGS, pid, NULL, &regs) || !counts(pid, &regs)) return;
  if (++plan.seen != plan.n) return;
  plan.failed = true;
  if (plan.error) {
    plan.failing = pid;
    regs.orig_rax = (unsigned long long)-1; /* no call: it returns ENOSYS, which on_exit replaces */
  } else if (regs.rdx > 1) {
    regs.rdx /= 2;
  }
  ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

static void on_exit_of_call(pid_t pid)
{
  struct user_regs_struct regs;
  if (plan.failing != pid || ptrace(PTRACE_GETREGS, pid, NULL, &regs)) return;
  regs.rax = (unsigned long long)-plan.error;
  ptrace(PTRACE_SETREGS, pid, NULL, &regs);
  plan.failing = 0;
}

/* Returns the signal that the process gets when it goes on. */
static int see_stop(pid_t pid, int status)
{
  int signal = WSTOPSIG(status), event = status >> 16;
  if (signal == (SIGTRAP | 0x80)) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) > 0) {
      if (info.op == PTRACE_SYSCALL_INFO_ENTRY) on_entry(pid);
      if (info.op == PTRACE_SYSCALL_INFO_EXIT) on_exit_of_call(pid);
    }
    return 0;
  }
  if (event == PTRACE_EVENT_EXEC) plan.begun = true;
  return event ? 0 : signal;
}

static int follow(pid_t first)
{
  int status, result = 1;
  pid_t pid;
  while ((pid = waitpid(-1, &status, __WALL)) > 0 || (pid < 0 && errno == EINTR)) {
    if (pid < 0) continue;
    if (WIFSTOPPED(status)) {
      int signal = see_stop(pid, status);
      ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)signal);
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
    execvp(argv[6], argv + 6);
    _exit(127);
  }
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
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
