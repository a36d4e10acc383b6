//! The message while we read it: memory first, then an unlinked file; bounded, mapped, never copied.
