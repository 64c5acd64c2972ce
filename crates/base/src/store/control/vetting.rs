//! What is known of an operator beside the account.

use super::Control;
use super::operators::{By, find};
use crate::kit::OperatorId;
use crate::params;
use crate::store::Error;
use crate::store::operators::{OperatorActKind, Vetting};

impl Control {
    pub fn vet_operator(
        &self,
        id: OperatorId,
        vetting: &Vetting,
        by: By<'_>,
    ) -> Result<bool, Error> {
        self.with(|session| {
            let Some(one) = find(session, id)? else {
                return Ok(false);
            };
            if !one.has_password {
                return Err(Error::Constraint("operator.invited".to_owned()));
            }
            let author = by.account(session)?;
            if author.is_some_and(|author| !author.is_apart_from(&one)) {
                return Err(Error::Constraint("operator.apart".to_owned()));
            }
            session.execute(
                "update operator_account set kind = $2, register_entry = $3, qualified_until = $4,
                     confidentiality_signed_at = $5
                 where id = $1",
                params![
                    id,
                    vetting.kind.code(),
                    vetting.register_entry,
                    vetting.qualified_until,
                    vetting.confidentiality_signed_at
                ],
            )?;
            let what = OperatorActKind::OperatorVetted;
            by.record(session, what, &id.to_string(), vetting.kind.code())?;
            Ok(true)
        })
    }
}
