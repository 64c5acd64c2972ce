# A second factor, sessions, and how members sign in.
factor-title = Second factor
factor-lead = With a second factor, signing in also takes a code from an app on your telephone. Whoever learns your password gets no further.
factor-needed = Your role needs a second factor. Once it is set up you are in.
factor-begin = Set up a second factor
factor-change = Recovery codes, or turn it off
factor-on = A second factor is on: signing in also takes a code from your app.
factor-is-on = The second factor is on. Other browsers are signed out.
factor-step-scan = Open your authenticator app, add an account, and point the camera at this code.
factor-step-type = No camera? Type this key into the app; it makes a new code every 30 seconds:
factor-step-code = Then write the six digits that the app shows
factor-qr = Code for your authenticator app
factor-turn-on = Turn it on
factor-turn-off = Turn it off
factor-code-wrong = This is not the code that the app shows now. Look whether your telephone’s clock is right, and write the newest code.
done-factor-off = The second factor is off; other browsers are signed out.
recovery-title = Recovery codes
recovery-advice = Keep these codes somewhere safe, on paper or in a password manager. Each lets you in once, in place of your app. They are shown this once.
recovery-kept = I have kept them
recovery-make = Make new recovery codes
recovery-left = { $left ->
    [0] You have no recovery codes left. Make new ones, or you are locked out without your app.
    [one] You have one recovery code left.
   *[other] You have { $left } recovery codes left.
}
recovery-instead = Your app is not at hand?
recovery-code = Recovery code
recovery-use = Use the recovery code
code-title = One more step
code = Code from your app
code-hint = The six digits that your authenticator app shows now.
code-lost = If you have lost both your app and your recovery codes, ask an owner or admin to turn your second factor off.
code-wrong = { $left ->
    [one] This code is not right, or was used before. You have one try left.
   *[other] This code is not right, or was used before. You have { $left } tries left.
}
code-often = There were too many tries from here. Wait a quarter of an hour.
code-locked = There were too many wrong codes for this account. Until tomorrow only recovery codes are taken.
done-sign-in-over = This sign-in has ended. Begin again.
done-sign-in-codes = There were too many wrong codes. Begin again.
proof-title = Is it you?
proof-lead = Before this goes on, show that it is you and nobody at your open screen.
proof-by-code = Or by a code
proof-wrong = This is not right. Look at it again.
proof-often = There were too many tries. Wait a quarter of an hour.
password-renew = A new password
password-renew-lead = Your password has to be changed before you go on.
password-same = This is your present password. Choose another one.
sessions = Where you are signed in
session-times = since { $began }, last used { $seen }
session-device = { $browser } on { $platform }
session-device-unknown = Unknown browser
session-this = (this browser)
session-end = Sign out
sessions-end = Sign out all others
done-session-ended = Signed out there.
done-others-ended = All other browsers are signed out.
session-ends-soon = You will be signed out in two minutes. What you write here stays.
session-stay = Stay signed in
session-is-over = You are signed out. What you wrote is still here: sign in in another tab, then send it.
session-sign-in-again = Sign in in a new tab
settings-sign-in = Signing in
    .about = Who needs a second factor, how long sessions and passwords last.
rule-factor-roles = Roles that need a second factor
    .hint = Members with such a role set one up when they next open a page, before anything else.
rule-own-factor = You have no second factor yourself and would be out. Set yours up first:
rule-idle-minutes = Sign out after minutes without use
    .hint = { $least } to { $most } minutes. A warning comes two minutes before.
rule-session-hours = Sign out after hours, used or not
    .hint = { $least } to { $most } hours.
rule-password-days = Passwords last days
    .hint = { $least } to { $most } days; leave it empty and they last until somebody changes them, which is safer for most.
rule-out-of-bounds = Write a whole number from { $least } to { $most }.
passwords-expire = New passwords for everybody
    .about = After a leak, have everybody choose a new password when they next sign in.
passwords-expire-all = Ask everybody for a new password
done-passwords-expired = Everybody chooses a new password at the next sign-in.
member-factor-off = Turn second factor off, remove passkeys
member-sign-out = Sign out everywhere
member-password = Ask for a new password
done-member-factor-off = The second factor is off and passkeys are removed; the member is signed out and written to.
done-member-signed-out = The member is signed out everywhere, and may sign in again.
done-member-password-expired = The next sign-in asks for a new password; the member is written to.
