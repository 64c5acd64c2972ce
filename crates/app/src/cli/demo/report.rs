//! What a demo says once it is ready.

use std::io::{Result, Write};
use std::path::Path;

use serde::Serialize;

use super::sign_ins::SignIn;

/// Everything somebody needs to look around.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub ready: bool,
    pub base_url: &'a str,
    pub data_dir: &'a Path,
    pub organizations: Vec<OrganizationReport>,
}

/// One organization of the demo.
#[derive(Serialize)]
pub(super) struct OrganizationReport {
    pub slug: String,
    pub booking_url: String,
    pub api_token: String,
    #[serde(skip)]
    pub sign_in_url: String,
    /// Accounts to sign in with.
    pub sign_ins: Vec<SignIn>,
}

impl Report<'_> {
    /// One line for programs, or a page for people.
    pub fn write(&self, as_json: bool, to: &mut impl Write) -> Result<()> {
        if as_json {
            writeln!(to, "{}", serde_json::to_string(self)?)?;
        } else {
            self.write_text(to)?;
        }
        to.flush()
    }

    fn write_text(&self, to: &mut impl Write) -> Result<()> {
        let base = self.base_url;
        writeln!(
            to,
            "Kept is ready. Everybody in it is invented; no mail leaves it.\n"
        )?;
        for organization in &self.organizations {
            writeln!(to, "  {}", organization.slug)?;
            writeln!(to, "    book        {}", organization.booking_url)?;
            writeln!(to, "    API token   {}", organization.api_token)?;
            writeln!(to, "    staff side  {}", organization.sign_in_url)?;
            for account in &organization.sign_ins {
                let (email, password) = (&account.email, &account.password);
                writeln!(to, "      {:<16}{email}  {password}", account.role)?;
            }
        }
        writeln!(to, "\n  mail that was sent   {base}/_demo/mailbox")?;
        writeln!(to, "  the API, described   {base}/api")?;
        writeln!(to, "  data                 {}", self.data_dir.display())?;
        writeln!(to, "\nCtrl+C stops it.")
    }
}
