# Access on grant: the organization's page, and the operator's.
settings-access = Access
    .about = Which of the operator's people may look in, for how long, and what they did.
lending-title = Access
lending-intro = The people who run this Kept cannot read your data. When they are to help, let one of them in: to some parts of your desk, for a reason, for a few hours. Everything they open and do is listed here as it happens.
lending-headcount = { $signed ->
    [0] Nobody at the operator has signed a confidentiality agreement; nobody can be let in.
    [one] 1 person at the operator has signed a confidentiality agreement; { $ready ->
        [0] nobody can be let in now.
        [one] 1 can be let in now.
       *[other] { $ready } can be let in now.
    }
   *[other] { $signed } people at the operator have signed a confidentiality agreement; { $ready ->
        [0] nobody can be let in now.
        [one] 1 can be let in now.
       *[other] { $ready } can be let in now.
    }
}
lending-requests = Asked for
lending-requests-none = Nobody asks to be let in. When an operator does, you find it here and in your mail.
lending-now = Let in now
lending-live = The organization itself
lending-live-none = Nobody of the operator can see anything of yours. To get help, grant access below.
lending-over = Earlier
lending-uses = What they opened and did
lending-uses-none = Nothing yet. As soon as somebody who was let in opens a page, it stands here.
lending-use = Page or act
lending-saw = Opened
lending-acted = Did
lending-ids = About
lending-people = { $count ->
    [one] 1 person by name
   *[other] { $count } people by name
}
lending-shown = Shown by name
lending-refused = Refused: not granted
lending-cut = Only the newest are listed. The file has more.
lending-file = All of it as a file
lending-operator = Operator
    .hint = Whoever is qualified and has signed a confidentiality agreement.
lending-operator-wrong = Choose an operator who is qualified and has signed a confidentiality agreement.
lending-what = What
    .hint = Members, tokens, keys and exports are never granted. Without customers, everybody's name, contacts and answers stay hidden.
lending-why = Why
lending-where = Where
lending-reason = Why
    .hint = One line; do not name a customer.
lending-ticket = Ticket
lending-until = Until
lending-ended = Ended
lending-ended-expired = its time was over
lending-ended-revoked = taken back
lending-hours = For how many hours
lending-hours-hint = From 1 to { $most }. You can end it at any moment.
lending-for-hours = { $hours ->
    [one] for 1 hour
   *[other] for { $hours } hours
}
lending-sandbox = Sandbox
lending-unused = Not used yet
lending-its-uses = What they did
lending-all-uses = Show what everybody did
lending-end = End it
lending-look = Answer
lending-decline = Decline
lending-grant = Grant access
lending-grant-do = Let them in
lending-nobody = No operator can be let in: none is qualified with a signed confidentiality agreement. Ask whoever runs this Kept.
lending-live-one = Your organization as it is
lending-sandbox-one = Your sandbox, where everybody is invented
lending-reason-wrong = Write in one line why, in at most 300 characters.
lending-ticket-wrong = Name the ticket it is about, in at most 60 characters.
lending-hours-wrong = Choose from 1 to 72 hours.
lending-beyond = You cannot grant more than you may see and do yourself: parts are closed to your role, or data of customers is hidden from it.
lending-nothing = Choose at least one part.
lending-no-sandbox = There is no sandbox yet. Make one first.
lending-too-many = There are too many at once. End one first, or answer what was asked before.
lending-note = What is wrong with it
    .hint = One line; the operator reads it. Do not name a customer.
lending-note-wrong = Write in one line what is wrong, in at most 500 characters.
lending-flag = Flag
lending-flagged = Flagged
lending-flag-about = Somebody else at the operator has to look into it and say what came of it. You read that here.
lending-outcome = What came of it
lending-outcome-none = Nothing was said yet.
lent-calendar = Calendar
lent-people = Customers
lent-insight = Numbers
lent-offering = Services, places, staff and hours
lent-settings = Settings, look and letters
lent-level-none = Nothing
lent-level-view = To look at
lent-level-full = To look at and change
lent-to-look-at = { $part } (to look at)
on-grant = Access on grant
on-grant-note = Operator { $name } is here on a grant (ticket { $ticket }) until { $until }.
on-grant-may = Granted:
on-grant-recorded = The organization sees each page and act as it happens.
on-grant-leave = Leave
sandbox = Sandbox
sandbox-note = This is a sandbox. Everybody in it is invented, and it sends no mail.
sandbox-about = A copy of your settings, services, hours and look, with invented staff, customers and appointments. It has none of your data and sends no mail. Whoever is let into it sees nothing of your organization.
sandbox-none = There is no sandbox. Make one to let somebody try things without seeing your data.
sandbox-make = Make a sandbox
sandbox-again = Make it anew
sandbox-remove = Remove it
done-access-granted = Access granted.
done-access-ended = Access ended.
done-access-declined = Declined.
done-use-flagged = Flagged. The operator was told.
done-sandbox-made = The sandbox is ready.
done-sandbox-removed = The sandbox is gone.
console-access = Access
access-mine = Your access
access-about = You see nothing of an organization until it lets you in. Ask for access on the organization's page; its owners answer.
access-mine-none = No organization has let you in. Ask for access on the page of an organization.
access-not-vetted = You cannot be let in anywhere: { $why }. Another operator, whose account does not come from you nor yours from them, says on the page Operators until when you are qualified and when you signed the confidentiality agreement; or “kept operator vet” does on the server.
access-why-suspended = your account is suspended
access-why-unqualified = your qualification is missing or over
access-why-unsigned = you have not signed a confidentiality agreement
access-why-unregistered = your company stands in no register of subprocessors
access-organization = Organization
access-state-asked = Asked for
access-state-declined = Declined
access-state-answered = Granted
access-state-granted = Until { $until }
access-state-over = Over
access-state-ended = Ended
access-enter = Enter
access-refused = This grant opens nothing any more, or not here.
access-ask = Ask for access
access-ask-about = The owners get a mail and answer. Until they say yes you see nothing.
access-ask-do = Ask
done-access-asked = Asked. The owners were written to.
done-access-left = You left.
conduct = Flagged uses
conduct-about = What organizations flagged. Each needs an outcome, said by somebody else than whoever it is about.
conduct-none = No organization has flagged anything.
conduct-use = Use
conduct-outcome = What came of it
conduct-settle = Say it
conduct-open = Needs an outcome
conduct-own = It is about you: somebody else says what came of it.
conduct-one-hand = Your account and theirs come from the same operator, or nobody knows from whom: somebody else says what came of it.
conduct-wrong = Write in one line what came of it, in at most 500 characters.
done-conduct-settled = Kept. The organization reads it.
vetting = Qualification and agreement
vetting-kind = Whose
vetting-own = The operator's own
vetting-partner = A contracted partner's
vetting-register = Entry in the register of subprocessors
vetting-qualified = Qualified until
vetting-signed = Confidentiality agreement signed on
vetting-none = not said
vetting-invited = They have set no password yet. Say it once they have: setting it by a link takes back what was said.
vetting-one-hand = Your account and this one come from the same operator, or nobody knows from whom. Somebody else says it, or “kept operator vet” on the server.
vetting-wrong = Write days as 2027-03-31, a signing that is not ahead, and the register entry of a partner.
act-operator-vetted = Qualification and agreement said
act-access-asked = Asked for access
act-access-entered = Entered on a grant
act-conduct-settled = Outcome of a flagged use said
act-networks-cleared = Networks of an organization removed
act-organization-removed = Organization removed
