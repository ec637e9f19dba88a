/* The plot: bars of a few figures, each client's median with its least and most. */
#include <stdio.h>
#include <stdlib.h>

#include "figures.h"
#include "race.h"

enum { WIDTH = 860, LEFT = 170, BAR = 16, ROW = 20, GAP = 44, SCALE = WIDTH - LEFT - 110 };

static const struct {
    const char *name, *title;
} panels[] = {
    {"help, 16 in flight: acks/s", "/cppo help, 16 in flight: acks a second (more is better)"},
    {"help, 16 in flight: processor per ack, us",
     "/cppo help, 16 in flight: processor time per ack, µs (less is better)"},
    {"stored click, 128 in flight: acks/s",
     "a click that is stored before its ack, 128 in flight: acks a second (more is better)"},
    {"form, 16 in flight: acks/s",
     "a form with all that the bot keeps of it, 16 in flight: acks a second (more is better)"},
    {"idle, TLS: private, MB", "private memory, idle, TLS: MB (less is better)"},
    {"start to hello, ms", "start to hello: ms (less is better)"},
};
enum { PANELS = sizeof(panels) / sizeof(panels[0]) };

static double most_of(const char *name)
{
    double most = 0;
    for (enum who who = BOT; who < WHO_COUNT; who++) {
        struct spread spread = figures_get(who, name);
        most = spread.count > 0 && spread.most > most ? spread.most : most;
    }
    return most > 0 ? most : 1;
}

static const char *colour_of(enum who who)
{
    return who == BOT ? "#1264a3" : who >= ECHO_ONLY ? "#bbbbbb" : "#8a8d91";
}

static void draw_bar(FILE *out, enum who who, struct spread spread, double scale, int y)
{
    double size = spread.median * scale;
    double middle = y + BAR / 2.0;
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + 12,
            who_names[who]);
    fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LEFT, y,
            size, BAR, colour_of(who));
    fprintf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#222222\"/>\n",
            LEFT + spread.least * scale, middle, LEFT + spread.most * scale, middle);
    fprintf(out, "<text x=\"%.1f\" y=\"%d\">%.*f</text>\n", LEFT + spread.most * scale + 6, y + 12,
            spread.median < 100 ? 1 : 0, spread.median);
}

/* Returns where the next one begins. */
static int draw_panel(FILE *out, const char *name, const char *title, int y)
{
    double scale = SCALE / most_of(name);
    fprintf(out, "<text x=\"8\" y=\"%d\" font-weight=\"bold\">%s</text>\n", y + 14, title);
    y += 24;
    for (enum who who = BOT; who < WHO_COUNT; who++) {
        struct spread spread = figures_get(who, name);
        if (spread.count == 0)
            continue;
        draw_bar(out, who, spread, scale, y);
        y += ROW;
    }
    return y + GAP - ROW;
}

static int draw(FILE *out)
{
    int y = 8;
    for (int i = 0; i < PANELS; i++)
        y = draw_panel(out, panels[i].name, panels[i].title, y);
    return y;
}

void race_plot(const char *path)
{
    FILE *nowhere = fopen("/dev/null", "we");
    FILE *out = fopen(path, "we");
    int height = nowhere != NULL ? draw(nowhere) : 0; /* how tall it gets */
    if (nowhere != NULL)
        fclose(nowhere);
    if (out == NULL) {
        fprintf(stderr, "bench: %s cannot be written\n", path);
        return;
    }
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            " font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
            WIDTH, height);
    draw(out);
    fprintf(out, "</svg>\n");
    fclose(out);
}
