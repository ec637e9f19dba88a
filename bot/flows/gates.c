#include "flows/gates.h"

const struct gate posts_gate = {"posts"};
const struct gate releases_gate = {"releases"};
