# Einrichten.
setup-title = Kept einrichten
setup-lead = Fünf Antworten, und der erste Termin kann gebucht werden. Alles lässt sich später ändern.
setup-wrong = Einige Antworten brauchen noch einen Blick; nichts Geschriebenes ist verloren.
setup-name = Wie heißt Ihre Organisation?
setup-slug = Ihr Name in Adressen
    .hint = Kleinbuchstaben, Ziffern und Bindestriche. Bleibt das leer, entsteht er aus dem Namen.
setup-zone = Zeitzone
    .hint = Etwa Europe/Berlin. Alle Tage und Stunden gelten in dieser Zone.
setup-you = Sie, die Leitung
setup-owner = Ihr Name
setup-email = Ihre E-Mail
setup-password = Ein Passwort
    .hint = Mindestens 10 Zeichen. Drei oder vier Wörter, die nicht zusammengehören, sind gut.
setup-make = Weiter
setup-name-wrong = Schreiben Sie 1 bis 120 Zeichen in eine Zeile.
setup-slug-wrong = Nehmen Sie 2 bis 40 Kleinbuchstaben, Ziffern und Bindestriche, mit Buchstabe oder Ziffer an Anfang und Ende; einige Wörter wie „api“ sind vergeben.
setup-slug-taken = Diese Adresse hat eine andere Organisation. Wählen Sie eine andere.
setup-zone-wrong = Diese Zeitzone kennen wir nicht. Schreiben Sie eine wie Europe/Berlin.
setup-email-wrong = Schreiben Sie eine Adresse wie buero@example.org.
setup-first = Ihre erste Leistung
setup-first-lead = Wählen Sie, was am nächsten kommt: Es füllt aus, was die meisten dieser Art antworten würden.
setup-kit = Was machen Sie?
setup-service = Was kann gebucht werden?
setup-length = Wie viele Minuten dauert es?
setup-place = Wo?
setup-address = Anschrift
setup-staff = Wer macht es?
    .hint = Sie können hier anders heißen als in Ihrem Konto. Weitere kommen später dazu.
setup-days = An welchen Tagen?
setup-from = Von
setup-to = Bis
setup-open = Für Buchungen öffnen
setup-text-wrong = Schreiben Sie 1 bis 120 Zeichen in eine Zeile.
setup-length-wrong = Schreiben Sie eine ganze Zahl von 5 bis 480 Minuten.
setup-hours-wrong = Das Ende muss nach dem Anfang liegen, etwa 09:00 und 17:00.
setup-days-wrong = Wählen Sie mindestens einen Tag.
setup-day-1 = Montag
setup-day-2 = Dienstag
setup-day-3 = Mittwoch
setup-day-4 = Donnerstag
setup-day-5 = Freitag
setup-day-6 = Samstag
setup-day-7 = Sonntag
kit-clinic = Praxis oder Klinik
kit-clinic-service = Erster Besuch
kit-clinic-place = Praxis
kit-advising = Beratung
kit-advising-service = Beratungsgespräch
kit-advising-place = Beratungsstelle
kit-salon = Salon
kit-salon-service = Schneiden und Föhnen
kit-salon-place = Salon
kit-city-office = Amt
kit-city-office-service = Personalausweis
kit-city-office-place = Rathaus
kit-field-service = Außendienst
kit-field-service-service = Besuch bei Ihnen
kit-field-service-place = Bei Ihnen
checklist = Bereit für Buchungen
checklist-count = { $done } von { $all } erledigt
checklist-done = erledigt
checklist-open = noch zu tun
checklist-organization = Name, Sprache und Zeitzone
    .advice = Sehen Sie nach, ob sie stimmen.
checklist-services = { $count ->
    [0] Noch keine Leistung
    [one] Eine Leistung
   *[other] { $count } Leistungen
}
    .advice = Sagen Sie, was gebucht werden kann.
checklist-places = { $count ->
    [0] Noch kein Ort
    [one] Ein Ort
   *[other] { $count } Orte
}
    .advice = Sagen Sie, wo.
checklist-staff = { $count ->
    [0] Noch niemand im Team
    [one] Eine Person im Team
   *[other] { $count } Personen im Team
}
    .advice = Sagen Sie, wer es macht.
checklist-hours = Buchbare Zeiten
    .advice = Niemand hat in den nächsten Wochen Arbeitszeiten. Tragen Sie welche ein.
checklist-members = { $count ->
    [one] Sie sind das einzige Mitglied
   *[other] { $count } Mitglieder
}
    .advice = Laden Sie ein, wer mit Ihnen arbeitet.
checklist-mail = Mail kommt an
    .advice = Schicken Sie sich eine Mail und sehen Sie, ob sie ankommt.
checklist-try = Ausprobieren
    .advice = Richten Sie ein Telefon auf den Code und buchen Sie wie ein Kunde.
checklist-try-later = Sobald es eine buchbare Zeit gibt, steht hier ein Code zum Ausprobieren.
done-set-up = Sie nehmen jetzt Buchungen an.
settings = Einstellungen
settings-search = Alle Einstellungen durchsuchen
settings-find = Suchen
settings-nothing = Keine Einstellung enthält diese Wörter.
settings-all = Alle zeigen
settings-own = Ihre Organisation
settings-somebody = jemandem
settings-last = Zuletzt geändert von { $name } am { $day }.
settings-locale-wrong = Wählen Sie eine der Sprachen.
settings-name = Name
    .about = Steht auf jeder Seite und in jeder Mail.
settings-zone = Zeitzone
    .about = Tage, Tagesgrenzen und Zeiten beginnen hier, wenn ein Ort keine eigene hat. Etwa Europe/Berlin.
settings-locale = Sprache
    .about = Gilt, wo wir die Sprache der Lesenden nicht kennen. Anfangs Englisch.
settings-sender-name = Mail kommt von (Name)
    .about = Anfangs der Name der Organisation.
settings-sender-address = Mail kommt von (Adresse)
    .about = Muss eine Adresse sein, für die Ihr Mailserver senden darf.
settings-reply-to = Antworten gehen an
    .about = Bleibt das leer, gehen Antworten an die Absenderadresse.
settings-checklist = Bereit machen
    .about = Was läuft, was noch zu tun ist, und ein Code zum Ausprobieren.
settings-services = Leistungen, Orte, Team
    .about = Was gebucht werden kann, wo, mit wem und wann; Fragen, Puffer, Vorlauf, Feiertage.
settings-members = Mitglieder
    .about = Wer ein Konto hat, und in welcher Rolle.
settings-look = Aussehen und Wörter
    .about = Farbe, Logo, Bezeichnungen, Sprachen, Texte und Links.
settings-letters = Briefe
    .about = Was Mails sagen, mit Vorschau.
settings-embed = Ihre Website
    .about = Die Buchung auf einer Ihrer Seiten zeigen.
done-unchanged = Es gab nichts zu ändern.
settings-mail = Mail
    .about = Schicken Sie sich eine Mail und sehen Sie, ob sie ankommt.
mail-trial = Kommt Mail an?
mail-trial-lead = Eine Mail, von Ihrer Organisation an Sie:
mail-trial-send = Abschicken
checklist-mail-send = Sich selbst eine Mail senden
mail-trial-waiting = Sie ist unterwegs
    .advice = Diese Seite sieht von selbst wieder nach.
mail-trial-sent = Der Mailserver hat die Mail angenommen
    .advice = Sehen Sie nach, ob sie da ist, und nicht im Spam.
mail-trial-dead = Der Mailserver hat sie abgelehnt
    .advice = Sehen Sie die Mail-Einstellungen dieser Installation an; die Absenderadresse muss dort erlaubt sein. Der Server sagte:
mail-trial-unknown = Niemand weiß, ob sie angenommen wurde
    .advice = Die Verbindung brach ab, als der Server sie hatte. Sehen Sie ins Postfach, bevor Sie eine weitere schicken.
mail-trial-dropped = Sie wurde nicht abgeschickt
    .advice = Diese Installation verschickt noch keine Mail, oder ein neuerer Versuch trat an ihre Stelle. Wer sie betreibt, trägt in der Einstellungsdatei unter „mail“ einen Mailserver ein.
