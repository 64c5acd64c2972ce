//! What members do on their pages before a scan: they sign in, make tokens, and take some back.

use std::net::SocketAddr;

use super::demo::House;
use crate::ha::kept::connection;
use crate::server::http::{Answer, Connection};
use crate::step::Failure;

/// A member who is signed in.
pub struct Member {
    connection: Connection,
    slug: String,
    cookie: String,
}

impl Member {
    /// Signs somebody in by their role in the demo.
    ///
    /// # Errors
    ///
    /// When they are not let in.
    pub fn sign_in(address: SocketAddr, house: &House, role: &str) -> Result<Self, Failure> {
        let House { slug, password, .. } = house;
        let mut member = Self {
            connection: connection(address),
            slug: slug.clone(),
            cookie: String::new(),
        };
        let form = format!("email={role}@{slug}.example&password={password}");
        let answer = member.post("/sign-in", &form, 303)?;
        let name = format!("__Host-kept-{slug}=");
        let cookies = answer.head.lines().filter_map(|line| line.split_once(": "));
        let mut cookies = cookies
            .map(|(_, value)| value)
            .filter(|value| value.starts_with(&name));
        let cookie = cookies.next().and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.ok_or_else(|| wrong("a sign-in without a session", &answer))?;
        member.cookie = format!("cookie: {cookie}\r\n");
        Ok(member)
    }

    /// Reads one of their pages, such as `/members`.
    ///
    /// # Errors
    ///
    /// When it is not answered.
    pub fn page(&mut self, path: &str) -> Result<String, Failure> {
        let path = format!("/o/{}{path}", self.slug);
        let answer = self.connection.get(&path, &self.cookie);
        let answer = answer.map_err(|error| broken(&error))?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(wrong(&path, &answer)),
        }
    }

    /// Sends a form of theirs, whose answer has that status.
    ///
    /// # Errors
    ///
    /// When it has another.
    pub fn post(&mut self, path: &str, form: &str, status: u16) -> Result<Answer, Failure> {
        let path = format!("/o/{}{path}", self.slug);
        let kind = "content-type: application/x-www-form-urlencoded\r\n";
        let fields = format!("{}{kind}", self.cookie);
        let answer = self.connection.post(&path, &fields, form);
        let answer = answer.map_err(|error| broken(&error))?;
        if answer.status == status {
            Ok(answer)
        } else {
            Err(wrong(&path, &answer))
        }
    }

    /// Makes a token of a `kind` (`api`, `scim`) and tells its secret.
    ///
    /// # Errors
    ///
    /// When it is not made.
    pub fn make_token(
        &mut self,
        kind: &str,
        name: &str,
        scopes: &[&str],
    ) -> Result<String, Failure> {
        let mut form = format!("name={name}&kind={kind}&days=7");
        for scope in scopes {
            form += &format!("&scope={scope}");
        }
        let answer = self.post("/tokens", &form, 200)?;
        let secret = between(&answer.body, "id=\"secret\" value=\"", "\"");
        secret
            .map(ToOwned::to_owned)
            .ok_or_else(|| wrong("a token", &answer))
    }

    /// Revokes the token of that name.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not revoked.
    pub fn revoke(&mut self, name: &str) -> Result<(), Failure> {
        let page = self.page("/tokens")?;
        let shown = format!("<bdi>{name}</bdi>");
        let mut sections = page
            .split("<section")
            .filter(|section| section.contains(&shown));
        // Beside it may stand the form for a new secret, whose address begins alike.
        let end = sections
            .next()
            .and_then(|section| section.split("/revocation\"").next());
        let id = end.and_then(|section| section.rsplit("/tokens/").next());
        let id = id.ok_or_else(|| Failure::new(1, format!("xtask: scan: no token {name}")))?;
        self.post(&format!("/tokens/{id}/revocation"), "", 303)?;
        Ok(())
    }

    /// Gives the one with that address another role.
    ///
    /// # Errors
    ///
    /// When there is none, or it is refused.
    pub fn change_role(&mut self, email: &str, role: &str) -> Result<(), Failure> {
        let page = self.page("/members")?;
        let row = page
            .split("<tr>")
            .find(|row| row.contains(email))
            .unwrap_or_default();
        let path = format!("/o/{}/members/", self.slug);
        let id = between(row, &path, "\"");
        let id = id.and_then(|rest| rest.split('/').next());
        let id = id.ok_or_else(|| Failure::new(1, format!("xtask: scan: no member {email}")))?;
        self.post(&format!("/members/{id}"), &format!("role={role}"), 303)?;
        Ok(())
    }
}

/// What stands between two texts.
pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// An answer that is not the one it should be.
pub fn wrong(what: &str, answer: &Answer) -> Failure {
    Failure::new(
        1,
        format!("xtask: scan: {what}: answered {}", answer.status),
    )
}

/// No answer.
pub fn broken(error: &std::io::Error) -> Failure {
    Failure::new(1, format!("xtask: scan: no answer: {error}"))
}
