# The operator's pages.
console = Operator
console-organizations = Organizations
console-jobs = Jobs
console-backups = Backups
console-operators = Operators
console-summary = The installation
console-count = { $count ->
    [one] 1 organization
   *[other] { $count } organizations
}
console-opened = { $count ->
    [one] 1 opened well
   *[other] { $count } opened well
}
console-failed = { $count ->
    [one] 1 does not open
   *[other] { $count } do not open
}
console-unknown = { $count ->
    [one] 1 not opened since the start
   *[other] { $count } not opened since the start
}
console-suspended = { $count ->
    [one] 1 suspended
   *[other] { $count } suspended
}
console-running = { $count ->
    [0] No job is running
    [one] 1 job is running
   *[other] { $count } jobs are running
}
console-backup-at = Last backup { $at }
console-backup-never = No backup yet
console-drill-at = Last drill { $at }
console-drill-never = No drill yet
console-search = Name in addresses
console-search-go = Search
console-none = There is no organization yet. Make the first one; you get a link for whoever is to own it.
console-not-found = No organization has this in its name. Look at what you typed, or show all.
console-show-all = Show all
console-first-page = First page
console-next-page = Next page
console-back = All organizations
console-slug = Name in addresses
console-size = Size
console-placement = Place
console-in-file = A file
console-on-server = PostgreSQL: { $name }
console-state = State
console-state-active = Active
console-state-suspended = Suspended
console-state-held = Held
console-held-advice = Work of the installation holds it; see the jobs.
console-health = Opens
console-health-opened = Opened well
console-health-failed = Does not open
console-health-unknown = Not opened since the start
console-failed-advice = It did not open when it was last asked for. Run “kept doctor” on the server: it says why. If the data is damaged, restore it from a backup.
console-created = Made
console-id = Id
console-reason = Reason
    .hint = For the record of the installation. Write nothing about customers.
console-reason-wrong = Write 1 to 300 characters on one line.
console-suspend-open = Suspend…
console-suspend = Suspend
    .about = Its pages, its API and its calendars answer nothing, and no mail is sent for it, within seconds. Nothing is lost; it can go on at any time.
console-suspend-do = Suspend it
console-resume = Let it go on
    .about = Its pages answer again at once, and mail that was due goes out within a minute.
done-organization-suspended = Suspended.
done-organization-resumed = It goes on.
done-organization-as-it-was = Nothing changed: it stands otherwise by now.
done-sessions-ended = Signed out everywhere.
console-new = Make an organization
    .about = You get its booking link and, once, a link that makes somebody its owner.
console-new-name = What is it called?
console-new-slug = Its name in addresses
    .hint = Small letters, digits and hyphens.
console-new-zone = Time zone
    .hint = Such as Europe/Berlin. All days and hours are of this zone.
console-new-mail_from = Where its mail comes from
    .hint = An address. Left empty, it is its name in addresses at the host of this site.
console-locale-wrong = Choose one of the languages.
console-made = It is made
console-own-link = The link to become its owner
    .about = Give it to whoever is to own the organization, and to nobody else. It works once, within seven days, and is shown this once.
console-booking-link = Its booking link
console-language = Pages of operators follow the language of the browser. This page in another one:
console-last-backup = Last backup
    .about = A copy of the data of the organizations, encrypted.
    .none = There is none. If this machine is lost now, everything is. Run “kept backup” on the server, and set a timetable in the settings.
console-last-key-backup = Last backup of keys
    .about = A copy of the key stores, kept for a short time: as long as an erased person could be read again.
    .none = There is none. Without it a backup of the data tells nobody's name. Run “kept backup” on the server; it copies the key stores too.
console-last-drill = Last restore drill
    .about = The newest backup was restored in a scratch folder and compared.
    .none = There is none. Nobody knows yet whether a backup can be restored. Run “kept restore --drill” on the server.
console-trouble-at = The one begun { $at } did not come to its end:
job-none = No job has run yet. Backups, moves, restores and drills are begun by commands on the server and listed here.
job-kind = Work
job-of = For
job-all = All organizations
job-started = Begun
job-ended = Ended
job-backup = Backup
job-key-backup = Backup of keys
job-drill = Restore drill
job-restore = Restore
job-move = Move
job-rotation = Change of keys
job-root-rotation = Change of the root key
job-state-running = Running
job-state-interrupted = Interrupted
job-state-done = Done
job-state-failed = Failed
job-interrupted = it was interrupted
operator-sign-in = Operator: sign in
operator-sign-in-advice = This is for whoever runs the installation. Operators are added on the server, with “kept operator add”, or by another operator.
operator-sign-in-wrong = Name and password do not belong together. Look at both again.
operator-sign-in-often = There were too many tries from here. Wait a quarter of an hour, or make a new link on the server with “kept operator link”.
operator-name = Name
    .hint = Small letters, digits, dots and hyphens; no e-mail address.
operator-name-wrong = Use 2 to 40 small letters, digits, dots and hyphens, beginning with a letter or digit.
operator-name-taken = Another operator has this name.
operator-too-many = There are as many operators as there may be.
operator-not-oneself = You cannot suspend yourself: somebody must be left. Another operator can.
operator-seen = Last seen
operator-active = Active
operator-suspended = Suspended
operator-invited = Has no password yet
operator-add = Add an operator
operator-link-title = Set your password
operator-link-for = A link for { $name }
operator-link-advice = Whoever opens it sets the password and is signed in. It works once, within 24 hours, and is shown this once.
operator-link-new = New link
operator-link-on-server = Whoever has set a password gets another link on the server alone, with “kept operator link” and the name: a link made here would let you sign in as them.
operator-sessions-end = Sign out everywhere
operator-acts = What operators did
    .about = The newest 50 acts, on these pages and on the server.
operator-acts-none = Nothing yet.
operator-command-line = on the server
act-what = What
act-whom = Of what
act-who = Who
act-when = When
act-organization-created = Organization made
act-organization-suspended = Organization suspended
act-organization-resumed = Organization goes on
act-operator-added = Operator added
act-operator-suspended = Operator suspended
act-operator-resumed = Operator let in again
act-link-made = Link made
act-password-set = Password set
act-signed-in = Signed in
act-sessions-ended = Signed out
operator-factor-owed = Operators need a second factor here. Once yours is set up, the other pages open.
operator-factor-off = Turn the second factor off
operator-code-lost = If you have lost both your app and your recovery codes, whoever has the server turns your second factor off there, with “kept operator factor-off” and your name.
operator-factor = Second factor
operator-factor-has = On
operator-factor-none = None
act-factor-added = Second factor turned on
act-factor-removed = Second factor turned off
act-factor-locked = Only recovery codes taken for a while, after many wrong codes
act-recovery-codes-made = Recovery codes made
act-recovery-code-used = Recovery code used
act-member-factor-removed = Second factor of a member turned off
operator-factor-code = The six digits that your authenticator app shows now, or a recovery code.
