# People: list, person, merging, fields, many at once, lists in and out.
people-title = Customers
people-new = Add a customer
people-edit = Change
people-save = Save
people-cancel = Cancel
people-search = Find a customer
people-search-go = Find
people-search-hint = The beginning of any word of the name, an e-mail address, a telephone number or a reference such as BK-7QX-204.
people-more = More about customers
people-count = { $count ->
    [one] 1 customer
   *[other] { $count } customers
 }
people-count-found = { $count ->
    [0] Nobody found
    [one] 1 customer found
   *[other] { $count } customers found
 }
people-count-more = The first { $count }; there are more
people-none = Nobody is recorded yet. Customers appear here with their first booking; you can also add them, or import a list.
people-none-found = Nobody is called so or reached so. Try fewer letters, or the last digits of the telephone number.
people-next = Show the next ones
people-name = Name
people-email = E-mail
    .hint = Where they are told of their appointments.
people-email-more = Another e-mail
    .hint = Kept to recognize them.
people-phone = Telephone
    .hint = With country code, such as +49 30 123456.
people-phone-more = Another telephone
    .hint = With country code.
people-zone = Time zone
    .hint = Times are written to them as their clocks show them: Europe/Berlin.
people-locale = Language
people-since = Recorded
people-required = needed
people-yes = Yes
people-empty = nothing
people-wrong = Some things are not right yet
people-upcoming = Coming
people-upcoming-none = Nothing is booked.
people-past = Before
people-past-none = Nothing yet.
people-past-cut = Only the latest 100 appointments are shown.
people-appointments-count = { $count ->
    [one] 1 appointment
   *[other] { $count } appointments
 }
people-status-awaiting = Unconfirmed
people-status-confirmed = Confirmed
people-status-arrived = Arrived
people-status-in-progress = In progress
people-status-done = Done
people-status-no-show = No-show
people-status-canceled = Canceled
people-notes = Notes
people-note = New note
    .hint = Only what is needed; the customer may ask to read it.
people-note-add = Add the note
people-note-remove = Remove
people-fault-required = { $label }: fill this in.
people-fault-too-long = { $label }: this is too long.
people-fault-malformed = { $label }: this cannot be read. Look for a typing mistake.
people-fault-no-phone = { $label }: this is no telephone number. Begin with + and the country code.
people-fault-not-a-choice = { $label }: this is none of the choices.
people-fault-unknown = { $label }: this is not known.

people-alike = Possible duplicates
people-alike-intro = Records that share an address, a number or a name. Look at both before you make them one.
people-alike-none = No two records look alike.
people-alike-email = same e-mail
people-alike-phone = same telephone
people-alike-name = same name
people-alike-cut = Only the first { $count } are shown; others follow when these are done.
people-merge = One customer?
people-merge-intro = Choose what stays. The record on the left takes over everything of the other.
people-merge-contacts = Addresses and numbers that stay
people-merge-moves = Appointments, answers, notes and messages of both stay. You can take this back for a day.
people-merge-do = Make them one
people-merge-too-many = At most { $most } addresses and { $most } numbers can stay.

people-fields = Own fields
people-fields-intro = What you keep of each customer beside name and contact. Say why: the reason stands beside the field wherever it is filled in.
people-fields-none = You keep nothing else. Less is safer; add a field when you need it.
people-fields-full = There are { $most } fields, which is the most. Remove one first.
people-field-new = Add a field
people-field-edit = Change a field
people-field-label = What it is called
    .hint = Such as: Insurance number
people-field-reason = Why you keep it
    .hint = Such as: So that the invoice goes to the right place.
people-field-kind = What stands in it
    .hint = This cannot be changed later.
people-field-choices = Choices
    .hint = One on each line; only for fields with choices.
people-field-required = Staff must fill it in
    .hint = Lists that are imported need not have it.
people-field-remove = Remove this field
people-field-remove-hint = What stands in it goes too. You can take this back for a day.
people-field-too-much = So much stands in this field that it cannot be removed at once. Clear it for a part of the customers first.
people-kind-text = Text
people-kind-choice = One of several choices
people-kind-check = Yes or nothing
people-kind-date = A date

people-mass = Change all of these
people-mass-about-all = { $count ->
    [one] All customers: 1
   *[other] All customers: { $count }
 }
people-mass-about-found = { $count ->
    [one] 1 customer, found by
   *[other] { $count } customers, found by
 }
people-mass-act = What to do
people-mass-value = With what
    .hint = The text, the choice, a date such as 2026-12-01, a language or a time zone. Nothing when a field is cleared.
people-mass-set = Put something into: { $label }
people-mass-clear = Clear: { $label }
people-mass-note = Add a note
people-mass-locale = Set the language
people-mass-zone = Set the time zone
people-mass-look = See what would change
people-mass-preview = { $changes } of { $found } would change
people-mass-more = { $count ->
    [one] And 1 more.
   *[other] And { $count } more.
 }
people-mass-before = Now
people-mass-after = Then
people-mass-do = Do it
people-mass-too-many = At most { $most } customers are changed at once. Find fewer first.

people-export-csv = Save as CSV
people-export-xlsx = Save as XLSX

people-import = Import a list
people-import-intro = A list from a spreadsheet or another program, saved as CSV, with the names of the columns in its first line. Nothing is recorded before you have seen what would be.
people-import-file = The file
people-import-limits = At most { $mib } MiB, { $rows } rows and { $columns } columns.
people-import-kept = The list is kept for { $days } days, so that you can go on later.
people-import-upload = Upload
people-import-open = Begun before
people-import-begun = { $rows } rows, { $when }
people-import-empty = There is nothing in this file below a first line.
people-import-not-text = This is not a CSV file. Open it in your spreadsheet program and save it as CSV.
people-import-too-many-rows = This list has more than { $rows } rows. Split it.
people-import-too-many-columns = This list has more than { $columns } columns. Leave some out.
people-import-columns = What the columns mean
people-import-columns-intro = Guessed from the first line. Change what is not right.
people-import-heading = Column
people-import-samples = Such as
people-import-meaning = Holds
people-import-check = See what would be recorded
people-column-nothing = Nothing I need
people-column-name = The whole name
people-column-given = The given name
people-column-family = The family name
people-column-email = E-mail
people-column-phone = Telephone
people-column-zone = Time zone
people-column-locale = Language
people-column-note = A note
people-columns-twice = Two columns mean the same. Choose one of them.
people-columns-no-name = No column holds a name. Say which one does.
people-import-found = What would happen
people-import-state = What happened
people-import-rows-unread = { $count ->
    [one] 1 row was not looked at
   *[other] { $count } rows were not looked at
 }
people-import-rows-faulty = { $count ->
    [one] 1 row has a fault
   *[other] { $count } rows have faults
 }
people-import-rows-new = { $count ->
    [one] 1 customer is new
   *[other] { $count } customers are new
 }
people-import-rows-more = { $count ->
    [one] 1 known customer gets something that was missing
   *[other] { $count } known customers get something that was missing
 }
people-import-rows-known = { $count ->
    [one] 1 customer is recorded already
   *[other] { $count } customers are recorded already
 }
people-import-rows-twice = { $count ->
    [one] 1 row repeats one before it and is left out
   *[other] { $count } rows repeat one before them and are left out
 }
people-import-rows-left-out = { $count ->
    [one] 1 row is left out
   *[other] { $count } rows are left out
 }
people-import-rows-recorded = { $count ->
    [one] 1 row is recorded
   *[other] { $count } rows are recorded
 }
people-import-rows-taken-back = { $count ->
    [one] 1 row was taken back
   *[other] { $count } rows were taken back
 }
people-import-record = { $count ->
    [one] Record 1 customer
   *[other] Record { $count } customers
 }
people-import-faulty = Rows with faults
people-import-faulty-intro = Correct them here, or leave them out. The other rows can be recorded without them.
people-import-faulty-more = { $count ->
    [one] 1 more row follows when these are done.
   *[other] { $count } more rows follow when these are done.
 }
people-import-row = Row { $number }
people-import-leave-out = Leave this row out
people-import-correct = Look at them again
people-import-remove = Remove this list
people-import-remove-hint = The uploaded list goes; who is recorded stays.

done-person-added = Recorded.
done-person-changed = Changed.
done-note-added = The note is added.
done-note-removed = The note is removed.
done-people-merged = They are one customer now.
done-people-changed = All of them are changed.
done-field-added = The field is added.
done-field-changed = The field is changed.
done-field-removed = The field is removed.
done-list-uploaded = The list is uploaded. Nothing is recorded yet.
done-list-checked = Looked at. Nothing is recorded yet.
done-list-recorded = The list is recorded.
done-list-removed = The list is removed.
