//! What an owner sets, as it is typed and as it is meant.

use kept_base::kit::{Email, Secret};
use serde::{Deserialize, Serialize};

use super::oidc::{Document, MAX_CLAIM_NAME_CHARS, MAX_CLIENT_ID_BYTES, RoleMap, RoleMapError};
use crate::access::{MAX_PROVIDER_NAME_CHARS, ProviderDoor, Role};

/// Most mail domains that are pinned.
pub const MAX_PINNED_DOMAINS: usize = 20;
/// Longest secret of ours at a provider, in bytes.
pub const MAX_CLIENT_SECRET_BYTES: usize = 1_000;

/// How members come in by the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Who the provider is: its name for itself, to the letter.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// Only addresses of these mail domains are linked or become members.
    pub domains: Vec<String>,
    /// Whether somebody unknown becomes a member.
    pub joins: bool,
    /// Their role where nothing else gives one; `None` lets nobody in without one.
    pub default_role: Option<Role>,
    /// The claim that gives a role.
    pub role_claim: String,
    /// Which values give which.
    pub role_map: RoleMap,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// How it stands at the door.
    pub door: ProviderDoor,
    /// How members come in.
    pub rules: Rules,
    /// A new secret; `None` leaves the one that is there.
    pub secret: Option<Secret>,
}

/// What was typed. The secret is never shown again, and not kept for taking a removal back.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Typed {
    /// The provider's name on the button.
    pub name: String,
    /// The issuer.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// A new secret.
    #[serde(skip)]
    pub secret: Option<Secret>,
    /// Mail domains, with spaces, commas or line breaks between them.
    pub domains: String,
    /// Whether somebody unknown becomes a member.
    pub joins: bool,
    /// The code of a role, or nothing.
    pub default_role: String,
    /// The name of a claim.
    pub role_claim: String,
    /// Lines of a [`RoleMap`].
    pub role_map: String,
    /// Whether the provider is the only way in.
    pub is_only_way: bool,
}

/// A field that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// No name, or a long one.
    Name,
    /// No address that can be asked.
    Issuer,
    /// Nothing, or too long.
    ClientId,
    /// There is none yet, or it is too long.
    Secret,
    /// None, too many, or one that is no domain.
    Domains,
    /// No role that can be given.
    DefaultRole,
    /// Too long, or missing beside values.
    RoleClaim,
    /// A line that cannot be read.
    RoleMap(RoleMapError),
}

impl Typed {
    /// What is meant, or all that is wrong.
    ///
    /// # Errors
    /// Every field that cannot be taken.
    pub fn read(&self, has_secret: bool) -> Result<Wanted, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut need = |is_good: bool, what| {
            if !is_good {
                wrong.push(what);
            }
        };
        let is_line = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        let is_name = is_line(&self.name) && self.name.chars().count() <= MAX_PROVIDER_NAME_CHARS;
        need(is_name, Wrong::Name);
        need(Document::address(&self.issuer).is_ok(), Wrong::Issuer);
        let is_id = is_line(&self.client_id) && self.client_id.len() <= MAX_CLIENT_ID_BYTES;
        need(is_id, Wrong::ClientId);
        let is_secret = self.secret.as_ref().map_or(has_secret, |secret| {
            is_line(secret.expose()) && secret.expose().len() <= MAX_CLIENT_SECRET_BYTES
        });
        need(is_secret, Wrong::Secret);
        let domains = domains(&self.domains);
        need(domains.is_some(), Wrong::Domains);
        let role = Role::from_code(&self.default_role).filter(|role| *role != Role::Owner);
        need(
            self.default_role.is_empty() || role.is_some(),
            Wrong::DefaultRole,
        );
        let map = RoleMap::parse(&self.role_map);
        let is_claim = self.role_claim.chars().count() <= MAX_CLAIM_NAME_CHARS
            && (is_line(&self.role_claim) || self.role_map.trim().is_empty());
        need(is_claim, Wrong::RoleClaim);
        if let Err(error) = map {
            wrong.push(Wrong::RoleMap(error));
        }
        match (domains, map) {
            (Some(domains), Ok(role_map)) if wrong.is_empty() => Ok(Wanted {
                door: ProviderDoor {
                    name: self.name.clone(),
                    is_only_way: self.is_only_way,
                },
                rules: Rules {
                    issuer: self.issuer.clone(),
                    client_id: self.client_id.clone(),
                    domains,
                    joins: self.joins,
                    default_role: role,
                    role_claim: self.role_claim.clone(),
                    role_map,
                },
                secret: self.secret.clone(),
            }),
            _ => Err(wrong),
        }
    }

    /// As it would have been typed.
    #[must_use]
    pub fn of(door: &ProviderDoor, rules: &Rules) -> Self {
        Self {
            name: door.name.clone(),
            issuer: rules.issuer.clone(),
            client_id: rules.client_id.clone(),
            secret: None,
            domains: rules.domains.join("\n"),
            joins: rules.joins,
            default_role: rules
                .default_role
                .map_or_else(String::new, |role| role.code().to_owned()),
            role_claim: rules.role_claim.clone(),
            role_map: rules.role_map.text(),
            is_only_way: door.is_only_way,
        }
    }
}

impl Rules {
    /// Whether an address is of a pinned domain: of it, and of none below it.
    #[must_use]
    pub fn pins(&self, email: &Email) -> bool {
        let domain = email.expose().rsplit('@').next().unwrap_or_default();
        self.domains.iter().any(|pinned| pinned == domain)
    }
}

/// At least one, each as mail addresses have it.
fn domains(text: &str) -> Option<Vec<String>> {
    let words = text.split([' ', ',', '\n', '\r', '\t']);
    let words = words.filter(|word| !word.is_empty());
    let read = |word: &str| {
        let word = word.strip_prefix('@').unwrap_or(word);
        let email = Email::parse(&format!("a@{word}")).ok()?;
        email.expose().strip_prefix("a@").map(str::to_owned)
    };
    let all: Option<Vec<String>> = words.map(read).collect();
    all.filter(|all| (1..=MAX_PINNED_DOMAINS).contains(&all.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            name: "Clinic ID".to_owned(),
            issuer: "https://id.example".to_owned(),
            client_id: "kept".to_owned(),
            secret: Some(Secret::new("s".to_owned())),
            domains: "clinic.example".to_owned(),
            default_role: "staff".to_owned(),
            ..Typed::default()
        }
    }

    fn wrong(change: impl FnOnce(&mut Typed)) -> Vec<Wrong> {
        let mut typed = typed();
        change(&mut typed);
        typed.read(false).err().unwrap_or_default()
    }

    #[test]
    fn each_field_has_its_bounds() {
        assert_eq!(wrong(|_| {}), []);
        let long = |chars| "x".repeat(chars);
        assert_eq!(wrong(|t| t.name = long(MAX_PROVIDER_NAME_CHARS)), []);
        assert_eq!(
            wrong(|t| t.name = long(MAX_PROVIDER_NAME_CHARS + 1)),
            [Wrong::Name]
        );
        assert_eq!(wrong(|t| t.name.clear()), [Wrong::Name]);
        assert_eq!(wrong(|t| t.issuer = "id.example".into()), [Wrong::Issuer]);
        assert_eq!(wrong(|t| t.client_id.clear()), [Wrong::ClientId]);
        assert_eq!(
            wrong(|t| t.client_id = long(MAX_CLIENT_ID_BYTES + 1)),
            [Wrong::ClientId]
        );
        assert_eq!(wrong(|t| t.secret = None), [Wrong::Secret]);
        let secret = |bytes| Some(Secret::new(long(bytes)));
        assert_eq!(wrong(|t| t.secret = secret(MAX_CLIENT_SECRET_BYTES)), []);
        assert_eq!(
            wrong(|t| t.secret = secret(MAX_CLIENT_SECRET_BYTES + 1)),
            [Wrong::Secret]
        );
        for role in ["owner", "boss"] {
            assert_eq!(
                wrong(|t| t.default_role = role.into()),
                [Wrong::DefaultRole]
            );
        }
        assert_eq!(
            wrong(|t| t.role_map = "a = admin".into()),
            [Wrong::RoleClaim]
        );
        assert_eq!(
            wrong(|t| t.role_claim = long(MAX_CLAIM_NAME_CHARS + 1)),
            [Wrong::RoleClaim]
        );
        assert_eq!(
            wrong(|t| {
                t.role_claim = "roles".into();
                t.role_map = "a = owner".into();
            }),
            [Wrong::RoleMap(RoleMapError::Line(1))]
        );
        let many = |count| {
            (0..count)
                .map(|n| format!("d{n}.example "))
                .collect::<String>()
        };
        assert_eq!(wrong(|t| t.domains = many(MAX_PINNED_DOMAINS)), []);
        for domains in [
            many(MAX_PINNED_DOMAINS + 1),
            String::new(),
            "example".into(),
            "a..b".into(),
        ] {
            assert_eq!(wrong(|t| t.domains = domains), [Wrong::Domains]);
        }
        assert_eq!(wrong(|t| *t = Typed::default()).len(), 5);
    }

    #[test]
    fn what_is_set_is_shown_as_it_was_typed_but_the_secret() {
        let wanted = Typed {
            domains: "@Clinic.example, other.example".to_owned(),
            role_claim: "roles".to_owned(),
            role_map: "a = admin".to_owned(),
            ..typed()
        };
        let wanted = wanted.read(false).expect("is good");
        let shown = Typed::of(&wanted.door, &wanted.rules);
        assert_eq!(shown.domains, "clinic.example\nother.example");
        assert!(shown.secret.is_none());
        assert_eq!(shown.read(true).expect("is good").rules, wanted.rules);
        let pins = |text: &str| wanted.rules.pins(&Email::parse(text).expect("an address"));
        assert!(pins("ama@clinic.example") && pins("ama@CLINIC.example"));
        assert!(!pins("ama@sub.clinic.example") && !pins("ama@xclinic.example"));
    }
}
