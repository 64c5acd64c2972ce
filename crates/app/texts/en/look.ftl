# Look, words, texts, letters and other sites: the pages of members.
look-tab-look = Look
look-tab-words = Words
look-tab-texts = Texts
look-tab-letters = Letters
look-tab-embed = On your site

look-title = Look and languages
look-color = Color
    .why = One color, for links, buttons and marks on your pages and letters. From it we make a shade for light and one for dark that everybody can read.
look-color-code = Color code
    .how = For example #0b5a54.
look-color-pick = Pick a color
look-color-take = Use this color
look-color-show = Show it first
look-color-ours = Back to our color
look-color-nearest = Use { $color } instead
look-wrong-color = Enter a color as # and three or six digits, for example #0b5a54.
look-wrong-contrast = Text in this color is hard to read: its contrast is { $contrast } and must be 4.5. The sample shows the nearest color that can be read.
look-sample = The color on light and on dark paper
look-sample-link = A link
look-sample-button = Book
look-sample-note = A note beside it
look-logo = Logo
look-logo-now = Your logo as it is now
look-logo-file = Picture
    .how = PNG, JPEG or WebP, at most { $kib } KiB. It stands in place of your name at the head of your pages. We keep only the picture itself, not what a camera writes beside it.
look-logo-take = Use this picture
look-logo-remove = Show the name instead
look-picture-missing = Choose a file first.
look-picture-large = This file is too large. It can have at most { $kib } KiB; a logo of 400 pixels is plenty.
look-picture-svg = SVG can hold scripts, so we do not take it. Save it as PNG and send that.
look-picture-unknown = This file is neither PNG nor JPEG nor WebP. Save the picture as one of them.
look-picture-broken = This picture is damaged, moves, or is of an unusual kind. Save it again as PNG.
look-picture-size = Each side must have between { $least } and { $most } pixels.
look-languages = Languages
look-languages-offered = Your pages are offered in
    .why = Visitors see the language of their browser when it is offered, else your own.
look-languages-house = (your own)
look-wrong-house = Your own language is always offered. Tick it as well.
look-preview = Your page
    .why = The real page, as visitors see it now.
done-look-color = Your color is changed.
done-look-logo = Your logo is changed.
done-look-logo-removed = Your name is shown in place of the logo.
done-look-languages = Your languages are changed.

look-words-title = Words
look-words-lead = Call things by the names your customers know. Write each as it stands within a sentence. Leave both fields empty for our word.
look-words-one = One
look-words-many = Several
noun-appointment = Appointment
    .one = appointment
    .many = appointments
noun-customer = Customer
    .one = customer
    .many = customers
noun-staff = Staff member
    .one = staff member
    .many = staff members
noun-service = Service
    .one = service
    .many = services
noun-location = Location
    .one = location
    .many = locations
look-wrong-both = Enter one and several, or leave both empty.
look-wrong-long = This is too long. Please shorten it.
look-wrong-line = This has characters that cannot be kept. Please type it again.
look-wrong-unknown = There is no such word.
done-look-words = Your words are changed.

look-texts-title = Texts on your pages
look-texts-lead = All of them may be empty. An empty line parts paragraphs.
look-texts-welcome = Above your services
    .why = A greeting, or what people should know before they book.
look-texts-done = Once something is booked
    .why = What to bring, how to find you.
look-texts-links = At the foot of your pages
    .why = For example your imprint and your privacy notice. Addresses begin with https://.
look-texts-label = Text { $number }
look-texts-url = Address { $number }
look-wrong-label = This link needs a text.
look-wrong-url = Enter an address that begins with https://, for example https://www.clinic.example/imprint.
look-wrong-many = These are too many.
done-look-texts = Your texts are changed.

look-letters-title = Letters
look-letters-lead = What your letters say. Change a letter, or leave ours, which says everything needed.
look-letters-own = Your words
look-letters-ours = Our words
look-letters-change = Change
look-letters-to-person = To the customer
look-letters-to-staff = To the staff member
letter-booked = Booked
letter-moved = Moved
letter-canceled = Canceled
look-letter-heading = { $letter }: { $reader }, { $language }
look-letter-subject = Subject
look-letter-body = Text
look-letter-slots = You can use
look-letter-slot-name = who booked
look-letter-slot-service = what was booked
look-letter-slot-when = day, time and zone
look-letter-slot-where = location, room and address
look-letter-slot-reference = the reference
look-letter-slot-manage_url = the link to the customer's page
look-letter-shown = How it reads
look-letter-sample = With an invented customer.
look-letter-show = Show how it reads
look-letter-reset = Back to our words
look-letter-wrong = { $part ->
    [subject] Subject
   *[body] Text
}
look-letter-empty = { $part ->
    [subject] The subject is empty.
   *[body] The text is empty.
}
look-letter-long = { $part ->
    [subject] The subject can have at most { $most } characters.
   *[body] The text can have at most { $most } characters.
}
look-letter-control = { $part ->
    [subject] The subject must be one line.
   *[body] The text has characters that cannot be kept. Please type them again.
}
look-letter-unknown = { $part ->
    [subject] Subject, character { $column }: this brace belongs to none of the names below.
   *[body] Line { $line }, character { $column }: this brace belongs to none of the names below.
}
look-letter-misplaced = { $part ->
    [subject] { $slot } cannot stand in the subject: subjects are read over shoulders and on lock screens.
   *[body] { $slot } cannot stand in this letter.
}
look-letter-lacks = The text needs { $slot }, or the letter would not do its work.
done-look-letter = Your letter is changed.
done-look-letter-reset = This letter has our words again.

embed-title = Booking on your site
embed-lead = Show your booking pages within your own site. They set no cookie there and load nothing from others.
embed-sites = 1. Name your sites
embed-origins = Sites that may show your booking pages, one a line
    .why = For example https://www.clinic.example. To try things, http://localhost:8000 works as well. Nobody else can show your pages in a frame.
embed-nowhere = No site may show your pages yet. Name yours above; a plain link works everywhere.
look-wrong-origin = Enter each site as https:// and its name, without a path: https://www.clinic.example.
embed-snippet = 2. Copy the snippet
embed-service = What can be booked there
embed-all-services = All services
embed-mode = How it shows
embed-mode-inline = Within the page
embed-mode-dialog = A link that opens a dialog
embed-mode-link = A plain link
embed-language = Language
embed-readers-language = The reader's own
embed-theme = Light or dark
embed-theme-auto = As the reader has it
embed-theme-light = Light
embed-theme-dark = Dark
embed-make = Make the snippet
embed-copy-this = Put this where booking shall appear
embed-copy = Copy
embed-copied = Copied
embed-more = For those who build the site
embed-policy = A content security policy needs no more than:
embed-events = The element with data-book tells these events, which bubble:
done-look-origins = The sites that may show your pages are changed.
