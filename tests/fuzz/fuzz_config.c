/* Any file as the configuration. */
#include <ctype.h>

#include "config.h"
#include "fuzz_memory_file.h"

static void judge_list(char **list)
{
    must(list != NULL, "a list is there");
    for (; *list != NULL; list++)
        must(**list != '\0', "no id is empty");
}

static void judge_config(const struct config *c)
{
    must(c->connections >= 1 && c->connections <= 4, "there are sockets");
    must(*c->channel_approvals != '\0' && *c->channel_announcements != '\0', "there are channels");
    must(strspn(c->aws_account, "0123456789") == 12 && c->aws_account[12] == '\0',
         "the account is one");
    must(c->poll_first > 0 && c->poll_slowest >= c->poll_first, "AWS is asked now and then");
    must(c->needed >= 1, "somebody has to approve");
    must(c->accept_within_days >= 1, "there is time to accept");
    must(*c->offer_name != '\0' && *c->store_path != '\0', "what has a default is not empty");
    struct decimal markup = config_markup(c);
    must(decimal_compare(markup, c->markup_cap) <= 0, "the tier's markup keeps the cap");
    judge_list(c->people[LIST_REQUESTERS].users);
    judge_list(c->people[LIST_REQUESTERS].groups);
    judge_list(c->people[LIST_APPROVERS].users);
    judge_list(c->people[LIST_APPROVERS].groups);
    judge_list(c->people[LIST_OPERATORS].users);
    judge_list(c->people[LIST_OPERATORS].groups);
    judge_list(c->teams);
}

/* A refusal names lines that the file has. */
static void judge_refusal(const char *text, const char *path, const uint8_t *data, size_t size)
{
    long lines = 1;
    must(*text != '\0' && fuzz_utf8(text), "a refusal says why, in whole characters");
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r' || data[i] > 127 || data[i] == 0;
    for (const char *at = text; (at = strstr(at, path)) != NULL; at++) {
        const char *number = at + strlen(path) + 1;
        if (number[-1] == ':' && isdigit((unsigned char)*number))
            must(strtol(number, NULL, 10) >= 1 && strtol(number, NULL, 10) <= lines + 1,
                 "a refusal names a line of the file");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_file file;
    char *why = NULL;
    memory_file_write(&file, data, size);
    struct config *config = config_load(file.path, &why);
    if (config != NULL)
        judge_config(config);
    else
        judge_refusal(why, file.path, data, size);
    free(why);
    config_free(config);
    return 0;
}
