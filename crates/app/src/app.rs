//! What every handler and job is given: the store, the zones, what was read before.

use std::sync::Arc;

use kept_base::page::zone::Zones;
use kept_base::store::Store;

use crate::access::{Attempts, Pace};
use crate::calendar::Live;
use crate::letters;
use crate::offering::Catalogs;
use crate::outgoing::Outgoing;
use crate::page::Look;
use crate::scheduling::KeptDays;
use crate::setup::FirstRun;
use crate::tls::Challenges;

/// One running Kept. Cheap to share, made once at start; nothing in it is global.
pub struct App {
    /// The one way to data.
    pub store: Arc<Store>,
    /// Time zones, as loaded at start.
    pub zones: Arc<Zones>,
    /// What organizations offer, kept while it does not change.
    pub catalogs: Arc<Catalogs>,
    /// Address that the outside sees, without a slash at the end: `https://book.example.org`.
    pub base_url: String,
    /// The link that sets up an installation without organizations.
    pub first_run: FirstRun,
    /// What a certificate authority may ask for.
    pub challenges: Arc<Challenges>,
    /// Failed sign-ins, counted.
    pub attempts: Attempts,
    /// How other servers are asked.
    pub outgoing: Outgoing,
    /// How fast programs and addresses ask.
    pub pace: Pace,
    /// Whether an operator's pages open only with a second factor.
    pub operators_need_factor: bool,
    /// How letters speak.
    pub letters: letters::Texts,
    /// How pages look and speak.
    pub look: Look,
    /// Browsers that are told of changes as they happen.
    pub live: Live,
    /// Answers of the API about days, as the bytes that were sent, by path and query.
    pub days_sent: KeptDays<axum::body::Bytes, String>,
    /// Answers for pages about days.
    pub days_shown: KeptDays<Arc<Vec<kept_slots::Day>>>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Arc<Store>, zones: Arc<Zones>, base_url: &str) -> Self {
        Self {
            look: Look::new(base_url),
            letters: letters::Texts::load().expect("the texts are fixed and a test reads them"),
            store,
            catalogs: Arc::new(Catalogs::new(Arc::clone(&zones))),
            zones,
            first_run: FirstRun::default(),
            challenges: Arc::default(),
            attempts: Attempts::default(),
            outgoing: Outgoing::default(),
            pace: Pace::default(),
            operators_need_factor: false,
            base_url: base_url.trim_end_matches('/').to_owned(),
            live: Live::default(),
            days_sent: KeptDays::default(),
            days_shown: KeptDays::default(),
        }
    }
}
