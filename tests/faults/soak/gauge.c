#include "gauge.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

static long resident_kb(pid_t process)
{
    char path[60];
    long all, resident = -1;
    snprintf(path, sizeof(path), "/proc/%ld/statm", (long)process);
    FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%ld %ld", &all, &resident) != 2)
        resident = -1;
    if (file != NULL)
        fclose(file);
    return resident >= 0 ? resident * (sysconf(_SC_PAGESIZE) / 1024) : -1;
}

static long open_files(pid_t process)
{
    char path[60];
    long count = 0;
    snprintf(path, sizeof(path), "/proc/%ld/fd", (long)process);
    DIR *dir = opendir(path);
    while (dir != NULL && readdir(dir) != NULL)
        count++;
    if (dir != NULL)
        closedir(dir);
    return count - 2; /* . and .. */
}

void gauge_read(struct gauge *gauge, pid_t process)
{
    if (gauge->hours == MOST_HOURS)
        return;
    gauge->memory[gauge->hours] = resident_kb(process);
    gauge->descriptors[gauge->hours] = open_files(process);
    gauge->hours++;
}

double gauge_mean(const long *values, int hours, int quarter)
{
    int from = hours * (quarter - 1) / 4, to = hours * quarter / 4;
    double sum = 0;
    for (int i = from; i < to; i++)
        sum += (double)values[i];
    return to > from ? sum / (to - from) : 0;
}

bool gauge_is_flat(const struct gauge *gauge)
{
    double memory =
        gauge_mean(gauge->memory, gauge->hours, 4) - gauge_mean(gauge->memory, gauge->hours, 2);
    double descriptors = gauge_mean(gauge->descriptors, gauge->hours, 4) -
                         gauge_mean(gauge->descriptors, gauge->hours, 2);
    return memory <= MOST_MORE_KB && descriptors <= MOST_MORE_DESCRIPTORS;
}
