//! `sluse patterns`: what is recognized, and why a number is or is not.
