//! The configuration is read again while mail flows: a good one takes the place of the other as one, a bad one not at all, and
//! what cannot be exchanged is said.

use std::fs;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::client::Client;
use super::guard::Guard;
use super::hop::Hop;
use super::{CITIZEN, CLEAN, CPR, TAKEN};

const EXCHANGED: &str = "configuration exchanged";
const STAYS: &str = "the configuration was not exchanged: the one in force stays";

/// The citizens are declared to be inside, which is the shortest policy that lets everything out.
fn let_everything_out(guard: &Guard) {
    let policy = fs::read_to_string(guard.path("policy.toml")).unwrap();
    let inside = "inside = [\"kommune.example\"]";
    let all = "inside = [\"kommune.example\", \"borger.example\"]";
    assert!(policy.contains(inside));
    guard.write("policy.toml", &policy.replacen(inside, all, 1));
}

#[test]
fn policy_routes_and_limits_change_for_what_begins_from_then_on() {
    let (normal, secure, elsewhere) = (Hop::start(), Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    let mut midway = guard.client();
    assert_eq!(client.send(&[CITIZEN], CPR), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 1));
    midway.begin(&[CITIZEN]);
    midway.say("Subject: Svar\r\n");

    let_everything_out(&guard);
    guard.tell(&[
        "limits.wire.recipients = 1",
        "log.level = \"debug\"",
        &format!("route.normal.next_hop = \"127.0.0.1:{}\"", elsewhere.port),
    ]);
    guard.ask_to_reload();
    guard.told_once(EXCHANGED);

    // The message was begun on the old route, and ends when the new set is in force: it goes where that says.
    assert_eq!(midway.finish("\r\nCPR-nr. 140562-1234.\r\n"), TAKEN);
    assert_eq!(client.send(&[CITIZEN], CPR), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 1));
    assert_eq!(elsewhere.messages().len(), 2);
    // Nothing was half sent where it was begun.
    assert_eq!(normal.count("DATA"), 0);

    // A connection keeps its limits; the next has the new ones.
    client.begin(&[CITIZEN, "ib@borger.example"]);
    assert_eq!(client.finish(CLEAN.strip_suffix(".\r\n").unwrap()), TAKEN);
    let mut next = guard.client();
    next.ask("MAIL FROM:<meho@kommune.example>");
    assert!(
        next.ask("RCPT TO:<karen@borger.example>")
            .starts_with("250 ")
    );
    assert!(
        next.ask("RCPT TO:<ib@borger.example>")
            .starts_with("452 4.5.3 ")
    );
    // And the log tells more.
    assert!(next.ask("NONSENSE").starts_with("500 "));
    let [_second_recipient, _nonsense] = guard.told("a command is refused");
}

#[test]
fn a_bad_one_is_refused_with_every_reason_and_the_old_one_stays() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let policy = fs::read_to_string(guard.path("policy.toml")).unwrap();
    let_everything_out(&guard);
    let bad = fs::read_to_string(guard.path("policy.toml")).unwrap();
    guard.write("policy.toml", &format!("colour = \"red\"\n{bad}"));
    guard.tell(&[
        "limits.wire.recipients = \"many\"",
        "route.normal.tls_authorities = \"missing.pem\"",
    ]);
    guard.ask_to_reload();
    let refused = guard.told_once(STAYS);
    let [first, second, third] = guard.told("wrong in the configuration");
    let mut told = [first, second, third].map(|it| it["problem"].as_str().unwrap().to_owned());
    told.sort();
    assert_eq!(refused["errors"], 3, "{told:?}");
    assert!(
        told[0].contains("policy.toml:1:1: `colour` is no key"),
        "{}",
        told[0]
    );
    let mut of_config = told[1..].iter().map(String::as_str).collect::<Vec<_>>();
    of_config.sort_by_key(|it| !it.contains("missing.pem"));
    assert!(
        of_config[0].contains("missing.pem: it cannot be read"),
        "{told:?}"
    );
    assert!(
        of_config[1].contains("`limits.wire.recipients` is of type string"),
        "{told:?}"
    );

    // Not even what was good in it.
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!((normal.messages().len(), secure.messages().len()), (0, 1));

    guard.write("policy.toml", &policy);
    guard.tell(&[
        "limits.wire.recipients = 10",
        "route.normal.tls_authorities = \"missing.pem\"",
    ]);
    let config = fs::read_to_string(guard.path("sluse.toml")).unwrap();
    let config = config.replace("route.normal.tls_authorities = \"missing.pem\"", "");
    guard.write("sluse.toml", &config);
    guard.ask_to_reload();
    guard.told_once(EXCHANGED);
}

#[test]
fn what_waits_for_a_restart_is_said_and_stays() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    guard.tell(&[
        "listen.addresses = [\"127.0.0.1:1\"]",
        "incident.tenant = \"Andeby\"",
        "log.format = \"human\"",
        "inspect.memory = \"2GiB\"",
    ]);
    guard.ask_to_reload();
    guard.told_once(EXCHANGED);
    let waits: [serde_json::Value; 5] = guard.told("needs a restart");
    let keys = waits.map(|it| it["key"].as_str().unwrap().to_owned());
    for key in [
        "inspect.memory",
        "incident",
        "log.format",
        "listen.addresses (nobody listens on 127.0.0.1:1 yet)",
        "listen.addresses (127.0.0.1:0 is listened on as before)",
    ] {
        assert!(keys.iter().any(|it| it == key), "{key} in {keys:?}");
    }
    assert_eq!(guard.client().send(&[CITIZEN], CPR), TAKEN);
    assert_eq!(guard.facts().tenant, "default");
}

#[test]
fn a_network_that_is_no_longer_trusted_ends_what_it_began_and_no_more() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let trusted = "listen.trusted_networks = [\"127.0.0.0/8\"]";
    let guard = Guard::with(normal.port, secure.port, &[trusted]);
    let mut midway = guard.client();
    midway.begin(&[CITIZEN]);
    guard.tell(&["listen.trusted_networks = [\"192.0.2.0/24\"]"]);
    guard.ask_to_reload();
    guard.told_once(EXCHANGED);
    assert_eq!(midway.finish(CLEAN.strip_suffix(".\r\n").unwrap()), TAKEN);
    let reply = midway.ask("MAIL FROM:<meho@kommune.example>");
    assert_eq!(
        reply,
        "421 4.7.1 Messages are no longer taken from you here"
    );
    assert_eq!(midway.hear(), "");
    let mut next = Client::connected(guard.address());
    assert_eq!(
        next.hear(),
        "554 5.7.1 Messages are not taken from you here"
    );
}

/// What a proxy told of its client is worth what the proxy is.
#[test]
fn a_client_is_no_longer_believed_whose_proxy_is_not() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let keys = [
        "listen.trusted_networks = [\"10.0.0.0/8\"]",
        "listen.proxy_protocol_from = [\"127.0.0.1\"]",
    ];
    let guard = Guard::with(normal.port, secure.port, &keys);
    let mut client = Client::connected(guard.address());
    client.say("PROXY TCP4 10.1.2.3 10.0.0.1 40000 25\r\n");
    assert!(client.hear().starts_with("220 "));
    assert!(client.ask("EHLO mail.kommune.example").starts_with("250-"));
    assert_eq!(client.send(&[CITIZEN], CLEAN), TAKEN);
    guard.tell(&["listen.proxy_protocol_from = [\"192.0.2.1\"]"]);
    guard.ask_to_reload();
    guard.told_once(EXCHANGED);
    assert_eq!(
        client.ask("MAIL FROM:<meho@kommune.example>"),
        "421 4.7.1 Messages are no longer taken from you here"
    );
}

/// Connections to a next hop of which nothing changed outlive the exchange, and so does what it offers.
#[test]
fn a_route_that_says_the_same_keeps_its_connections() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let mut client = guard.client();
    assert_eq!(
        client.send(&[CITIZEN], CLEAN.strip_suffix(".\r\n").unwrap()),
        TAKEN
    );
    let before = normal.count("EHLO");
    for round in 1..4 {
        guard.tell(&[&format!("spool.memory = \"{round}MiB\"")]);
        guard.ask_to_reload();
        guard.wait_until("the configuration to be exchanged", |guard| {
            let entries = guard.entries();
            entries
                .iter()
                .filter(|it| it["message"] == EXCHANGED)
                .count()
                == round
        });
    }
    assert_eq!(normal.count("EHLO"), before);
}

#[test]
fn the_command_checks_first_and_then_tells_the_one_that_runs() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let mut guard = Guard::with(normal.port, secure.port, &["pid_file = \"sluse.pid\""]);
    let told = reload(&guard);
    assert!(told.status.success(), "{told:?}");
    assert!(
        stdout(&told).contains(" has exchanged its configuration"),
        "{told:?}"
    );
    guard.told_once(EXCHANGED);

    // What only the one that runs can see: the command runs in the folder of the policy, and it does not.
    guard.tell(&["policy.file = \"/proc/self/cwd/policy.toml\""]);
    let told = reload(&guard);
    assert_eq!(told.status.code(), Some(2), "{told:?}");
    let why = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(why.contains(" keeps the configuration it had"), "{why}");
    guard.told_once(STAYS);
    guard.tell(&["policy.file = \"policy.toml\""]);

    guard.tell(&["limits.wire.recipients = 0"]);
    let told = reload(&guard);
    assert_eq!(told.status.code(), Some(2));
    let why = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        why.contains("`limits.wire.recipients` is out of range"),
        "{why}"
    );
    guard.tell(&["limits.wire.recipients = 10"]);
    // It was not even asked.
    guard.told_once(STAYS);

    guard.kill();
    let told = reload(&guard);
    assert_eq!(told.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&told.stderr).contains("no Sluse runs"),
        "{told:?}"
    );
}

fn reload(guard: &Guard) -> Output {
    reload_by(guard, &[])
}

fn reload_by(guard: &Guard, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sluse"));
    command.args(["reload", "-c"]).arg(guard.path("sluse.toml"));
    command.current_dir(guard.path(""));
    command.args(arguments).output().unwrap()
}

/// As systemd has it told, which knows the number of the process.
#[test]
fn without_a_pid_file_the_command_tells_the_one_that_is_named() {
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let told = reload(&guard);
    assert_eq!(told.status.code(), Some(2));
    let why = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        why.contains("no `pid_file` tells which process runs"),
        "{why}"
    );
    let pid = guard.pid().to_string();
    let told = reload_by(&guard, &["--pid", &pid]);
    assert!(told.status.success(), "{told:?}");
    assert!(
        stdout(&told).starts_with(&format!("told process {pid} ")),
        "{told:?}"
    );
    guard.told_once(EXCHANGED);
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Packs and policy change their words together: at no moment is a message read by the one and judged by the other, which would
/// let out what it found.
#[test]
fn no_message_is_judged_by_a_policy_that_does_not_know_the_packs() {
    const TEXT: &str =
        "Subject: Svar\r\n\r\nLone Brandt er flyttet, og hun skylder stadig tre afgifter.\r\n";
    let name = |round: usize| ["a", "b"][round % 2];
    let pack = |round| {
        format!(
            "format = 1\n[[pattern]]\nid = \"ours.{}\"\ncategory = \"economy\"\n\
             name = {{ da = \"Gæld\", en = \"Debts\" }}\n\
             description = {{ da = \"Ubetalte afgifter.\", en = \"Fees that were not paid.\" }}\n\
             [pattern.subject]\nsays = [\"skylder ... afgift*\"]\n\
             [[pattern.example]]\ntext = \"Lone Brandt er flyttet, og hun skylder stadig tre afgifter.\"\n\
             [[pattern.counterexample]]\ntext = \"Kursus om gæld afholdes i maj.\"\n\
             because = \"nobody is spoken of\"\n",
            name(round)
        )
    };
    let policy = |round| {
        format!(
            "[domains]\ninside = [\"kommune.example\"]\n\
             [[rule]]\nname = \"ours\"\nneed = \"transport\"\naction = \"secure\"\n\
             [rule.when]\npatterns = [\"ours.{}\"]\n",
            name(round)
        )
    };
    let (normal, secure) = (Hop::start(), Hop::start());
    let guard = Guard::between(&normal, &secure);
    let exchange = |round| {
        guard.write("ours.toml", &pack(round));
        guard.write("policy.toml", &policy(round));
        guard.ask_to_reload();
        guard.wait_until("packs and policy to be exchanged", |guard| {
            let entries = guard.entries();
            entries
                .iter()
                .filter(|it| it["message"] == EXCHANGED)
                .count()
                == round
        });
    };
    guard.tell(&["patterns.packs = [\"ours.toml\"]"]);
    exchange(1);
    let over = AtomicBool::new(false);
    let sent = thread::scope(|scope| {
        let clients: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    let (mut client, mut sent) = (guard.client(), 0);
                    while !over.load(Ordering::Relaxed) {
                        // Under `limits.wire.transactions`.
                        if sent % 500 == 499 {
                            client = guard.client();
                        }
                        assert_eq!(client.send(&[CITIZEN], TEXT), TAKEN);
                        sent += 1;
                    }
                    sent
                })
            })
            .collect();
        (2..=4).for_each(exchange);
        over.store(true, Ordering::Relaxed);
        clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .sum::<usize>()
    });
    assert_eq!(
        (normal.messages().len(), secure.messages().len()),
        (0, sent)
    );
}
