//! Evaluation: what a pattern finds and misses, in figures, before it is live.
//!
//! A pack that was tuned by looking at what it finds gets better at that and worse at the rest, unseen. `sluse evaluate CORPUS`
//! runs mails whose truth is known through the same reading and searching as real mail, and tells precision and recall for
//! each pattern, each category and each technique, then every miss and every false alarm with its reasons.
//! `--against PACKS` evaluates twice and tells what these packs, in place of those of the same file name or beside them, would gain and
//! lose. `--require recall=0.9,health.precision=0.85` makes the exit code 1 where a figure is not reached.
//!
//! **A corpus may be personal data**, when it was made from real mail. What is printed is masked, as everywhere, and no
//! text of a mail is printed unless `--show-text` asks for it. The names in it (`id`, `technique`, file names, `lang`) are
//! printed as they are, so they must tell nobody's name or number.
//!
//! # Three kinds of corpus
//!
//! What a file is, its content says. A folder is walked: 16 folders deep, 100,000 files, 512 MiB of text and 50 MiB a message
//! at most; beyond any of these the answer is an error, not a part. A line that is malformed is an error as well, with its file and line:
//! figures from half a corpus would be believed. What is no corpus is passed over, and that is said.
//!
//! **Labelled texts**, `.jsonl`, a JSON object a line:
//!
//! ```json
//! {"id": "cprt-1", "lang": "da", "subject": "Sag", "text": "CPR-nr. 140562-1234 er sygemeldt.",
//!  "labels": {"cpr": [{"as_written": "140562-1234", "value": "1405621234"}], "categories": ["health"]},
//!  "subjects": 1, "note": "spelled with a hyphen"}
//! ```
//!
//! `id`, `text`, `labels.cpr` with a `value` each, and `labels.categories` must be there; a number that is written twice has two
//! labels. `lang` and the *set*, the letters of `id` before its first hyphen, each get figures of their own. Other fields are for
//! people and passed over.
//!
//! **Carriers**, a folder of messages with a `manifest.jsonl`, a JSON object a line. Each shows one technique, one way in which
//! data can stand in a mail:
//!
//! ```json
//! {"file": "34.eml", "planted": [{"type": "cpr", "value": "1405621234", "where": "notat.docx",
//!  "technique": "number split over four runs"}], "expect": "find", "categories": []}
//! ```
//!
//! `type` is `cpr` or `category`. `expect` holds where
//!
//! | it is | when |
//! |---|---|
//! | `find` | everything planted is found |
//! | `clean` | nothing is found, and nothing is left unread but pictures, sound and film |
//! | `uninspectable` | something was left unread |
//! | `protected` | the message is recognized as encrypted from end to end |
//!
//! `categories` are those it tells of beside what was planted. `where` and `as_written` are for people.
//!
//! **Texts in which nothing may be found**, `.txt` and `.md`: laws, manuals, menus, newsletters. Each file is one mail. Everything
//! found there is a false alarm, counted in 100,000 words. Below a folder that holds anything labelled, plain text is more often a
//! note about it, and counts only in a folder named `negatives`.
//!
//! # What is counted
//!
//! **Numbers one by one.** A labelled number is found when a finding is of the same person, told by the keyed fingerprint; each
//! finding answers for one label. A finding of a number nobody labelled is a false alarm.
//!
//! **Categories by mail.** A category counts once in a mail, however often it is told there, because that is what a policy
//! asks: does this mail tell of somebody's health? Labels by passage would need labels nobody has the patience to write.
//! `sensitive` is all of them together.
//!
//! **Patterns.** A pattern is asked for everything of its category, so where two share one their recalls need not add up to anything.
//!
//! Something is found from confidence `medium`; `--least` says otherwise. Beside every share stands the interval of 95 % (Wilson):
//! 14 of 14 is no proof of 1.0 but of more than 0.78. Two figures whose intervals overlap may still differ, since both
//! packs read the same mails: look at what was gained and lost.
//!
//! # What is required
//!
//! `CATEGORY.recall`, `PATTERN.precision`, `sensitive.recall`, or `carriers`, the share of carriers that come to what is expected;
//! each with the least it may be. `recall` and `precision` alone are asked of `national-id` and of `sensitive`, each by itself
//! where the corpus has any of it, so that neither hides behind the other. A figure that cannot be told, for nothing is labelled or nothing
//! was found, is not reached. With `--against`, the figures are those of what would go live.
//!
//! # The JSON object
//!
//! `--json` prints one object, whose names stay:
//!
//! | key | value |
//! |---|---|
//! | `least` | the least confidence that counts |
//! | `corpus` | `texts`, `carriers`, `negatives`: how many mails of each; `negative_words`; `passed_over`: files |
//! | `packs` | the files of the packs, in use |
//! | `rows` | of labelled texts: `kind` (`category`, `sensitive`, `pattern`, `set`, `language`), `name`, `measure` (`numbers` or `mails`), `labelled`, `found`, `missed`, `false_alarms`, `recall`, `precision` |
//! | `carriers`, `techniques` | `name`, `held`, `of`, `share` |
//! | `negatives` | `category`, `false_alarms`, `per_100_000_words`, for categories of which anything was found |
//! | `misses`, `false_alarms` | entries, and in `misses_left_out`, `false_alarms_left_out` how many `--misses` left out |
//! | `against` | `null`, or `packs` to `negatives` once more by the other packs, `gained` and `lost` (entries), `gained_left_out`, `lost_left_out` |
//! | `fallen_short` | `what`, `least`, `value`, for each figure required and not reached |
//!
//! A share (`recall`, `precision`, `share`) is `null` of nothing, else `value`, `low`, `high`. An entry has `id`, `category`, `expect`,
//! `technique`, `evidence` (masked), `confidence`, `origin`, `patterns`, `reasons` (why it was found), `instead` (what was found in its place);
//! in `gained` and `lost` also `change`: `found-now`, `false-alarm-gone`, `missed-now` or `new-false-alarm`; with `--show-text` also `text`.
