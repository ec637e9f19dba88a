#include "help.h"

#include <stdio.h>

#include "market.h"
#include "switches.h"

const char help_usage[] =
    "usage: cppo-sandbox [--port N] [--dir DIR] [--help] [-- BOT-COMMAND ...]\n"
    "\n"
    "A local Slack workspace and a local AWS Marketplace, on 127.0.0.1 only.\n"
    "\n"
    "  --port N   the page and the APIs; 0: any free port (default 8080, or the next free one)\n"
    "  --dir DIR  where cppo.yaml and sandbox.env are written for the bot, and bot.log and the\n"
    "             bot's book are kept (default .build/sandbox; a book of an earlier run is "
    "removed)\n"
    "\n"
    "With BOT-COMMAND the bot is started as well, with the environment of sandbox.env.\n";

static const char control[] =
    "\n"
    "Control, as JSON under /_sandbox/:\n"
    "  GET  log?after=SEQ&wait_ms=N   what was seen since; waits for something to see\n"
    "  GET  state                     everything there is\n"
    "  POST command {user, text, channel}      click {user, channel, ts | view_id, action_id}\n"
    "       submit {user, values}              suggest {user, block_id, text}\n"
    "       shortcut {user, callback_id, channel, ts}   the last two: of a message\n"
    "       close {user, all}                  home {user}          redeliver {envelope_id}\n"
    "       post {user, channel, text, thread_ts, broadcast}         delete {channel, ts}\n"
    "       channel {channel, archived, bot_member, is_ext_shared, is_pending_ext_shared,\n"
    "                is_org_shared, is_private, members}\n"
    "       group {group, users, disabled | gone}\n"
    "       user {user, deleted, is_restricted, unseen: \"user_not_found\" | "
    "\"user_not_visible\"}\n"
    "       scopes {scopes}                    limits {enabled}\n"
    "       app {invited}: the app is deleted and made anew, and invited again or not\n"
    "       front {api, link}: addresses of a proxy, which the bot is told instead of ours\n"
    "       proxy {user, password}: a port that takes CONNECT, for these words alone\n"
    "       deliver {type, payload}: any envelope\n"
    "       kill {}: the bot, with SIGKILL; it is started again\n"
    "       away {ms}: Slack's sockets are cut, and its API does not answer\n"
    "       frame {text | texts | size, binary}: raw frames to one socket\n"
    "  With drop_ack: true, what a person does is acknowledged in vain.\n";

static const char calls[] =
    "\n"
    "Faults, POST /_sandbox/fault. {\"clear\": true} ends them all. A call of the Web API or of "
    "AWS:\n"
    "  {\"where\": \"slack\" | \"aws\", \"method\": \"chat.update\" | \"StartChangeSet\" | \"*\",\n"
    "   \"match\": part of the body, \"skip\": calls that go well before, \"times\": calls (1),\n"
    "   \"error\": code to answer with, \"status\": of HTTP, \"retry_after\": seconds,\n"
    "   \"drop\": \"before\" it is applied | \"after\" it, \"delay_ms\": until the reply,\n"
    "   \"drop\": \"late\": AWS applies it delay_ms later, when nobody listens any more,\n"
    "   \"body\": a raw body instead of a reply}\n"
    "A CONNECT of the proxy: {\"where\": \"proxy\", \"status\": to refuse it with; without one it "
    "is "
    "cut}\n";

static const char sockets[] =
    "\n"
    "A socket, the next time or times that something happens on it:\n"
    "  {\"where\": \"socket\", \"method\": ..., \"skip\", \"times\"}\n"
    "    upgrade  refused with \"status\" 408, 409, 503 ...; without one the connection is cut\n"
    "    hello    instead of it a disconnect with the reason \"error\"; without one nothing\n"
    "    ping     the server's ping does not come          (\"drop\": \"before\")\n"
    "    pong     the client's ping is not answered\n"
    "    close    the client's close is not answered, the connection is left hanging\n"
    "    ack      an acknowledgement does not arrive\n"
    "    payload  of an envelope holds \"body\" where it held \"match\", or besides, as raw JSON\n"
    "             (\"\\\\u0000\", \"\\\\ud800\"), and a member of \"pad\" bytes\n"
    "A socket that is open, now; \"sockets\": \"one\" means the one whose turn it is:\n"
    "  {\"where\": \"socket\", \"method\": \"now\", \"error\": ...}\n"
    "    warning, refresh_requested, link_disabled, too_many_websockets   as Slack's disconnect\n"
    "    cut      the connection is reset\n"
    "    mute     it stays and gets envelopes; nothing is read, pinged or answered\n"
    "    ghost    the connection is reset, and still counted and given envelopes for a minute\n"
    "  {\"where\": \"socket\", \"method\": \"now\", \"ping_ms\": 100}   the server pings so "
    "often\n";

static const char marketplace[] =
    "\n"
    "The Marketplace as a whole:\n"
    "  {\"change_set\": \"fail\", \"code\", \"message\", \"server_fault\"} | {\"change_set\": "
    "\"cancel\"} |\n"
    "  {\"change_set\": \"hold\", \"state\": \"PREPARING\" | \"APPLYING\"} | {\"change_set\": "
    "\"go_on\"}\n"
    "  {\"tokens\": \"honoured\" | \"ignored\"}          {\"list_lag_ms\": N}\n"
    "Rights of the bot's identity; the second is a seller whose verification is not finished:\n"
    "  {\"deny\": \"StartChangeSet\" | \"*\"}   {\"deny\": ..., \"why\": \"kyc\"}   "
    "{\"allow\": ...}\n"
    "  {\"policy\": an IAM policy, by which each call is judged; null: none}\n"
    "\n"
    "What others do, POST /_sandbox/market/NAME:\n"
    "  extend {name, kind, price, buyers, single_use, end, currency, eula, net_payment,\n"
    "          latest_start, product_type}   kind: usage | metered | contract | instalments |\n"
    "          consumption | configurable\n"
    "  revoke {authorization}   accept {offer, account}\n"
    "  agreement {agreement, status}   status: ACTIVE | ARCHIVED | CANCELLED | EXPIRED | RENEWED "
    "|\n"
    "          REPLACED | ROLLED_BACK | SUPERSEDED | TERMINATED\n"
    "  colleague {offer, act, value, slowly, after: {operation, skip}}   somebody in the console:\n"
    "          act: name | markup | buyers | countries | legal | term | date | price | schedule |\n"
    "          extend | cancel | release; with \"after\" behind that call of the bot;\n"
    "          without \"offer\" to the newest one\n";

void help_print(void)
{
    const char *const parts[] = {help_usage, control, calls, sockets, marketplace};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        fputs(parts[i], stdout);
    switches_print();
    ways_print();
}
