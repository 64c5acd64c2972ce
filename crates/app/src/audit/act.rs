//! What can be done, each with its stable code.

/// What was done. The code is stable; the subject is the id of the noun it was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// An organization came to be.
    OrganizationCreated,
    /// An organization's own settings were changed.
    OrganizationChanged,
    /// A package of the whole organization was asked for; the detail says how it is locked.
    OrganizationExported,
    /// The organization was made of such a package.
    OrganizationImported,
    /// A package that a member asked for can be fetched.
    PackageReady,
    /// A package that a member asked for is not made; the detail says why.
    PackageFailed,
    /// A package was fetched; the detail is the entry of the register.
    PackageDownloaded,
    /// A package is gone; the detail says why.
    PackageRemoved,
    /// What an organization offers, or when, was changed.
    OfferingChanged,
    /// A link was made by which somebody can join.
    MemberInvited,
    /// Somebody joined by their link.
    MemberJoined,
    /// A member's role, state or profile was changed.
    MemberChanged,
    /// Something was taken from a role, or left to it; the detail says what.
    RoleLimited,
    /// A member set a password.
    PasswordSet,
    /// A member asked for another address for themselves.
    AddressAsked,
    /// They gave that up.
    AddressKept,
    /// A member took another address.
    AddressChanged,
    /// A member signed in.
    SessionStarted,
    /// A session was ended.
    SessionEnded,
    /// Whoever uses a session gave the password or a code again.
    SessionProved,
    /// A sign-in was refused after a right password, or with a passkey; the detail says by what.
    SignInRefused,
    /// A member turned a second factor on.
    FactorAdded,
    /// A member's second factor was turned off.
    FactorRemoved,
    /// There were so many wrong codes that only recovery codes are taken for a while.
    FactorLocked,
    /// Recovery codes were made; those before are dead.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A member added a passkey; the detail is the member.
    PasskeyAdded,
    /// A member calls a passkey something else.
    PasskeyRenamed,
    /// A passkey was removed, or all of a member's.
    PasskeyRemoved,
    /// A passkey counted its uses, and the count did not grow: member, count before, count now.
    PasskeyCountWentBack,
    /// How members sign in was changed; the detail is the new rules.
    SignInRulesChanged,
    /// A network was named from which members may act; the detail is the role, or that it is for all.
    NetworkAdded,
    /// One is not named any more.
    NetworkRemoved,
    /// A member's session, or a token, was shown from outside.
    NetworkRefused,
    /// An owner who is outside asked for a link by mail.
    NetworkPassAsked,
    /// An owner came past the networks by such a link.
    NetworkOverridden,
    /// Everybody, or the member that is named, is to set a new password at the next sign-in.
    PasswordsExpired,
    /// A change was taken back by whoever made it.
    Undone,
    /// An API token was made.
    TokenCreated,
    /// A new secret took the place of a token; the detail is the old one and its last days.
    TokenRotated,
    /// An API token was revoked.
    TokenRevoked,
    /// How members sign in through the provider was changed; the detail says what.
    ProviderChanged,
    /// A member was linked to an account at the provider, or that link was taken off; the detail is the
    /// identity.
    IdentityLinked,
    /// An owner signed in by password where members come in by the provider alone.
    PasswordUsedByOwner,
    /// A group of a directory was made, changed or removed.
    GroupChanged,
    /// What a directory's groups give, or how its members come in, was changed; the detail says what.
    ProvisioningChanged,
    /// A capability link was made for a person.
    CapabilityIssued,
    /// A time was held.
    HoldPlaced,
    /// A hold was given up, or ran out.
    HoldReleased,
    /// An appointment was booked.
    AppointmentBooked,
    /// An appointment was moved.
    AppointmentRescheduled,
    /// An appointment was cancelled.
    AppointmentCanceled,
    /// How an organization's pages look or speak was changed; the detail names the part.
    LookChanged,
    /// The staff said how an appointment stands.
    AppointmentStatusChanged,
    /// Time was kept free of appointments.
    TimeReserved,
    /// Time kept free was given up.
    TimeReleased,
    /// A member saved or removed a choice of people and rooms.
    CalendarSetChanged,
    /// A secret address of a staff member's calendar was made.
    FeedMade,
    /// A secret address of a staff member's calendar was made useless.
    FeedRevoked,
    /// An organization's own words for a letter were set or removed.
    LetterTemplateChanged,
    /// A message reached a final state: sent, dead, unknown or dropped.
    MessageSettled,
    /// The audit log left as a file; the detail is how many.
    AuditLogExported,
    /// A member asked for what they may not; the detail is the right.
    RightRefused,
    /// Somebody gave a wrong password; the subject is the member, or the organization where the address
    /// has no account.
    SignInFailed,
    /// Records past their retention were removed.
    RetentionApplied,
    /// A person was recorded by the staff.
    PersonAdded,
    /// What is recorded of a person was changed.
    PersonChanged,
    /// Two records of one person became one.
    PeopleMerged,
    /// Many people were changed at once.
    PeopleChanged,
    /// People were recorded from a list.
    PeopleImported,
    /// A list of people left.
    PeopleExported,
    /// A note about a person was written.
    NoteAdded,
    /// A note about a person was removed.
    NoteRemoved,
    /// A person was forgotten: their keys and rows are gone.
    PersonForgotten,
    /// A field that is kept of each person was added, changed or removed.
    PersonFieldChanged,
    /// An operator asked for access.
    AccessAsked,
    /// The answer was no.
    AccessDeclined,
    /// An operator was granted access; the detail says whom, where and what.
    AccessGranted,
    /// A grant ended; the detail says why.
    AccessEnded,
    /// What an operator did by a grant was flagged.
    AccessFlagged,
    /// A sandbox was made.
    SandboxMade,
    /// The sandbox was removed.
    SandboxRemoved,
}

impl Act {
    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OrganizationCreated => "organization.created",
            Self::OrganizationChanged => "organization.changed",
            Self::OrganizationExported => "organization.exported",
            Self::OrganizationImported => "organization.imported",
            Self::PackageReady => "package.ready",
            Self::PackageFailed => "package.failed",
            Self::PackageDownloaded => "package.downloaded",
            Self::PackageRemoved => "package.removed",
            Self::OfferingChanged => "offering.changed",
            Self::MemberInvited => "member.invited",
            Self::MemberJoined => "member.joined",
            Self::MemberChanged => "member.changed",
            Self::RoleLimited => "role.limited",
            Self::PasswordSet => "password.set",
            Self::AddressAsked => "address.asked",
            Self::AddressKept => "address.kept",
            Self::AddressChanged => "address.changed",
            Self::SessionStarted => "session.started",
            Self::SessionEnded => "session.ended",
            Self::SessionProved => "session.proved",
            Self::SignInRefused => "sign_in.refused",
            Self::FactorAdded => "factor.added",
            Self::FactorRemoved => "factor.removed",
            Self::FactorLocked => "factor.locked",
            Self::RecoveryCodesMade => "recovery_codes.made",
            Self::RecoveryCodeUsed => "recovery_code.used",
            Self::PasskeyAdded => "passkey.added",
            Self::PasskeyRenamed => "passkey.renamed",
            Self::PasskeyRemoved => "passkey.removed",
            Self::PasskeyCountWentBack => "passkey.count_went_back",
            Self::SignInRulesChanged => "sign_in_rules.changed",
            Self::NetworkAdded => "network.added",
            Self::NetworkRemoved => "network.removed",
            Self::NetworkRefused => "network.refused",
            Self::NetworkPassAsked => "network.pass_asked",
            Self::NetworkOverridden => "network.overridden",
            Self::PasswordsExpired => "passwords.expired",
            Self::Undone => "undone",
            Self::TokenCreated => "token.created",
            Self::TokenRotated => "token.rotated",
            Self::TokenRevoked => "token.revoked",
            Self::ProviderChanged => "provider.changed",
            Self::IdentityLinked => "identity.linked",
            Self::PasswordUsedByOwner => "password.used_by_owner",
            Self::GroupChanged => "group.changed",
            Self::ProvisioningChanged => "provisioning.changed",
            Self::CapabilityIssued => "capability.issued",
            Self::HoldPlaced => "hold.placed",
            Self::HoldReleased => "hold.released",
            Self::AppointmentBooked => "appointment.booked",
            Self::AppointmentRescheduled => "appointment.rescheduled",
            Self::AppointmentCanceled => "appointment.canceled",
            Self::LookChanged => "look.changed",
            Self::AppointmentStatusChanged => "appointment.status_changed",
            Self::TimeReserved => "time.reserved",
            Self::TimeReleased => "time.released",
            Self::CalendarSetChanged => "calendar_set.changed",
            Self::FeedMade => "feed.made",
            Self::FeedRevoked => "feed.revoked",
            Self::LetterTemplateChanged => "letter_template.changed",
            Self::MessageSettled => "message.settled",
            Self::AuditLogExported => "audit_log.exported",
            Self::RightRefused => "right.refused",
            Self::SignInFailed => "sign_in.failed",
            Self::RetentionApplied => "retention.applied",
            Self::PersonAdded => "person.added",
            Self::PersonChanged => "person.changed",
            Self::PeopleMerged => "people.merged",
            Self::PeopleChanged => "people.changed",
            Self::PeopleImported => "people.imported",
            Self::PeopleExported => "people.exported",
            Self::NoteAdded => "note.added",
            Self::NoteRemoved => "note.removed",
            Self::PersonForgotten => "person.forgotten",
            Self::PersonFieldChanged => "person_field.changed",
            Self::AccessAsked => "access.asked",
            Self::AccessDeclined => "access.declined",
            Self::AccessGranted => "access.granted",
            Self::AccessEnded => "access.ended",
            Self::AccessFlagged => "access.flagged",
            Self::SandboxMade => "sandbox.made",
            Self::SandboxRemoved => "sandbox.removed",
        }
    }
}
