//! Delivering one organization's notices to its members, one after another: they are few.

use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Tx};

use super::Worker;
use crate::letters::{self, Written};
use crate::messaging::rules::Outcome;
use crate::messaging::{self, LeasedNotice};

impl Worker {
    /// Delivers the notices that are due.
    pub(super) async fn notify(
        self: &Arc<Self>,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        let due = self
            .store
            .read(organization, Actor::SYSTEM, messaging::any_notice_due);
        if !due.await? {
            return Ok(());
        }
        let leased = self.write(organization, messaging::lease_notices).await?;
        for notice in leased {
            let _lane = self.lanes.acquire().await;
            if let Err(error) = self.tell(organization, notice).await {
                tracing::error!(
                    organization.id = %organization,
                    message.id = %notice.id,
                    error = %error,
                    "{} stays as it is until its lease ends", notice.id
                );
            }
        }
        Ok(())
    }

    async fn tell(
        self: &Arc<Self>,
        organization: OrganizationId,
        notice: LeasedNotice,
    ) -> Result<(), Error> {
        let worker = Arc::clone(self);
        let written = self.store.read(organization, Actor::SYSTEM, move |tx| {
            letters::write_notice(tx, &worker.desk, &notice)
        });
        let outcome = match written.await? {
            Written::Dropped(reason) => Outcome::Dropped(reason),
            Written::Letter(letter, link) => {
                let worker = Arc::clone(self);
                let hand_over = || async move {
                    let desk = Arc::clone(&worker);
                    let handed = worker.write(organization, move |tx| {
                        letters::hand_over_notice(tx, &desk.desk, &notice, link.as_ref())
                    });
                    handed.await.unwrap_or(false)
                };
                match self.transport.deliver(&letter, hand_over).await {
                    Ok(outcome) => outcome,
                    Err(_) => return Ok(()),
                }
            }
        };
        // What was sent is settled, even when the organization was suspended meanwhile.
        let settle = move |tx: &Tx<'_>| messaging::settle_notice(tx, &notice, &outcome);
        self.store
            .write_regardless(organization, Actor::SYSTEM, settle)
            .await
    }
}
