# Setting up.
setup-title = Set up Kept
setup-lead = Five answers, and the first appointment can be booked. Everything can be changed later.
setup-wrong = Some answers need another look; nothing you typed is lost.
setup-name = What is your organization called?
setup-slug = Its name in addresses
    .hint = Small letters, digits and hyphens. Left empty, it is made of the name.
setup-zone = Time zone
    .hint = Such as Europe/Berlin. All days and hours are of this zone.
setup-you = You, its owner
setup-owner = Your name
setup-email = Your e-mail
setup-password = A password
    .hint = At least 10 characters. Three or four words that do not belong together do well.
setup-make = Go on
setup-name-wrong = Write 1 to 120 characters on one line.
setup-slug-wrong = Use 2 to 40 small letters, digits and hyphens, beginning and ending with a letter or digit; a few words such as “api” are taken.
setup-slug-taken = Another organization has this address. Choose another.
setup-zone-wrong = This is no time zone we know. Write one such as Europe/Berlin.
setup-email-wrong = Write an address such as office@example.org.
setup-first = Your first service
setup-first-lead = Choose what comes closest: it fills in what most of its kind would answer.
setup-kit = What do you do?
setup-service = What can be booked?
setup-length = How long does it take, in minutes?
setup-place = Where?
setup-address = Address
setup-staff = Who serves?
    .hint = You can be called otherwise here than in your account. More people come later.
setup-days = On which days?
setup-from = From
setup-to = Until
setup-open = Open for bookings
setup-text-wrong = Write 1 to 120 characters on one line.
setup-length-wrong = Write a whole number of minutes from 5 to 480.
setup-hours-wrong = The end must be later than the beginning, as 09:00 and 17:00.
setup-days-wrong = Choose at least one day.
setup-day-1 = Monday
setup-day-2 = Tuesday
setup-day-3 = Wednesday
setup-day-4 = Thursday
setup-day-5 = Friday
setup-day-6 = Saturday
setup-day-7 = Sunday
kit-clinic = Clinic or practice
kit-clinic-service = First visit
kit-clinic-place = Practice
kit-advising = Advising
kit-advising-service = Advising session
kit-advising-place = Advising office
kit-salon = Salon
kit-salon-service = Cut and finish
kit-salon-place = Salon
kit-city-office = City office
kit-city-office-service = Identity card
kit-city-office-place = Town hall
kit-field-service = Field service
kit-field-service-service = Visit at your place
kit-field-service-place = Your place
checklist = Get ready to take bookings
checklist-count = { $done } of { $all } done
checklist-done = done
checklist-open = still to do
checklist-organization = Name, language and time zone
    .advice = Look whether they are right.
checklist-services = { $count ->
    [0] No service yet
    [one] One service
   *[other] { $count } services
}
    .advice = Say what can be booked.
checklist-places = { $count ->
    [0] No place yet
    [one] One place
   *[other] { $count } places
}
    .advice = Say where.
checklist-staff = { $count ->
    [0] Nobody serves yet
    [one] One person serves
   *[other] { $count } people serve
}
    .advice = Say who serves.
checklist-hours = Times that can be booked
    .advice = Nobody who serves has hours in the next weeks. Give them some.
checklist-members = { $count ->
    [one] You are the only member
   *[other] { $count } members
}
    .advice = Invite whoever works with you.
checklist-mail = Mail reaches people
    .advice = Send yourself a mail and see whether it arrives.
checklist-try = Try it
    .advice = Point a telephone at the code and book as a customer would.
checklist-try-later = As soon as there is a time to book, a code to try it with stands here.
done-set-up = You are open for bookings.
settings = Settings
settings-search = Search all settings
settings-find = Search
settings-nothing = No setting has these words.
settings-all = Show all
settings-own = Your organization
settings-somebody = somebody
settings-last = Last changed by { $name } on { $day }.
settings-locale-wrong = Choose one of the languages.
settings-name = Name
    .about = Stands on every page and in every mail.
settings-zone = Time zone
    .about = Days, daily limits and times begin here, unless a place has another. Such as Europe/Berlin.
settings-locale = Language
    .about = Used where we do not know a reader's own. English at first.
settings-sender-name = Mail comes from (name)
    .about = At first the organization's name.
settings-sender-address = Mail comes from (address)
    .about = Must be an address that your mail server may send for.
settings-reply-to = Answers go to
    .about = Left empty, answers go to the address that mail comes from.
settings-checklist = Get ready
    .about = What is live, what is still to do, and a code to try it.
settings-services = Services, places, staff
    .about = What can be booked, where, with whom and when; questions, buffers, notice, holidays.
settings-members = Members
    .about = Who has an account, and in which role.
settings-look = Look and words
    .about = Color, logo, names of things, languages, texts and links.
settings-letters = Letters
    .about = What mails say, with a preview.
settings-embed = Your website
    .about = Show booking on a page of yours.
done-unchanged = There was nothing to change.
settings-mail = Mail
    .about = Send yourself a mail and see whether it arrives.
mail-trial = Does mail arrive?
mail-trial-lead = One mail, from your organization to you:
mail-trial-send = Send it
checklist-mail-send = Send yourself a mail
mail-trial-waiting = It is on its way
    .advice = This page looks again by itself.
mail-trial-sent = The mail server took the mail
    .advice = Look whether it arrived, and not among junk.
mail-trial-dead = The mail server refused it
    .advice = Look at the mail settings of this installation; the address that mail comes from must be allowed there. The server said:
mail-trial-unknown = Nobody knows whether it was taken
    .advice = The connection broke while the server had it. Look into your mailbox before you send another.
mail-trial-dropped = It was not sent
    .advice = This installation sends no mail yet, or a newer trial took its place. Its operator sets up a mail server under “mail” in the settings file.
