# Letters. Subjects to people name the organization and the time, never the service.

mail-subject-person-booked = Booked: { $organization }, { $when }
mail-subject-person-moved = Moved: { $organization }, { $when }
mail-subject-person-canceled = Canceled: { $organization }, { $when }
mail-subject-staff-booked = New appointment: { $when }
mail-subject-staff-moved = Moved to { $when }
mail-subject-staff-canceled = Canceled: { $when }

mail-hello = Hello { $name },
mail-open-person-booked = Your appointment is booked.
mail-open-person-moved = Your appointment was moved to another time.
mail-open-person-canceled = Your appointment was canceled.
mail-open-staff-booked = A new appointment was booked with you.
mail-open-staff-moved = An appointment with you was moved to another time.
mail-open-staff-canceled = An appointment with you was canceled.
mail-open-staff-reassigned = An appointment with you was moved and somebody else serves it now.

mail-when = When
mail-before = Before
mail-service = What
mail-with = With
mail-for = For
mail-where = Where
mail-reference = Reference

# A second time, in the zone of the place: "At Harbor: Tue 1 Dec 2026, 14:30–15:00".
mail-at-place = At { $place }: { $when }
mail-until-both = You can move or cancel it until { $when }.
mail-until-move = You can move it until { $when }.
mail-until-cancel = You can cancel it until { $when }.
mail-manage = See, move or cancel it
mail-see = See your appointment
mail-book-again = Book another time
mail-powered = Powered by Kept

# Title of the calendar entry.
mail-entry-person = { $organization }
mail-entry-staff = { $service }, { $reference }
