//! The listener: connections in, transactions out, handed to a journey.
