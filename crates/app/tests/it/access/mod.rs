//! Members, signing in and out, and what each role may see.

mod doors;
mod inviting;
mod members_screens;
mod narrowing;
mod reaching;
mod sign_in;
mod undoing;
