/* The sandbox's opening handshake: a ticket counts once and for half a minute. */
#include "../sandbox/link_parts.h"
#include "sandbox_fixture.h"

static struct link socket_side;

static int set_up(void **state)
{
    (void)state;
    fixture_open();
    socket_side = (struct link){.sandbox = &fake.box, .tickets = json_object(), .port = 2};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(socket_side.tickets);
    fixture_close();
    return 0;
}

/* The status line that a handshake at ${url} is refused with, NULL when it is taken. */
static const char *shake(const char *url)
{
    char accept[WS_ACCEPT];
    const char *why;
    char *head = text_format("GET %s HTTP/1.1\r\nhost: 127.0.0.1:2\r\nUPGRADE: WebSocket\r\n"
                             "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                             strchr(url + 5, ':') + 2);
    const char *status = handshake_check(&socket_side, head, accept, &why);
    if (status == NULL)
        assert_string_equal(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    free(head);
    return status;
}

static void a_ticket_counts_for_half_a_minute(void **state)
{
    char *url = link_ticket(&socket_side);
    (void)state;
    pass(29999);
    assert_null(shake(url));
    free(url);
    url = link_ticket(&socket_side);
    pass(30000);
    assert_string_equal(shake(url), "403 Forbidden");
    free(url);
}

static void a_ticket_counts_once(void **state)
{
    char *url = link_ticket(&socket_side);
    char *other = link_ticket(&socket_side);
    (void)state;
    assert_null(shake(url));
    assert_string_equal(shake(url), "403 Forbidden");
    assert_null(shake(other));
    free(url);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ticket_counts_for_half_a_minute),
        TEST(a_ticket_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
