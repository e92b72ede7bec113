// Stands between a program and the system, by LD_PRELOAD, and makes one of its calls fail.
//
//   FAULT_BELOW   the folder whose calls are counted, and no others
//   FAULT_LOG     a file that gets a line for each call: what is done, a tab, and to which path; a
//                 call that was made to fail stands behind "! "
//   FAULT_CALL    such a line: the call that fails
//   FAULT_NUMBER  which of the equal calls, from 1
//   FAULT_ERRNO   the number of the error that it fails with
//   FAULT_CLOCK   by how many seconds each reading of the clock lies before the one before it
//
// Equal calls of one file come in the same order in every run, whatever the threads do; a number
// over all calls would not always name the same one.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define FILES 4096

static const char *below, *call;
static int log_descriptor = -1, number, code;
static long clock_step;
static atomic_int met;
static atomic_long readings;
static _Atomic(char *) paths[FILES];

__attribute__((constructor)) static void begin(void) {
    below = getenv("FAULT_BELOW");
    call = getenv("FAULT_CALL");
    const char *text = getenv("FAULT_NUMBER");
    number = text ? atoi(text) : 1;
    text = getenv("FAULT_ERRNO");
    code = text ? atoi(text) : EIO;
    text = getenv("FAULT_CLOCK");
    clock_step = text ? atol(text) : 0;
    text = getenv("FAULT_LOG");
    if (text)
        log_descriptor = (int)syscall(
            SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void *next(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (!function) _exit(99);
    return function;
}

// Whether this call is to fail; `errno` is then set.
static int fails(const char *what, const char *path) {
    if (!below || !path || strncmp(path, below, strlen(below)) != 0) return 0;
    char line[5000];
    int length = snprintf(line, sizeof line, "! %s\t%s", what, path);
    if (length < 0 || length >= (int)sizeof line - 1) return 0;
    // The names of temporary files are random: each would be a call that no other run makes.
    char *temporary = strstr(line, "/tmp.");
    if (temporary && !strchr(temporary + 1, '/')) {
        temporary[5] = 0;
        length = (int)strlen(line);
    }
    int chosen = call && strcmp(call, line + 2) == 0 && atomic_fetch_add(&met, 1) + 1 == number;
    if (log_descriptor >= 0) {
        line[length] = '\n';
        const char *begin = chosen ? line : line + 2;
        (void)!syscall(SYS_write, log_descriptor, begin, line + length + 1 - begin);
    }
    if (chosen) errno = code;
    return chosen;
}

static int fails_at(const char *what, int descriptor) {
    if (descriptor < 0 || descriptor >= FILES) return 0;
    return fails(what, atomic_load(&paths[descriptor]));
}

static void remember(int descriptor, const char *path) {
    if (descriptor < 0 || descriptor >= FILES) return;
    free(atomic_exchange(&paths[descriptor], path ? strdup(path) : NULL));
}

static const char *opening(int flags) {
    return flags & O_CREAT ? "create" : flags & O_DIRECTORY ? "open folder" : "open";
}

#define OPEN(name)                                                       \
    int name(const char *path, int flags, ...) {                         \
        mode_t mode = 0;                                                 \
        if (flags & O_CREAT) {                                           \
            va_list list;                                                \
            va_start(list, flags);                                       \
            mode = (mode_t)va_arg(list, int);                            \
            va_end(list);                                                \
        }                                                                \
        if (fails(opening(flags), path)) return -1;                      \
        int (*real)(const char *, int, ...) = next(#name);               \
        int descriptor = real(path, flags, mode);                        \
        remember(descriptor, path);                                      \
        return descriptor;                                               \
    }
OPEN(open)
OPEN(open64)

#define OPEN_2(name)                                                     \
    int name(const char *path, int flags) {                              \
        if (fails(opening(flags), path)) return -1;                      \
        int (*real)(const char *, int) = next(#name);                    \
        int descriptor = real(path, flags);                              \
        remember(descriptor, path);                                      \
        return descriptor;                                               \
    }
OPEN_2(__open_2)
OPEN_2(__open64_2)

DIR *opendir(const char *path) {
    if (fails("list", path)) return NULL;
    DIR *(*real)(const char *) = next("opendir");
    return real(path);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    if (fails_at("read", descriptor)) return -1;
    ssize_t (*real)(int, void *, size_t) = next("read");
    return real(descriptor, bytes, count);
}

#define PREAD(name)                                                      \
    ssize_t name(int descriptor, void *bytes, size_t count, off_t at) {  \
        if (fails_at("read", descriptor)) return -1;                     \
        ssize_t (*real)(int, void *, size_t, off_t) = next(#name);       \
        return real(descriptor, bytes, count, at);                       \
    }
PREAD(pread)
PREAD(pread64)

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (fails_at("write", descriptor)) return -1;
    ssize_t (*real)(int, const void *, size_t) = next("write");
    return real(descriptor, bytes, count);
}

int fsync(int descriptor) {
    if (fails_at("sync", descriptor)) return -1;
    int (*real)(int) = next("fsync");
    return real(descriptor);
}

int fdatasync(int descriptor) {
    if (fails_at("sync", descriptor)) return -1;
    int (*real)(int) = next("fdatasync");
    return real(descriptor);
}

int fchmod(int descriptor, mode_t mode) {
    if (fails_at("chmod", descriptor)) return -1;
    int (*real)(int, mode_t) = next("fchmod");
    return real(descriptor, mode);
}

// The descriptor is given back in any case, as Linux does.
int close(int descriptor) {
    int chosen = fails_at("close", descriptor);
    remember(descriptor, NULL);
    int (*real)(int) = next("close");
    int result = real(descriptor);
    if (!chosen) return result;
    errno = code;
    return -1;
}

int mkdir(const char *path, mode_t mode) {
    if (fails("mkdir", path)) return -1;
    int (*real)(const char *, mode_t) = next("mkdir");
    return real(path, mode);
}

int rename(const char *from, const char *to) {
    if (fails("rename", to)) return -1;
    int (*real)(const char *, const char *) = next("rename");
    return real(from, to);
}

int symlink(const char *target, const char *path) {
    if (fails("link", path)) return -1;
    int (*real)(const char *, const char *) = next("symlink");
    return real(target, path);
}

int unlink(const char *path) {
    if (fails("unlink", path)) return -1;
    int (*real)(const char *) = next("unlink");
    return real(path);
}

int rmdir(const char *path) {
    if (fails("rmdir", path)) return -1;
    int (*real)(const char *) = next("rmdir");
    return real(path);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int (*real)(clockid_t, struct timespec *) = next("clock_gettime");
    int result = real(clock, time);
    if (clock == CLOCK_REALTIME && clock_step && result == 0)
        time->tv_sec -= clock_step * atomic_fetch_add(&readings, 1);
    return result;
}
