/* The bot's version, in this one place: `cppo-bot --version` and the log's first line say it.
 * Counted as semver.org says. */
#ifndef CPPO_VERSION_H
#define CPPO_VERSION_H

#define CPPO_VERSION "0.1.0"

#endif
