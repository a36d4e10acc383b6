//! Isolation: messages are read by processes that can do nothing else.
//!
//! A stranger chooses every octet that a reader of PDF, ZIP or HTML sees. Rust keeps such a reader from writing where it must not; it
//! does not keep it from using all memory, running for ever, nesting until the stack ends, or having a bug in the C of a
//! decompressor. In the process that holds all conversations, any of these would cost every message under way.
//!
//! So the gate reads no message. It hands each to an *inspector*: the same program, started as `sluse inspect-worker`, one for each
//! core, with a socket to the gate and nothing else.
//!
//! # What an inspector may not do
//!
//! It takes these away from itself before it is handed its first message, each for itself, so that a kernel that lacks one gives the
//! others. Which stand is told at every start (`inspectors are ready`), with what is missing and why.
//!
//! | wall | what it keeps out | since |
//! |---|---|---|
//! | Landlock | opening, making, removing any file; TCP; signals to others (abi 6); whatever is asked for is refused | Linux 5.13 |
//! | seccomp | every system call but some thirty: no file is opened, no socket made, no program or thread started, no memory made executable, nothing written but complaints | Linux 3.17 |
//! | limits | memory (`inspect.memory`), descriptors, processes, the size of files, core dumps | always |
//! | no new privileges | set-user-id programs | Linux 3.5 |
//! | memory hidden | other processes of the same user that would look into it | always |
//!
//! The environment tells the allocator what to give back and nothing else, and the key of fingerprints comes over the socket, for
//! arguments can be read by everybody. The message comes as
//! octets if it is short (64 KiB), else as a descriptor: of sealed memory, or of a file without a name that is opened to be read
//! only. So not even an inspector that a message has taken over changes what is sent on after it.
//!
//! # What the gate believes
//!
//! An answer is at most 16 MiB, and every word of it is looked at: enumerations are ours, patterns are of the packs, evidence has the
//! form of evidence, and what is shown of foreign texts is masked once more. An answer that cannot be ends the inspector. What the gate
//! cannot see is a lie: a message that takes an inspector over can say of itself, and of those after it, that there is nothing in them;
//! and it can see which single words stood in those before it, for it keeps them to be faster. Such an inspector is confined, and lives
//! for 10,000 messages at most; a process for every message would end that, and costs far more (below).
//!
//! # What each misfortune becomes
//!
//! | what happens | what becomes of the message | reason of the gap |
//! |---|---|---|
//! | a reader panics | a gap; the inspector goes on | `damaged` |
//! | an inspector dies in it, or is killed | a gap | `damaged` |
//! | it runs out of memory or of stack | a gap | `limit` |
//! | it is not done in `limits.read.time` | what was read until then, and a gap | `timeout` |
//! | it does not stop within 2 s after that | the inspector is killed; a gap | `timeout` |
//! | its answer cannot be | the inspector is killed; a gap | `damaged` |
//! | it dies before it has begun, or does not begin within 2 s | another is asked, five at most; then deferred (451 4.3.0) | |
//! | no inspector can be started | deferred (451 4.3.0) | |
//! | one of several hangs or dies at the start of the program | it begins with the others, 5 s after the first of them is ready; a killed one has another in its place | |
//! | none is free in time | deferred (451 4.3.0) | |
//!
//! A gap is judged by policy, and the shipped one sends it by the secure route. A message that an inspector has *begun* is never given to
//! another: it would cost that one too. That a message was begun is said by one octet, sent when it is there and before anything looks
//! at it. An inspector that is gone is replaced at once, and where that fails, after a pause that doubles from 100 ms to 10 s.
//!
//! # Pictures, which need another program
//!
//! Text in a picture is read by Tesseract, half a million lines of C++ with the decoders of six formats below it. An inspector may start
//! nothing, and must not; the gate must not look at pictures. So an inspector *asks*: its answer carries the pictures it could not
//! read, at most `ocr.pictures` of them, and pages of scanned PDFs, whose pictures it has drawn on white paper (in Rust, in its own
//! walls), for scanners cut pages into strips and lay them on their side. The gate starts `sluse ocr-worker` for each, which raises
//! walls of its own around itself and then *becomes* Tesseract. It is handed the picture on its standard input and gives text on its
//! standard output, and ends. No process ever sees two pictures, so that what takes one over has nothing of anybody else's.
//!
//! | wall | what is left to it |
//! |---|---|
//! | Landlock | to execute Tesseract and the loader it names, to read libraries (`/lib`, `/usr/lib`) and the data of languages |
//! | seccomp | to execute, and then neither process nor thread nor socket; to write to its outputs alone |
//! | limits | `ocr.memory`, the seconds of a processor a picture may take, no file written, no process started |
//! | the gate | text of 1 MiB at most; the time of a picture, after which it is killed with its process group |
//!
//! A loader can be told to load any library that can be read as if it were a program. It would do so inside the same walls, which is why
//! they stand around the process rather than around the file.
//!
//! The text then goes to an inspector, any inspector, with the subject of the message, and is searched as every other text is. That is one
//! inspection in two halves, with OCR between them. The alternative was one inspector that waits on its socket while its pictures are read:
//! simpler by one message of the protocol, but a few scanned documents would hold all inspectors for half a minute, and a plain text
//! that takes a millisecond would wait behind them. As it is, a message with pictures waits for its turn with OCR, `ocr.workers` at once,
//! and holds nothing anybody else needs but, at a lower priority (nice 10), a processor.
//!
//! | what happens | what becomes of the picture | reason of the gap |
//! |---|---|---|
//! | no Tesseract, or no data for any language | a gap, and nothing is tried | `media`; a page that is only a picture: `unsupported` |
//! | Tesseract refuses it, or dies of it | a gap; the others go on | `damaged` |
//! | it takes longer than `ocr.picture_time`, or all of them than `ocr.time` | what was read until then, and a gap | `timeout` |
//! | it needs more than `ocr.memory`, or gives more text than any picture has | what was read until then, and a gap | `limit` |
//! | it is larger than `ocr.pixels`, or one too many | a gap; it is not tried | `limit` |
//! | searching what was read takes longer than 5 s | what was found until then, and a gap | `timeout` |
//! | the message has no turn before its deadline, or its turn was cut short by it | deferred (451 4.3.0) | |
//!
//! What nobody tries, too: pictures too small to show ten digits (64 by 7 pixels), HEIC, pictures in EMF and WMF, icons, further frames of an animation
//! (each of these but the first is a gap, `media`), pictures in RTF, and pictures on a page that have text on them, for that is how scanners lay what they read under the scan.
//!
//! # Packs that are exchanged
//!
//! An inspector has the packs it was started with. When the configuration is read again ([`operation`](super::operation)),
//! the gate has the new ones proved, starts as many inspectors with them, and when all are ready puts them in the place of the
//! old, each of which still ends the message it has. If one does not start, nothing changes. For a moment there are twice as
//! many. A message whose pictures are being read meanwhile would be searched by two versions of the packs, of which a policy
//! knows one: it is deferred.
//!
//! # What the gate has of packs
//!
//! Their names, versions, and how their phrases are written ([`Catalogue`](crate::pattern::Catalogue)): enough to believe no other in an
//! answer. Compiled, they take 20 MB and leave as much behind, so the gate never compiles them: at the start, and whenever the
//! configuration is read again, `sluse pack-worker` does, runs their examples where they are not the shipped ones, tells what they
//! hold or what is wrong with them, and ends. It has no walls, for nobody's message comes near it. An inspector, which stays, compiles
//! its own before the last of its walls stand, copies them to where they lie close together, and lets go of the rest.
//!
//! # Their end
//!
//! An inspector ends when its socket does, however the gate ended; one that hangs then, 30 s after its time. It is not bound to the
//! life of the gate by the kernel (`PR_SET_PDEATHSIG`), which binds it to the *thread* that started it, and a runtime ends threads. It
//! heeds no SIGTERM, SIGINT or SIGHUP: service managers and terminals send those to all processes at once, while the gate still has messages
//! to be read.
//!
//! # What it costs
//!
//! Measured on two busy cores (22 November 2026, release build): a text of 4 KB takes 0.84 ms in process and 0.75 to 0.99 ms by an
//! inspector, at the median of 500; the difference is smaller than what neighbours on the machine do to either. An inspector is ready 0.34 s
//! after it was started, of which compiling the packs takes 0.18 s; that is what a process for every message would cost. Each
//! holds some 19 MB before its first message (RSS, 23 November 2026), 9 MB of them its own: the packs, mostly.
//!
//! A page of A4 (1200 characters of Danish, Tesseract 5.3.0 with `dan+eng`, 22 November 2026, on the same two busy cores):
//!
//! | picture | time of a processor | memory |
//! |---|---|---|
//! | 150 dpi, grey | 1.3 s | 94 MB |
//! | 300 dpi, grey (PNG or JPEG) | 1.6 s | 119 MB |
//! | 600 dpi, grey | 2.1 s | 204 MB |
//! | a photograph of 12 megapixels, soft | 0.7 s | 128 MB |
//! | 12 megapixels of noise | 4.9 s | 252 MB |
//! | a logo of 200 by 60 pixels | 0.3 s | 86 MB |
//!
//! The logo is what every picture pays for loading the data of languages. Danish alone (`ocr.languages`) takes a tenth less. Telling which
//! way up a page lies takes 0.3 s of each. Left to its own threads, Tesseract takes four times as much of two busy processors, which
//! is why it is given one (`OMP_THREAD_LIMIT`).
//!
//! The bench is `benches/inspect.rs`: `text`, `text_by_an_inspector`, `start_of_an_inspector`, `packs`.
