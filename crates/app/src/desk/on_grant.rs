//! An operator at an organization's desk, by a loan. Nothing is answered before it is written down,
//! and whether the loan holds is looked at again in every transaction: in the same one where the data
//! is the lender's own, in one just before where it is the lender's sandbox.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::MatchedPath;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use kept_base::args;
use kept_base::kit::{Actor, OrganizationId, Token, TokenHash};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::{Error, KeyId, Tx};

use super::asked::Asked;
use super::lent::{
    entry_cookie, entry_hash, is_inside, lent_rights, stand_in, terms_in_words, too_many_shown,
    way, written_down,
};
use super::{Desk, Key, Peer, Stopped, forbidden, settle};
use crate::access::{self, Grant, Grants, Right, Terms, Way};
use crate::app::App;
use crate::ids::{LoanUseId, SessionId};
use crate::lending::{self, Admitted, Environment, Refusal};
use crate::organization;

/// An operator's way in, as a request has it.
#[derive(Clone)]
pub(super) struct OnGrant {
    token: TokenHash,
    lender: OrganizationId,
    environment: Environment,
    rights: Vec<Right>,
    way: Way,
    admitted: Admitted,
    ends_at: Timestamp,
    from: Option<IpAddr>,
}

/// What an operator on a grant is told on every page.
#[derive(Debug)]
pub struct OnGrantNote {
    /// As whom they are there, by what, until when.
    pub text: String,
    /// What they may.
    pub terms: String,
    /// The form that leads out.
    pub leave_url: String,
}

/// Lets an operator in, or says no: in the same words whatever the reason, and as to a token that
/// nobody has.
pub(super) async fn let_in(
    parts: &mut Parts,
    app: &Arc<App>,
    asked: Asked,
    right: Right,
    token: &Token,
) -> Result<Desk, Response> {
    let hash = entry_hash(token);
    let slug = asked.slug.clone();
    let refused = |ends: bool| {
        let mut response = Problem::forbidden().into_response();
        if ends {
            let cookie = entry_cookie(&slug, None);
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    };
    let failed = |error: Error| Problem::from(error).into_response();
    let entry = app.store.find_entry(asked.organization, hash).await;
    let Some(entry) = entry.map_err(failed)? else {
        return Err(refused(true));
    };
    let route = parts.extensions.get::<MatchedPath>();
    let route = route
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let way = way(&parts.method, right);
    // Nothing covers no rights.
    let rights = lent_rights(&route, right).unwrap_or_default();
    let (lender, organization) = (entry.lender(), asked.organization);
    let environment = if lender == organization {
        Environment::Live
    } else {
        Environment::Sandbox
    };
    let new = written_down(&parts.method, &route, &asked.parameters);
    let from = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let (within, wanted) = (Arc::clone(app), rights.clone());
    let admit = move |tx: &Tx<'_>| {
        // The operator may have been suspended since.
        let Some(entry) = within.store.entry_within(tx, organization, hash)? else {
            return Ok(Err(Refusal::Ended));
        };
        tx.recognize(Actor::on_grant(entry.loan()));
        if !is_inside(tx, from)? {
            access::note_outside(tx, entry.loan())?;
            return Ok(Err(Refusal::Outside));
        }
        lending::admit(tx, &entry, environment, (&wanted, way), new.as_ref())
    };
    let admitted = app.store.write(lender, Actor::VISITOR, admit).await;
    let admitted = match admitted.map_err(failed)? {
        Ok(admitted) => admitted,
        Err(refusal) => {
            let stays = matches!(refusal, Refusal::Uncovered | Refusal::Outside);
            return Err(refused(!stays));
        }
    };
    let on_grant = OnGrant {
        token: hash,
        lender,
        environment,
        rights,
        way,
        ends_at: entry.ends_at().min(admitted.loan.expires_at),
        admitted,
        from,
    };
    let catalogs = Arc::clone(&app.catalogs);
    let read = on_grant.read(app, organization, move |tx, _, _| {
        Ok::<_, Error>((catalogs.get(tx)?, organization::sandbox_of(tx)?))
    });
    let read = read.await.and_then(|read| Ok(read?));
    let (catalog, sandbox_of) = read.map_err(Problem::into_response)?;
    Ok(Desk {
        app: Arc::clone(app),
        organization,
        slug: asked.slug,
        query: asked.query,
        member: stand_in(app, &entry.operator().name, &catalog.organization.locale),
        grants: Grants::lent(on_grant.admitted.terms.clone()),
        catalog,
        session: SessionId::new(app.store.clock().now(), app.store.entropy()),
        session_ends_at: on_grant.ends_at,
        from,
        right,
        key: Key::Entry(Box::new(on_grant)),
        sandbox_of,
        here: asked.here,
        parameters: asked.parameters,
    })
}

impl OnGrant {
    /// The terms that hold in this transaction; `lender` are those that hold in the lender's data,
    /// where that is another organization's.
    fn terms(
        &self,
        tx: &Tx<'_>,
        app: &App,
        way: Way,
        lender: Option<Terms>,
    ) -> Result<Terms, Problem> {
        let entry = app.store.entry_within(tx, tx.organization(), self.token)?;
        let entry = entry.ok_or_else(Problem::forbidden)?;
        tx.recognize(Actor::on_grant(entry.loan()));
        let terms = match lender {
            Some(terms) => terms,
            None if !is_inside(tx, self.from)? => return Err(Problem::forbidden()),
            None => lending::check(tx, &entry, self.environment, (&self.rights, way))?
                .map_err(|_| Problem::forbidden())?,
        };
        let keys = tx.person_keys()?;
        if terms.show_people() {
            keys.note_asked();
        } else {
            keys.veil();
        }
        Ok(terms)
    }

    /// The terms that hold in the lender's data, where the desk is that of its sandbox.
    async fn of_lender(
        &self,
        app: &Arc<App>,
        organization: OrganizationId,
        way: Way,
    ) -> Result<Option<Terms>, Problem> {
        if self.lender == organization {
            return Ok(None);
        }
        let (within, own) = (Arc::clone(app), self.clone());
        let asked = app.store.read(self.lender, Actor::VISITOR, move |tx| {
            let entry = within.store.entry_within(tx, organization, own.token)?;
            if !is_inside(tx, own.from)? {
                return Ok(None);
            }
            entry
                .map(|entry| lending::check(tx, &entry, own.environment, (&own.rights, way)))
                .transpose()
        });
        let asked: Result<Option<Result<Terms, Refusal>>, Error> = asked.await;
        match asked? {
            Some(Ok(terms)) => Ok(Some(terms)),
            Some(Err(_)) | None => Err(Problem::forbidden()),
        }
    }

    async fn read<T, E>(
        &self,
        app: &Arc<App>,
        organization: OrganizationId,
        question: impl FnOnce(&Tx<'_>, &App, &Terms) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let lender = self.of_lender(app, organization, self.way).await?;
        let (within, own) = (Arc::clone(app), self.clone());
        let asked = app.store.read(organization, Actor::VISITOR, move |tx| {
            let terms = own
                .terms(tx, &within, own.way, lender)
                .map_err(Stopped::Problem)?;
            let answer = question(tx, &within, &terms).map_err(Stopped::Verb)?;
            Ok((answer, tx.person_keys()?.asked()))
        });
        let (answer, people) = match settle(asked.await)? {
            Ok(answered) => answered,
            Err(error) => return Ok(Err(error)),
        };
        self.note(app, organization, people).await?;
        Ok(Ok(answer))
    }

    /// Writes down who is shown, before they are.
    async fn note(
        &self,
        app: &Arc<App>,
        organization: OrganizationId,
        keys: Vec<KeyId>,
    ) -> Result<(), Problem> {
        let Some(used) = self.noted_at(organization).filter(|_| !keys.is_empty()) else {
            return Ok(());
        };
        let note = move |tx: &Tx<'_>| {
            // The use was told already; a second word would make the operator's pages ask again.
            tx.keep_revision();
            lending::note_people(tx, used, &keys)
        };
        let actor = Actor::on_grant(self.admitted.loan.id);
        match app.store.write(organization, actor, note).await? {
            true => Ok(()),
            false => Err(too_many_shown()),
        }
    }

    /// The people of a sandbox are invented: nobody needs to know which of them were shown.
    fn noted_at(&self, organization: OrganizationId) -> Option<LoanUseId> {
        let is_live = self.lender == organization;
        self.admitted.used.filter(|_| is_live)
    }
}

impl Desk {
    pub(super) async fn read_on_grant<T, E>(
        &self,
        on_grant: &OnGrant,
        question: impl FnOnce(&Tx<'_>, &App, &Grant) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let right = self.right;
        let asked = on_grant.read(&self.app, self.organization, move |tx, app, terms| {
            let grant = Grants::lent(terms.clone()).grant(right);
            let grant = grant.ok_or_else(forbidden)?;
            question(tx, app, &grant).map_err(Stopped::Verb)
        });
        settle(asked.await?)
    }

    pub(super) async fn write_on_grant<T, E>(
        &self,
        on_grant: &OnGrant,
        verb: impl FnOnce(&Tx<'_>, &App, &Grants) -> Result<T, Stopped<E>> + Clone + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        // Whatever is written is a change, also where a page to look at writes it.
        let way = Way::Change;
        let lender = on_grant
            .of_lender(&self.app, self.organization, way)
            .await?;
        let (app, own) = (Arc::clone(&self.app), on_grant.clone());
        let used = on_grant.noted_at(self.organization);
        let verb = move |tx: &Tx<'_>| {
            let terms = own.terms(tx, &app, way, lender).map_err(Stopped::Problem)?;
            let done = verb(tx, &app, &Grants::lent(terms))?;
            if let Some(used) = used {
                let asked = tx.person_keys()?.asked();
                if !asked.is_empty() && !lending::note_people(tx, used, &asked)? {
                    return Err(Stopped::Problem(too_many_shown()));
                }
            }
            Ok(done)
        };
        let store = &self.app.store;
        settle(store.write(self.organization, Actor::VISITOR, verb).await)
    }

    pub(super) fn on_grant_note(&self) -> Option<OnGrantNote> {
        let Key::Entry(on_grant) = &self.key else {
            return None;
        };
        let (words, loan) = (self.words(), &on_grant.admitted.loan);
        let until = when::date_time(words.locale(), on_grant.ends_at, &self.catalog.zone);
        let args = args![
            "name" => self.member.name.expose(),
            "ticket" => &loan.ticket,
            "until" => &until
        ];
        Some(OnGrantNote {
            text: words.with("on-grant-note", args),
            terms: terms_in_words(words, &on_grant.admitted.terms),
            leave_url: format!("/operator/access/{}/leave", loan.id),
        })
    }
}
