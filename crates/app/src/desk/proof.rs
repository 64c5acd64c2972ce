//! What asks for the password or a code again: acts that would let a stranger at an open screen stay.

use axum::http::header;
use axum::response::Response;
use kept_base::kit::Token;
use kept_base::problem::Problem;

use super::{Desk, session_cookie};
use crate::access;
use crate::page::see_other;

impl Desk {
    /// Lets the browser go on by the token that its session has since a proof was given.
    #[must_use]
    pub fn go_on_by(&self, token: &Token, mut response: Response) -> Response {
        let cookie = session_cookie(&self.slug, token);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }

    /// `None` when whoever uses the session gave the password or a code a moment ago; otherwise the
    /// way to where they give it, from which they come back to `back`, a page below the organization.
    ///
    /// # Errors
    /// As [`Desk::read`].
    pub async fn wants_proof(&self, back: &str) -> Result<Option<Response>, Problem> {
        let url = self.proof_url(back).await?;
        Ok(url.map(|url| see_other(&url)))
    }

    /// The same as an address, for a page that says so before a form is filled in.
    ///
    /// # Errors
    /// As [`Desk::read`].
    pub async fn proof_url(&self, back: &str) -> Result<Option<String>, Problem> {
        let session = self.session;
        let proved = self.read(move |tx, _| access::is_proved(tx, session));
        if proved.await?? {
            return Ok(None);
        }
        let mut next = form_urlencoded::Serializer::new(String::new());
        next.append_pair("next", &self.url(back));
        let url = self.url("/account/proof");
        Ok(Some(format!("{url}?{}", next.finish())))
    }
}
