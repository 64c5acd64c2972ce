//! Members, signing in and out, and what each role may see.

mod account;
mod door;
mod doors;
mod factor;
mod inviting;
mod members_screens;
mod narrowing;
mod reaching;
mod rules;
mod screens;
mod sign_in;
mod undoing;
