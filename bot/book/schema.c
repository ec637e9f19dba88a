#include "book/schema.h"

const char book_schema[] =
    "CREATE TABLE setting ("
    "  name TEXT PRIMARY KEY,"
    "  value TEXT NOT NULL) STRICT;"

    "CREATE TABLE offer ("
    "  number INTEGER PRIMARY KEY,"
    "  revision INTEGER NOT NULL CHECK (revision > 0),"
    "  state TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'changes_requested', 'approved',"
    "    'publishing', 'published', 'accepted', 'expired', 'closed', 'rejected', 'withdrawn',"
    "    'failed')),"
    "  requester TEXT NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  changed_at INTEGER NOT NULL,"
    "  published_at INTEGER NOT NULL DEFAULT 0,"
    "  problem TEXT NOT NULL DEFAULT '',"
    "  can_retry INTEGER NOT NULL DEFAULT 0 CHECK (can_retry IN (0, 1))) STRICT;"
    "CREATE INDEX offer_by_requester ON offer (requester, number);"
    "CREATE INDEX offer_by_state ON offer (state, number);"

    /* The content of every revision; a form makes at most one. */
    "CREATE TABLE revision ("
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  revision INTEGER NOT NULL CHECK (revision > 0),"
    "  content TEXT NOT NULL,"
    "  form TEXT NOT NULL UNIQUE,"
    "  created_at INTEGER NOT NULL,"
    "  PRIMARY KEY (offer, revision)) STRICT;"

    "CREATE TABLE vote ("
    "  offer INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  verdict TEXT NOT NULL CHECK (verdict IN ('approve', 'request_changes', 'reject')),"
    "  at INTEGER NOT NULL,"
    "  saw TEXT NOT NULL,"    /* the card's text */
    "  digest TEXT NOT NULL," /* SHA-256 of it, hex */
    "  rule TEXT NOT NULL,"
    "  PRIMARY KEY (offer, revision, person, verdict),"
    "  FOREIGN KEY (offer, revision) REFERENCES revision (offer, revision)) STRICT;"

    "CREATE TABLE move ("
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  step INTEGER NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  who TEXT NOT NULL,"
    "  event TEXT NOT NULL,"
    "  from_state TEXT NOT NULL,"
    "  to_state TEXT NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  why TEXT NOT NULL,"
    "  PRIMARY KEY (offer, step)) STRICT;"
    "CREATE INDEX move_by_event ON move (event, at);"

    "CREATE TABLE draft ("
    "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
    "  state TEXT NOT NULL CHECK (state IN ('none', 'making', 'ready', 'updating', 'refused',"
    "    'releasing', 'released', 'left')),"
    "  number INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  faults INTEGER NOT NULL,"
    "  entity TEXT NOT NULL,"
    "  authorization TEXT NOT NULL,"
    "  own_eula INTEGER NOT NULL CHECK (own_eula IN (0, 1)),"
    "  change_set TEXT NOT NULL,"
    "  deed INTEGER NOT NULL,"
    "  empty_looks INTEGER NOT NULL,"
    "  looked_at INTEGER NOT NULL,"
    "  unread INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  unit_price TEXT NOT NULL,"
    "  why TEXT NOT NULL) STRICT;"

    /* A single-use authorization belongs to at most one approved offer. */
    "CREATE TABLE claim ("
    "  authorization TEXT PRIMARY KEY,"
    "  offer INTEGER NOT NULL UNIQUE REFERENCES offer (number)) STRICT;"

    "CREATE TABLE authorization ("
    "  id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  product_id TEXT NOT NULL,"
    "  product_name TEXT NOT NULL,"
    "  isv_name TEXT NOT NULL,"
    "  status TEXT NOT NULL,"
    "  extended_status TEXT NOT NULL,"
    "  ends_at INTEGER NOT NULL,"
    "  single_use INTEGER NOT NULL CHECK (single_use IN (0, 1)),"
    "  gone INTEGER NOT NULL CHECK (gone IN (0, 1)),"
    "  unit_price TEXT NOT NULL,"
    "  currency TEXT NOT NULL,"
    "  dimension TEXT NOT NULL,"
    "  duration TEXT NOT NULL,"
    "  buyers TEXT NOT NULL,"     /* separated by spaces */
    "  read_at INTEGER NOT NULL," /* described, 0: never */
    "  listed_at INTEGER NOT NULL) STRICT;"

    "CREATE TABLE person ("
    "  id TEXT PRIMARY KEY,"
    "  name TEXT NOT NULL,"
    "  team TEXT NOT NULL,"
    "  deleted INTEGER NOT NULL,"
    "  bot INTEGER NOT NULL,"
    "  guest INTEGER NOT NULL,"
    "  stranger INTEGER NOT NULL,"
    "  read_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE user_group ("
    "  id TEXT PRIMARY KEY,"
    "  read_at INTEGER NOT NULL) STRICT;"
    "CREATE TABLE member ("
    "  user_group TEXT NOT NULL REFERENCES user_group (id),"
    "  person TEXT NOT NULL,"
    "  PRIMARY KEY (user_group, person)) STRICT;"

    "CREATE TABLE post ("
    "  kind TEXT NOT NULL CHECK (kind IN ('card', 'announcement')),"
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  channel TEXT NOT NULL,"
    "  ts TEXT NOT NULL,"
    "  deed INTEGER NOT NULL,"
    "  empty_looks INTEGER NOT NULL,"
    "  sent_at INTEGER NOT NULL,"
    "  trouble TEXT NOT NULL,"
    "  PRIMARY KEY (kind, offer)) STRICT;"
    "CREATE INDEX post_by_deed ON post (deed);"

    "CREATE TABLE judgement ("
    "  id INTEGER PRIMARY KEY,"
    "  what INTEGER NOT NULL,"
    "  offer INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  channel TEXT NOT NULL,"
    "  reason TEXT NOT NULL,"
    "  asked_at INTEGER NOT NULL) STRICT;";

/* How long ago something was read or missed is not kept: a clock that was set would make it wrong.
 */
const char book_schema_2[] = "ALTER TABLE post DROP COLUMN empty_looks;"
                             "ALTER TABLE person DROP COLUMN read_at;"
                             "ALTER TABLE user_group DROP COLUMN read_at;";

/* A person may have two ids; a group may be gone; what is waiting to be judged is kept by its name,
 * and a vote that counts no more with the reason. */
const char book_schema_people[] =
    "ALTER TABLE person ADD COLUMN enterprise TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE person ADD COLUMN teams TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE person ADD COLUMN trouble TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE alias ("
    "  id TEXT PRIMARY KEY,"
    "  person TEXT NOT NULL) STRICT;"
    "CREATE INDEX alias_by_person ON alias (person);"
    "ALTER TABLE user_group ADD COLUMN trouble TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE user_group ADD COLUMN trouble_words TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE judgement ADD COLUMN asked TEXT NOT NULL DEFAULT '';"
    "UPDATE judgement SET asked = CASE what WHEN 0 THEN 'approve' WHEN 1 THEN 'reject'"
    " WHEN 2 THEN 'request_changes' WHEN 3 THEN 'submit' WHEN 4 THEN 'details'"
    " WHEN 5 THEN 'retry' ELSE '' END;"
    "ALTER TABLE judgement DROP COLUMN what;"
    "ALTER TABLE judgement RENAME COLUMN asked TO what;"
    "ALTER TABLE judgement ADD COLUMN form TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE judgement ADD COLUMN content TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE judgement ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX judgement_by_offer ON judgement (offer);"
    "ALTER TABLE vote ADD COLUMN lost TEXT NOT NULL DEFAULT '';";

/* All terms of an authorization, and what approvers saw of them. What was read of one before was
 * read by another rule: it is not known until it is read again. */
const char book_schema_terms[] =
    "ALTER TABLE authorization ADD COLUMN terms TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE authorization ADD COLUMN sale INTEGER NOT NULL DEFAULT 0;"
    "UPDATE authorization SET read_at = 0;"
    "ALTER TABLE draft ADD COLUMN entity_revision TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE draft ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE draft ADD COLUMN stale INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE draft DROP COLUMN unit_price;"
    "ALTER TABLE draft ADD COLUMN price_looks INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE draft ADD COLUMN prices_read INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE draft ADD COLUMN price_problem TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE seen ("
    "  offer INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  terms TEXT NOT NULL,"
    "  PRIMARY KEY (offer, revision, person),"
    "  FOREIGN KEY (offer, revision) REFERENCES revision (offer, revision)) STRICT;";

/* A buyer's link is known for one kind of product only. */
const char book_schema_product[] =
    "ALTER TABLE authorization ADD COLUMN product_type TEXT NOT NULL DEFAULT '';";

/* Behind the engine's third: accept-by dates are dates. */
const char book_schema_dates[] = "UPDATE timer SET dated = 1 WHERE name = 'offer.lapse';";

/* How long AWS has been at something is told by the engine's clock, and that it is long once. */
const char book_schema_slow[] =
    "ALTER TABLE draft ADD COLUMN began INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE draft ADD COLUMN slow INTEGER NOT NULL DEFAULT 0 CHECK (slow IN (0, 1));"
    "UPDATE draft SET began = started_at;";

/* How many offers there are, of everybody ("") and of each: to count them takes the longer the more
 * there are. Kept by the table itself, so that nobody who writes it can forget. */
const char book_schema_tally[] =
    "CREATE TABLE tally ("
    "  requester TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (requester, state)) STRICT;"
    "INSERT INTO tally SELECT requester, state, count(*) FROM offer GROUP BY requester, state;"
    "INSERT INTO tally SELECT '', state, count(*) FROM offer GROUP BY state;"
    "CREATE TRIGGER offer_added AFTER INSERT ON offer BEGIN"
    "  INSERT INTO tally (requester, state, count)"
    "    VALUES (new.requester, new.state, 1), ('', new.state, 1)"
    "    ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER offer_moved AFTER UPDATE OF state, requester ON offer BEGIN"
    "  UPDATE tally SET count = count - 1"
    "    WHERE requester IN (old.requester, '') AND state = old.state;"
    "  INSERT INTO tally (requester, state, count)"
    "    VALUES (new.requester, new.state, 1), ('', new.state, 1)"
    "    ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER offer_removed AFTER DELETE ON offer BEGIN"
    "  UPDATE tally SET count = count - 1"
    "    WHERE requester IN (old.requester, '') AND state = old.state;"
    "END;"
    "CREATE INDEX offer_by_requester_state ON offer (requester, state, number);"
    "CREATE INDEX post_in_trouble ON post (kind, offer) WHERE trouble <> '';";

/* Buttons and votes are bound to what was shown, and posts are found by their own key. Cards that
 * stand in Slack from before have other buttons: they are brought to the present at the next start.
 */
const char book_schema_3[] =
    "ALTER TABLE post ADD COLUMN key TEXT NOT NULL DEFAULT '';"
    "UPDATE post SET key = coalesce((SELECT target FROM effect WHERE id = post.deed), '');"
    "ALTER TABLE judgement ADD COLUMN digest TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE judgement ADD COLUMN shown TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE vote ADD COLUMN shown TEXT NOT NULL DEFAULT '';"
    "INSERT INTO setting (name, value) VALUES ('book', lower(hex(randomblob(16)))),"
    "  ('cards', 'stale');";

/* Marks of lives, and what was found outside that the book does not know of. */
const char book_schema_4[] = "CREATE TABLE life ("
                             "  id TEXT PRIMARY KEY,"
                             "  marks INTEGER NOT NULL) STRICT;"
                             "CREATE TABLE found ("
                             "  what TEXT NOT NULL," /* set, card, announcement */
                             "  id TEXT NOT NULL,"   /* a change set's, or <channel> <ts> */
                             "  offer INTEGER NOT NULL,"
                             "  revision INTEGER NOT NULL,"
                             "  state TEXT NOT NULL," /* a step that was or is done; a card's */
                             "  entity TEXT NOT NULL,"
                             "  key TEXT NOT NULL,"
                             "  mark TEXT NOT NULL,"
                             "  number INTEGER NOT NULL,"
                             "  attempt INTEGER NOT NULL,"
                             "  at INTEGER NOT NULL,"
                             "  settled INTEGER NOT NULL DEFAULT 0,"
                             "  PRIMARY KEY (what, id)) STRICT;"
                             "CREATE INDEX found_by_offer ON found (settled, offer);"
                             "CREATE INDEX post_by_key ON post (key);"
                             "ALTER TABLE draft ADD COLUMN mark TEXT NOT NULL DEFAULT '';";

/* Who wrote the legal terms that AWS holds is known of no draft from before. */
const char book_schema_origins[] =
    "ALTER TABLE draft ADD COLUMN origin INTEGER NOT NULL DEFAULT 0 CHECK (origin IN (0, 1, 2));"
    "ALTER TABLE draft ADD COLUMN origin_revision TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE draft ADD COLUMN origin_since INTEGER NOT NULL DEFAULT 0;";

/* What states and kinds there are, the code says: a table that says it again has to be rebuilt for
 * each new one. */
const char book_schema_names[] =
    "CREATE TABLE offer_new ("
    "  number INTEGER PRIMARY KEY,"
    "  revision INTEGER NOT NULL CHECK (revision > 0),"
    "  state TEXT NOT NULL,"
    "  requester TEXT NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  changed_at INTEGER NOT NULL,"
    "  published_at INTEGER NOT NULL DEFAULT 0,"
    "  problem TEXT NOT NULL DEFAULT '',"
    "  can_retry INTEGER NOT NULL DEFAULT 0 CHECK (can_retry IN (0, 1))) STRICT;"
    "INSERT INTO offer_new (number, revision, state, requester, created_at, changed_at, "
    "  published_at, problem, can_retry) "
    "  SELECT number, revision, state, requester, created_at, changed_at, published_at, "
    "  problem, can_retry FROM offer;"
    "DROP TABLE offer;"
    "ALTER TABLE offer_new RENAME TO offer;"
    "CREATE INDEX offer_by_requester ON offer (requester, number);"
    "CREATE INDEX offer_by_requester_state ON offer (requester, state, number);"
    "CREATE INDEX offer_by_state ON offer (state, number);"
    "CREATE TRIGGER offer_added AFTER INSERT ON offer BEGIN "
    "  INSERT INTO tally (requester, state, count) VALUES (new.requester, new.state, 1), ('', "
    "new.state, 1) ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER offer_moved AFTER UPDATE OF state, requester ON offer BEGIN "
    "  UPDATE tally SET count = count - 1 WHERE requester IN (old.requester, '') AND state = "
    "old.state;"
    "  INSERT INTO tally (requester, state, count) VALUES (new.requester, new.state, 1), ('', "
    "new.state, 1) ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER offer_removed AFTER DELETE ON offer BEGIN "
    "  UPDATE tally SET count = count - 1 WHERE requester IN (old.requester, '') AND state = "
    "old.state;"
    "END;"
    "CREATE TABLE vote_new ("
    "  offer INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  saw TEXT NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  rule TEXT NOT NULL,"
    "  lost TEXT NOT NULL DEFAULT '',"
    "  shown TEXT NOT NULL DEFAULT '',"
    "  PRIMARY KEY (offer, revision, person, verdict),"
    "  FOREIGN KEY (offer, revision) REFERENCES revision (offer, revision)) STRICT;"
    "INSERT INTO vote_new (offer, revision, person, verdict, at, saw, digest, rule, lost, "
    "  shown) "
    "  SELECT offer, revision, person, verdict, at, saw, digest, rule, lost, "
    "  shown FROM vote;"
    "DROP TABLE vote;"
    "ALTER TABLE vote_new RENAME TO vote;";

const char book_schema_names_2[] =
    "CREATE TABLE draft_new ("
    "  offer INTEGER PRIMARY KEY REFERENCES offer (number),"
    "  state TEXT NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  faults INTEGER NOT NULL,"
    "  entity TEXT NOT NULL,"
    "  authorization TEXT NOT NULL,"
    "  own_eula INTEGER NOT NULL CHECK (own_eula IN (0, 1)),"
    "  change_set TEXT NOT NULL,"
    "  deed INTEGER NOT NULL,"
    "  empty_looks INTEGER NOT NULL,"
    "  looked_at INTEGER NOT NULL,"
    "  unread INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  why TEXT NOT NULL,"
    "  entity_revision TEXT NOT NULL DEFAULT '',"
    "  looks INTEGER NOT NULL DEFAULT 0,"
    "  stale INTEGER NOT NULL DEFAULT 0,"
    "  price_looks INTEGER NOT NULL DEFAULT 0,"
    "  prices_read INTEGER NOT NULL DEFAULT 0,"
    "  price_problem TEXT NOT NULL DEFAULT '',"
    "  mark TEXT NOT NULL DEFAULT '',"
    "  began INTEGER NOT NULL DEFAULT 0,"
    "  slow INTEGER NOT NULL DEFAULT 0 CHECK (slow IN (0, 1)),"
    "  origin TEXT NOT NULL DEFAULT 'unknown',"
    "  origin_revision TEXT NOT NULL DEFAULT '',"
    "  origin_since INTEGER NOT NULL DEFAULT 0) STRICT;"
    "INSERT INTO draft_new (offer, state, number, revision, attempt, faults, entity, "
    "  authorization, own_eula, change_set, deed, empty_looks, looked_at, unread, "
    "  started_at, why, entity_revision, looks, stale, price_looks, prices_read, "
    "  price_problem, mark, began, slow, origin, origin_revision, origin_since) "
    "  SELECT offer, state, number, revision, attempt, faults, entity, authorization, "
    "  own_eula, change_set, deed, empty_looks, looked_at, unread, started_at, why, "
    "  entity_revision, looks, stale, price_looks, prices_read, price_problem, mark, "
    "  began, slow, "
    "  CASE origin WHEN 1 THEN 'ours' WHEN 2 THEN 'foreign' ELSE 'unknown' END, "
    "  origin_revision, origin_since FROM draft;"
    "DROP TABLE draft;"
    "ALTER TABLE draft_new RENAME TO draft;"
    "CREATE TABLE post_new ("
    "  kind TEXT NOT NULL,"
    "  offer INTEGER NOT NULL REFERENCES offer (number),"
    "  channel TEXT NOT NULL,"
    "  ts TEXT NOT NULL,"
    "  deed INTEGER NOT NULL,"
    "  sent_at INTEGER NOT NULL,"
    "  trouble TEXT NOT NULL,"
    "  key TEXT NOT NULL DEFAULT '',"
    "  PRIMARY KEY (kind, offer)) STRICT;"
    "INSERT INTO post_new (kind, offer, channel, ts, deed, sent_at, trouble, key) "
    "  SELECT kind, offer, channel, ts, deed, sent_at, trouble, key FROM post;"
    "DROP TABLE post;"
    "ALTER TABLE post_new RENAME TO post;"
    "CREATE INDEX post_by_deed ON post (deed);"
    "CREATE INDEX post_by_key ON post (key);"
    "CREATE INDEX post_in_trouble ON post (kind, offer) WHERE trouble <> '';";

const char book_schema_sale[] =
    "ALTER TABLE authorization RENAME COLUMN sale TO sale_number;"
    "ALTER TABLE authorization ADD COLUMN sale TEXT NOT NULL DEFAULT 'possible';"
    "UPDATE authorization SET sale = CASE sale_number WHEN 1 THEN 'choice'"
    "  WHEN 2 THEN 'distributor' WHEN 3 THEN 'unreadable' ELSE 'possible' END;"
    "ALTER TABLE authorization DROP COLUMN sale_number;";

/* An approval is for a step of the rules. There was one, of which all are that were given. */
const char book_schema_steps[] =
    "CREATE TABLE vote_new ("
    "  offer INTEGER NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  person TEXT NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  step TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  saw TEXT NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  rule TEXT NOT NULL,"
    "  lost TEXT NOT NULL DEFAULT '',"
    "  shown TEXT NOT NULL DEFAULT '',"
    "  PRIMARY KEY (offer, revision, person, verdict, step),"
    "  FOREIGN KEY (offer, revision) REFERENCES revision (offer, revision)) STRICT;"
    "INSERT INTO vote_new (offer, revision, person, verdict, step, at, saw, digest, rule, lost,"
    "  shown)"
    "  SELECT offer, revision, person, verdict, 'approval', at, saw, digest, rule, lost,"
    "  shown FROM vote;"
    "DROP TABLE vote;"
    "ALTER TABLE vote_new RENAME TO vote;";

/* What is approved is not always a new offer, and may be about one. */
const char book_schema_kinds[] = "ALTER TABLE offer ADD COLUMN kind TEXT NOT NULL DEFAULT 'offer';"
                                 "ALTER TABLE offer ADD COLUMN subject INTEGER NOT NULL DEFAULT 0;";

/* Names that had grown here became the field's: what is stored goes by them from now on. */
const char book_schema_words[] =
    "UPDATE effect SET kind = 'once' WHERE kind = 'deed';"
    "UPDATE effect SET type = 'reconcile.' || substr(type, 6),"
    "  single = 'reconcile.' || substr(single, 6) WHERE type GLOB 'deed.*';"
    "UPDATE timer SET name = 'reconcile.look' WHERE name = 'deed.look';"
    "UPDATE timer SET name = 'action.lapse' WHERE name = 'judgement.lapse';"
    "UPDATE counter SET name = 'pending_action' WHERE name = 'judgement';"
    "ALTER TABLE judgement RENAME TO pending_action;"
    "DROP INDEX post_by_deed;"
    "ALTER TABLE post RENAME COLUMN deed TO effect;"
    "CREATE INDEX post_by_effect ON post (effect);"
    "DROP INDEX post_in_trouble;"
    "ALTER TABLE post RENAME COLUMN trouble TO error;"
    "CREATE INDEX post_refused ON post (kind, offer) WHERE error <> '';"
    "ALTER TABLE person RENAME COLUMN trouble TO error;"
    "ALTER TABLE user_group RENAME COLUMN trouble TO error;"
    "ALTER TABLE user_group RENAME COLUMN trouble_words TO error_text;"
    "ALTER TABLE authorization RENAME COLUMN gone TO unlisted;";

/* What is approved is a request; an offer is what AWS holds. And what is read at AWS, how often and
 * since when, has the names of the field. */
const char book_schema_requests[] =
    "DROP TRIGGER offer_added;"
    "DROP TRIGGER offer_moved;"
    "DROP TRIGGER offer_removed;"
    "DROP INDEX offer_by_requester;"
    "DROP INDEX offer_by_requester_state;"
    "DROP INDEX offer_by_state;"
    "ALTER TABLE offer RENAME TO request;"
    "CREATE INDEX request_by_requester ON request (requester, number);"
    "CREATE INDEX request_by_requester_state ON request (requester, state, number);"
    "CREATE INDEX request_by_state ON request (state, number);"
    "CREATE TRIGGER request_added AFTER INSERT ON request BEGIN"
    "  INSERT INTO tally (requester, state, count)"
    "    VALUES (new.requester, new.state, 1), ('', new.state, 1)"
    "    ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER request_moved AFTER UPDATE OF state, requester ON request BEGIN"
    "  UPDATE tally SET count = count - 1"
    "    WHERE requester IN (old.requester, '') AND state = old.state;"
    "  INSERT INTO tally (requester, state, count)"
    "    VALUES (new.requester, new.state, 1), ('', new.state, 1)"
    "    ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER request_removed AFTER DELETE ON request BEGIN"
    "  UPDATE tally SET count = count - 1"
    "    WHERE requester IN (old.requester, '') AND state = old.state;"
    "END;"
    "ALTER TABLE revision RENAME COLUMN offer TO request;"
    "ALTER TABLE vote RENAME COLUMN offer TO request;"
    "ALTER TABLE move RENAME COLUMN offer TO request;"
    "ALTER TABLE post RENAME COLUMN offer TO request;"
    "ALTER TABLE letter RENAME COLUMN offer TO request;"
    "ALTER TABLE thread RENAME COLUMN offer TO request;"
    "ALTER TABLE pending_action RENAME COLUMN offer TO request;"
    "UPDATE counter SET name = 'request' WHERE name = 'offer';"
    "ALTER TABLE draft RENAME COLUMN looks TO differing_reads;"
    "ALTER TABLE draft RENAME COLUMN price_looks TO price_reads;"
    "ALTER TABLE draft RENAME COLUMN empty_looks TO empty_reads;"
    "ALTER TABLE draft RENAME COLUMN looked_at TO polled_since;"
    "ALTER TABLE following RENAME COLUMN looks TO reads;"
    "ALTER TABLE following RENAME COLUMN looked_at TO read_at;"
    "UPDATE timer SET name = 'change_set.reconcile' WHERE name = 'reconcile.look';"
    "UPDATE timer SET name = 'post.find' WHERE name = 'post.look';"
    "UPDATE timer SET name = replace(name, '.look', '.poll') WHERE name GLOB '*.look';"
    "UPDATE effect SET type = 'post.find', single = 'post.find' || substr(single, 10)"
    "  WHERE type = 'post.look';"
    "UPDATE effect SET type = 'authorization.status',"
    "  single = 'authorization.status' || substr(single, 19) WHERE type = 'authorization.look';";

/* What nobody reads. What remains and is not read either is evidence: when a click came
 * (pending_action.asked_at), what was sent to AWS and when it ended (change_set.asked, ended_at),
 * and what an approver was shown, where, and by which rule (vote.shown, saw, digest, rule). */
const char book_schema_unread[] = "ALTER TABLE authorization DROP COLUMN product_name;"
                                  "ALTER TABLE authorization DROP COLUMN isv_name;"
                                  "ALTER TABLE authorization DROP COLUMN dimension;";

/* A click that waits for Slack is answered in the place of the message that asked, and of no other.
 */
const char book_schema_questions[] =
    "ALTER TABLE pending_action ADD COLUMN question TEXT NOT NULL DEFAULT '';";

/* What the revision of an action meant depended on which it was: it is what the person saw, and the
 * other meanings have columns. An index is named by what it is of; of actions by their request only
 * changes are looked for, which have one. */
const char book_schema_meanings[] =
    "ALTER TABLE pending_action ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE pending_action ADD COLUMN waiting_only INTEGER NOT NULL DEFAULT 0"
    "  CHECK (waiting_only IN (0, 1));"
    "UPDATE pending_action SET skipped = revision, revision = 0 WHERE what = 'details';"
    "UPDATE pending_action SET waiting_only = revision <> 0, revision = 0 WHERE what = 'list';"
    "DROP INDEX judgement_by_offer;"
    "DROP INDEX letter_by_offer;"
    "CREATE INDEX letter_by_request ON letter (request, id);";

/* What a message told, by the steps of the history: clocks that are set put no order on them. */
const char book_schema_post_step[] =
    "ALTER TABLE post ADD COLUMN step INTEGER NOT NULL DEFAULT 0;"
    "UPDATE post SET step = (SELECT coalesce(max(move.step), 0) FROM move"
    "  WHERE move.request = post.request AND move.at <= post.sent_at);";

/* Was the button in a list, or in another message that one person sees alone? */
const char book_schema_whispered[] =
    "ALTER TABLE pending_action ADD COLUMN whispered INTEGER NOT NULL DEFAULT 0"
    "  CHECK (whispered IN (0, 1));";

/* Words that the code had given up: what AWS denies, why approvers are mentioned, what was found
 * (of whatever kind of request), and what is abandoned. */
const char book_schema_words_2[] =
    "ALTER TABLE refusal RENAME TO denial;"
    "ALTER TABLE thread RENAME COLUMN calling TO mention;"
    "DROP INDEX found_by_offer;"
    "ALTER TABLE found RENAME TO find;"
    "ALTER TABLE find RENAME COLUMN offer TO request;"
    "CREATE INDEX find_by_request ON find (settled, request);"
    "UPDATE draft SET state = 'abandoned' WHERE state = 'left';"
    "UPDATE change_set SET state = 'abandoned' WHERE state = 'left';";

/* What writes a request, a move or a post writes no page for which nobody asks: posts are looked
 * for in their channel by their keys, never here, and of moves the releases alone are counted back.
 * The tally is moved by statements that need no list of people. */
const char book_schema_pages[] =
    "DROP INDEX post_by_key;"
    "DROP INDEX move_by_event;"
    "CREATE INDEX move_of_release ON move (event, at) WHERE event = 'release';"
    "DROP TRIGGER request_moved;"
    "DROP TRIGGER request_removed;"
    "CREATE TRIGGER request_moved AFTER UPDATE OF state, requester ON request BEGIN"
    "  UPDATE tally SET count = count - 1 WHERE requester = old.requester AND state = old.state;"
    "  UPDATE tally SET count = count - 1 WHERE requester = '' AND state = old.state;"
    "  INSERT INTO tally (requester, state, count)"
    "    VALUES (new.requester, new.state, 1), ('', new.state, 1)"
    "    ON CONFLICT (requester, state) DO UPDATE SET count = count + 1;"
    "END;"
    "CREATE TRIGGER request_removed AFTER DELETE ON request BEGIN"
    "  UPDATE tally SET count = count - 1 WHERE requester = old.requester AND state = old.state;"
    "  UPDATE tally SET count = count - 1 WHERE requester = '' AND state = old.state;"
    "END;";

/* What a request was filled with, in which revision. */
const char book_schema_copies[] =
    "ALTER TABLE request ADD COLUMN copy_of INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE request ADD COLUMN copy_revision INTEGER NOT NULL DEFAULT 0;";
