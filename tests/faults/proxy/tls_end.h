/* Where TLS ends in front of a plain server: the sandbox speaks none, the real services nothing
 * else. Lives on the proxies' loop. */
#ifndef FAULTS_TLS_END_H
#define FAULTS_TLS_END_H

#include "proxy.h"

struct tls_end;

/* For `localhost`; its certificate, which is its own authority, is written to ${ca_file}. */
struct tls_end *tls_end_open(struct proxies *proxies, int target, const char *ca_file);
int tls_end_port(const struct tls_end *end);
void tls_end_close(struct tls_end *end); /* before proxies_close, which frees what is left */

#endif
