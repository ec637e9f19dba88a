/* State files that are older than the world: lost, restored, copied, run from elsewhere. Nothing is
 * released or announced twice, and the operators learn what was found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver.h"
#include "mem.h"
#include "text.h"

static struct world w;
static struct world other; /* a second bot, on another state file of the same world */

static int set_up(void **state)
{
    (void)state;
    world_open(&w, "restored", false);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (other.bot > 0)
        world_stop_bot(&other);
    return world_tear_down(&w);
}

static void begin(void)
{
    world_start_bot(&w);
    expect(&w, world_connected(&w), "the bot connects to Slack");
}

static void on_approval(void)
{
    world_replace(&w, "marketplace:\n", "marketplace:\n  draft: on-approval\n");
}

static void ignore_tokens(void)
{
    world_do(&w, "fault", json_pack("{s:s}", "tokens", "ignored"));
}

static void approve(const char *customer)
{
    world_click(&w, "U0MIA", "C0APPROVALS", world_card(&w, customer), "approve");
}

static void request(const char *customer)
{
    world_request(&w, customer, "25");
    world_card(&w, customer);
}

struct figure {
    const char *where;
    size_t count;
};

static bool has_messages(const json_t *state, const void *about)
{
    const struct figure *figure = about;
    return json_array_size(messages_in(state, figure->where)) >= figure->count;
}

static bool is_priced(const json_t *state, const void *unused)
{
    (void)unused;
    return shows(message_with(state, "C0APPROVALS", "CPPO-3 for Gamma"), "USD per unit");
}

static size_t told(const char *words)
{
    const json_t *list = messages_in(world_state(&w), "C0OPERATORS");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        count += shows(json_array_get(list, i), words);
    return count;
}

static size_t announced(void)
{
    return json_array_size(messages_in(world_state(&w), "C0OFFERS"));
}

/* --- a backup is put back --- */

/* Published after the backup was made: it stays published, once, whatever the file says. */
static void publish_and(void (*restore)(struct world *world))
{
    begin();
    request("Alpha");
    world_stop_bot(&w);
    world_back_up(&w);
    begin();
    approve("Alpha");
    world_published_once(&w);
    world_stop_bot(&w);
    restore(&w);
    begin();
    expect(&w, world_sees(&w, "C0OPERATORS", "CPPO-1 was released in the meantime"),
           "the operators read what was found");
    world_published_once(&w);
    expect(&w, !shows(message_with(w.state, "C0APPROVALS", "CPPO-1"), "\"approve\""),
           "nothing is left to decide");
    request("Beta"); /* what comes next is published as ever */
    expect(&w, message_with(w.state, "C0APPROVALS", "CPPO-2") != NULL, "it has the next number");
    approve("Beta");
    expect(&w, world_wait(&w, has_messages, &(struct figure){"C0OFFERS", 2}),
           "the next offer is published");
    expect(&w, released(w.state) == 2 && announced() == 2, "each offer is released once");
    world_stop_bot(&w);
    begin();
    request("Gamma");
    expect(&w, told("was released in the meantime") == 1, "the operators read it once");
}

static void test_a_backup_is_put_back(void **state)
{
    (void)state;
    publish_and(world_restore);
}

static void test_a_backup_from_before_the_draft(void **state)
{
    (void)state;
    on_approval();
    publish_and(world_restore);
}

static void test_a_backup_where_tokens_mean_nothing(void **state)
{
    (void)state;
    on_approval();
    ignore_tokens();
    publish_and(world_restore);
}

static ino_t inode(void)
{
    struct stat about;
    char path[300];
    snprintf(path, sizeof(path), "%s/cppo.db", w.dir);
    return stat(path, &about) == 0 ? about.st_ino : 0;
}

static void set_back(struct world *world)
{
    ino_t before = inode();
    world_set_back(world);
    expect(world, before != 0 && inode() == before, "it is the same file");
}

/* Nothing on the machine tells of it: what AWS and Slack hold does. */
static void test_a_machine_that_was_set_back(void **state)
{
    (void)state;
    on_approval();
    ignore_tokens();
    publish_and(set_back);
}

/* The file says pending; in the world it was changed since, by a form that is nowhere else. */
static void test_a_backup_from_before_a_change(void **state)
{
    (void)state;
    on_approval();
    begin();
    request("Alpha");
    world_stop_bot(&w);
    world_back_up(&w);
    begin();
    world_command(&w, "U0SELLER", "/cppo edit CPPO-1");
    expect(&w, world_form(&w, "U0SELLER", "offer_form"), "the form opens");
    world_submit(&w, "U0SELLER", json_pack("{s:s}", "markup", "20"));
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 2"), "the card shows revision 2");
    world_stop_bot(&w);
    world_restore(&w);
    begin();
    expect(&w, world_sees(&w, "C0OPERATORS", "was at revision 2"), "the operators read it");
    expect(&w, world_sees(&w, "C0APPROVALS", "revision 3"), "the next revision is a new one");
    approve("revision 3");
    world_published_once(&w);
}

/* --- the file is gone --- */

static void test_a_file_that_was_deleted_after_a_publication(void **state)
{
    (void)state;
    begin();
    request("Alpha");
    approve("Alpha");
    world_published_once(&w);
    request("Beta");
    world_stop_bot(&w);
    world_lose_book(&w);
    begin();
    expect(
        &w,
        world_sees(&w, "C0OPERATORS", "2 offers are missing from my records: CPPO-1 released as"),
        "the operators read what was found");
    expect(&w, told("who asked for them has not been told: please do that") == 1,
           "and what is left");
    expect(&w, world_sees(&w, "C0APPROVALS", "belongs to an earlier set of records"),
           "the old cards say what they are");
    expect(&w, !shows(message_with(w.state, "C0APPROVALS", "Beta"), "\"approve\""),
           "and have no buttons");
    world_request(&w, "Gamma", "25");
    expect(&w, world_sees(&w, "C0APPROVALS", "CPPO-3"), "numbers go on above the highest");
    expect(&w, world_wait(&w, is_priced, NULL), "the new book has read the prices");
    approve("Gamma");
    expect(&w, world_wait(&w, has_messages, &(struct figure){"C0OFFERS", 2}),
           "what is approved now is published");
    expect(&w, released(w.state) == 2, "once");
    expect(&w, told("missing from my records") == 1, "it is told once");
}

static void test_the_first_start_of_all_tells_nobody_anything(void **state)
{
    (void)state;
    begin();
    request("Alpha");
    approve("Alpha");
    world_published_once(&w);
    world_stop_bot(&w);
    begin();
    request("Beta");
    expect(&w, json_array_size(messages_in(w.state, "C0OPERATORS")) == 0, "nothing was found");
}

/* --- two bots --- */

static void copy_one(const char *name)
{
    char command[600];
    snprintf(command, sizeof(command), "cp -p '%s/%s' '%s/%s' 2>/dev/null || true", w.dir, name,
             other.dir, name);
    expect(&w, system(command) == 0, "a copy is made");
}

/* A directory of its own, with the configuration and the state file as they are. */
static void copy_world(void)
{
    static const char *const files[] = {"cppo.yaml", "sandbox.env", "cppo.db", "cppo.db-wal"};
    char old[300], new[300];
    other = w;
    other.state = NULL;
    other.bot = 0;
    snprintf(other.dir, sizeof(other.dir), "%.180s-copy", w.dir);
    mkdir(other.dir, 0700);
    kill(w.bot, SIGSTOP);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        copy_one(files[i]);
    kill(w.bot, SIGCONT);
    snprintf(old, sizeof(old), "path: \"%s/cppo.db\"", w.dir);
    snprintf(new, sizeof(new), "path: \"%s/cppo.db\"", other.dir);
    world_replace(&other, old, new);
}

/* The first has the approval and waits for AWS; the second has it as well. */
static void test_a_second_bot_on_a_copy(void **state)
{
    (void)state;
    on_approval();
    ignore_tokens();
    begin();
    request("Alpha");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "hold"));
    approve("Alpha");
    expect(&w, world_sees(&w, "C0APPROVALS", "*Approved*"), "it is approved");
    copy_world();
    world_start_bot(&other);
    expect(&w, world_sees(&w, "C0OPERATORS", "My state file may be a copy"),
           "the second is noticed");
    world_do(&w, "fault", json_pack("{s:s}", "change_set", "go_on"));
    expect(&w, world_sees(&w, "C0OFFERS", "is published"), "the first publishes it");
    expect(&w, released(w.state) == 1, "and releases it once");
    /* Until now either wrote the card. What is left is alone, and catches up. */
    world_stop_bot(&w);
    world_stop_bot(&other);
    world_start_bot(&other);
    expect(&w, world_sees(&w, "C0OPERATORS", "CPPO-1 was released in the meantime"),
           "the copy takes it over");
    world_published_once(&w);
}

static void refused(void)
{
    world_start_bot(&other);
    expect(&w, world_wait_bot(&other) == 75, "the second bot does not start");
}

static void test_other_names_of_one_file(void **state)
{
    char path[300], name[300];
    (void)state;
    begin();
    request("Alpha");
    copy_world();
    snprintf(path, sizeof(path), "%s/cppo.db", w.dir);
    snprintf(name, sizeof(name), "%s/cppo.db", other.dir);
    unlink(name);
    expect(&w, symlink(path, name) == 0, "there is a symbolic link");
    refused();
    unlink(name);
    expect(&w, link(path, name) == 0, "there is a hard link");
    refused();
    unlink(name);
}

/* A relative path starts at the configuration's folder, wherever the bot is started. */
static void test_started_from_another_directory(void **state)
{
    char old[300], path[300];
    (void)state;
    snprintf(old, sizeof(old), "path: \"%s/cppo.db\"", w.dir);
    world_replace(&w, old, "path: elsewhere.db");
    begin();
    request("Alpha");
    snprintf(path, sizeof(path), "%s/elsewhere.db", w.dir);
    expect(&w, access(path, F_OK) == 0, "the state file lies beside the configuration");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_backup_is_put_back),
        TEST(test_a_backup_from_before_the_draft),
        TEST(test_a_backup_where_tokens_mean_nothing),
        TEST(test_a_machine_that_was_set_back),
        TEST(test_a_backup_from_before_a_change),
        TEST(test_a_file_that_was_deleted_after_a_publication),
        TEST(test_the_first_start_of_all_tells_nobody_anything),
        TEST(test_a_second_bot_on_a_copy),
        TEST(test_other_names_of_one_file),
        TEST(test_started_from_another_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
