//! Delivering the mail of one organization.

use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::store::{Error, Tx};
use tokio::task::JoinSet;

use super::Worker;
use crate::letters::{self, Written};
use crate::messaging::rules::Outcome;
use crate::messaging::{self, Leased};

impl Worker {
    /// Delivers until nothing is due. Few messages are taken at once, so that none waits long in
    /// our hands.
    pub(super) async fn deliver(
        self: &Arc<Self>,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        let limit = u32::try_from(self.transport.batch()).unwrap_or(1);
        while !self.is_stopping() {
            // Given back after each batch, so that organizations take turns.
            let _turn = self.delivering.acquire().await;
            let leased = self
                .write(organization, move |tx| messaging::lease(tx, limit))
                .await?;
            if leased.is_empty() {
                return Ok(());
            }
            let mut in_hand = JoinSet::new();
            for message in leased {
                in_hand.spawn(Arc::clone(self).handle(organization, message));
            }
            // One that panicked is left to its lease.
            while in_hand.join_next().await.is_some() {}
        }
        Ok(())
    }

    /// Does with one message what is to be done. What fails here is left to the lease, so that one
    /// message cannot hold up others.
    async fn handle(self: Arc<Self>, organization: OrganizationId, message: Leased) {
        let _lane = self.lanes.acquire().await;
        let handled = if self.is_stopping() {
            self.write(organization, move |tx| messaging::release(tx, &[message]))
                .await
        } else {
            self.send(organization, message).await
        };
        if let Err(error) = handled {
            tracing::error!(
                organization.id = %organization,
                message.id = %message.id,
                error = %error,
                "{} stays as it is until its lease ends", message.id
            );
        }
    }

    /// Writes the letter, hands it over and records how it ended.
    async fn send(
        self: &Arc<Self>,
        organization: OrganizationId,
        message: Leased,
    ) -> Result<(), Error> {
        let worker = Arc::clone(self);
        let written = self
            .store
            .read(organization, Actor::SYSTEM, move |tx| {
                letters::write(tx, &worker.desk, &message)
            })
            .await?;
        let outcome = match written {
            Written::Dropped(reason) => Outcome::Dropped(reason),
            Written::Letter(letter, link) => {
                let hand_over = || self.hand_over(organization, message, link);
                match self.transport.deliver(&letter, hand_over).await {
                    Ok(outcome) => outcome,
                    // It was settled, or is no longer ours.
                    Err(_) => return Ok(()),
                }
            }
        };
        log(organization, &message, &outcome);
        // What was sent is settled, even when the organization was suspended meanwhile.
        let settle = move |tx: &Tx<'_>| messaging::settle(tx, &message, &outcome);
        self.store
            .write_regardless(organization, Actor::SYSTEM, settle)
            .await?;
        Ok(())
    }

    async fn hand_over(
        self: &Arc<Self>,
        organization: OrganizationId,
        message: Leased,
        link: Option<Token>,
    ) -> bool {
        let worker = Arc::clone(self);
        let handed = self
            .write(organization, move |tx| {
                letters::hand_over(tx, &worker.desk, &message, link.as_ref())
            })
            .await;
        handed.unwrap_or_else(|error| {
            tracing::error!(
                organization.id = %organization,
                message.id = %message.id,
                error = %error,
                "The intent to send {} was not recorded", message.id
            );
            false
        })
    }
}

fn log(organization: OrganizationId, message: &Leased, outcome: &Outcome) {
    let (id, attempt, outcome_word) = (message.id, message.attempt, outcome.word());
    if matches!(outcome, Outcome::Dead(_) | Outcome::Unknown(_)) {
        tracing::warn!(
            organization.id = %organization,
            message.id = %id,
            message.attempt = attempt,
            message.outcome = outcome_word,
            "{id} was not delivered, or nobody knows"
        );
    } else {
        tracing::debug!(
            organization.id = %organization,
            message.id = %id,
            message.attempt = attempt,
            message.outcome = outcome_word,
            "Tried to send {id}"
        );
    }
}
