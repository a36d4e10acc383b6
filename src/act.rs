//! What is done with a message: relayed, or sent by a secure route.
