# Services, day and time, time zones.
services-title = Book an appointment
    .appointment = Book your { $appointment }
services-heading = What can we do for you?
services-lead = Choose what you need. You then pick a day and a time.
services-none = Nothing can be booked online at the moment. You can write to us:
    .service = None of our { $services } can be booked online at the moment. You can write to us:

times-title = Choose a time
times-heading = When suits you?
step-time = Time
step-details = Your details
step-done = Done
with-any-at = With <b>anyone available</b> at { $place }.
with-at = With <b>{ $who }</b> at { $place }.
anyone = Anyone available
choose-person = With whom?
    .staff = { $Staff }
choose-place = Where?
    .location = { $Location }
first-available = First available:
earlier-at = Earlier at
earlier-days = Earlier days
later-days = Later days
show-month = Month
show-week = Week
day-free = { $count } free
day-full = full
day-closed = closed
day-past = past
day-too-far = not yet
times-on = Times on { $day }
part-night = Night
part-morning = Morning
part-afternoon = Afternoon
part-evening = Evening
times-in = Times in <b>{ $zone }</b> ({ $offset })
times-there = The appointment takes place in { $zone }.
    .appointment = The { $appointment } takes place in { $zone }.
time-there = { $time } there
change-zone = Change time zone
zone-offer = Your device uses another time zone:
clocks-change = Clocks change on this day. Please look at the times once more.
hold-promise = { $minutes ->
    [one] Kept for you for { $minutes } minute once you continue.
   *[other] Kept for you for { $minutes } minutes once you continue.
}
continue = Continue
nearest-times = The nearest free times
empty-day = Nothing is free on this day. Choose another day above.
empty-all = { $days ->
    [one] Nothing is free until tomorrow.
   *[other] Nothing is free in the next { $days } days.
}
empty-service = This cannot be booked online at the moment.
trouble-nothing = Choose a time
    .advice = Pick one of the times below, then continue.
trouble-gone = This time was just taken
    .advice = Somebody was a little faster. Choose one of the nearest free times, or any other below.
trouble-gone-alone = This time was just taken
    .advice = Somebody was a little faster. Please choose another time below.

zones-title = Time zone
zones-heading = In which time zone do you want to see times?
zones-search = City or region
zones-go = Search
zones-found = Found
zones-nothing = No time zone has that name. Try a large city nearby.
zones-suggested = Suggestions
zones-all = All time zones
area-africa = Africa
area-america = America
area-antarctica = Antarctica
area-arctic = Arctic
area-asia = Asia
area-atlantic = Atlantic
area-australia = Australia
area-europe = Europe
area-indian = Indian Ocean
area-pacific = Pacific

where-phone = By telephone: we call you
where-video = By video
where-customer = At your address
with-how = With <b>{ $who }</b>. { $how }.
with-any-how = With <b>anyone available</b>. { $how }.
