//! Kept: appointments kept, promises kept. The slices, and the rim around them.

pub mod access;
pub mod app;
pub mod arrange;
pub mod audit;
pub mod calendar;
pub mod cli;
pub mod config;
pub mod desk;
pub mod directory;
pub mod http;
pub mod ids;
pub mod insight;
pub mod jobs;
pub mod letters;
pub mod look;
pub mod manifest;
pub mod messaging;
pub mod migrations;
pub mod offering;
pub mod organization;
pub mod page;
pub mod people;
pub mod scheduling;
pub mod setup;
pub mod undo;
pub mod wire;
