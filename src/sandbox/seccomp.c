/* SPDX-License-Identifier: MIT */
/* seccomp.c - system calls, by libseccomp.
 *
 * Two filters of opposite kinds.  The program as a whole has a list of what is refused: it runs
 * OpenSSL, libcurl, libunbound, SQLite and libpq on C libraries and kernels that nobody has tried
 * yet, and a list of what is allowed would some day refuse a harmless new call, as a fault of ours
 * that looks like one of the domain.  What whoever takes the program over needs in order to get any
 * further (other programs, other processes, other namespaces, the kernel's rarer interfaces) has
 * known names.  The parser only computes, so there a list of what is allowed is short and holds.
 *
 * A call that this libseccomp or this machine does not know is passed over. */
#include "config.h"
#include "sandbox/sandbox.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const char *const refused[] = {
    /* other programs, and other processes */
    "execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "process_mrelease", "pidfd_getfd", "kcmp",
    /* what others connect to */
    "listen",
    /* other namespaces and file systems */
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount",
    "open_tree", "open_tree_attr", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr",
    "statmount", "listmount", "quotactl", "quotactl_fd", "swapon", "swapoff", "open_by_handle_at",
    "name_to_handle_at", "fanotify_init", "fanotify_mark", "mknod", "mknodat",
    /* other rights */
    "setuid", "setuid32", "setgid", "setgid32", "setreuid", "setreuid32", "setregid", "setregid32",
    "setresuid", "setresuid32", "setresgid", "setresgid32", "setfsuid", "setfsuid32", "setfsgid",
    "setfsgid32", "setgroups", "setgroups32", "capset", "personality", "add_key", "request_key",
    "keyctl",
    /* the rarer interfaces of the kernel */
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "init_module", "finit_module", "delete_module", "create_module",
    "kexec_load", "kexec_file_load", "reboot", "acct", "syslog", "vhangup", "lookup_dcookie",
    "nfsservctl", "uselib", "sysfs", "_sysctl", "modify_ldt", "iopl", "ioperm", "vm86", "vm86old",
    "migrate_pages", "move_pages", "mbind", "set_mempolicy", "set_mempolicy_home_node",
    "remap_file_pages", "vmsplice",
    /* the machine's name and clock */
    "sethostname", "setdomainname", "settimeofday", "clock_settime", "clock_settime64",
    "clock_adjtime", "clock_adjtime64", "adjtimex", "stime"};

static const char *const accepting[] = {"accept", "accept4"};

/* Reading and writing what is open, memory, time, chance, an end. */
static const char *const needed[] = {
    "read", "write", "readv", "writev", "recvfrom", "sendto", "close", "fstat", "fstat64", "lseek",
    "_llseek", "poll", "ppoll", "ppoll_time64",
    /* memory; mmap has conditions of its own */
    "brk", "munmap", "mremap", "madvise",
    /* time, chance and waiting */
    "clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday",
    "time", "getrandom", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64", "sched_yield",
    "restart_syscall", "futex", "futex_time64", "sched_getaffinity", "getrusage", "sysinfo",
    "uname", "membarrier", "rseq", "set_robust_list",
    /* the end */
    "exit", "exit_group", "rt_sigreturn", "sigreturn", "rt_sigaction", "rt_sigprocmask",
    "sigaltstack", "gettid", "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid"};

static void add(scmp_filter_ctx filter, uint32_t action, const char *name)
{
    int call = seccomp_syscall_resolve_name(name);

    if (call != __NR_SCMP_ERROR)
        (void)seccomp_rule_add(filter, action, call, 0);
}

static void add_if(scmp_filter_ctx filter, uint32_t action, const char *name,
                   struct scmp_arg_cmp first)
{
    int call = seccomp_syscall_resolve_name(name);

    if (call != __NR_SCMP_ERROR)
        (void)seccomp_rule_add_array(filter, action, call, 1, &first);
}

/* Where the argument has the bit. */
static void refuse_bit(scmp_filter_ctx filter, const char *name, unsigned argument, uint64_t bit)
{
    add_if(filter, SCMP_ACT_ERRNO(EPERM), name, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, bit, bit));
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void refuse_families(scmp_filter_ctx filter, bool network)
{
    for (int family = 0; family <= AF_NETLINK; family++) {
        bool remote = family == AF_INET || family == AF_INET6;

        if (family != AF_UNIX && family != AF_NETLINK && !(network && remote))
            add_if(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket",
                   SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
    }
    add_if(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), "socket", SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
    /* Of netlink only NETLINK_ROUTE, which getaddrinfo() asks for our addresses. */
    (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 2,
                           SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_NE, 0));
}

static void refuse_namespaces(scmp_filter_ctx filter)
{
    static const uint64_t flags[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                     CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};
#if defined(__s390__) || defined(__s390x__)
    unsigned place = 1;
#else
    unsigned place = 0;
#endif
    int clone3 = seccomp_syscall_resolve_name("clone3");

    for (size_t i = 0; i < COUNT(flags); i++)
        refuse_bit(filter, "clone", place, flags[i]);
    /* Its flags lie in memory, where no filter sees them; without it clone is taken. */
    if (clone3 != __NR_SCMP_ERROR)
        (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), clone3, 0);
}

/* Memory that is written and then run: code of a stranger. */
static void refuse_code(scmp_filter_ctx filter)
{
    static const uint64_t both = PROT_WRITE | PROT_EXEC;

    refuse_bit(filter, "mmap", 2, both);
    refuse_bit(filter, "mmap2", 2, both);
    refuse_bit(filter, "mprotect", 2, PROT_EXEC);
    refuse_bit(filter, "pkey_mprotect", 2, PROT_EXEC);
}

/* Typing into the terminal that we run in. */
static void refuse_typing(scmp_filter_ctx filter)
{
    static const uint64_t low = 0xffffffff, push = 0x5412, paste = 0x541c; /* TIOCSTI, TIOCLINUX */

    add_if(filter, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, low, push));
    add_if(filter, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, low, paste));
}

static void refuse_all(scmp_filter_ctx filter, const struct sandbox_wish *wish)
{
    for (size_t i = 0; i < COUNT(refused); i++)
        add(filter, SCMP_ACT_ERRNO(EPERM), refused[i]);
    for (size_t i = 0; !wish->accepts && i < COUNT(accepting); i++)
        add(filter, SCMP_ACT_ERRNO(EPERM), accepting[i]);
    refuse_families(filter, wish->network);
    refuse_namespaces(filter);
    refuse_code(filter);
    refuse_typing(filter);
}

/* ---- what is allowed ------------------------------------------------------------------------- */

static void allow_needed(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < COUNT(needed); i++)
        add(filter, SCMP_ACT_ALLOW, needed[i]);
    /* no memory that can be run */
    add_if(filter, SCMP_ACT_ALLOW, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    add_if(filter, SCMP_ACT_ALLOW, "mmap2", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    add_if(filter, SCMP_ACT_ALLOW, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* what is open, not what a name leads to */
    add_if(filter, SCMP_ACT_ALLOW, "newfstatat", SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH));
    /* abort() */
    add_if(filter, SCMP_ACT_ALLOW, "tgkill", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
}

/* ---- entering -------------------------------------------------------------------------------- */

static enum sandbox_state load(scmp_filter_ctx filter)
{
    int error;

    /* Calls of another machine's numbering, such as those of 32-bit programs. */
    (void)seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree in place of a list */
    error = seccomp_load(filter);
    seccomp_release(filter);
    return error ? SANDBOX_ABSENT : SANDBOX_IN_FORCE;
}

enum sandbox_state seccomp_enter(const struct sandbox_wish *wish)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (!filter)
        return SANDBOX_ABSENT;
    refuse_all(filter, wish);
    return load(filter);
}

enum sandbox_state seccomp_enter_strictly(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

    if (!filter)
        return SANDBOX_ABSENT;
    allow_needed(filter);
    return load(filter);
}

#else

enum sandbox_state seccomp_enter(const struct sandbox_wish *wish)
{
    (void)wish;
    return SANDBOX_UNBUILT;
}

enum sandbox_state seccomp_enter_strictly(void)
{
    return SANDBOX_UNBUILT;
}

#endif
