//! Letters to members about their account. A link in one works once the letter is about to leave.

use askama::Template as _;
use kept_base::args;
use kept_base::kit::Token;
use kept_base::page::Locale;
use kept_base::store::{Error, Tx};

use super::{Desk, Written};
use crate::access::{self, LinkPurpose, Member, MemberState, Role};
use crate::messaging::letter::{Correspondent, Letter};
use crate::messaging::rules::{self, DropReason, Outcome};
use crate::messaging::{self, LeasedNotice, Notice};
use crate::organization;

#[derive(askama::Template)]
#[template(path = "mail/notice.txt")]
struct Text<'l> {
    hello: &'l str,
    paragraphs: &'l [String],
    link: &'l str,
    url: &'l str,
    organization: &'l str,
    powered: &'l str,
}

#[derive(askama::Template)]
#[template(path = "mail/notice.html")]
struct Html<'l> {
    locale: Locale,
    subject: &'l str,
    hello: &'l str,
    paragraphs: &'l [String],
    link: &'l str,
    url: &'l str,
    organization: &'l str,
    powered: &'l str,
}

/// Writes the letter of a notice from one snapshot; changes nothing.
///
/// # Errors
/// Those of the store.
pub fn write_notice(tx: &Tx<'_>, desk: &Desk, leased: &LeasedNotice) -> Result<Written, Error> {
    let member = match wanted(tx, desk, leased)? {
        Ok(member) => member,
        Err(reason) => return Ok(Written::Dropped(reason)),
    };
    let link = purpose(leased.notice).map(|_| access::fresh_capability(tx.entropy()));
    let letter = letter(tx, desk, leased, &member, link.as_ref())?;
    Ok(Written::Letter(Box::new(letter), link))
}

/// Asks the gate once more and records that the letter is about to leave; from here on its link
/// works. Answers `false` when the letter must not be sent.
///
/// # Errors
/// Those of the store.
pub fn hand_over_notice(
    tx: &Tx<'_>,
    desk: &Desk,
    leased: &LeasedNotice,
    link: Option<&Token>,
) -> Result<bool, Error> {
    if let Err(reason) = wanted(tx, desk, leased)? {
        messaging::settle_notice(tx, leased, &Outcome::Dropped(reason))?;
        return Ok(false);
    }
    if !messaging::hand_over_notice(tx, leased)? {
        return Ok(false);
    }
    if let (Some(link), Some(purpose)) = (link, purpose(leased.notice)) {
        access::record_link(tx, purpose, Some(leased.member), link)?;
    }
    Ok(true)
}

/// The member with the address that the notice goes to, when the gate lets it pass.
fn wanted(
    tx: &Tx<'_>,
    desk: &Desk,
    leased: &LeasedNotice,
) -> Result<Result<Member, DropReason>, Error> {
    let Some(mut member) = access::member(tx, leased.member)? else {
        return Ok(Err(DropReason::Gone));
    };
    if matches!(leased.notice, Notice::Address | Notice::AddressChanged) {
        let Some(address) = access::address_of_letter(tx, leased.id)? else {
            return Ok(Err(DropReason::Gone));
        };
        member.email = address;
    }
    let still_so = match leased.notice {
        Notice::Join => member.state == MemberState::Invited,
        Notice::Reset
        | Notice::Trial
        | Notice::FactorOn
        | Notice::FactorOff
        | Notice::PasskeyAdded
        | Notice::PasskeyRemoved
        | Notice::PasskeyCount
        | Notice::NewBrowser
        | Notice::NewPassword
        | Notice::PasswordAsked
        | Notice::IdentityLinked
        | Notice::Address => member.state == MemberState::Active,
        // Whoever took an account over may have had it suspended since.
        Notice::AddressChanged => true,
        Notice::Export
        | Notice::Download
        | Notice::AccessAsked
        | Notice::AccessGranted
        | Notice::AccessUsed
        | Notice::AccessEnded
        | Notice::TokenMade
        | Notice::TokenEnding
        | Notice::TokenEnded
        | Notice::Pass
        | Notice::NetworkOverridden
        | Notice::NetworksCleared
        | Notice::OwnerPassword => {
            member.state == MemberState::Active && member.role == Role::Owner
        }
    };
    let mail_on = desk.mail_on && !organization::is_sandbox(tx)?;
    Ok(rules::may_send_notice(still_so, mail_on).map(|()| member))
}

fn purpose(notice: Notice) -> Option<LinkPurpose> {
    match notice {
        Notice::Join => Some(LinkPurpose::Join),
        Notice::Reset => Some(LinkPurpose::Reset),
        Notice::Pass => Some(LinkPurpose::Pass),
        Notice::Address => Some(LinkPurpose::Address),
        Notice::Trial
        | Notice::Export
        | Notice::Download
        | Notice::FactorOn
        | Notice::FactorOff
        | Notice::PasskeyAdded
        | Notice::PasskeyRemoved
        | Notice::PasskeyCount
        | Notice::NewBrowser
        | Notice::NewPassword
        | Notice::PasswordAsked
        | Notice::AccessAsked
        | Notice::AccessGranted
        | Notice::AccessUsed
        | Notice::AccessEnded
        | Notice::TokenMade
        | Notice::TokenEnding
        | Notice::TokenEnded
        | Notice::NetworkOverridden
        | Notice::NetworksCleared
        | Notice::IdentityLinked
        | Notice::OwnerPassword
        | Notice::AddressChanged => None,
    }
}

fn letter(
    tx: &Tx<'_>,
    desk: &Desk,
    leased: &LeasedNotice,
    member: &Member,
    link: Option<&Token>,
) -> Result<Letter, Error> {
    let settings = organization::load(tx)?;
    let own = Locale::from_tag(&settings.locale).unwrap_or_default();
    let locale = Locale::from_tag(&member.locale).unwrap_or(own);
    let code = leased.notice.code();
    let args = args!["organization" => &settings.name];
    let say = |part: &str| desk.texts.say(locale, &format!("mail-{part}-{code}"), args);
    let home = format!("{}/o/{}", desk.base_url, settings.slug);
    let url = match (link, leased.notice) {
        (Some(link), _) => format!("{home}/{code}/{}", link.expose()),
        (None, Notice::Export | Notice::Download) => format!("{home}/export"),
        (None, Notice::TokenMade | Notice::TokenEnding | Notice::TokenEnded) => {
            format!("{home}/tokens")
        }
        (None, Notice::NetworkOverridden | Notice::NetworksCleared) => {
            format!("{home}/settings/networks")
        }
        (None, Notice::Trial) => format!("{home}/checklist"),
        (None, Notice::OwnerPassword) => format!("{home}/audit-log"),
        (
            None,
            Notice::AccessAsked | Notice::AccessGranted | Notice::AccessUsed | Notice::AccessEnded,
        ) => format!("{home}/access"),
        (None, _) => format!("{home}/account"),
    };
    let name = member.name.expose();
    let hello = desk.texts.say(locale, "mail-hello", args!["name" => name]);
    let (subject, link_text) = (say("subject"), say("link"));
    let paragraphs = [say("open"), say("note")];
    let powered = desk.texts.say(locale, "mail-powered", &[]);
    let text = Text {
        hello: &hello,
        paragraphs: &paragraphs,
        link: &link_text,
        url: &url,
        organization: &settings.name,
        powered: &powered,
    };
    let html = Html {
        locale,
        subject: &subject,
        hello: &hello,
        paragraphs: &paragraphs,
        link: &link_text,
        url: &url,
        organization: &settings.name,
        powered: &powered,
    };
    let unwritten = |_| Error::Decode("template");
    Ok(Letter {
        organization: tx.organization(),
        message: leased.id,
        written_at: tx.now(),
        locale,
        from: Correspondent {
            name: settings.sender.name,
            address: settings.sender.address,
        },
        reply_to: settings.sender.reply_to,
        to: Correspondent {
            name: name.to_owned(),
            address: member.email.clone(),
        },
        text: text.render().map_err(unwritten)?,
        html: html.render().map_err(unwritten)?,
        subject,
        calendar: None,
    })
}
