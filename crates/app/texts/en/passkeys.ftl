# Passkeys.
passkeys = Passkeys
passkeys-lead = A passkey signs you in with your fingerprint, face or device PIN. It takes the place of password and code, and no false page can steal it.
passkeys-count = { $count ->
    [0] You have none yet.
    [one] You have one.
   *[other] You have { $count }.
}
passkeys-change = Add or change passkeys
passkeys-none = You have no passkey yet. Add one below, on each device that you sign in with.
passkey-add = Add a passkey
passkey-name = Name of the passkey
passkey-new-name = New name
passkey-name-hint = So that you know it again: the device, or where it is kept.
passkey-name-wrong = Write a name of up to 60 characters.
passkey-rename = Rename
passkey-remove = Remove
passkey-times = since { $made }, last used { $used }
passkey-unused = since { $made }, not used yet
passkey-copied = can be on several devices
passkey-one-device = on one device alone
passkey-too-many = You have as many passkeys as there can be. Remove one that you do not use.
passkey-last-way = This passkey is your only way to sign in. Add another one first.
passkey-not-added = The passkey was not added: it took longer than five minutes, or the device answered something else. Try again.
passkey-not-made = No passkey was made. Perhaps you stopped it, or this device has one for you already.
passkey-not-used = The passkey was not used. Try again, or go on in another way.
passkey-wrong = This passkey does not open an account here. Try another one, or sign in with your password.
passkey-sign-in = Sign in with a passkey
passkey-use = Use a passkey
passkey-needed = Your role needs more than a password. Use your passkey.
passkey-lost = If you have lost your passkey, ask an owner or admin to turn your second factor off.
passkey-without-scripts = Passkeys need JavaScript. Passwords and codes work without.
done-passkey-added = The passkey is added. Next time, choose it where you sign in.
done-passkey-removed = The passkey is removed here; other browsers are signed out. Remove it from your device too.
