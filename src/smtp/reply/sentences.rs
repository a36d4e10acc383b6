//! Every sentence we say to a stranger stands on this page.

use crate::smtp::{Protocol, Reply};

/// What we say of the dialogue itself.
impl Reply {
    /// To QUIT.
    pub const BYE: Self = Self::sentence(221, "2.0.0 Bye");
    /// To RSET, NOOP and XFORWARD.
    pub const OK: Self = Self::sentence(250, "2.0.0 Ok");
    /// To a message that a next hop took at an earlier attempt, of which the client did not hear.
    pub const ALREADY_RELAYED: Self = Self::sentence(
        250,
        "2.0.0 Already relayed at an earlier attempt; not sent again",
    );
    /// To a message that is being sent at this moment by another attempt, or was sent and its client may yet hear of it: what comes of
    /// that is not known yet.
    pub const STILL_BEING_SENT: Self = Self::sentence(
        451,
        "4.4.5 An earlier attempt is still being sent; try again later",
    );
    /// To VRFY: nobody is told who has a mailbox (RFC 5321 section 7.3).
    pub const NOT_VERIFIED: Self =
        Self::sentence(252, "2.5.2 Not verified here; send the message to find out");
    /// To DATA.
    pub const GO_AHEAD: Self = Self::sentence(354, "End data with <CR><LF>.<CR><LF>");
    /// To a piece of a message that is not the last.
    pub const CHUNK_TAKEN: Self = Self::sentence(250, "2.0.0 Chunk received");
    /// A second `MAIL`.
    pub const MAIL_TWICE: Self =
        Self::sentence(503, "5.5.1 MAIL was already given; end it or RSET");
    /// `MAIL` before EHLO or HELO.
    pub const EHLO_FIRST: Self = Self::sentence(503, "5.5.1 Send EHLO first");
    /// `MAIL` before LHLO.
    pub const LHLO_FIRST: Self = Self::sentence(503, "5.5.1 Send LHLO first");
    /// EHLO or HELO over LMTP (RFC 2033 section 4.1).
    pub const IS_LMTP: Self = Self::sentence(500, "5.5.1 This is LMTP; send LHLO");
    /// `RCPT` or `DATA` before `MAIL`.
    pub const MAIL_FIRST: Self = Self::sentence(503, "5.5.1 Send MAIL first");
    /// `DATA` before any `RCPT`.
    pub const RCPT_FIRST: Self = Self::sentence(503, "5.5.1 Send RCPT first");
    /// `DATA` after every `RCPT` was refused.
    pub const NO_RECIPIENTS: Self = Self::sentence(554, "5.5.1 No valid recipients");
    /// The same over LMTP, which asks for another code (RFC 2033 section 4.2).
    pub const NO_RECIPIENTS_LMTP: Self = Self::sentence(503, "5.5.1 No valid recipients");
    /// `DATA` or `RCPT` after BDAT (RFC 3030 section 2).
    pub const CHUNKS_BEGUN: Self =
        Self::sentence(503, "5.5.1 BDAT was begun; end it with LAST or RSET");
    /// To STARTTLS: the handshake is next.
    pub const START_TLS: Self = Self::sentence(220, "2.0.0 Ready to start TLS");
    /// A command in the clear where TLS is required (RFC 3207 section 4).
    pub const STARTTLS_FIRST: Self =
        Self::sentence(530, "5.7.0 Must issue a STARTTLS command first");
    /// STARTTLS inside TLS.
    pub const TLS_ALREADY: Self = Self::sentence(503, "5.5.1 TLS is already in use");
    /// STARTTLS inside a transaction.
    pub const STARTTLS_TOO_LATE: Self =
        Self::sentence(503, "5.5.1 STARTTLS is not allowed inside a transaction");
    /// Octets that came with STARTTLS: somebody on the way may have put them there, to be taken for what is said inside TLS
    /// (CVE-2011-0411). We hang up.
    pub const STARTTLS_PIPELINED: Self = Self::sentence(
        421,
        "4.7.0 Nothing may follow STARTTLS before the handshake",
    );
    /// To AUTH: the client is who it says.
    pub const AUTHENTICATED: Self = Self::sentence(235, "2.7.0 Authentication successful");
    /// To AUTH PLAIN without a response: it is waited for.
    pub const AUTH_PLAIN: Self = Self::sentence(334, "");
    /// To AUTH LOGIN: the user, `Username:` in base64.
    pub const AUTH_USER: Self = Self::sentence(334, "VXNlcm5hbWU6");
    /// Then the password, `Password:`.
    pub const AUTH_PASSWORD: Self = Self::sentence(334, "UGFzc3dvcmQ6");
    /// A line of AUTH over `WireLimits::auth_line` (RFC 4954 section 6).
    pub const AUTH_TOO_LONG: Self =
        Self::sentence(500, "5.5.6 Authentication exchange line is too long");
    /// `*` in AUTH.
    pub const AUTH_CANCELLED: Self = Self::sentence(501, "5.7.0 Authentication cancelled");
    /// What is no base64, or no user and password.
    pub const AUTH_GARBLED: Self =
        Self::sentence(501, "5.5.2 That is no response of this mechanism");
    /// AUTH a second time.
    pub const AUTH_TWICE: Self = Self::sentence(503, "5.5.1 You are authenticated already");
    /// AUTH inside a transaction.
    pub const AUTH_TOO_LATE: Self =
        Self::sentence(503, "5.5.1 AUTH is not allowed inside a transaction");
    /// AUTH with a mechanism that is not announced.
    pub const AUTH_UNKNOWN: Self =
        Self::sentence(504, "5.5.4 No such mechanism; AUTH PLAIN or LOGIN");
    /// A transaction of a client that must say who it is and did not.
    pub const AUTH_FIRST: Self = Self::sentence(530, "5.7.0 Authentication required");
    /// To AUTH: the user or the password is wrong, and which is not told.
    pub const NOT_AUTHENTICATED: Self =
        Self::sentence(535, "5.7.8 Authentication credentials invalid");
    /// AUTH in the clear.
    pub const AUTH_NEEDS_TLS: Self = Self::sentence(
        538,
        "5.7.11 No password is taken in the clear; STARTTLS first",
    );
    /// XFORWARD inside a transaction.
    pub const XFORWARD_TOO_LATE: Self =
        Self::sentence(503, "5.5.1 XFORWARD is not allowed inside a transaction");
    /// A verb that is not one.
    pub const UNKNOWN_COMMAND: Self = Self::sentence(500, "5.5.2 Command not recognized");
    /// A command line over `WireLimits::command_line`.
    pub const LINE_TOO_LONG: Self = Self::sentence(500, "5.5.2 Command line too long");
    /// A command line with a bare CR or LF, or a control character.
    pub const LINE_MALFORMED: Self = Self::sentence(
        500,
        "5.5.2 A command is one line of text that ends with <CR><LF>",
    );
    /// EHLO or HELO with no name, or with what cannot be one.
    pub const BAD_HELO: Self = Self::sentence(501, "5.5.4 Say who you are: EHLO hostname");
    /// A command that takes none has arguments, or one that needs them has none.
    pub const BAD_ARGUMENTS: Self = Self::sentence(501, "5.5.4 Wrong arguments");
    /// A reverse-path that is not one.
    pub const BAD_SENDER: Self =
        Self::sentence(501, "5.1.7 Bad sender address syntax; MAIL FROM:<address>");
    /// A forward-path that is not one.
    pub const BAD_RECIPIENT: Self =
        Self::sentence(501, "5.1.3 Bad recipient address syntax; RCPT TO:<address>");
    /// A forward-path that says how to go on from its domain: a source route (RFC 5321 appendix C lets us
    /// decline it), or a local part with `%`, `!` or a quoted `@`.
    pub const ROUTED_ADDRESS: Self =
        Self::sentence(553, "5.1.3 An address with a route in it is not taken");
    /// A non-ASCII address in a transaction that was not begun with SMTPUTF8 (RFC 6531 section 3.5).
    pub const NOT_ASCII: Self = Self::sentence(553, "5.6.7 A non-ASCII address needs SMTPUTF8");
    /// XFORWARD with an attribute that is not announced, or with what is not xtext.
    pub const BAD_XFORWARD: Self = Self::sentence(501, "5.5.4 Bad XFORWARD attribute");
    /// A parameter of MAIL or RCPT that belongs to an extension we did not announce (RFC 5321 section 4.1.1.11).
    pub const UNKNOWN_PARAMETER: Self = Self::sentence(555, "5.5.4 Parameter not recognized");
    /// A parameter whose extension we did announce, with a value that is not one.
    pub const BAD_PARAMETER: Self = Self::sentence(501, "5.5.4 Bad parameter value");
    /// What is no SMTP, or octets of a message where a command was to be. We hang up.
    pub const NOT_SMTP: Self = Self::sentence(421, "4.7.0 That is not SMTP");
    /// A command we know and do not offer.
    pub const NOT_OFFERED: Self = Self::sentence(502, "5.5.1 Command not offered");
}

/// What we say at a limit, and when something is wrong on our side.
impl Reply {
    /// We are stopping.
    pub const STOPPING: Self = Self::sentence(421, "4.3.2 Shutting down; try again later");
    /// Over `WireLimits::connections`.
    pub const TOO_MANY_CONNECTIONS: Self =
        Self::sentence(421, "4.3.2 Too many connections; try again later");
    /// Over `WireLimits::connections_per_client`.
    pub const TOO_MANY_FROM_CLIENT: Self =
        Self::sentence(421, "4.7.0 Too many connections from you; try again later");
    /// Over `WireLimits::mistakes`.
    pub const TOO_MANY_MISTAKES: Self = Self::sentence(421, "4.7.0 Too many mistakes");
    /// Over `WireLimits::auth_tries`.
    pub const TOO_MANY_TRIES: Self = Self::sentence(421, "4.7.0 Too many failed authentications");
    /// More passwords are to be verified than there are processors for.
    pub const AUTH_BUSY: Self = Self::sentence(
        454,
        "4.7.0 Too many passwords are being verified; try again later",
    );
    /// Over `WireLimits::auth_tries_per_client`.
    pub const TOO_MANY_GUESSES: Self = Self::sentence(
        421,
        "4.7.0 Too many wrong passwords from you; try again later",
    );
    /// Over `WireLimits::transactions`.
    pub const TOO_MANY_TRANSACTIONS: Self = Self::sentence(
        421,
        "4.7.0 Enough messages for one connection; open another",
    );
    /// To a recipient who is protected otherwise than those before, where `listen.route_conflict` is `defer`.
    pub const OTHER_PROTECTION: Self = Self::sentence(
        452,
        "4.5.3 This recipient is protected otherwise; send it in another transaction",
    );
    /// Over `WireLimits::recipients`.
    pub const TOO_MANY_RECIPIENTS: Self = Self::sentence(
        452,
        "4.5.3 Too many recipients; send the rest in another transaction",
    );
    /// Over `TimeLimits::command` or `TimeLimits::data`.
    pub const TIMED_OUT: Self = Self::sentence(421, "4.4.2 You took too long");
    /// From a client in no trusted network.
    pub const NOT_TRUSTED: Self = Self::sentence(554, "5.7.1 Messages are not taken from you here");
    /// From a client whose network is no longer trusted.
    pub const NO_LONGER_TRUSTED: Self =
        Self::sentence(421, "4.7.1 Messages are no longer taken from you here");
    /// Over `WireLimits::message`.
    pub const TOO_LARGE: Self = Self::sentence(552, "5.3.4 Message too large");
    /// Over `WireLimits::hops`.
    pub const LOOP: Self =
        Self::sentence(554, "5.4.6 Too many hops; this message goes in a circle");
    /// The disk of the spool is full.
    pub const SPOOL_FULL: Self =
        Self::sentence(452, "4.3.1 No room for the message; try again later");
    /// The spool failed in another way.
    pub const SPOOL_FAILED: Self =
        Self::sentence(451, "4.3.0 The message could not be kept; try again later");
    /// The message could not be read for a reason of ours.
    pub const NOT_INSPECTED: Self = Self::sentence(
        451,
        "4.3.0 The message could not be inspected; try again later",
    );
    /// Over `inspect.waiting` or `ocr.waiting`: more messages wait to be read than could be in time.
    pub const OVERLOADED: Self = Self::sentence(
        451,
        "4.3.2 Too many messages wait to be read; try again later",
    );
    /// The incident could not be made durable.
    pub const NOT_RECORDED: Self = Self::sentence(
        451,
        "4.3.0 The incident log cannot be written; try again later",
    );
    /// Over `TimeLimits::verdict`: nothing was sent on.
    pub const TOO_LATE: Self = Self::sentence(
        451,
        "4.4.5 No verdict in time; the message was not sent; try again later",
    );
}

/// What we say of a next hop.
impl Reply {
    /// No connection, or a greeting that refuses us.
    pub const NEXT_HOP_UNREACHABLE: Self =
        Self::sentence(451, "4.4.1 The next hop cannot be reached; try again later");
    /// The next hop fell silent or hung up before the message was handed over.
    pub const NEXT_HOP_LOST: Self = Self::sentence(
        451,
        "4.4.2 The next hop was lost; nothing was sent; try again later",
    );
    /// The next hop said something that is no reply, or no reply to what it was asked.
    pub const NEXT_HOP_GARBLED: Self = Self::sentence(
        451,
        "4.5.0 The next hop does not speak SMTP; try again later",
    );
    /// No TLS as the route asks it.
    pub const NEXT_HOP_NOT_VERIFIED: Self = Self::sentence(
        451,
        "4.7.5 The next hop could not be verified; try again later",
    );
    /// The next hop knows no way to authenticate that we know, or does not take our credentials.
    pub const NEXT_HOP_NOT_AUTHENTICATED: Self =
        Self::sentence(451, "4.7.0 The next hop did not let us in; try again later");
    /// The next hop was lost after the message was handed over, before it replied: it may have it.
    pub const OUTCOME_UNKNOWN: Self = Self::sentence(
        451,
        "4.4.2 The next hop was lost; whether it has the message is not known",
    );
    /// An 8-bit message for a next hop without 8BITMIME: nothing is converted, for that breaks signatures.
    pub const NEXT_HOP_SEVEN_BIT: Self =
        Self::sentence(554, "5.6.3 The next hop takes no 8-bit message");
    /// A transaction with SMTPUTF8 for a next hop without it.
    pub const NEXT_HOP_ASCII: Self =
        Self::sentence(553, "5.6.7 The next hop takes no SMTPUTF8 message");
    /// A transaction with REQUIRETLS for a next hop without it (RFC 8689).
    pub const NEXT_HOP_NO_REQUIRETLS: Self = Self::sentence(
        554,
        "5.7.30 The next hop does not promise TLS on the whole way",
    );
    /// A transaction that needs an extension which this next hop lacks and another of its route has.
    pub const NEXT_HOP_LACKS: Self = Self::sentence(
        451,
        "4.3.3 The next hop at hand lacks an extension that the message needs; try again later",
    );
    /// NOTIFY=SUCCESS for a next hop without DSN. By the next try we no longer offer DSN, and the client sends the notice.
    pub const NEXT_HOP_NO_DSN: Self = Self::sentence(
        451,
        "4.3.3 The next hop sends no notices of success; try again later",
    );
    /// A message with a dot that some servers take for its end: SMTP smuggling.
    pub const HAZARD: Self = Self::sentence(
        550,
        "5.6.0 A dot stands alone between bare line endings, which some servers take for the end of the message",
    );
    /// A message with CR or LF alone, where the listener refuses such (RFC 5321 section 2.3.8).
    pub const STRAY_LINE_ENDINGS: Self = Self::sentence(
        550,
        "5.6.0 A line ending in the message is not <CR><LF>, and is not taken here",
    );
    /// A message with CR or LF alone, and a signature that mending it would break.
    pub const STRAY_IN_SIGNED: Self = Self::sentence(
        550,
        "5.6.0 A line ending in the message is not <CR><LF>; mending it would break the signature",
    );

    /// A refusal by policy: lines in words the sender can use, each with its enhanced status code.
    pub fn refused(lines: &[String]) -> Self {
        Self::ours(
            550,
            lines.iter().map(|line| line.as_bytes().into()).collect(),
        )
    }

    /// The greeting.
    pub fn greeting(host_name: &str, protocol: Protocol) -> Self {
        Self::new(220, &format!("{host_name} {} Sluse", protocol.as_str()))
    }

    /// To HELO.
    pub fn helo(host_name: &str) -> Self {
        Self::new(250, host_name)
    }

    /// To EHLO: the name, then the keywords of the extensions.
    pub fn ehlo<'a>(host_name: &'a str, keywords: impl IntoIterator<Item = &'a str>) -> Self {
        let lines = std::iter::once(host_name).chain(keywords);
        Self::ours(250, lines.map(|line| line.as_bytes().into()).collect())
    }
}
