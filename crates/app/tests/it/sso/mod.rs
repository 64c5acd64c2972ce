//! Single sign-on: against a provider of our own that deviates in every way, and against a real one.

mod coming_in;
mod deviations;
mod hostile;
mod keys;
mod logout;
mod meanwhile;
mod only_way;
mod own;
mod real;
mod returning;
mod screens;
mod settings;
mod site;
