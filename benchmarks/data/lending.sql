CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY code) - 1 AS n, code AS branch, library FROM branch;
INSERT INTO feed (id, library, name)
SELECT 1000 + row_number() OVER (ORDER BY code), code, 'made' FROM library;
INSERT INTO source_record (id, library, record_id, feed_id, digest, version, received_at, seen_load)
SELECT g, library, 'R' || g, 1001, '', '', :long_ago, 'made'
FROM generate_series(1, :items / 2) g JOIN place ON n = g % (SELECT count(*) FROM place);
INSERT INTO item (id, library, source_id, branch, barcode, call_number, item_type, lending, reported_status, status_word, reported_at,
  price, volume, url)
SELECT 'i' || lpad(g::text, 15, '0'), library, (g + 1) / 2, branch, 'B' || lpad(g::text, 9, '0'), 'I247/' || g, 'book', 'loan',
  'available', '', :long_ago, '38.00', '', ''
FROM generate_series(1, :items) g JOIN place ON n = ((g + 1) / 2) % (SELECT count(*) FROM place);
INSERT INTO patron (id, library, home_branch, category, state, credit, created_at)
SELECT 'p' || lpad(g::text, 15, '0'), library, branch, 'adult', 'active', 100, :long_ago
FROM generate_series(1, :readers) g JOIN place ON n = g % (SELECT count(*) FROM place);
INSERT INTO person (patron_id, name, birth_date)
SELECT id, '读者' || substr(id, 2), ((date '1940-01-01' + (substr(id, 2)::bigint % 24000)::int))::text FROM patron;
INSERT INTO credential (issuer, number, kind, patron_id, state, issued_at)
SELECT library, 'C' || substr(id, 7), 'member_card', id, 'valid', created_at FROM patron;
INSERT INTO credit_entry (id, patron_id, points, cause, actor, entered_at)
SELECT id, id, 100, 'enrolled', 'made', created_at FROM patron;
INSERT INTO loan (id, item_id, patron_id, state, item_library, lending_branch, lent_at, due_date, renewals, policy_version, policy_rule,
  patron_library, patron_category, age_band, ended_at, returned_branch)
SELECT 'l' || lpad(g::text, 15, '0'), 'i' || lpad((1 + g * 7919 % :items)::text, 15, '0'),
  'p' || lpad((1 + g * 104729 % :readers)::text, 15, '0'), 'returned', library, branch,
  to_char(timestamp '2024-09-01' + interval '60000000 seconds' * (g::float8 / :past), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  '2026-09-01', 0, (SELECT max(version) FROM policy_version), 'everything', library, 'adult', '25-59',
  to_char(timestamp '2024-09-21' + interval '60000000 seconds' * (g::float8 / :past), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), branch
FROM generate_series(1, CAST(:past AS bigint)) g JOIN place ON n = ((2 + g * 7919 % :items) / 2) % (SELECT count(*) FROM place);
INSERT INTO loan (id, item_id, patron_id, state, item_library, lending_branch, lent_at, due_date, renewals, policy_version, policy_rule,
  patron_library, patron_category, age_band)
SELECT 'o' || substr(id, 2), id, 'p' || lpad((1 + substr(id, 2)::bigint * 7 % :readers)::text, 15, '0'), 'open', library, branch,
  :yesterday, (CAST(:today AS date) + 20)::text, 0, (SELECT max(version) FROM policy_version), 'everything', library, 'adult', '25-59'
FROM item WHERE substr(id, 2)::bigint % 5 = 0;
INSERT INTO item_state (item_id, branch, condition, changed_at)
SELECT id, branch, 'good', :yesterday FROM item;
INSERT INTO desk_action (id, action, case_number, branch, item_id, barcode, actor, command_id, occurred_at, recorded_at, told, before)
SELECT 'a' || substr(id, 2), 'check_in', 'CI-1', branch, id, barcode, 'staff:made', 'made', :long_ago, :long_ago,
  '{"told": {}, "notes": []}', '[]'
FROM item;
