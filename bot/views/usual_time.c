#include "views/usual_time.h"

#include <stdio.h>

static void sort(int64_t *took, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && took[j - 1] > took[j]; j--) {
            int64_t other = took[j];
            took[j] = took[j - 1];
            took[j - 1] = other;
        }
    }
}

void usual_time(int64_t *took, size_t count, char text[USUAL_TIME])
{
    text[0] = '\0';
    if (count < 3)
        return;
    sort(took, count);
    long long quick = (long long)(took[count / 4] / 60000);
    long long slow = (long long)((took[count - 1 - count / 4] + 59999) / 60000);
    if (slow <= 1)
        snprintf(text, USUAL_TIME, "AWS usually takes about a minute");
    else if (quick == slow)
        snprintf(text, USUAL_TIME, "AWS usually takes about %lld minutes", slow);
    else
        snprintf(text, USUAL_TIME, "AWS usually takes %lld–%lld minutes", quick, slow);
}
