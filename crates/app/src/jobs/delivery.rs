//! Delivering the mail of one organization.

use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::store::Error;
use tokio::task::JoinSet;

use super::Worker;
use crate::letters::{self, Written};
use crate::messaging::letter::Letter;
use crate::messaging::rules::{DropReason, Outcome};
use crate::messaging::{self, Leased};

impl Worker {
    /// Delivers until nothing is due. As many messages are taken at once as letters can be on
    /// their way, so that none waits long in our hands.
    pub(super) async fn deliver(
        self: &Arc<Self>,
        organization: OrganizationId,
    ) -> Result<(), Error> {
        while !self.is_stopping() {
            // Given back after each batch, so that organizations take turns.
            let _turn = self.delivering.acquire().await;
            let limit = u32::try_from(self.transport.batch()).unwrap_or(1);
            let leased = self
                .write(organization, move |tx| messaging::lease(tx, limit))
                .await?;
            if leased.is_empty() {
                return Ok(());
            }
            self.deliver_batch(organization, leased).await?;
        }
        Ok(())
    }

    async fn deliver_batch(
        self: &Arc<Self>,
        organization: OrganizationId,
        leased: Vec<Leased>,
    ) -> Result<(), Error> {
        let worker = Arc::clone(self);
        let written = self
            .store
            .read(organization, Actor::SYSTEM, move |tx| {
                let write = |message: &Leased| letters::write(tx, &worker.desk, message);
                let written: Result<Vec<Written>, Error> = leased.iter().map(write).collect();
                written.map(|written| leased.into_iter().zip(written))
            })
            .await?;
        let mut dropped = Vec::new();
        let mut on_their_way = JoinSet::new();
        for (message, written) in written {
            match written {
                Written::Dropped(reason) => dropped.push((message, reason)),
                Written::Letter(letter, link) => {
                    let worker = Arc::clone(self);
                    on_their_way.spawn(worker.send(organization, message, *letter, link));
                }
            }
        }
        self.drop_messages(organization, dropped).await?;
        while let Some(sent) = on_their_way.join_next().await {
            // A panic in there leaves the message to its lease.
            sent.unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    async fn drop_messages(
        &self,
        organization: OrganizationId,
        dropped: Vec<(Leased, DropReason)>,
    ) -> Result<(), Error> {
        if dropped.is_empty() {
            return Ok(());
        }
        self.write(organization, move |tx| {
            for (message, reason) in dropped {
                messaging::settle(tx, &message, &Outcome::Dropped(reason))?;
            }
            Ok(())
        })
        .await
    }

    /// Sends one letter and records how it ended; gives it back when the worker stops.
    async fn send(
        self: Arc<Self>,
        organization: OrganizationId,
        message: Leased,
        letter: Letter,
        link: Option<Token>,
    ) -> Result<(), Error> {
        let _lane = self.lanes.acquire().await;
        if self.is_stopping() {
            return self
                .write(organization, move |tx| messaging::release(tx, &[message]))
                .await;
        }
        let hand_over = || self.hand_over(organization, message, link);
        let Ok(outcome) = self.transport.deliver(&letter, hand_over).await else {
            return Ok(());
        };
        tracing::info!(
            organization.id = %organization,
            message.id = %message.id,
            message.attempt = message.attempt,
            message.outcome = outcome.word(),
            "Tried to send {}", message.id
        );
        self.write(organization, move |tx| {
            messaging::settle(tx, &message, &outcome)
        })
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
