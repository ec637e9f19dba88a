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
    long count = -2; /* . and .. */
    snprintf(path, sizeof(path), "/proc/%ld/fd", (long)process);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return -1;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

void gauge_read(struct gauge *gauge, pid_t process)
{
    if (gauge->hours == MAX_HOURS)
        return;
    long memory = resident_kb(process), descriptors = open_files(process);
    gauge->unread += memory < 0 || descriptors < 0;
    gauge->memory[gauge->hours] = memory;
    gauge->descriptors[gauge->hours] = descriptors;
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
    return gauge->unread == 0 && memory <= MAX_MORE_KB && descriptors <= MAX_MORE_DESCRIPTORS;
}
