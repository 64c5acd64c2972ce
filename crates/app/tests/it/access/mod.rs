//! Members, signing in and out, and what each role may see.

pub mod account;
mod addresses;
mod attempts;
mod audit_log;
mod beyond;
pub mod door;
mod factor;
mod inviting;
mod managers;
mod meanwhile;
mod members_screens;
mod narrowing;
pub mod networks;
mod own_passkeys;
mod pace;
mod passkey_deviations;
mod passkey_screens;
pub mod passkeys;
mod passwords;
pub mod reaching;
mod rules;
mod screens;
mod sign_in;
mod suspended;
mod tokens;
mod undoing;
