# The demo's mailbox.
mailbox-title = Mailbox
mailbox-heading = Mail that was sent
mailbox-lead = Nothing leaves this demo: these are the letters it would have sent, newest first.
mailbox-again = Look again
mailbox-filter = Whose letters
mailbox-all = All
mailbox-empty = No letters yet. Book something.
mailbox-from = From
mailbox-to = To
mailbox-at = Sent
mailbox-calendar = Calendar entry
