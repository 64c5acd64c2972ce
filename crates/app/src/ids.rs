//! The ids of all nouns, in alphabetical order.

kept_base::typed_ids! {
    /// An operator's wish to be let in.
    AccessRequestId = "arq",
    /// A booked time.
    AppointmentId = "apt",
    /// Time kept free of appointments.
    BlockId = "blk",
    /// A saved choice of people and rooms in the calendar.
    CalendarSetId = "set",
    /// A capability link.
    CapabilityId = "cap",
    /// A day on which a location, or all of them, is closed.
    ClosedDayId = "clo",
    /// An e-mail address or telephone number of a person.
    ContactPointId = "con",
    /// Somebody's fetching of a package.
    DownloadId = "dwn",
    /// A calendar that a staff member's own program reads.
    FeedId = "fed",
    /// A question that a service asks.
    FieldId = "fld",
    /// A time kept for somebody who is still typing. Random: knowing it is being allowed to use it.
    HoldId = "hld",
    /// A row of weekly hours.
    HoursId = "hrs",
    /// An account at a provider that a member is linked to.
    IdentityId = "idn",
    /// A list of people that was uploaded.
    ImportId = "imp",
    /// Access that an organization granted to an operator.
    LoanId = "lon",
    /// Something an operator did or saw by it.
    LoanUseId = "lus",
    /// A place with an address and a time zone.
    LocationId = "loc",
    /// Somebody with an account in an organization.
    MemberId = "mem",
    /// A link by which somebody joins or sets a new password.
    MemberLinkId = "mln",
    /// A message in the outbox.
    MessageId = "msg",
    /// A network from which members may act.
    NetworkId = "net",
    /// A note about a person.
    NoteId = "nte",
    /// Hours of one day that replace the weekly ones.
    OverrideId = "ovr",
    /// A member's passkey.
    PasskeyId = "pky",
    /// A package of everything. Random: it stands in the address that the package is fetched from.
    PackageId = "pkg",
    /// A customer: the data subject.
    PersonId = "per",
    /// A field that an organization keeps of each person.
    PersonFieldId = "pfd",
    /// A change of an appointment's time.
    ReschedulingId = "rsc",
    /// A room at a location.
    RoomId = "rom",
    /// A group of a directory.
    ScimGroupId = "grp",
    /// What can be booked.
    ServiceId = "svc",
    /// A member's signed-in browser.
    SessionId = "ses",
    /// What somebody can do.
    SkillId = "skl",
    /// Somebody who serves.
    StaffId = "stf",
    /// A change of an appointment's status.
    StatusChangeId = "stc",
    /// A stretch of time when a staff member is away.
    TimeOffId = "off",
    /// An API token.
    TokenId = "tok",
    /// An offer to take a change back.
    UndoId = "und",
}
