#include "run/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "check_up.h"
#include "log.h"
#include "mem.h"

/* --- the way out --- */

static void check_proxy(const struct check_up *up)
{
    if (up->asker.proxy == NULL)
        return;
    char *text = proxy_text(up->asker.proxy);
    check_good("proxy", "%s", text);
    free(text);
}

/* --- all of it --- */

int check_run(const struct config *config)
{
    struct check_up *up = mem_new(1, sizeof(*up));
    struct err err;
    up->config = config;
    log_set_level(LOG_LEVEL_ERROR);
    check_example(up);
    check_machine(up);
    if (config->writable_by_others)
        check_note("configuration",
                   "others than its owner can change the file, and it says who may approve: "
                   "chmod go-w it");
    if (asker_open(&up->asker, config, &err) != 0) {
        check_wrong(up, "network", "%s", err.text);
    } else {
        check_proxy(up);
        check_slack(up);
        check_aws(up);
    }
    asker_close(&up->asker);
    int status = up->wrong > 0;
    if (up->wrong > 0)
        printf("\n%d %s wrong.\n", up->wrong, up->wrong == 1 ? "thing is" : "things are");
    else
        printf("\nNo problems found.\n");
    check_people_clear(&up->approvers);
    mem_wipe_free(up->app_token);
    mem_wipe_free(up->bot_token);
    free(up);
    return status;
}
