/* A state file as the newest version makes it, with nothing in it yet: blank-book PATH. To bring
 * one up takes a tenth of a second, and there are thousands of worlds: each begins with a copy. */
#include <stdio.h>
#include <unistd.h>

#include "io/store.h"
#include "run/migrations.h"

int main(int argc, char **argv)
{
    struct err err = {0};
    if (argc != 2)
        return 64;
    unlink(argv[1]);
    struct store *store = store_open(argv[1], bot_migrations, bot_migration_count, &err);
    if (store == NULL) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    store_close(store);
    return 0;
}
