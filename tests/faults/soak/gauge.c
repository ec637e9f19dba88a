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

void gauge_read(struct gauge *gauge, pid_t process, long book_kb)
{
    if (gauge->hours == MAX_HOURS)
        return;
    long memory = resident_kb(process), descriptors = open_files(process);
    gauge->unread += memory < 0 || descriptors < 0;
    gauge->memory[gauge->hours] = memory;
    gauge->book[gauge->hours] = book_kb;
    gauge->descriptors[gauge->hours] = descriptors;
    gauge->hours++;
}

long gauge_least(const long *values, int hours, int quarter)
{
    int from = hours * (quarter - 1) / 4, to = hours * quarter / 4;
    long least = to > from ? values[from] : 0;
    for (int i = from; i < to; i++)
        least = values[i] < least ? values[i] : least;
    return least;
}

static long growth(const long *values, int hours)
{
    return gauge_least(values, hours, 4) - gauge_least(values, hours, 2);
}

bool gauge_is_flat(const struct gauge *gauge)
{
    return gauge->unread == 0 &&
           growth(gauge->memory, gauge->hours) <= growth(gauge->book, gauge->hours) + MAX_MORE_KB &&
           growth(gauge->descriptors, gauge->hours) <= MAX_MORE_DESCRIPTORS;
}
