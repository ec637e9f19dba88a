#include "mother.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void set(const char *name, int value)
{
    char text[20];
    snprintf(text, sizeof(text), "%d", value);
    setenv(name, text, 1);
}

/* In the child: become the program, with the library in front. */
static void become(enum role role, const char *bin, const char *dir)
{
    char program[300], library[300], config[200], log[200];
    snprintf(program, sizeof(program), "%s/%s", bin,
             role == ROLE_BOT ? "cppo-bot" : "cppo-sandbox");
    snprintf(library, sizeof(library), "%s/crash.so", bin);
    snprintf(config, sizeof(config), "%s/cppo.yaml", dir);
    snprintf(log, sizeof(log), "%s/%s.log", dir, role == ROLE_BOT ? "bot" : "sandbox");
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(out, 1);
    dup2(out, 2);
    setenv("LD_PRELOAD", library, 1);
    if (role == ROLE_BOT)
        execl(program, program, "run", "--config", config, (char *)NULL);
    else
        execl(program, program, "--port", "0", "--dir", dir, (char *)NULL);
    _exit(127);
}

void mother_open(struct mother *mother, enum role role, const char *bin, const char *dir,
                 int memory, int nap_fd)
{
    static const struct timeval patience = {.tv_sec = 60};
    int ends[2];
    mother->wake = eventfd(0, EFD_NONBLOCK);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        abort();
    mother->talk = ends[0];
    mother->pid = fork();
    if (mother->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        set("CRASH_ROLE", (int)role);
        set("CRASH_WAKE", mother->wake);
        set("CRASH_NAP", nap_fd);
        set("CRASH_PAGE", memory);
        set("CRASH_RUNNER", ends[1]);
        become(role, bin, dir);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC); /* a later mother must not hold it open */
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

void mother_close(struct mother *mother)
{
    close(mother->talk);
    close(mother->wake);
    waitpid(mother->pid, NULL, 0);
}

bool mother_news(struct mother *mother)
{
    struct news news;
    if (recv(mother->talk, &news, sizeof(news), MSG_WAITALL) != (ssize_t)sizeof(news)) {
        fprintf(stderr, "a process that waits in front of main() is gone, or says nothing\n");
        exit(1);
    }
    mother->child = news.born;
    if (news.born == 0)
        mother->status = news.status;
    return news.born == 0;
}

void mother_wish(struct mother *mother, const char *environment)
{
    struct wish wish = {{0}};
    if (environment != NULL)
        memcpy(wish.environment, environment, sizeof(wish.environment));
    if (send(mother->talk, &wish, sizeof(wish), MSG_NOSIGNAL) != (ssize_t)sizeof(wish))
        exit(1);
    while (mother_news(mother))
        ;
}

void mother_kill(struct mother *mother)
{
    if (mother->child <= 0)
        return;
    kill(mother->child, SIGKILL);
    while (!mother_news(mother))
        ;
}
