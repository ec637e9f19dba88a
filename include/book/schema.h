/* Most of the book's migrations; each of the others is in the header of its table. Their order is
 * that of run/migrations.h. */
#ifndef CPPO_BOOK_SCHEMA_H
#define CPPO_BOOK_SCHEMA_H

extern const char book_schema[];
extern const char book_schema_2[];
extern const char book_schema_people[];
extern const char book_schema_terms[];
extern const char book_schema_product[];
extern const char book_schema_tally[];
extern const char book_schema_dates[]; /* after engine_schema_3 */
extern const char book_schema_3[];
extern const char book_schema_4[];
extern const char book_schema_slow[];
extern const char book_schema_origins[];
extern const char book_schema_names[];
extern const char book_schema_names_2[];
extern const char book_schema_sale[];
extern const char book_schema_steps[];
extern const char book_schema_kinds[];
extern const char book_schema_words[];
extern const char book_schema_requests[]; /* after all tables that have its columns */
extern const char book_schema_unread[];
extern const char book_schema_questions[];
extern const char book_schema_meanings[];
extern const char book_schema_post_step[];
extern const char book_schema_whispered[];
extern const char book_schema_words_2[];
extern const char book_schema_pages[];
extern const char book_schema_copies[];

#endif
