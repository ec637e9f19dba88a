/* cppo-bot: the command line. */
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "mem.h"
#include "run/bot.h"
#include "run/check.h"
#include "run/offers_command.h"
#include "run/policy_command.h"
#include "text.h"
#include "version.h"

static const char usage[] =
    "cppo-bot run             serve the workspace\n"
    "cppo-bot check           say what is wrong with configuration, tokens, channels, people, AWS\n"
    "cppo-bot offers          list the offers, newest first\n"
    "cppo-bot offers STATE    those that are pending, published, failed ...\n"
    "cppo-bot offers CPPO-12  one of them, with its history\n"
    "cppo-bot policy test     say which rule of approval applies to what waits, and what would "
    "change\n"
    "cppo-bot init            write an example configuration, if there is none yet\n"
    "cppo-bot config-table    print what can be configured, as Markdown\n"
    "cppo-bot --version\n"
    "cppo-bot COMMAND --help  its options and exit codes\n"
    "\n"
    "Each takes --config FILE; FILE is cppo.yaml when not given.\n"
    "From the environment: SLACK_APP_TOKEN, SLACK_BOT_TOKEN (each also as NAME_FILE or as a "
    "systemd\n"
    "credential), and the AWS credentials. bot/running.md says where they may be kept.\n";

#define OPTION_CONFIG "  --config FILE  the configuration; cppo.yaml when not given\n"
#define OPTION_HELP "  --help         this text\n"
#define EXIT_USAGE "  64  the command line is not understood\n"
#define EXIT_CONFIG "  78  the configuration cannot be read, or something in it is wrong\n"

static const char run_usage[] =
    "cppo-bot run [--config FILE]\n"
    "\n"
    "Serves the workspace until SIGTERM or SIGINT ends it. The log goes to standard error.\n"
    "\n"
    "Options\n" OPTION_CONFIG OPTION_HELP "\n"
    "Exit codes\n"
    "   0  it was told to stop\n" EXIT_USAGE
    "  70  the state file failed while running: a read or write error, damage, a full disk\n"
    "  71  out of memory\n"
    "  75  the state file cannot be opened: held by another bot, damaged, not writable, from a\n"
    "      newer version\n"
    "  78  the configuration or a secret is wrong; the log says where\n";

static const char check_usage[] =
    "cppo-bot check [--config FILE]\n"
    "\n"
    "Says what is wrong with the configuration, tokens and scopes, channels and who reads them,\n"
    "approvers, whether each rule of approval can be met, disk, state file, AWS access,\n"
    "permissions and authorizations. It changes nothing, and may be run beside the bot.\n"
    "\n"
    "Options\n" OPTION_CONFIG OPTION_HELP "\n"
    "Exit codes\n"
    "   0  nothing is wrong, though there may be notes\n"
    "   1  at least one line begins with WRONG\n" EXIT_USAGE EXIT_CONFIG;

static const char offers_usage[] =
    "cppo-bot offers [STATE | CPPO-12] [--json] [--config FILE]\n"
    "\n"
    "Lists the offers, newest first, at most 500; those in one state, such as pending, approved,\n"
    "published or failed; or one of them, with its content and history. It only reads the state\n"
    "file, and may be run beside the bot.\n"
    "\n"
    "Options\n"
    "  --json         for programs: ids as well as names, and values as they are stored; “total” "
    "is\n"
    "                 how many there are, listed or not\n" OPTION_CONFIG OPTION_HELP "\n"
    "Exit codes\n"
    "   0  shown; a list may be empty\n"
    "   1  there is no such offer, or the state file cannot be read\n" EXIT_USAGE EXIT_CONFIG;

static const char policy_usage[] =
    "cppo-bot policy test [CPPO-12 | --all] [--config FILE]\n"
    "\n"
    "Says which rule of approval applies to an offer by this configuration, as everything is now:\n"
    "the rule with its version, the facts that meet it, who may approve, and what would change\n"
    "against the rule that it was sent under. Without a number: a line for each offer that waits\n"
    "for approval. It judges as a click is judged, changes nothing, and may be run beside the "
    "bot;\n"
    "what the bot has not read yet, of prices or user groups, it does not know either.\n"
    "\n"
    "Options\n"
    "  --all          a line for each offer there is, decided or not\n" OPTION_CONFIG OPTION_HELP
    "\n"
    "Exit codes\n"
    "   0  shown, whatever would change\n"
    "   1  there is no such offer, or the state file cannot be read\n" EXIT_USAGE EXIT_CONFIG;

static const char init_usage[] =
    "cppo-bot init [--config FILE]\n"
    "\n"
    "Writes an example configuration, never over a file that is there.\n"
    "\n"
    "Options\n"
    "  --config FILE  where to write it; cppo.yaml when not given\n" OPTION_HELP "\n"
    "Exit codes\n"
    "   0  written\n" EXIT_USAGE "  73  the file is there already, or cannot be written\n";

static const char config_table_usage[] = "cppo-bot config-table\n"
                                         "\n"
                                         "Prints what can be configured, as Markdown.\n"
                                         "\n"
                                         "Options\n" OPTION_HELP "\n"
                                         "Exit codes\n"
                                         "   0  printed\n" EXIT_USAGE;

struct arguments {
    const char *command;
    const char *path;
    const char *verb;  /* of policy: test; NULL when not given */
    const char *which; /* NULL when not given */
    const char *wrong; /* what cannot be understood, or NULL */
    bool json;
    bool all;
    bool help;
    bool version;
};

/* --- the commands --- */

static struct config *load(const struct arguments *arguments)
{
    char *why = NULL;
    struct config *config = config_load(arguments->path, &why);
    if (config == NULL)
        fprintf(stderr, "%s\n", why);
    else
        log_set_level(config->log_level);
    free(why);
    return config;
}

static int run(const struct arguments *arguments)
{
    struct config *config = load(arguments);
    bool example = config != NULL && strcmp(config->aws_account, CONFIG_EXAMPLE_ACCOUNT) == 0;
    if (example)
        fprintf(stderr, "%s still holds values of the example; cppo-bot check says which\n",
                arguments->path);
    int status = config != NULL && !example ? bot_run(config) : EX_CONFIG;
    config_free(config);
    return status;
}

static int check(const struct arguments *arguments)
{
    struct config *config = load(arguments);
    int status = config != NULL ? check_run(config) : EX_CONFIG;
    config_free(config);
    return status;
}

static int offers(const struct arguments *arguments)
{
    struct config *config = load(arguments);
    int status =
        config != NULL ? offers_command(config, arguments->which, arguments->json) : EX_CONFIG;
    config_free(config);
    return status;
}

static int policy(const struct arguments *arguments)
{
    if (arguments->verb == NULL) {
        fprintf(stderr, "cppo-bot: policy needs a word: cppo-bot policy test\n");
        return EX_USAGE;
    }
    struct config *config = load(arguments);
    int status =
        config != NULL ? policy_command(config, arguments->which, arguments->all) : EX_CONFIG;
    config_free(config);
    return status;
}

/* README.md holds this table; `make check` compares the two. */
static int print_table(const struct arguments *arguments)
{
    char *table = config_table_markdown();
    (void)arguments;
    fputs(table, stdout);
    free(table);
    return 0;
}

static int init(const struct arguments *arguments)
{
    FILE *file = fopen(arguments->path, "wxe"); /* never over one that is there */
    if (file == NULL) {
        fprintf(stderr, "%s is there already, or cannot be written; nothing was changed\n",
                arguments->path);
        return EX_CANTCREAT;
    }
    char *example = config_example();
    int failed = fputs(example, file) < 0;
    failed |= fclose(file) != 0;
    free(example);
    if (!failed)
        printf("wrote %s: fill in the channels, the AWS account and the approvers, then run "
               "cppo-bot check\n",
               arguments->path);
    return failed ? EX_CANTCREAT : 0;
}

/* --- the line --- */

static bool is_command(const struct arguments *arguments, const char *name)
{
    return arguments->command != NULL && strcmp(arguments->command, name) == 0;
}

/* What is no option; false: it has no place. */
static bool take_word(struct arguments *arguments, const char *word)
{
    bool tests = is_command(arguments, "policy");
    if (arguments->command == NULL)
        arguments->command = word;
    else if (tests && arguments->verb == NULL && strcmp(word, "test") == 0)
        arguments->verb = word;
    else if (arguments->which == NULL &&
             (is_command(arguments, "offers") || arguments->verb != NULL))
        arguments->which = word;
    else
        return false;
    return true;
}

static void read_arguments(int argc, char **argv, struct arguments *arguments)
{
    *arguments = (struct arguments){.path = "cppo.yaml"};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0 ||
            (strcmp(argv[i], "help") == 0 && arguments->command == NULL))
            arguments->help = true;
        else if (strcmp(argv[i], "--version") == 0)
            arguments->version = true;
        else if (strcmp(argv[i], "--json") == 0)
            arguments->json = true;
        else if (strcmp(argv[i], "--all") == 0)
            arguments->all = true;
        else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            arguments->path = argv[++i];
        else if ((argv[i][0] == '-' || !take_word(arguments, argv[i])) && arguments->wrong == NULL)
            arguments->wrong = argv[i];
    }
    if (arguments->wrong != NULL)
        return;
    if (arguments->json && !is_command(arguments, "offers"))
        arguments->wrong = "--json";
    if (arguments->all && (!is_command(arguments, "policy") || arguments->which != NULL))
        arguments->wrong = "--all";
}

static const struct {
    const char *name;
    int (*run)(const struct arguments *arguments);
    const char *usage;
} commands[] = {{"check", check, check_usage},    {"config-table", print_table, config_table_usage},
                {"init", init, init_usage},       {"offers", offers, offers_usage},
                {"policy", policy, policy_usage}, {"run", run, run_usage}};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int misunderstood(const char *wrong, const char *command)
{
    if (*wrong == '-' || command != NULL) {
        if (strcmp(wrong, "--config") == 0)
            fprintf(stderr, "cppo-bot: --config needs the name of a file\n");
        else if (*wrong == '-')
            fprintf(stderr, "cppo-bot: unknown option “%s”; see cppo-bot --help\n", wrong);
        else
            fprintf(stderr, "cppo-bot: unexpected argument “%s”; see cppo-bot --help\n", wrong);
        return EX_USAGE;
    }
    const char *nearest = /* further away is a guess */
        text_nearest(wrong, &commands->name, sizeof(*commands), COMMANDS, 3);
    fprintf(stderr, "cppo-bot: unknown command “%s”", wrong);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean “%s”?\n", nearest);
    else
        fprintf(stderr, "; see cppo-bot --help\n");
    return EX_USAGE;
}

/* Ours, a library's or a watchdog's: the log says it, and the process ends, whoever sent it. */
static void on_abort(int number)
{
    static const char line[] = "level=error event=\"internal error\" signal=6 "
                               "then=\"aborting; the next start recovers\"\n";
    struct pollfd log = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (poll(&log, 1, 0) > 0 && (log.revents & POLLOUT) != 0 &&
        write(STDERR_FILENO, line, sizeof(line) - 1) < 0) {
        /* nobody can be told */
    }
    (void)raise(number); /* blocked until we return, and then no longer ours */
}

static void end_at_abort(void)
{
    struct sigaction action = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGABRT, &action, NULL);
}

/* Tokens and keys are in our memory: no core holds them, and nobody who is not root reads them
 * by ptrace or /proc. */
static void keep_memory_to_ourselves(void)
{
    static const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    keep_memory_to_ourselves();
    end_at_abort();
    json_set_alloc_funcs(mem_block, free); /* text that came out half would be sent as it is */
    read_arguments(argc, argv, &arguments);
    if (arguments.version) {
        puts("cppo-bot " CPPO_VERSION);
        return 0;
    }
    if (arguments.wrong != NULL && !arguments.help)
        return misunderstood(arguments.wrong, arguments.command);
    for (size_t i = 0; arguments.command != NULL && i < COMMANDS; i++) {
        if (strcmp(arguments.command, commands[i].name) != 0)
            continue;
        if (!arguments.help)
            return commands[i].run(&arguments);
        fputs(commands[i].usage, stdout);
        return 0;
    }
    if (arguments.command != NULL)
        return misunderstood(arguments.command, NULL);
    fputs(usage, arguments.help ? stdout : stderr);
    return arguments.help ? 0 : EX_USAGE;
}
