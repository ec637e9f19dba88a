/* What a client asks of the disk, told by clients/disk.c. */
#ifndef BENCH_DISK_H
#define BENCH_DISK_H

#include <stdatomic.h>

enum { DISK_CALLS = 65536 };

struct disk {
    atomic_long calls;    /* fdatasync and fsync */
    atomic_long delay_us; /* that each takes longer; set by the bench */
    atomic_long us[DISK_CALLS];
};

#endif
