/* The legal terms of an offer. AWS merges ours with the authorization's and keeps copies of the
 * documents in a bucket of its own, for which it gives out addresses that are good for a while. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "market.h"
#include "mem.h"

#define ISV_EULA "https://reserved-ai.s3.amazonaws.com/eula.txt"
#define STANDARD_VERSION "2022-07-14"

json_t *legal_extended(const json_t *authorization)
{
    const char *type = text_in(authorization, "eula");
    json_t *document = json_pack("{s:s}", "Type", *type != '\0' ? type : "CustomEula");
    if (strcmp(text_in(document, "Type"), "CustomEula") == 0)
        json_object_set_new(document, "Url", json_string(ISV_EULA));
    return document;
}

/* The address of the copy; a fresh one at each read, as its signature is. */
static json_t *presigned(struct market *market, const char *id, size_t number)
{
    char now[32];
    iso_time(market_now(market), now);
    return json_sprintf(
        "https://aws-mp-offer-legal-artifacts-us-east-1-prod.s3.amazonaws.com/%s/"
        "%08zx-4fe1-4a38-b2d6-0f247b4fc71b?X-Amz-Security-Token=%%2F%%2FSANDBOX"
        "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=%.10s&X-Amz-SignedHeaders=host"
        "&X-Amz-Expires=3600&X-Amz-Credential=ASIASANDBOX&X-Amz-Signature=%08x",
        id, number, now, ++market->reads);
}

static void show(struct market *market, const char *id, json_t *documents)
{
    size_t i;
    json_t *one;
    json_array_foreach(documents, i, one)
    {
        bool standard = strcmp(text_in(one, "Type"), "StandardEula") == 0;
        if (standard && json_object_get(one, "Version") == NULL)
            json_object_set_new(one, "Version", json_string(STANDARD_VERSION));
        if (way_is(market, "legal_urls", "presigned"))
            json_object_set_new(one, "Url", presigned(market, id, i));
    }
}

/* [bucket.]s3.region.amazonaws.com and the older s3-region: AWS fetches documents from S3 alone. */
static bool lies_in_s3(const char *url)
{
    char host[256];
    const char *tail = ".amazonaws.com";
    if (strncmp(url, "https://", 8) != 0)
        return false;
    snprintf(host, sizeof(host), ".%.*s", (int)strcspn(url + 8, "/?#"), url + 8);
    size_t size = strlen(host);
    return size > strlen(tail) && strcmp(host + size - strlen(tail), tail) == 0 &&
           (strstr(host, ".s3.") != NULL || strstr(host, ".s3-") != NULL);
}

const char *legal_apply(const json_t *details, json_t *offer)
{
    const json_t *term = json_array_get(json_object_get(details, "Terms"), 0);
    const json_t *document = json_array_get(json_object_get(term, "Documents"), 0);
    if (strcmp(text_in(document, "Type"), "CustomEula") == 0 &&
        !lies_in_s3(text_in(document, "Url")))
        return "INVALID_LEGAL_DOCUMENTS";
    rules_replace_term("LegalTerm", details, offer);
    return NULL;
}

static json_t *term_of(json_t *documents)
{
    return json_pack("{s:s, s:o}", "Type", "LegalTerm", "Documents", documents);
}

json_t *legal_terms(struct market *market, const char *id, const json_t *authorization,
                    const json_t *offer)
{
    const json_t *own =
        json_array_get(json_object_get(offer_term(offer, "LegalTerm"), "Documents"), 0);
    bool first = way_is(market, "legal_terms", "one_term_ours_first") ||
                 way_is(market, "legal_terms", "two_terms_ours_first");
    bool apart = way_is(market, "legal_terms", "two_terms") ||
                 way_is(market, "legal_terms", "two_terms_ours_first");
    json_t *documents = json_array();
    json_array_append_new(documents, legal_extended(authorization));
    if (own != NULL)
        json_array_insert_new(documents, first ? 0 : 1, json_deep_copy(own));
    show(market, id, documents);
    if (!apart)
        return json_pack("[o]", term_of(documents));
    json_t *terms = json_array();
    size_t i;
    json_t *document;
    json_array_foreach(documents, i, document)
    {
        json_array_append_new(terms, term_of(json_pack("[O]", document)));
    }
    json_decref(documents);
    return terms;
}
