//! Why it is as it is: one chapter for each promise and each large choice.
