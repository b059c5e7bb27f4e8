/* Loaded before the C library: makes one of its functions fail as a broken disk would.
 *
 * DENY names the function, DENY_AFTER how many of its calls still succeed, DENY_PATH what the path
 * must contain where there is one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int denied(const char *function, const char *path)
{
    static int calls;
    const char *wanted = getenv("DENY"), *after = getenv("DENY_AFTER"), *part = getenv("DENY_PATH");
    if (!wanted || strcmp(wanted, function) || (path && part && !strstr(path, part)))
        return 0;
    if (calls++ < (after ? atoi(after) : 0))
        return 0;
    errno = EIO;
    return 1;
}

int fsync(int file)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "fsync");
    return denied("fsync", NULL) ? -1 : real(file);
}

int rename(const char *from, const char *to)
{
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    return denied("rename", to) ? -1 : real(from, to);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    struct stat status;
    if (!fstat(file, &status) && S_ISREG(status.st_mode) && denied("write", NULL))
        return -1;
    return real(file, bytes, count);
}

static int open_with(const char *name, const char *path, int flags, mode_t mode)
{
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
    return denied("open", path) ? -1 : real(path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_with("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_with("open64", path, flags, mode);
}
