//! Whether a client has heard us.

/// What the client knows of the answer to its last message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Word {
    /// It has heard it, or there was none.
    Heard,
    /// It is said, and nothing has come since that was not said before.
    Said,
    /// It had hung up before it was said.
    InVain,
}
