//! Granting, taking back, saying no.

use axum::http::StatusCode;
use kept_base::input::{self, Form};
use kept_base::kit::OperatorId;
use kept_base::problem::Problem;
use kept_base::store::{Lent, LentState, Operator};

use super::super::{
    self as lending, Environment, LOAN_HOURS, LendError, Loan, MAX_LOAN_HOURS, NewLoan, Request,
};
use super::list::{operators, shown};
use crate::access::{Level, Part, Terms};
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::{AccessRequestId, LoanId};
use crate::policy::rights::GrantAccess;

/// What was typed into the form.
pub(super) struct Typed {
    request: Option<AccessRequestId>,
    operator: Option<OperatorId>,
    environment: Environment,
    terms: Terms,
    hours: String,
    reason: String,
    ticket: String,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            request: None,
            operator: None,
            environment: Environment::Live,
            terms: Terms::default(),
            hours: LOAN_HOURS.to_string(),
            reason: String::new(),
            ticket: String::new(),
        }
    }
}

impl Typed {
    pub fn of_request(request: &Request) -> Self {
        Self {
            request: Some(request.id),
            operator: Some(request.operator),
            environment: request.wish.environment,
            terms: request.wish.terms.clone(),
            hours: request.wish.hours.to_string(),
            reason: request.wish.reason.clone(),
            ticket: request.wish.ticket.clone(),
        }
    }

    fn read(form: &input::Fields) -> Self {
        let text = |name| form.get(name).unwrap_or_default().to_owned();
        Self {
            request: form.filled("request").and_then(|id| id.parse().ok()),
            operator: form.filled("operator").and_then(|id| id.parse().ok()),
            environment: environment(form),
            terms: terms(form),
            hours: text("hours"),
            reason: text("reason"),
            ticket: text("ticket"),
        }
    }
}

/// The environment that a form names.
pub(crate) fn environment(form: &input::Fields) -> Environment {
    let named = form.filled("environment").and_then(Environment::from_code);
    named.unwrap_or(Environment::Live)
}

/// The terms that a form names, one field for each part.
pub(crate) fn terms(form: &input::Fields) -> Terms {
    let of = |part: Part| {
        let level = form.filled(part.code()).and_then(Level::from_code);
        (part, level.unwrap_or(Level::None))
    };
    Terms::new(&Part::ALL.map(of))
}

/// The form as it is shown.
pub(super) struct Fields {
    pub operators: Vec<OperatorChoice>,
    pub request: String,
    pub is_sandbox: bool,
    pub parts: Vec<PartChoice>,
    pub hours: String,
    pub most_hours: u16,
    pub reason: String,
    pub ticket: String,
}

pub(super) struct OperatorChoice {
    pub id: String,
    pub name: String,
    pub chosen: bool,
}

/// A part and how it can be lent.
pub(crate) struct PartChoice {
    pub code: &'static str,
    pub name: String,
    pub levels: Vec<(&'static str, String, bool)>,
}

/// Every part with what is chosen of it.
pub(crate) fn part_choices(words: crate::page::Words<'_>, terms: &Terms) -> Vec<PartChoice> {
    let of = |part: Part| {
        let offered = [Level::None, Level::View, Level::Full].into_iter();
        let offered = offered.filter(|level| *level != Level::Full || part.can_be_changed());
        PartChoice {
            code: part.code(),
            name: words.say(&format!("lent-{}", part.code())),
            levels: offered
                .map(|level| {
                    let text = words.say(&format!("lent-level-{}", level.code()));
                    (level.code(), text, terms.level(part) == level)
                })
                .collect(),
        }
    };
    Part::ALL.into_iter().map(of).collect()
}

impl Fields {
    pub fn of(desk: &Desk, operators: &[Operator], typed: &Typed) -> Self {
        let now = desk.app.store.clock().now();
        let ready = operators
            .iter()
            .filter(|one| lending::vetted(one, now).is_ok());
        Self {
            operators: ready
                .map(|one| OperatorChoice {
                    id: one.id.to_string(),
                    name: match &one.vetting.register_entry {
                        Some(entry) => format!("{} ({entry})", one.name),
                        None => one.name.clone(),
                    },
                    chosen: typed.operator == Some(one.id),
                })
                .collect(),
            request: typed.request.map(|id| id.to_string()).unwrap_or_default(),
            is_sandbox: typed.environment == Environment::Sandbox,
            parts: part_choices(desk.words(), &typed.terms),
            hours: typed.hours.clone(),
            most_hours: MAX_LOAN_HOURS,
            reason: typed.reason.clone(),
            ticket: typed.ticket.clone(),
        }
    }
}

/// The text that says what is wrong.
pub(crate) fn text_of(error: &LendError) -> Option<&'static str> {
    match error {
        LendError::Reason => Some("lending-reason-wrong"),
        LendError::Ticket => Some("lending-ticket-wrong"),
        LendError::Hours => Some("lending-hours-wrong"),
        LendError::Nothing => Some("lending-nothing"),
        LendError::Beyond => Some("lending-beyond"),
        LendError::NoSandbox => Some("lending-no-sandbox"),
        LendError::TooMany => Some("lending-too-many"),
        LendError::Refused(_) => Some("lending-operator-wrong"),
        LendError::Unknown | LendError::Store(_) => None,
    }
}

/// `POST /access/grants`: lets an operator in, for whoever has given their password a moment ago.
pub(super) async fn grant(desk: DeskTo<GrantAccess>, Form(form): Form) -> Answer {
    let typed = Typed::read(&form);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(proof) = desk.wants_proof("/access").await? {
        return Ok(proof);
    }
    let all = operators(&desk).await?;
    let chosen = all.into_iter().find(|one| Some(one.id) == typed.operator);
    let Some(operator) = chosen else {
        return shown(&desk, wrong, &typed, Some("lending-operator-wrong")).await;
    };
    let new = NewLoan {
        request: typed.request,
        environment: typed.environment,
        terms: typed.terms.clone(),
        hours: typed.hours.trim().parse().unwrap_or(0),
        reason: typed.reason.clone(),
        ticket: typed.ticket.clone(),
    };
    let lent = desk.write(move |tx, _, by| {
        let loan = lending::lend(tx, by, &operator, &new)?;
        let sandbox = lending::sandbox::known(tx)?;
        Ok::<_, LendError>((loan, sandbox.map(|sandbox| sandbox.id)))
    });
    let (loan, sandbox) = match lent.await? {
        Ok(lent) => lent,
        Err(LendError::Store(error)) => return Err(error.into()),
        Err(error) => match text_of(&error) {
            Some(text) => return shown(&desk, wrong, &typed, Some(text)).await,
            None => return Err(Problem::not_found()),
        },
    };
    tell_operator(&desk, typed.request, &loan, sandbox).await?;
    Ok(desk.done("/access", "access-granted", None))
}

/// So that the operator finds it in the console; the loan holds without it.
async fn tell_operator(
    desk: &Desk,
    request: Option<AccessRequestId>,
    loan: &Loan,
    sandbox: Option<kept_base::kit::OrganizationId>,
) -> Result<(), Problem> {
    let store = &desk.app.store;
    if let Some(request) = request {
        let answered = store.note_lent_state(request.to_string(), LentState::Answered);
        answered.await?;
    }
    let opens = match loan.environment {
        Environment::Live => desk.organization,
        Environment::Sandbox => sandbox.unwrap_or(desk.organization),
    };
    let lent = Lent {
        id: loan.id.to_string(),
        organization: desk.organization,
        opens,
        operator: loan.operator,
        state: LentState::Granted,
        at: loan.granted_at,
        expires_at: loan.expires_at,
    };
    Ok(store.note_lent(lent).await?)
}

/// `POST /access/grants/{id}/end`: at once, without asking whether one is sure; it is granted again by
/// the same form.
pub(super) async fn end(desk: DeskTo<GrantAccess>) -> Answer {
    let id: LoanId = desk
        .segment("id")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let ended = desk.write(move |tx, _, by| lending::end(tx, by, id));
    match ended.await? {
        Ok(()) => {
            let store = &desk.app.store;
            store
                .note_lent_state(id.to_string(), LentState::Ended)
                .await?;
            Ok(desk.done("/access", "access-ended", None))
        }
        Err(LendError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found()),
    }
}

/// `POST /access/requests/{id}/decline`.
pub(super) async fn decline(desk: DeskTo<GrantAccess>) -> Answer {
    let id: AccessRequestId = desk
        .segment("id")
        .parse()
        .map_err(|_| Problem::not_found())?;
    let declined = desk.write(move |tx, _, by| lending::decline(tx, by, id));
    match declined.await? {
        Ok(()) => {
            let store = &desk.app.store;
            let state = LentState::Declined;
            store.note_lent_state(id.to_string(), state).await?;
            Ok(desk.done("/access", "access-declined", None))
        }
        Err(LendError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::not_found()),
    }
}
