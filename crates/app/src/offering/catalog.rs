//! Everything that is offered, read at once and kept while it does not change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use kept_base::kit::OrganizationId;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Tx};

use super::{Location, MAX_LOCATION_DEPTH, Room, Service, Skill, StaffMember, store};
use crate::ids::{LocationId, RoomId, ServiceId, StaffId};
use crate::look::{self, OwnLook};
use crate::organization::{self, Organization};

/// Most catalogs kept in memory.
const MAX_KEPT_CATALOGS: usize = 128;

/// What one organization offers, at one revision.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The revision it was read at.
    pub revision: i64,
    /// The organization's own settings.
    pub organization: Organization,
    /// What its pages and letters have of its own.
    pub look: OwnLook,
    /// The organization's zone.
    pub zone: TimeZone,
    /// Places, in the order shown; slot search names them by index.
    pub locations: Vec<Location>,
    /// Rooms, in the order used.
    pub rooms: Vec<Room>,
    /// What staff can do, in the order shown.
    pub skills: Vec<Skill>,
    /// Staff, in the order shown.
    pub staff: Vec<StaffMember>,
    /// Services, in the order shown; also those that were archived, which appointments name.
    pub services: Vec<Service>,
}

impl Catalog {
    /// The service of that id.
    #[must_use]
    pub fn service(&self, id: ServiceId) -> Option<&Service> {
        self.services.iter().find(|service| service.id == id)
    }

    /// The service with that name in addresses, if it can be booked.
    #[must_use]
    pub fn service_by_slug(&self, slug: &str) -> Option<&Service> {
        self.offered().find(|service| service.slug == slug)
    }

    /// The services that can be booked.
    pub fn offered(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|service| !service.archived)
    }

    /// Whether the location is `other`, or in it, at any depth.
    #[must_use]
    pub fn is_within(&self, location: usize, other: usize) -> bool {
        self.chain(location).any(|at| at == other)
    }

    /// The location, and each that it is in, from the innermost out.
    pub fn chain(&self, location: usize) -> impl Iterator<Item = usize> {
        let next = |at: &usize| self.locations[*at].parent;
        std::iter::successors(Some(location), next).take(MAX_LOCATION_DEPTH)
    }

    /// "Campus, Building A": the location within those that it is in.
    #[must_use]
    pub fn full_name(&self, location: usize) -> String {
        let mut names: Vec<&str> = self
            .chain(location)
            .map(|at| self.locations[at].name.as_str())
            .collect();
        names.reverse();
        names.join(", ")
    }

    /// The staff member of that id.
    #[must_use]
    pub fn staff_member(&self, id: StaffId) -> Option<&StaffMember> {
        self.staff.iter().find(|member| member.id == id)
    }

    /// The location of that id.
    #[must_use]
    pub fn location(&self, id: LocationId) -> Option<&Location> {
        self.locations.iter().find(|location| location.id == id)
    }

    /// The room of that id.
    #[must_use]
    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.rooms.iter().find(|room| room.id == id)
    }

    fn read(tx: &Tx<'_>, revision: i64, zones: &Zones) -> Result<Self, Error> {
        let organization = organization::load(tx)?;
        let zone = zones
            .get(&organization.zone)
            .ok_or(Error::Decode("known time zone"))?;
        let look = look::load(tx)?;
        let locations = store::locations(tx, zones)?;
        let rooms = store::rooms(tx, &locations)?;
        let skills = store::skills(tx)?;
        let staff = store::staff(tx, &locations, &skills)?;
        let services = store::services(tx, &staff, &rooms, &skills)?;
        Ok(Self {
            revision,
            organization,
            look,
            zone,
            locations,
            rooms,
            skills,
            staff,
            services,
        })
    }
}

/// The catalogs of the organizations in use, each kept while its revision stays.
#[derive(Debug)]
pub struct Catalogs {
    zones: Arc<Zones>,
    kept: Mutex<HashMap<OrganizationId, Arc<Catalog>>>,
}

impl Catalogs {
    /// An empty set that resolves zones through `zones`.
    #[must_use]
    pub fn new(zones: Arc<Zones>) -> Self {
        Self {
            zones,
            kept: Mutex::default(),
        }
    }

    /// The zones that catalogs resolve through.
    #[must_use]
    pub fn zones(&self) -> &Arc<Zones> {
        &self.zones
    }

    /// What the organization of `tx` offers, as this transaction sees it.
    ///
    /// # Errors
    /// Those of the store.
    pub fn get(&self, tx: &Tx<'_>) -> Result<Arc<Catalog>, Error> {
        let revision = organization::offering_revision(tx)?;
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(catalog) = kept
            .get(&tx.organization())
            .filter(|c| c.revision == revision)
        {
            return Ok(Arc::clone(catalog));
        }
        drop(kept);
        let catalog = Arc::new(Catalog::read(tx, revision, &self.zones)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_KEPT_CATALOGS {
            kept.clear();
        }
        kept.insert(tx.organization(), Arc::clone(&catalog));
        Ok(catalog)
    }
}
