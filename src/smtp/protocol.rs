//! Which of two protocols a client speaks.

/// The protocol of a listener.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Protocol {
    /// SMTP (RFC 5321): a message has one reply, whoever it is for.
    #[default]
    Smtp,
    /// LMTP (RFC 2033): a message has one reply for each of its recipients.
    Lmtp,
}

impl Protocol {
    /// The word for it in a greeting.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Smtp => "ESMTP",
            Self::Lmtp => "LMTP",
        }
    }
}
