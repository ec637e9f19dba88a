/* What cppo-sandbox says of itself: its command line, its control API, the faults it knows. */
#ifndef SANDBOX_HELP_H
#define SANDBOX_HELP_H

extern const char help_usage[];
void help_print(void); /* all of it, to standard output */

#endif
