/* Birth: the process stops in front of main(), and every copy of it that the runner wishes for goes
 * on from there, which spares the loading of forty libraries a thousand times. */
#include "preload.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct page *page;
enum role role;
int wake_fd, nap_fd;

void *plain_memory(size_t size)
{
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block != MAP_FAILED ? block : NULL;
}

static int number(const char *name)
{
    const char *text = getenv(name);
    if (text == NULL)
        _exit(99);
    return (int)strtol(text, NULL, 10);
}

static void take_environment(const char *list)
{
    for (; *list != '\0'; list += strlen(list) + 1)
        putenv(strdup(list));
}

/* Where it crashed, for whoever looks at the point: into the bot's log, like all that it says. */
static void on_fault(int number)
{
    void *frames[40];
    int count = backtrace(frames, 40);
    backtrace_symbols_fd(frames, count, STDERR_FILENO);
    signal(number, SIG_DFL);
    raise(number);
}

/* The copies' mother; returns in each copy. */
static void breed(int runner, struct page *shared)
{
    static struct wish wish;
    while (recv(runner, &wish, sizeof(wish), MSG_WAITALL) == (ssize_t)sizeof(wish)) {
        struct news news = {0};
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(runner);
            take_environment(wish.environment);
            signal(SIGSEGV, on_fault);
            page = shared;
            return;
        }
        news.born = child;
        if (send(runner, &news, sizeof(news), MSG_NOSIGNAL) < 0)
            _exit(0);
        news.born = 0;
        waitpid(child, &news.status, 0);
        if (send(runner, &news, sizeof(news), MSG_NOSIGNAL) < 0)
            _exit(0);
    }
    _exit(0);
}

__attribute__((constructor)) static void start(void)
{
    if (getenv("CRASH_ROLE") == NULL)
        return;
    role = (enum role)number("CRASH_ROLE");
    wake_fd = number("CRASH_WAKE");
    nap_fd = number("CRASH_NAP");
    int memory = number("CRASH_PAGE");
    int runner = number("CRASH_RUNNER");
    void *shared = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    void *frame;
    backtrace(&frame, 1); /* it loads a library: not when something has gone wrong */
    memory_born();
    unsetenv("LD_PRELOAD");
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (shared == MAP_FAILED)
        _exit(99);
    close(memory);
    breed(runner, shared);
}
