//! What happened, for those who answer for it: the record of acts, looked through and taken along. It
//! holds ids and codes alone; names of members are looked up for whoever reads it here and never stored.

pub mod pages;
