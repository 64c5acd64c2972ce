//! Making an organization of a package: under fresh keys, as one transaction.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::page::zone::Zones;
use kept_base::store::copy::plain::{Kind, Known};
use kept_base::store::{Error, PersonKey, Store, Told, Tx, Value};

use super::lock::Opener;
use super::package::{Package, Row};
use super::rules::{Fill, How, Rule};
use super::{ExportError, check, gather, pack};
use crate::access::{self, LinkPurpose, MemberState, Role};
use crate::audit::{self, Act};
use crate::ids::MemberId;
use crate::look::MAX_LOGO_BYTES;
use crate::organization::check_slug;
use crate::people;

/// Rows that are read and inserted at once.
const ROWS_AT_ONCE: usize = 500;
/// Most places of an organization, which are read at once since they may stand within each other.
const MAX_NESTED_ROWS: usize = 100_000;

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
struct Importing {
    path: PathBuf,
    opener: Opener,
    slug: String,
    zones: Arc<Zones>,
    told: Told,
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
        let mut putting = Putting {
            tx,
            importing: self,
            from: package.schema.organization.id.to_string(),
            to: tx.organization().to_string(),
            keys: HashMap::new(),
            rows: 0,
            total: package.schema.tables.iter().map(|table| table.rows).sum(),
        };
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

/// Puts rows into the tables.
struct Putting<'t, 'c> {
    tx: &'t Tx<'c>,
    importing: &'t Importing,
    /// The organization's id in the package and here.
    from: String,
    to: String,
    /// People's new keys.
    keys: HashMap<String, PersonKey>,
    rows: u64,
    total: u64,
}

type Copied = Vec<Value<'static>>;

impl Putting<'_, '_> {
    fn table(
        &mut self,
        package: &mut Package,
        known: &Known,
        rule: &Rule,
    ) -> Result<(), ExportError> {
        let described = package.schema.tables.iter().find(|one| one.name == known.name());
        let expected = described.map(|table| table.rows);
        let before = self.rows;
        let mut nested = Nested::of(known);
        let mut pictures: Vec<(usize, Row)> = Vec::new();
        let has_pictures = rule.special.iter().any(|(_, how)| *how == How::Picture);
        package.rows(known.name(), ROWS_AT_ONCE, |page| {
            self.rows += page.len() as u64;
            (self.importing.told)(self.rows, self.total);
            if has_pictures {
                // Their files are read once the list is.
                if pictures.len() + page.len() > super::MAX_PACKAGE_ENTRIES {
                    return Err(ExportError::package("it has too many pictures"));
                }
                pictures.extend(page.into_iter().enumerate());
                return Ok(());
            }
            let rows = (page.into_iter().map(|row| self.row(known, rule, row, None)))
                .collect::<Result<Vec<Copied>, _>>()?;
            match &mut nested {
                Some(nested) => nested.add(rows),
                None => Ok(known.insert(self.tx, &rows)?),
            }
        })?;
        for (_, row) in pictures {
            let (hash, kind) = check::picture_name(&row)?;
            let path = pack::picture_path(known.name(), &hash, &kind);
            let file = package.file(&path, MAX_LOGO_BYTES as u64)?;
            check::picture(&file, &hash, &kind)?;
            let row = self.row(known, rule, row, Some((path, file)))?;
            known.insert(self.tx, &[row])?;
        }
        if let Some(nested) = nested {
            nested.insert(self.tx, known)?;
        }
        if expected.is_none_or(|expected| expected != self.rows - before) {
            let name = known.name();
            return Err(ExportError::package(format!(
                "{name} has other rows than it says"
            )));
        }
        Ok(())
    }

    /// A row as it is kept here.
    fn row(
        &mut self,
        known: &Known,
        rule: &Rule,
        row: Row,
        picture: Option<(String, Vec<u8>)>,
    ) -> Result<Copied, ExportError> {
        let wrong = |column: &str| {
            ExportError::package(format!("{}.{column} is not as it must be", known.name()))
        };
        check::row(known.name(), &row, &self.importing.zones).map_err(|column| wrong(&column))?;
        let mut left: HashMap<String, Value<'static>> = row.0.into_iter().collect();
        let mut values = Vec::with_capacity(known.columns.len());
        let mut sealed = Vec::new();
        for (at, column) in known.columns.iter().enumerate() {
            let how = rule.how(&column.name).ok_or_else(|| wrong(&column.name))?;
            let value = match how {
                How::Out(_, Fill::Nothing) | How::NoRow(_) => Value::Null,
                How::Out(_, Fill::NoBytes) => Value::Blob(Vec::new().into()),
                How::Out(_, Fill::FreshKey) => self.fresh_key(&values)?,
                _ => left.remove(&column.name).ok_or_else(|| wrong(&column.name))?,
            };
            let fits = match (&value, how, column.kind) {
                (Value::Text(path), How::Picture, _) => {
                    picture.as_ref().is_some_and(|(known, _)| known == path)
                }
                (Value::Null, ..) => column.nullable,
                (Value::Int(_), _, Kind::Int) | (Value::Blob(_), ..) => true,
                (Value::Text(_), How::Sealed(_), _) | (Value::Text(_), _, Kind::Text) => true,
                _ => false,
            };
            if !fits {
                return Err(wrong(&column.name));
            }
            values.push(match (how, value) {
                (How::Organization, Value::Text(id)) if *id == self.from => {
                    Value::Text(self.to.clone().into())
                }
                (How::Slug, _) => Value::Text(self.importing.slug.clone().into()),
                (How::Picture, _) => {
                    let file = picture.as_ref().map(|(_, file)| file.clone());
                    Value::Blob(file.unwrap_or_default().into())
                }
                (How::Sealed(_), value) => {
                    sealed.push(at);
                    value
                }
                (_, value) => value,
            });
        }
        if let Some(name) = left.keys().next() {
            return Err(wrong(&name.escape_default().take(40).collect::<String>()));
        }
        self.seal(known, rule, &mut values, &sealed)
            .map_err(|column| wrong(&column))?;
        Ok(values)
    }

    /// A key for the person whose id is the first value of the row.
    fn fresh_key(&mut self, values: &[Value<'static>]) -> Result<Value<'static>, ExportError> {
        let Some(Value::Text(person)) = values.first() else {
            return Err(ExportError::package("a person has no id"));
        };
        let (id, key) = self.tx.person_keys()?.fresh()?;
        self.keys.insert(person.to_string(), key);
        Ok(Value::Text(id.to_string().into()))
    }

    /// Seals the values at these places; names the column that cannot be.
    fn seal(
        &self,
        known: &Known,
        rule: &Rule,
        values: &mut Copied,
        sealed: &[usize],
    ) -> Result<(), String> {
        let key = rule
            .person()
            .and_then(|column| match &values[known.position(column)?] {
                Value::Text(person) => self.keys.get(person.as_ref()),
                _ => None,
            });
        for at in sealed {
            let column = &known.columns[*at];
            let (Some(key), Value::Text(text)) = (key, &values[*at]) else {
                return Err(column.name.clone());
            };
            let place = gather::place(known, column, values);
            let bytes = key.seal(&place, text, self.tx.entropy());
            values[*at] = Value::Blob(bytes.into());
        }
        Ok(())
    }
}

/// Rows that refer to others of the same table, which must be there before them.
struct Nested {
    parent: usize,
    rows: Vec<Copied>,
}

impl Nested {
    fn of(known: &Known) -> Option<Self> {
        let parent = known.position("parent_id")?;
        let rows = Vec::new();
        Some(Self { parent, rows })
    }

    fn add(&mut self, rows: Vec<Copied>) -> Result<(), ExportError> {
        self.rows.extend(rows);
        if self.rows.len() > MAX_NESTED_ROWS {
            return Err(ExportError::package(format!(
                "it has more than {MAX_NESTED_ROWS} places"
            )));
        }
        Ok(())
    }

    fn insert(self, tx: &Tx<'_>, known: &Known) -> Result<(), ExportError> {
        let mut left = self.rows;
        let mut there: Vec<Value<'static>> = vec![Value::Null];
        while !there.is_empty() {
            let (ready, rest): (Vec<Copied>, Vec<Copied>) =
                (left.into_iter()).partition(|row| there.contains(&row[self.parent]));
            known.insert(tx, &ready)?;
            there = ready.into_iter().map(|mut row| row.swap_remove(0)).collect();
            left = rest;
        }
        if left.is_empty() {
            Ok(())
        } else {
            Err(ExportError::package("places stand within each other in a circle"))
        }
    }
}
