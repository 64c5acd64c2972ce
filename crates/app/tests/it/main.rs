//! All integration tests, in one binary.

mod access;
mod api;
mod browser;
mod calendar;
mod commands;
mod crash;
mod embed;
mod faults;
mod http;
mod insight;
mod journeys;
mod keyring;
mod look;
mod mail;
mod manifest;
mod offering;
mod pages;
mod people;
mod process;
mod rim;
mod scheduling;
mod scheduling_model;
mod setup;
mod smtp;
mod support;
mod tidy;
