//! The staff calendar: what the staff do with appointments, and the pages on which they do it.

mod verbs;
