//! `/o/{org}/settings/sign-in`: who needs a second factor, how long sessions and passwords last.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{
    self, MAX_IDLE_MINUTES, MAX_PASSWORD_DAYS, MAX_SESSION_HOURS, MIN_IDLE_MINUTES,
    MIN_PASSWORD_DAYS, Role, RuleError, SignInRules,
};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::ChangeSettings;

const HERE: &str = "/settings/sign-in";

/// A role that can need a second factor.
struct RoleChoice {
    code: &'static str,
    text: String,
    chosen: bool,
}

/// A number that can be set.
struct Number {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
    is_needed: bool,
    error: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "access/rules.html")]
struct RulesPage<'p> {
    d: DeskFrame<'p>,
    roles: Vec<RoleChoice>,
    roles_error: Option<String>,
    numbers: Vec<Number>,
}

/// What was written, and the input that is wrong.
struct Typed {
    roles: Vec<Role>,
    idle: String,
    session: String,
    password: String,
    wrong: Option<Wrong>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// One of the numbers.
    Number(RuleError),
    /// The member has none, and would be out.
    OwnFactor,
}

impl Typed {
    fn of(rules: &SignInRules) -> Self {
        let needs = |role: &Role| rules.needs_factor(*role);
        Self {
            roles: Role::ALL.into_iter().filter(needs).collect(),
            idle: rules.idle_minutes.to_string(),
            session: rules.session_hours.to_string(),
            password: rules
                .password_days
                .map_or_else(String::new, |days| days.to_string()),
            wrong: None,
        }
    }

    fn read(form: &Fields) -> Self {
        let text = |name| form.filled(name).unwrap_or_default().to_owned();
        Self {
            roles: form
                .get_all("factor_role")
                .filter_map(Role::from_code)
                .collect(),
            idle: text("idle_minutes"),
            session: text("session_hours"),
            password: text("password_days"),
            wrong: None,
        }
    }

    fn rules(&self) -> Result<SignInRules, RuleError> {
        let idle = self.idle.parse().map_err(|_| RuleError::Idle)?;
        let session = self.session.parse().map_err(|_| RuleError::Session)?;
        let password = match self.password.as_str() {
            "" => None,
            days => Some(days.parse().map_err(|_| RuleError::Password)?),
        };
        SignInRules::new(&self.roles, idle, session, password)
    }
}

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    let rules = desk.read(|tx, _| access::sign_in_rules(tx)).await??;
    shown(&desk, StatusCode::OK, &Typed::of(&rules))
}

fn shown(desk: &Desk, status: StatusCode, typed: &Typed) -> Answer {
    let words = desk.words();
    let role = |role: Role| RoleChoice {
        code: role.code(),
        text: words.say(&super::members::role_id(role)),
        chosen: typed.roles.contains(&role),
    };
    let roles_error = (typed.wrong == Some(Wrong::OwnFactor)).then(|| words.say("rule-own-factor"));
    let page = RulesPage {
        d: desk.frame(&words.say("settings-sign-in"), Section::Settings),
        roles: Role::ALL.into_iter().map(role).collect(),
        roles_error,
        numbers: numbers(desk, typed),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn numbers(desk: &Desk, typed: &Typed) -> Vec<Number> {
    let words = desk.words();
    let one = |name, value: &str, of: RuleError, (least, most): (u32, u32)| {
        let id = format!("rule-{name}").replace('_', "-");
        let bounds = args!["least" => least, "most" => most];
        Number {
            name,
            label: words.say(&id),
            hint: words.with(&format!("{id}.hint"), bounds),
            value: value.to_owned(),
            is_needed: of != RuleError::Password,
            error: (typed.wrong == Some(Wrong::Number(of)))
                .then(|| words.with("rule-out-of-bounds", bounds)),
        }
    };
    vec![
        one(
            "idle_minutes",
            &typed.idle,
            RuleError::Idle,
            (MIN_IDLE_MINUTES, MAX_IDLE_MINUTES),
        ),
        one(
            "session_hours",
            &typed.session,
            RuleError::Session,
            (1, MAX_SESSION_HOURS),
        ),
        one(
            "password_days",
            &typed.password,
            RuleError::Password,
            (MIN_PASSWORD_DAYS, MAX_PASSWORD_DAYS),
        ),
    ]
}

/// Why rules are not changed.
enum Refused {
    /// Whoever changes them would be out.
    OwnFactor,
    /// The store failed.
    Store(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

/// `POST /o/{org}/settings/sign-in`.
pub(super) async fn change(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let mut typed = Typed::read(&form);
    let rules = match typed.rules() {
        Ok(rules) => rules,
        Err(error) => {
            typed.wrong = Some(Wrong::Number(error));
            return shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, &typed);
        }
    };
    let (id, session) = (desk.member.id, desk.session);
    let changed = desk.write(move |tx, _, by| {
        let role = access::member(tx, id)?.map(|member| member.role);
        if role.is_some_and(|role| rules.needs_factor(role))
            && !access::is_by_two_factors(tx, id, session)?
        {
            return Err(Refused::OwnFactor);
        }
        Ok(access::change_sign_in_rules(tx, by, &rules)?)
    });
    match changed.await? {
        Ok(Some(undo)) => Ok(desk.done(HERE, "saved", Some(undo))),
        Ok(None) => Ok(desk.done(HERE, "unchanged", None)),
        Err(Refused::Store(error)) => Err(Problem::from(error)),
        Err(Refused::OwnFactor) => {
            typed.wrong = Some(Wrong::OwnFactor);
            shown(&desk, StatusCode::CONFLICT, &typed)
        }
    }
}

/// `POST /o/{org}/settings/sign-in/passwords`: everybody sets a new password at the next sign-in.
pub(super) async fn expire(desk: DeskTo<ChangeSettings>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    desk.write(|tx, _, by| access::expire_passwords(tx, by))
        .await??;
    Ok(desk.done(HERE, "passwords-expired", None))
}
