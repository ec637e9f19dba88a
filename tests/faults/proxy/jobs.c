#include "jobs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"

enum { MAX_FIGURES = 64, LINE = 200, PIPE_ROOM = 1 << 20 };

struct figure {
    char name[100];
    double *values;
    size_t count;
};

static int figures_fd = -1;
static struct figure figures[MAX_FIGURES];

/* A line at a time, short enough for the pipe to keep it whole. */
void jobs_figure(const char *name, double value)
{
    char line[LINE];
    int size = snprintf(line, sizeof(line), "%.3f %.120s\n", value, name);
    if (write(figures_fd, line, (size_t)size) != size)
        _exit(1);
}

static void note(const char *name, double value)
{
    struct figure *figure = figures;
    while (figure->count > 0 && strcmp(figure->name, name) != 0)
        figure++;
    if (figure == figures + MAX_FIGURES - 1)
        abort();
    snprintf(figure->name, sizeof(figure->name), "%s", name);
    figure->values = mem_resize(figure->values, figure->count + 1, sizeof(double));
    figure->values[figure->count++] = value;
}

static void read_figures(int fd)
{
    FILE *file = fdopen(fd, "r");
    char line[LINE];
    while (fgets(line, sizeof(line), file) != NULL) {
        char *name;
        double value = strtod(line, &name);
        name[strcspn(name, "\n")] = '\0';
        note(name + 1, value);
    }
    fclose(file);
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct figure *)a)->name, ((const struct figure *)b)->name);
}

static void print_figures(void)
{
    size_t count = 0;
    while (figures[count].count > 0)
        count++;
    qsort(figures, count, sizeof(figures[0]), by_name);
    for (size_t i = 0; i < count; i++) {
        struct figure *figure = &figures[i];
        double sum = 0;
        qsort(figure->values, figure->count, sizeof(double), by_size);
        for (size_t at = 0; at < figure->count; at++)
            sum += figure->values[at];
        printf("%-60s %5zu x  least %6.0f  median %6.0f  most %6.0f  sum %7.0f\n", figure->name,
               figure->count, figure->values[0], figure->values[figure->count / 2],
               figure->values[figure->count - 1], sum);
        free(figure->values);
    }
}

/* Forks; the parent keeps nothing of the pipe but its reading end. */
static pid_t begin(const struct job *job, const int pipes[2])
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(pipes[0]);
        figures_fd = pipes[1];
        job->run(job);
        fflush(NULL);
        exit(0);
    }
    return child;
}

/* The figures lie in the pipe until all have ended: it has room for them. */
bool jobs_run(const struct job *jobs, int count, int width)
{
    int pipes[2];
    int begun = 0, ended = 0, passed = 0, failed = 0;
    pid_t *pids = mem_new((size_t)count, sizeof(*pids));
    bool *bad = mem_new((size_t)count, sizeof(*bad));
    if (pipe(pipes) != 0 || fcntl(pipes[1], F_SETPIPE_SZ, PIPE_ROOM) < PIPE_ROOM)
        abort();
    while (ended < count) {
        int status;
        while (begun < count && begun - ended < width) {
            pids[begun] = begin(&jobs[begun], pipes);
            begun++;
        }
        pid_t child = wait(&status);
        for (int i = 0; i < begun; i++) {
            if (pids[i] == child && status != 0) {
                bad[i] = true;
                fprintf(stderr, "FAILED: %s, part %d\n", jobs[i].name, jobs[i].number);
            }
        }
        ended++;
    }
    close(pipes[1]);
    read_figures(pipes[0]);
    print_figures();
    for (int i = 0; i < count;) { /* a test is as good as all of its parts */
        bool good = true;
        const char *name = jobs[i].name;
        for (; i < count && strcmp(jobs[i].name, name) == 0; i++)
            good = good && !bad[i];
        printf("%s %s\n", good ? "ok    " : "FAILED", name);
        passed += good;
        failed += !good;
    }
    printf("%d passed, %d failed\n", passed, failed);
    free(pids);
    free(bad);
    return failed == 0;
}
