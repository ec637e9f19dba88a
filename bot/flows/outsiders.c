#include "flows/outsiders.h"

#include "book/settings.h"

bool outsiders_read(struct turn *turn, const char *channel)
{
    return settings_noted(turn, SETTING_OUTSIDERS, channel);
}
