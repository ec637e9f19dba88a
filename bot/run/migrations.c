/* The schema's history: each ever released state file stands at one of these, and goes on from
 * there. */
#include "run/migrations.h"

#include "book/acceptances.h"
#include "book/buyer_book.h"
#include "book/change_sets.h"
#include "book/doubts.h"
#include "book/homes.h"
#include "book/letters.h"
#include "book/marks.h"
#include "book/pending_actions.h"
#include "book/places.h"
#include "book/reminders.h"
#include "book/requests.h"
#include "book/rulings.h"
#include "book/schema.h"
#include "book/search_keys.h"
#include "book/votes.h"
#include "engine/engine.h"

const char *const bot_migrations[] = {engine_schema,
                                      book_schema,
                                      book_schema_2,
                                      engine_schema_2,
                                      book_schema_people,
                                      book_schema_terms,
                                      book_schema_product,
                                      engine_schema_3,
                                      book_schema_dates,
                                      book_schema_tally,
                                      book_schema_3,
                                      book_schema_letters,
                                      book_schema_4,
                                      book_schema_slow,
                                      book_schema_after,
                                      book_schema_origins,
                                      book_schema_doubts,
                                      book_schema_names,
                                      book_schema_names_2,
                                      engine_schema_4,
                                      book_schema_sale,
                                      book_schema_steps,
                                      book_schema_change_sets,
                                      book_schema_kinds,
                                      book_schema_words,
                                      book_schema_marks,
                                      engine_schema_5,
                                      engine_schema_6,
                                      book_schema_pending_actions,
                                      book_schema_counts,
                                      engine_schema_7,
                                      book_schema_requests,
                                      book_schema_unread,
                                      book_schema_doubts_2,
                                      book_schema_questions,
                                      book_schema_meanings,
                                      book_schema_post_step,
                                      book_schema_places,
                                      book_schema_whispered,
                                      book_schema_words_2,
                                      book_schema_pages,
                                      book_schema_copies,
                                      book_schema_timing,
                                      book_schema_search,
                                      book_schema_buyers,
                                      book_schema_comments,
                                      book_schema_codes,
                                      rulings_schema,
                                      book_schema_homes,
                                      book_schema_dates_set,
                                      book_schema_reminders};
const size_t bot_migration_count = sizeof(bot_migrations) / sizeof(bot_migrations[0]);
