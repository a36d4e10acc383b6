//! Subjects: how sensitive data without a number is found, and how well.
//!
//! **A word is nothing, a word about somebody is.** `Diabetes` stands in the menu, the course, the job advertisement and the
//! policy; and in one mail in a hundred it is somebody's. So a subject is a list of phrases in three strengths: what *states* a fact of
//! whoever is spoken of, what *suggests* it, and what only *hints* at it. Beside them stand the cues of the language, the same for
//! every subject: who is there (a name, `hun`, `din søn`, the person a letter is to, a room), and what reads as written about nobody (a
//! rule, a course, a form, an example, an animal).
//!
//! **Weights that anybody can add up.** Everything is added, by sentence; somebody in the sentences before and after and in the
//! subject of the message counts a share. `sluse patterns explain` shows the sum.
//!
//! **Phrases propose, the words around decide.** Phrases know what language can say, and are as sharp as whoever wrote
//! them; but whether a mail tells of a person or to everybody is said by all of its words a little. Tuning phrases on
//! ever more mail made them better on that mail only: of 1,200 written for what was missed in 3,300 new mails, not one
//! found more in the mail of yet others. So each word has a weight for every subject, and one for telling anything of
//! anybody, learned by logistic regression from the labelled mails in `corpus/tuned`
//! ([`crate::evaluate::learn`](fn@crate::evaluate::learn)) and written into `patterns/dk/leanings.toml`, one word after
//! the other. Alone such a model finds half of what there is and is wrong in every fifth case; as a weight beside phrases
//! it removed a third to a half of the false alarms in mail of writers that nothing was tuned on, and let the bar be
//! lower for the rest. Numbers are not learned, nor known names, nor words that stand written as names only; a rare name
//! in small letters may slip in. A model that nobody can read was not wanted: the security team must be able to say why a
//! mail came back, and to change it.
//!
//! **Sentences as people write them.** A line break ends a sentence or does not, a greeting may be followed by the matter on the same
//! line, a signature ends where something is told again. Signatures tell nothing: a doctor's title is no illness. Nor do
//! greetings, but for one that is all of a phrase by which a pack says that it `greets`: `Kære deltagere på lungeholdet` tells of all
//! who get it, whatever they are written; and for what somebody does behind the comma of one: `Hej Bo, Lone er syg`.
//!
//! **Misspelled words.** Letters are compared without doubles, which is what Danish writers get wrong most and what endings change;
//! a word of up to seven letters must be spelled as the pack has it, for `fyre` is not `fyrre`.
//!
//! **Findings are masked to first letters.** Which phrase was seen is as telling as the text: `scan`, `explain` and `evaluate` show it to
//! whoever has the text at hand; logs, incidents and replies never do.
//!
//! # When a mail counts as telling of somebody
//!
//! The labelled mails in `corpus/` follow these rules, and so do the packs. A mail counts where subject, text or quoted text states or
//! plainly implies a fact of the category about somebody who can be identified: by name, number, address, or a role or relation
//! the reader can resolve. Suspicion counts as the fact. Policies, statistics, empty forms, job titles, offers, agendas and made-up
//! cases never count. Who may receive it is another question: that is policy.
//!
//! # What is missed
//!
//! A fact that is only implied by what everybody knows; a person known only by initials; a table in which the subjects stand in the
//! head and bare figures below; a verdict several sentences after the name. And irony: a machine that is *dismissed*, a cat that is
//! *depressed*, when nothing else in the sentence gives it away.
