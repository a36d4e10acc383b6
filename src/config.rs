//! What was typed, then what is believed; every error at once, with its line.
