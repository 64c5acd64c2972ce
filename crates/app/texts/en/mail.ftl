# Letters. Subjects to people name the organization and the time, never the service.

mail-subject-person-booked = Booked: { $organization }, { $when }
mail-subject-person-moved = Moved: { $organization }, { $when }
mail-subject-person-canceled = Canceled: { $organization }, { $when }
mail-subject-staff-booked = New appointment: { $when }
    .appointment = New { $appointment }: { $when }
mail-subject-staff-moved = Moved to { $when }
mail-subject-staff-canceled = Canceled: { $when }

mail-hello = Hello { $name },
mail-open-person-booked = Your appointment is booked.
    .appointment = Your { $appointment } is booked.
mail-open-person-moved = Your appointment was moved to another time.
    .appointment = Your { $appointment } was moved to another time.
mail-open-person-canceled = Your appointment was canceled.
    .appointment = Your { $appointment } was canceled.
mail-open-staff-booked = A new appointment was booked with you.
    .appointment = { $Appointment }: newly booked with you.
mail-open-staff-moved = An appointment with you was moved to another time.
    .appointment = { $Appointment }: moved to another time with you.
mail-open-staff-canceled = An appointment with you was canceled.
    .appointment = { $Appointment }: canceled with you.
mail-open-staff-reassigned = An appointment with you was moved and somebody else serves it now.
    .appointment = { $Appointment }: moved, and somebody else serves it now.

mail-when = When
mail-before = Before
mail-service = What
    .service = { $Service }
mail-with = With
    .staff = { $Staff }
mail-for = For
    .customer = { $Customer }
mail-where = Where
    .location = { $Location }
mail-reference = Reference

# A second time, in the zone of the place: "At Harbor: Tue 1 Dec 2026, 14:30–15:00".
mail-at-place = At { $place }: { $when }
mail-until-both = You can move or cancel it until { $when }.
mail-until-move = You can move it until { $when }.
mail-until-cancel = You can cancel it until { $when }.
mail-manage = See, move or cancel it
mail-see = See your appointment
    .appointment = See your { $appointment }
mail-book-again = Book another time
mail-powered = Powered by Kept

# Title of the calendar entry.
mail-entry-person = { $organization }
mail-entry-staff = { $service }, { $reference }

# Notices to members about their account.
mail-subject-join = Join { $organization } on Kept
mail-open-join = You are invited to work with { $organization } on Kept.
mail-note-join = The link works once, within seven days. If you expected no invitation, leave it alone: nothing happens.
mail-link-join = Join
mail-subject-reset = A new password for { $organization }
mail-open-reset = Somebody, most likely you, asked for a new password for your account with { $organization }.
mail-note-reset = The link works once, within two hours. If it was not you, leave it alone: your password stays.
mail-link-reset = Set a new password
mail-subject-trial = Mail from { $organization } arrives
mail-open-trial = This is the mail you asked for to see whether mail from { $organization } arrives. It does.
mail-note-trial = Look whether the sender is the one your customers should see, and whether this landed among junk.
mail-link-trial = Back to what is still to do
mail-subject-export = Everything of { $organization } is being exported
mail-open-export = An owner or admin of { $organization } has asked for a package of everything: customers, appointments and settings.
mail-note-export = Who it was and why stands on the page, where it can be removed too. If nobody should have, change your passwords and look who has an account.
mail-link-export = See the packages
mail-subject-download = A package of everything of { $organization } was fetched
mail-open-download = An owner or admin has fetched a package of everything of { $organization }.
mail-note-download = Who it was stands in the register on the page.
mail-link-download = See the register
mail-subject-factor-on = Your sign-in at { $organization } now takes two steps
mail-open-factor-on = A second factor was turned on for your account with { $organization }. Every other browser was signed out.
mail-note-factor-on = If it was not you, set a new password and tell an owner at once: whoever did it knows your password.
mail-link-factor-on = See your account
mail-subject-factor-off = Your sign-in at { $organization } takes one step again
mail-open-factor-off = The second factor of your account with { $organization } was turned off. Every other browser was signed out.
mail-note-factor-off = If neither you nor an owner or admin at your request did this, set a new password and tell an owner at once.
mail-link-factor-off = See your account
mail-subject-new-browser = A new browser signed in at { $organization }
mail-open-new-browser = Somebody, most likely you, signed in to your account with { $organization } with a browser that was not used for it before.
mail-note-new-browser = Your account lists every browser that is signed in. If you do not know one, end it there and set a new password.
mail-link-new-browser = See who is signed in
mail-subject-new-password = Your password for { $organization } was changed
mail-open-new-password = The password of your account with { $organization } was changed. Every other browser was signed out.
mail-note-new-password = If it was not you, ask for a new password where you sign in, and tell an owner.
mail-link-new-password = See your account
mail-subject-password-asked = Please choose a new password for { $organization }
mail-open-password-asked = An owner or admin of { $organization } asks you to choose a new password. Your next sign-in begins with it.
mail-note-password-asked = You sign in as ever, and are then asked for the new one. Nobody needs to be told your password, old or new.
mail-link-password-asked = See your account
mail-subject-passkey-added = A passkey was added to your account with { $organization }
mail-open-passkey-added = A passkey was added to your account with { $organization }. It signs in without a password.
mail-note-passkey-added = If it was not you, remove it in your account, set a new password and tell an owner at once.
mail-link-passkey-added = See your account
mail-subject-passkey-removed = A passkey of your account with { $organization } was removed
mail-open-passkey-removed = A passkey of your account with { $organization } was removed, or all of them. Every other browser was signed out.
mail-note-passkey-removed = If neither you nor an owner or admin at your request did this, set a new password and tell an owner at once.
mail-link-passkey-removed = See your account
mail-subject-passkey-count = A passkey of your account with { $organization } may have been copied
mail-open-passkey-count = A passkey of your account with { $organization } was used, and its counter did not go up as it should. Somebody may have a copy of it; more often a device counts badly.
mail-note-passkey-count = If you did not just sign in, remove the passkey in your account and tell an owner at once.
mail-link-passkey-count = See your account
mail-subject-token-made = A token was made for { $organization }
mail-open-token-made = Somebody who manages { $organization } made a token, or a new secret for one. A program can come in with it.
mail-note-token-made = Who it was and what it may do stands on the page; there it can be revoked. If nobody was meant to, revoke it, and look who has an account.
mail-link-token-made = See the tokens
mail-subject-token-ending = A token of { $organization } is about to end
mail-open-token-ending = A token by which a program comes in to { $organization } ends within two weeks. The program is then let in no more.
mail-note-token-ending = If it is still needed, make a new secret and put it into the program; the old one can go on for up to a week meanwhile.
mail-link-token-ending = See the tokens
mail-subject-token-ended = A token of { $organization } has ended
mail-open-token-ended = Whoever made it is not let in to { $organization } any more, and their tokens have ended with that.
mail-note-token-ended = If a program still needs one, make a new token and put it in. That goes for the directory that brings members in, too.
mail-link-token-ended = See the tokens
mail-by-phone = By telephone
mail-by-video = By video
mail-at-customer = At the customer’s address

mail-subject-access-asked = An operator asks { $organization } for access
mail-open-access-asked = One of the people who run this Kept asks to be let into { $organization }. Until an owner or admin says yes they see nothing.
mail-note-access-asked = Who it is, what for and why stands on the page Access, where you answer.
mail-link-access-asked = Look at it

mail-subject-access-granted = { $organization } has let an operator in
mail-open-access-granted = An owner or admin of { $organization } has granted one of the people who run this Kept access for some hours.
mail-note-access-granted = To whom, to what and why stands on the page Access, where it can be ended at any moment.
mail-link-access-granted = Look at it

mail-subject-access-used = An operator is at { $organization }
mail-open-access-used = The operator whom { $organization } let in has opened the first page.
mail-note-access-used = Everything they open and do is listed as it happens.
mail-link-access-used = See what they do

mail-subject-access-ended = An operator's access to { $organization } has ended
mail-open-access-ended = Access that { $organization } granted to an operator has ended: its time was over, or somebody took it back.
mail-note-access-ended = What was opened and done stays listed.
mail-link-access-ended = See what was done
