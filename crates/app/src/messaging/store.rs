use kept_base::params;
use kept_base::store::{Error, Tx};

use super::{About, Audience, Kind};
use crate::ids::MessageId;

pub(super) fn insert(
    tx: &Tx<'_>,
    id: MessageId,
    kind: Kind,
    audience: Audience,
    about: &About,
) -> Result<(), Error> {
    let (audience, staff) = match audience {
        Audience::Person => ("person", None),
        Audience::Staff(staff) => ("staff", Some(staff)),
    };
    let About {
        appointment,
        person,
        revision,
        previous_starts_at,
    } = about;
    tx.execute(
        "insert into message (id, kind, audience, appointment_id, person_id, staff_id, revision,
             previous_starts_at, state, attempts, due_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', 0, $9, $9)",
        params![
            id,
            kind.code(),
            audience,
            appointment,
            person,
            staff,
            revision,
            previous_starts_at,
            tx.now()
        ],
    )?;
    Ok(())
}
