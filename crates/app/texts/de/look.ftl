# Aussehen, Wörter, Texte, Briefe und andere Seiten: für Mitglieder.
look-tab-look = Aussehen
look-tab-words = Wörter
look-tab-texts = Texte
look-tab-letters = Briefe
look-tab-embed = Auf Ihrer Website

look-title = Aussehen und Sprachen
look-color = Farbe
    .why = Eine Farbe, für Links, Knöpfe und Zeichen auf Ihren Seiten und in Briefen. Daraus machen wir einen Ton für Hell und einen für Dunkel, den alle lesen können.
look-color-code = Farbcode
    .how = Zum Beispiel #0b5a54.
look-color-pick = Farbe auswählen
look-color-take = Diese Farbe nehmen
look-color-show = Erst zeigen
look-color-ours = Zurück zu unserer Farbe
look-color-nearest = Stattdessen { $color } nehmen
look-wrong-color = Geben Sie eine Farbe mit # und drei oder sechs Ziffern an, zum Beispiel #0b5a54.
look-wrong-contrast = Text in dieser Farbe ist schwer zu lesen: Ihr Kontrast ist { $contrast } und muss 4.5 sein. Das Muster zeigt die nächste Farbe, die sich lesen lässt.
look-sample = Die Farbe auf hellem und auf dunklem Papier
look-sample-link = Ein Link
look-sample-button = Buchen
look-sample-note = Ein Hinweis daneben
look-logo = Logo
look-logo-now = Ihr Logo, wie es jetzt ist
look-logo-file = Bild
    .how = PNG, JPEG oder WebP, höchstens { $kib } KiB. Es steht oben auf Ihren Seiten anstelle Ihres Namens. Wir behalten nur das Bild selbst, nicht was eine Kamera dazuschreibt.
look-logo-take = Dieses Bild nehmen
look-logo-remove = Stattdessen den Namen zeigen
look-picture-missing = Wählen Sie zuerst eine Datei.
look-picture-large = Diese Datei ist zu groß. Sie darf höchstens { $kib } KiB haben; ein Logo von 400 Pixeln genügt.
look-picture-svg = SVG kann Skripte enthalten, darum nehmen wir es nicht. Speichern Sie es als PNG und senden Sie das.
look-picture-unknown = Diese Datei ist weder PNG noch JPEG noch WebP. Speichern Sie das Bild als eines davon.
look-picture-broken = Dieses Bild ist beschädigt, bewegt sich oder ist von ungewöhnlicher Art. Speichern Sie es noch einmal als PNG.
look-picture-size = Jede Seite muss zwischen { $least } und { $most } Pixel haben.
look-languages = Sprachen
look-languages-offered = Ihre Seiten gibt es auf
    .why = Besucher sehen die Sprache ihres Browsers, wenn es sie gibt, sonst Ihre eigene.
look-languages-house = (Ihre eigene)
look-wrong-house = Ihre eigene Sprache gibt es immer. Kreuzen Sie sie auch an.
look-preview = Ihre Seite
    .why = Die echte Seite, wie Besucher sie jetzt sehen.
done-look-color = Ihre Farbe ist geändert.
done-look-logo = Ihr Logo ist geändert.
done-look-logo-removed = Anstelle des Logos steht Ihr Name.
done-look-languages = Ihre Sprachen sind geändert.

look-words-title = Wörter
look-words-lead = Nennen Sie die Dinge so, wie Ihre Kunden sie kennen. Schreiben Sie jedes Wort, wie es im Satz steht. Lassen Sie beide Felder leer, wenn unser Wort passt.
look-words-one = Eines
look-words-many = Mehrere
noun-appointment = Termin
    .one = Termin
    .many = Termine
noun-customer = Kunde oder Kundin
    .one = Kunde
    .many = Kunden
noun-staff = Wer im Team
    .one = Teammitglied
    .many = Teammitglieder
noun-service = Leistung
    .one = Leistung
    .many = Leistungen
noun-location = Standort
    .one = Standort
    .many = Standorte
look-wrong-both = Füllen Sie beide Felder aus oder lassen Sie beide leer.
look-wrong-long = Das ist zu lang. Bitte kürzen Sie es.
look-wrong-line = Das enthält Zeichen, die sich nicht speichern lassen. Bitte tippen Sie es neu.
look-wrong-unknown = Dieses Wort gibt es nicht.
done-look-words = Ihre Wörter sind geändert.

look-texts-title = Texte auf Ihren Seiten
look-texts-lead = Alle dürfen leer sein. Eine leere Zeile trennt Absätze.
look-texts-welcome = Über Ihren Leistungen
    .why = Ein Gruß, oder was man vor dem Buchen wissen sollte.
look-texts-done = Wenn etwas gebucht ist
    .why = Was man mitbringt, wie man Sie findet.
look-texts-links = Unten auf Ihren Seiten
    .why = Zum Beispiel Impressum und Datenschutz. Adressen beginnen mit https://.
look-texts-label = Text { $number }
look-texts-url = Adresse { $number }
look-wrong-label = Dieser Link braucht einen Text.
look-wrong-url = Geben Sie eine Adresse an, die mit https:// beginnt, zum Beispiel https://www.clinic.example/imprint.
look-wrong-many = Das sind zu viele.
done-look-texts = Ihre Texte sind geändert.

look-letters-title = Briefe
look-letters-lead = Was in Ihren Briefen steht. Ändern Sie einen Brief, oder lassen Sie unseren: Er sagt alles Nötige.
look-letters-own = Ihre Worte
look-letters-ours = Unsere Worte
look-letters-change = Ändern
look-letters-to-person = An die Kundschaft
look-letters-to-staff = Ans Team
letter-booked = Gebucht
letter-moved = Verschoben
letter-canceled = Abgesagt
look-letter-heading = { $letter }: { $reader }, { $language }
look-letter-subject = Betreff
look-letter-body = Text
look-letter-slots = Sie können verwenden
look-letter-slot-name = wer gebucht hat
look-letter-slot-service = was gebucht ist
look-letter-slot-when = Tag, Uhrzeit und Zeitzone
look-letter-slot-where = Standort, Raum und Adresse
look-letter-slot-reference = die Nummer
look-letter-slot-manage_url = der Link zur eigenen Seite
look-letter-shown = So liest er sich
look-letter-sample = Mit einer erfundenen Person.
look-letter-show = Zeigen, wie er sich liest
look-letter-reset = Zurück zu unseren Worten
look-letter-wrong = { $part ->
    [subject] Betreff
   *[body] Text
}
look-letter-empty = { $part ->
    [subject] Der Betreff ist leer.
   *[body] Der Text ist leer.
}
look-letter-long = { $part ->
    [subject] Der Betreff kann höchstens { $most } Zeichen haben.
   *[body] Der Text kann höchstens { $most } Zeichen haben.
}
look-letter-control = { $part ->
    [subject] Der Betreff muss eine Zeile sein.
   *[body] Der Text enthält Zeichen, die sich nicht speichern lassen. Bitte tippen Sie sie neu.
}
look-letter-unknown = { $part ->
    [subject] Betreff, Zeichen { $column }: Diese Klammer gehört zu keinem der Namen unten.
   *[body] Zeile { $line }, Zeichen { $column }: Diese Klammer gehört zu keinem der Namen unten.
}
look-letter-misplaced = { $part ->
    [subject] { $slot } kann nicht im Betreff stehen: Betreffs werden über Schultern und auf Sperrbildschirmen gelesen.
   *[body] { $slot } kann in diesem Brief nicht stehen.
}
look-letter-lacks = Dem Text fehlt { $slot }; ohne das täte der Brief seine Arbeit nicht.
done-look-letter = Ihr Brief ist geändert.
done-look-letter-reset = Dieser Brief hat wieder unsere Worte.

embed-title = Buchen auf Ihrer Website
embed-lead = Zeigen Sie Ihre Buchungsseiten in Ihrer eigenen Website. Sie setzen dort kein Cookie und laden nichts von anderen.
embed-sites = 1. Nennen Sie Ihre Websites
embed-origins = Websites, die Ihre Buchungsseiten zeigen dürfen, eine je Zeile
    .why = Zum Beispiel https://www.clinic.example. Zum Ausprobieren geht auch http://localhost:8000. Niemand sonst kann Ihre Seiten in einem Rahmen zeigen.
embed-nowhere = Noch darf keine Website Ihre Seiten zeigen. Nennen Sie oben Ihre; ein einfacher Link geht überall.
look-wrong-origin = Geben Sie jede Website als https:// und ihren Namen an, ohne Pfad: https://www.clinic.example.
embed-snippet = 2. Kopieren Sie das Stück Code
embed-service = Was sich dort buchen lässt
embed-all-services = Alle Leistungen
embed-mode = Wie es erscheint
embed-mode-inline = In der Seite
embed-mode-dialog = Als Link, der ein Fenster öffnet
embed-mode-link = Als einfacher Link
embed-language = Sprache
embed-readers-language = Die der Leser
embed-theme = Hell oder dunkel
embed-theme-auto = Wie bei den Lesern
embed-theme-light = Hell
embed-theme-dark = Dunkel
embed-make = Code erzeugen
embed-copy-this = Setzen Sie das dorthin, wo gebucht werden soll
embed-copy = Kopieren
embed-copied = Kopiert
embed-more = Für alle, die die Website bauen
embed-policy = Eine Content Security Policy braucht nicht mehr als:
embed-events = Das Element mit data-book meldet diese Ereignisse, die aufsteigen:
done-look-origins = Die Websites, die Ihre Seiten zeigen dürfen, sind geändert.
