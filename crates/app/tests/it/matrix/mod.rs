//! Every route against everybody who could ask: generated from the lists of routes and from what our
//! own pages show, so that what is added is covered or fails.

pub mod crawl;
mod foreign;
pub mod form;
mod limited;
mod links;
mod quiet;
mod reach;
mod routes;
pub mod world;
