/* What AWS takes, value by value: the form refuses the others beside their fields, and the twin
 * counts them (offers/twin.h). Source: AWS Marketplace Catalog API, "Work with channel partner
 * private offers", the synchronous validations of each change type. Pure. */
#ifndef CPPO_OFFERS_TAKEN_H
#define CPPO_OFFERS_TAKEN_H

#include <stdbool.h>

enum { TAKEN_NAME = 150 };

/* An offer's name: at most TAKEN_NAME, as AWS counts (UTF-16); the first character of it that AWS
 * does not take, NULL when it takes all. */
bool taken_name(const char *name);
const char *taken_name_sign(const char *name);

/* UpdateMarkup's Percentage: ^(\d*\.)?\d{1,9}$ */
bool taken_percentage(const char *text);

/* An AWS account's id: 12 digits. */
bool taken_account(const char *id);

/* Where a EULA may lie: https, and in S3. */
bool taken_address(const char *url);

#endif
