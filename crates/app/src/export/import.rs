//! Making an organization of a package: under fresh keys, as one transaction.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Store, Told, Tx};

use super::lock::Opener;
use super::package::Package;
use super::put::Putting;
use super::{ExportError, check, gather};
use crate::access::{self, LinkPurpose, MemberState, Role};
use crate::audit::{self, Act};
use crate::ids::MemberId;
use crate::organization::check_slug;
use crate::people;

/// An organization that came out of a package.
#[derive(Debug)]
pub struct Imported {
    /// Its new id.
    pub id: OrganizationId,
    /// Its slug here.
    pub slug: String,
    /// How many rows it has from the package.
    pub rows: u64,
    /// How owners set a password; where there are none, how somebody becomes one.
    pub owners: Vec<OwnerLink>,
}

/// A link for an owner.
#[derive(Debug, Clone)]
pub struct OwnerLink {
    /// The member; `None` where the link makes somebody the first owner.
    pub member: Option<MemberId>,
    /// The secret part of the address.
    pub token: Token,
}

/// Makes an organization of a package. Ids within it stay; it gets an id and keys of its own, and
/// nobody has a password. `told` is given the rows so far, and all.
///
/// # Errors
/// [`ExportError::Package`] says what is wrong with the package; [`ExportError::Slug`] when the slug
/// is taken; those of the store. Nothing stays then.
pub async fn import(
    store: &Store,
    actor: Actor,
    (path, opener): (&Path, Opener),
    slug: Option<String>,
    (zones, told): (Arc<Zones>, Told),
) -> Result<Imported, ExportError> {
    let (path, opening) = (path.to_owned(), opener.clone());
    let from = path.clone();
    let opened = tokio::task::spawn_blocking(move || Package::open(&from, &opening)).await;
    let package = opened.unwrap_or(Err(ExportError::Store(Error::Closing)))?;
    let slug = slug.unwrap_or_else(|| package.schema.organization.slug.clone());
    check_slug(&slug).map_err(|why| ExportError::Slug(format!("the slug: {why}")))?;
    drop(package);
    let importing = Importing {
        path,
        opener,
        slug: slug.clone(),
        zones,
        told,
    };
    let made = store.create_organization(&slug, actor, move |tx| importing.run(tx));
    match made.await {
        Ok((id, (rows, owners))) => Ok(Imported {
            id,
            slug,
            rows,
            owners,
        }),
        Err(ExportError::Store(error)) if error.is_constraint("organization.slug") => {
            Err(ExportError::Slug(format!(
                "{slug}: an organization has this slug already; choose another with --slug"
            )))
        }
        Err(error) => Err(error),
    }
}

/// All that the transaction needs, which may run more than once.
#[derive(Clone)]
pub(super) struct Importing {
    path: PathBuf,
    opener: Opener,
    pub slug: String,
    pub zones: Arc<Zones>,
    pub told: Told,
}

impl Importing {
    fn run(&self, tx: &Tx<'_>) -> Result<(u64, Vec<OwnerLink>), ExportError> {
        let mut package = Package::open(&self.path, &self.opener)?;
        let tables = gather::tables()?;
        let named = |name: &str| tables.iter().any(|(known, _)| known.name() == name);
        if let Some(table) = package.schema.tables.iter().find(|one| !named(&one.name)) {
            let name: String = table.name.escape_default().take(40).collect();
            return Err(ExportError::package(format!("it has a table {name}")));
        }
        let mut putting = Putting::new(tx, self, &package);
        for (known, rule) in &tables {
            putting.table(&mut package, known, rule)?;
        }
        for person in putting.keys.keys() {
            let person = (person.parse()).map_err(|_| ExportError::package("an id of a person"))?;
            people::make_findable(tx, person)?;
        }
        let rows = putting.rows;
        check::whole(tx)?;
        audit::record(tx, Act::OrganizationImported, tx.organization(), "")?;
        let owners = owner_links(tx)?;
        // Letters may be due.
        tx.wake_at(tx.now());
        Ok((rows, owners))
    }
}

/// A link to set a password for each owner who can sign in.
fn owner_links(tx: &Tx<'_>) -> Result<Vec<OwnerLink>, Error> {
    let is_owner =
        |one: &access::Member| one.role == Role::Owner && one.state == MemberState::Active;
    let members = access::members(tx)?;
    let owners: Vec<Option<MemberId>> = (members.iter().filter(|one| is_owner(one)))
        .map(|one| Some(one.id))
        .collect();
    let (purpose, owners) = if owners.is_empty() {
        (LinkPurpose::SetUp, vec![None])
    } else {
        (LinkPurpose::Reset, owners)
    };
    let link = |member| {
        let token = access::issue_link(tx, purpose, member)?;
        Ok(OwnerLink { member, token })
    };
    owners.into_iter().map(link).collect()
}
