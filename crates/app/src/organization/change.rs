//! Changing an organization's own settings, one act for each.

use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{Organization, Sender, load, store, touch_offering};
use crate::audit::{self, Act, Entry};
use crate::ids::UndoId;
use crate::policy::May;
use crate::policy::rights::ChangeSettings;
use crate::undo;

/// A setting that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// What the organization is called.
    Name,
    /// Zone of its days.
    Zone,
    /// Language used where a reader's is not known.
    Locale,
    /// Name that its mail comes from.
    SenderName,
    /// Address that its mail comes from.
    SenderAddress,
    /// Where answers to its mail go.
    ReplyTo,
}

impl Setting {
    /// Every setting, in the order shown.
    pub const ALL: [Self; 6] = [
        Self::Name,
        Self::Zone,
        Self::Locale,
        Self::SenderName,
        Self::SenderAddress,
        Self::ReplyTo,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Zone => "zone",
            Self::Locale => "locale",
            Self::SenderName => "sender_name",
            Self::SenderAddress => "sender_address",
            Self::ReplyTo => "reply_to",
        }
    }

    /// Its value as text; empty where there is none.
    #[must_use]
    pub fn read(self, settings: &Organization) -> String {
        let sender = &settings.sender;
        match self {
            Self::Name => settings.name.clone(),
            Self::Zone => settings.zone.clone(),
            Self::Locale => settings.locale.clone(),
            Self::SenderName => sender.name.clone(),
            Self::SenderAddress => sender.address.expose().to_owned(),
            Self::ReplyTo => sender
                .reply_to
                .as_ref()
                .map_or_else(String::new, |a| a.expose().to_owned()),
        }
    }
}

/// Writes settings that were checked; `None` when nothing of them is new. The slug stays.
///
/// # Errors
/// Those of the store.
pub fn change(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    settings: &Organization,
) -> Result<Option<UndoId>, Error> {
    let before = load(tx)?;
    if !write(tx, &before, settings)? {
        return Ok(None);
    }
    let earlier = Earlier::of(&before);
    undo::offer(tx, "organization.settings", &earlier).map(Some)
}

fn write(tx: &Tx<'_>, before: &Organization, settings: &Organization) -> Result<bool, Error> {
    let news = Setting::ALL
        .iter()
        .filter(|s| s.read(before) != s.read(settings));
    let news: Vec<&Setting> = news.collect();
    if news.is_empty() {
        return Ok(false);
    }
    store::update(tx, settings)?;
    touch_offering(tx)?;
    for setting in news {
        audit::record(tx, Act::OrganizationChanged, before.id, setting.code())?;
    }
    Ok(true)
}

/// Who changed each setting last; settings that never were are left out.
///
/// # Errors
/// Those of the store.
pub fn last_changes(tx: &Tx<'_>) -> Result<Vec<(Setting, Entry)>, Error> {
    let mut found = Vec::new();
    for setting in Setting::ALL {
        if let Some(entry) = audit::last(tx, Act::OrganizationChanged, setting.code())? {
            found.push((setting, entry));
        }
    }
    Ok(found)
}

/// Takes a change of the settings back.
///
/// # Errors
/// Those of the store.
pub fn undo(tx: &Tx<'_>, what: &str, payload: &serde_json::Value) -> Result<(), Error> {
    let earlier = Earlier::deserialize(payload)
        .ok()
        .filter(|_| what == "settings");
    let earlier = earlier.ok_or(Error::Decode("earlier settings"))?;
    let now = load(tx)?;
    write(tx, &now, &earlier.settings(&now)).map(drop)
}

/// The settings from before a change.
#[derive(Serialize, Deserialize)]
struct Earlier {
    name: String,
    zone: String,
    locale: String,
    sender_name: String,
    sender_address: String,
    reply_to: Option<String>,
}

impl Earlier {
    fn of(settings: &Organization) -> Self {
        let sender = &settings.sender;
        Self {
            name: settings.name.clone(),
            zone: settings.zone.clone(),
            locale: settings.locale.clone(),
            sender_name: sender.name.clone(),
            sender_address: sender.address.expose().to_owned(),
            reply_to: sender.reply_to.as_ref().map(|a| a.expose().to_owned()),
        }
    }

    fn settings(self, now: &Organization) -> Organization {
        use kept_base::kit::Email;
        Organization {
            id: now.id,
            slug: now.slug.clone(),
            name: self.name,
            zone: self.zone,
            locale: self.locale,
            sender: Sender {
                name: self.sender_name,
                address: Email::from_store(self.sender_address),
                reply_to: self.reply_to.map(Email::from_store),
            },
        }
    }
}
