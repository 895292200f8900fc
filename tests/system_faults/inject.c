/* Runs a program and acts at the N-th of certain system calls that it, its threads and its children make on files of a folder.
 *
 *   inject REPORT KINDS ACTION N FOLDER PROGRAM [ARGUMENT...]
 *
 * REPORT  a file, for the number of these calls
 * KINDS   letters: w write, s sync, r rename, c create or open for writing, d make a folder, u remove, l lock, m change permissions;
 *         o open for reading, R read, g list a folder, f ask for attributes
 * ACTION  count; kill, before the call; power, kill and take back every write that was not synced, as a power cut may; short, half
 *         of a write; or the number of the error with which the call fails
 *
 * Ends as the program does: with its exit code, or 128 and the number of the signal that ended it. Linux on x86-64.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
/* after the C library's own header of this name */
#include <linux/ptrace.h>

enum { NONE = -1 };

/* The arguments of a system call that name its file: a descriptor, or a path in a folder (of the process, where there is none). */
struct call {
    unsigned long number;
    char kind;
    int descriptor;
    int path;
};

static const struct call calls[] = {
    {SYS_write, 'w', 0, NONE},     {SYS_pwrite64, 'w', 0, NONE},   {SYS_writev, 'w', 0, NONE},    {SYS_pwritev, 'w', 0, NONE},
    {SYS_pwritev2, 'w', 0, NONE},  {SYS_ftruncate, 'w', 0, NONE},  {SYS_fallocate, 'w', 0, NONE}, {SYS_sendfile, 'w', 0, NONE},
    {SYS_fsync, 's', 0, NONE},     {SYS_fdatasync, 's', 0, NONE},  {SYS_rename, 'r', NONE, 0},    {SYS_renameat, 'r', 0, 1},
    {SYS_renameat2, 'r', 0, 1},    {SYS_link, 'r', NONE, 0},       {SYS_linkat, 'r', 0, 1},       {SYS_open, 'o', NONE, 0},
    {SYS_openat, 'o', 0, 1},       {SYS_mkdir, 'd', NONE, 0},      {SYS_mkdirat, 'd', 0, 1},      {SYS_unlink, 'u', NONE, 0},
    {SYS_rmdir, 'u', NONE, 0},     {SYS_unlinkat, 'u', 0, 1},      {SYS_flock, 'l', 0, NONE},     {SYS_fcntl, 'l', 0, NONE},
    {SYS_chmod, 'm', NONE, 0},     {SYS_fchmod, 'm', 0, NONE},     {SYS_fchmodat, 'm', 0, 1},     {SYS_read, 'R', 0, NONE},
    {SYS_pread64, 'R', 0, NONE},   {SYS_readv, 'R', 0, NONE},      {SYS_preadv, 'R', 0, NONE},    {SYS_getdents64, 'g', 0, NONE},
    {SYS_statx, 'f', 0, 1},        {SYS_newfstatat, 'f', 0, 1},    {SYS_stat, 'f', NONE, 0},      {SYS_lstat, 'f', NONE, 0},
    {SYS_copy_file_range, 'w', 2, NONE},
};

static const char *kinds, *folder;

static const struct call *find_call(unsigned long number)
{
    for (size_t at = 0; at < sizeof calls / sizeof calls[0]; at++)
        if (calls[at].number == number)
            return &calls[at];
    return NULL;
}

/* The path behind a link in /proc: "cwd", "fd/3". Empty where there is none. */
static void read_link(pid_t thread, const char *name, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/%s", thread, name);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

/* A text in the memory of a thread; read in pieces that do not cross a page, since the next one may not exist. */
static void read_text(pid_t thread, unsigned long address, char *text)
{
    size_t length = 0;
    while (length < PATH_MAX - 1) {
        size_t piece = 256 - address % 256;
        if (piece > PATH_MAX - 1 - length)
            piece = PATH_MAX - 1 - length;
        struct iovec to = {text + length, piece}, from = {(void *)address, piece};
        if (process_vm_readv(thread, &to, 1, &from, 1, 0) != (ssize_t)piece)
            break;
        if (memchr(text + length, 0, piece))
            return;
        length += piece;
        address += piece;
    }
    text[length] = 0;
}

/* The path of a call's file. */
static void find_path(pid_t thread, const struct call *call, const __u64 *arguments, char *path)
{
    char text[PATH_MAX] = "", name[32] = "cwd";
    if (call->path != NONE)
        read_text(thread, arguments[call->path], text);
    if (call->descriptor != NONE && (int)arguments[call->descriptor] != AT_FDCWD)
        snprintf(name, sizeof name, "fd/%d", (int)arguments[call->descriptor]);
    if (text[0] == '/') {
        strcpy(path, text);
        return;
    }
    read_link(thread, name, path);
    if (text[0])
        strcat(strcat(path, "/"), text);
}

/* A write that no sync has followed: the bytes and the size of the file before it. */
struct unsynced {
    struct unsynced *older;
    ino_t inode;
    off_t offset, size;
    size_t length;
    char *bytes;
};

/* A sync that a thread waits for. */
struct sync {
    pid_t thread;
    ino_t inode;
};

enum { THREADS = 1024 };

static struct unsynced *unsynced;
static struct sync syncs[THREADS];

/* The file behind a descriptor of a thread, opened to be read; -1 where it is none of the folder. */
static int open_file(pid_t thread, int descriptor, struct stat *found)
{
    char name[32], path[PATH_MAX], link[64];
    snprintf(name, sizeof name, "fd/%d", descriptor);
    read_link(thread, name, path);
    if (strncmp(path, folder, strlen(folder)) != 0)
        return -1;
    snprintf(link, sizeof link, "/proc/%d/%s", thread, name);
    int file = open(link, O_RDONLY);
    if (file >= 0 && (fstat(file, found) != 0 || !S_ISREG(found->st_mode))) {
        close(file);
        return -1;
    }
    return file;
}

/* The place in a file at which a thread writes next. */
static off_t position(pid_t thread, int descriptor, off_t size)
{
    char name[64], line[128];
    long long at = 0;
    unsigned flags = 0;
    snprintf(name, sizeof name, "/proc/%d/fdinfo/%d", thread, descriptor);
    FILE *information = fopen(name, "r");
    while (information && fgets(line, sizeof line, information)) {
        sscanf(line, "pos: %lld", &at);
        sscanf(line, "flags: %o", &flags);
    }
    if (information)
        fclose(information);
    return flags & O_APPEND ? size : at;
}

/* Keeps what a call is about to replace. */
static void keep_before_write(pid_t thread, const struct call *call, const __u64 *arguments)
{
    struct stat found;
    int descriptor = arguments[call->descriptor], file = open_file(thread, descriptor, &found);
    if (file < 0)
        return;
    struct unsynced *write = calloc(1, sizeof *write);
    write->inode = found.st_ino;
    write->size = found.st_size;
    off_t end = found.st_size;
    switch (call->number) {
    case SYS_pwrite64:
        write->offset = arguments[3];
        end = write->offset + (off_t)arguments[2];
        break;
    case SYS_write:
        write->offset = position(thread, descriptor, found.st_size);
        end = write->offset + (off_t)arguments[2];
        break;
    case SYS_ftruncate:
        write->offset = arguments[1];
        break;
    case SYS_pwritev:
    case SYS_pwritev2:
        write->offset = arguments[3];
        break;
    case SYS_fallocate:
        write->offset = end;
        break;
    default:
        write->offset = position(thread, descriptor, found.st_size);
    }
    if (end > found.st_size)
        end = found.st_size;
    if (end > write->offset) {
        write->bytes = malloc(end - write->offset);
        ssize_t length = pread(file, write->bytes, end - write->offset, write->offset);
        write->length = length < 0 ? 0 : length;
    }
    close(file);
    write->older = unsynced;
    unsynced = write;
}

/* Notes that a thread waits for a sync. */
static void begin_sync(pid_t thread, int descriptor)
{
    struct stat found;
    int file = open_file(thread, descriptor, &found);
    if (file < 0)
        return;
    close(file);
    for (size_t at = 0; at < THREADS; at++)
        if (syncs[at].thread == 0 || syncs[at].thread == thread) {
            syncs[at] = (struct sync){thread, found.st_ino};
            return;
        }
}

/* Forgets the writes of a file that a thread has synced. */
static void end_call(pid_t thread, long result)
{
    for (size_t at = 0; at < THREADS; at++) {
        if (syncs[at].thread != thread)
            continue;
        syncs[at].thread = 0;
        for (struct unsynced **link = &unsynced; result == 0 && *link;) {
            struct unsynced *write = *link;
            if (write->inode == syncs[at].inode)
                *link = write->older;
            else
                link = &write->older;
        }
    }
}

static ino_t wanted_inode;
static char wanted_path[PATH_MAX];

static int compare_inode(const char *path, const struct stat *found, int kind, struct FTW *place)
{
    (void)place;
    if (kind != FTW_F || found->st_ino != wanted_inode)
        return 0;
    strncpy(wanted_path, path, sizeof wanted_path - 1);
    return 1;
}

/* Takes back the writes that were not synced, the last one first; a removed file has none. */
static void cut_power(void)
{
    for (struct unsynced *write = unsynced; write; write = write->older) {
        wanted_inode = write->inode;
        if (nftw(folder, compare_inode, 16, FTW_PHYS) != 1)
            continue;
        int file = open(wanted_path, O_WRONLY);
        if (file < 0)
            continue;
        if (pwrite(file, write->bytes, write->length, write->offset) < 0 || ftruncate(file, write->size) != 0)
            exit(122);
        close(file);
    }
}

/* Whether a call is of one of the kinds and on a file of the folder. */
static int is_wanted(pid_t thread, const struct ptrace_syscall_info *info)
{
    const struct call *call = find_call(info->entry.nr);
    if (!call)
        return 0;
    char kind = call->kind;
    if (kind == 'o') {
        int flags = info->entry.args[call->path + 1];
        if (flags & O_CREAT || (flags & O_ACCMODE) != O_RDONLY)
            kind = 'c';
    }
    if (call->number == SYS_fcntl && info->entry.args[1] != F_SETLK && info->entry.args[1] != F_SETLKW)
        return 0;
    if (!strchr(kinds, kind))
        return 0;
    char path[2 * PATH_MAX];
    find_path(thread, call, info->entry.args, path);
    return strncmp(path, folder, strlen(folder)) == 0;
}

/* Makes a call do nothing and return an error. */
static void fail(pid_t thread, long error)
{
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, thread, 0, &registers);
    registers.orig_rax = -1;
    registers.rax = -error;
    ptrace(PTRACE_SETREGS, thread, 0, &registers);
}

/* Halves the bytes that a call writes, if it has a number of bytes. */
static void shorten(pid_t thread, unsigned long number)
{
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, thread, 0, &registers);
    if ((number == SYS_write || number == SYS_pwrite64) && registers.rdx > 1) {
        registers.rdx /= 2;
        ptrace(PTRACE_SETREGS, thread, 0, &registers);
    }
}

static pid_t start(char **program)
{
    pid_t root = fork();
    if (root == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execvp(program[0], program);
        _exit(127);
    }
    int status;
    waitpid(root, &status, 0);
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
                   PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, root, 0, options) != 0)
        exit(126);
    ptrace(PTRACE_SYSCALL, root, 0, 0);
    return root;
}

int main(int count, char **words)
{
    if (count < 7)
        return 125;
    const char *action = words[3];
    long target = atol(words[4]), found = 0;
    int cuts_power = strcmp(action, "power") == 0, is_cut = 0;
    kinds = words[2];
    folder = words[5];
    pid_t root = start(words + 6), thread;
    int status, code = 124;
    while ((thread = waitpid(-1, &status, __WALL)) > 0) {
        if (!WIFSTOPPED(status)) {
            if (thread == root)
                code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            continue;
        }
        int signal = WSTOPSIG(status);
        if (signal == (SIGTRAP | 0x80)) {
            struct ptrace_syscall_info info;
            signal = 0;
            if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0)
                info.op = PTRACE_SYSCALL_INFO_NONE;
            if (cuts_power && !is_cut && info.op == PTRACE_SYSCALL_INFO_EXIT)
                end_call(thread, info.exit.rval);
            if (info.op == PTRACE_SYSCALL_INFO_ENTRY && is_wanted(thread, &info) && ++found == target) {
                if (strcmp(action, "kill") == 0)
                    kill(root, SIGKILL);
                else if (cuts_power) {
                    kill(root, SIGKILL);
                    is_cut = 1;
                }
                else if (strcmp(action, "short") == 0)
                    shorten(thread, info.entry.nr);
                else if (strcmp(action, "count") != 0)
                    fail(thread, atol(action));
            }
            const struct call *call = info.op == PTRACE_SYSCALL_INFO_ENTRY ? find_call(info.entry.nr) : NULL;
            if (cuts_power && !is_cut && call && call->kind == 'w')
                keep_before_write(thread, call, info.entry.args);
            if (cuts_power && !is_cut && call && call->kind == 's')
                begin_sync(thread, info.entry.args[0]);
        } else if (signal == SIGTRAP || signal == SIGSTOP) {
            /* a new thread, process or program */
            signal = 0;
        }
        ptrace(PTRACE_SYSCALL, thread, 0, signal);
    }
    if (is_cut)
        cut_power();
    FILE *report = fopen(words[1], "w");
    if (!report)
        return 123;
    fprintf(report, "%ld\n", found);
    fclose(report);
    return code;
}
