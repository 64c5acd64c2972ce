//! Accounts to look around with: one for each role, with a password that is fresh at every start.

use kept_base::kit::{Actor, Email, Entropy, OrganizationId, PersonName, Secret};
use kept_base::store::{Error, Store, Tx};
use serde::Serialize;

use crate::access::{
    self, Grants, Member, MemberError, MemberState, NewMember, PasswordHash, Role,
};
use crate::ids::LocationId;
use crate::offering::Catalogs;
use crate::policy::May;
use crate::policy::rights::ManageMembers;

/// Who an account of the demo is.
const NAMES: [(Role, &str); 7] = [
    (Role::Owner, "Robin Vale"),
    (Role::Admin, "Sam Idris"),
    (Role::Manager, "Nour Castel"),
    (Role::FrontDesk, "Jo Lindqvist"),
    (Role::Staff, "Kim Arden"),
    (Role::PrivacyOfficer, "Tove Amsel"),
    (Role::Auditor, "Iris Bell"),
];
/// Letters that are not mistaken for each other when read aloud or typed.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
/// Letters of a password: 60 bits.
const PASSWORD_LETTERS: usize = 12;

/// An account, as the demo tells of it.
#[derive(Debug, Serialize)]
pub(super) struct SignIn {
    pub role: &'static str,
    pub email: String,
    pub password: String,
}

/// Makes the accounts of an organization, or gives those that are there a new password.
pub(super) async fn sign_ins(
    store: &Store,
    catalogs: &Catalogs,
    organization: OrganizationId,
    slug: &str,
) -> Result<Vec<SignIn>, Error> {
    let password = password(store.entropy());
    let salt = store.entropy().bytes();
    let hash = access::hash_password(Secret::new(password.clone()), salt).await;
    let hash = hash.map_err(|_| Error::Decode("demo account"))?;
    let catalog = store.read(organization, Actor::OPERATOR, {
        let zones = catalogs.zones().clone();
        move |tx| Catalogs::new(zones).get(tx)
    });
    let catalog = catalog.await?;
    // The one with the staff role is somebody who serves, the manager is one of the first location.
    let staff = catalog.staff.first().map(|member| member.id);
    let locations: Vec<_> = catalog.locations.iter().take(1).map(|one| one.id).collect();
    let mut made = Vec::new();
    for (role, name) in NAMES {
        let email = format!("{}@{slug}.example", role.code().replace('_', "-"));
        let new = NewMember {
            name: PersonName::from_store(name.to_owned()),
            email: Email::from_store(email.clone()),
            role,
            staff: staff.filter(|_| role == Role::Staff),
            locale: "en".to_owned(),
        };
        let (hash, locations) = (hash.clone(), locations.clone());
        let let_in = move |tx: &Tx<'_>| let_in(tx, &new, locations, &hash).map_err(plain);
        store.write(organization, Actor::OPERATOR, let_in).await?;
        made.push(SignIn {
            role: role.code(),
            email,
            password: password.clone(),
        });
    }
    Ok(made)
}

fn let_in(
    tx: &Tx<'_>,
    new: &NewMember,
    locations: Vec<LocationId>,
    hash: &PasswordHash,
) -> Result<(), MemberError> {
    let id = match access::member_by_email(tx, &new.email)? {
        Some(member) => {
            if member.state == MemberState::Suspended {
                let state = MemberState::Active;
                let active = Member {
                    state,
                    ..member.clone()
                };
                access::change_member(tx, &owner()?, &active)?;
            }
            member.id
        }
        None => {
            let id = access::add_member(tx, new)?;
            let member = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            if member.role == Role::Manager {
                let placed = Member {
                    locations,
                    ..member
                };
                access::change_member(tx, &owner()?, &placed)?;
            }
            id
        }
    };
    access::set_password(tx, id, hash)
}

/// Whoever sets the demo up does it as an owner would.
fn owner() -> Result<May<ManageMembers>, MemberError> {
    let owner = Grants::of_role(Role::Owner);
    owner.may().ok_or(MemberError::OwnersOnly)
}

fn plain(error: MemberError) -> Error {
    match error {
        MemberError::Store(error) => error,
        _ => Error::Decode("demo account"),
    }
}

fn password(entropy: &Entropy) -> String {
    let mut text = String::new();
    for index in 0..PASSWORD_LETTERS {
        if index > 0 && index % 4 == 0 {
            text.push('-');
        }
        let [byte] = entropy.bytes::<1>();
        text.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    }
    text
}
