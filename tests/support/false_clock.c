// Preloaded into a server under test: its wall clock is the machine's plus what a shared file says, in nanoseconds, at once
// for every process that has it; with MANENT_FALSE_CLOCK_OF only for those whose command line has that word. Steady clocks
// and sleeping stay as they are, as when an administrator or a time service sets the clock.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t* offset_ns;

static int is_meant(void)
{
    const char* const word = getenv("MANENT_FALSE_CLOCK_OF");
    if (word == NULL) return 1;
    char line[4096] = {0};
    const int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t length = read(file, line, sizeof line - 1);
    close(file);
    return length > 0 && memmem(line, (size_t)length, word, strlen(word)) != NULL;
}

__attribute__((constructor)) static void open_offset(void)
{
    if (!is_meant()) return;
    const char* const name = getenv("MANENT_FALSE_CLOCK");
    const int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    void* const shared = mmap(NULL, sizeof *offset_ns, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (shared != MAP_FAILED) offset_ns = shared;
}

int clock_gettime(clockid_t which, struct timespec* now)
{
    const int failed = (int)syscall(SYS_clock_gettime, which, now);
    if (failed || offset_ns == NULL || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE)) return failed;
    const int64_t ns = now->tv_sec * INT64_C(1000000000) + now->tv_nsec + *offset_ns;
    now->tv_sec = ns / 1000000000;
    now->tv_nsec = ns % 1000000000;
    return 0;
}

int gettimeofday(struct timeval* restrict now, void* restrict zone)
{
    (void)zone;
    struct timespec read;
    if (clock_gettime(CLOCK_REALTIME, &read) != 0) return -1;
    now->tv_sec = read.tv_sec;
    now->tv_usec = read.tv_nsec / 1000;
    return 0;
}

time_t time(time_t* now)
{
    struct timespec read;
    clock_gettime(CLOCK_REALTIME, &read);
    if (now != NULL) *now = read.tv_sec;
    return read.tv_sec;
}
