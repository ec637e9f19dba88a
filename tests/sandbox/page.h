/* The page in the browser; its files are part of the program. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sandbox.h"

/* Fill ${reply} for GET ${path}; false: no such file. */
bool page_serve(const char *path, struct sb_reply *reply);

#endif
