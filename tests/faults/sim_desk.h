/* The deal desk that all simulations play at: its configuration, and where its state file lies. */
#ifndef FAULTS_SIM_DESK_H
#define FAULTS_SIM_DESK_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "sim.h"

static const char yaml[] = "slack:\n  home_team: T0HOME\n"
                           "  channels:\n    approvals: C0APPROVALS\n    announcements: C0OFFERS\n"
                           "    operators: C0OPERATORS\n"
                           "aws:\n  account: \"111122223333\"\n"
                           "offer:\n  expected_unit_price: \"0.01\"\n"
                           "people:\n  approvers:\n    groups:\n      - S0MANAGERS\n"
                           "  operators:\n    users:\n      - U0OLGA\n";

static struct config *config;
static char dir[] = "/dev/shm/cppo-sim-XXXXXX";

static inline int desk_open(void **state)
{
    char *why = NULL;
    char path[100];
    (void)state;
    if (mkdtemp(dir) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/cppo.yaml", dir);
    FILE *file = fopen(path, "we");
    fputs(yaml, file);
    fclose(file);
    config = config_load(path, &why);
    unlink(path);
    if (config == NULL)
        fprintf(stderr, "%s\n", why);
    free(why);
    log_set_level(getenv("SIM_SEED") != NULL ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR);
    return config != NULL ? 0 : -1;
}

static inline int desk_close(void **state)
{
    (void)state;
    config_free(config);
    rmdir(dir);
    return 0;
}

#endif
