# Briefe. Betreffzeilen an Personen nennen die Organisation und die Zeit, nie die Leistung.

mail-subject-person-booked = Gebucht: { $organization }, { $when }
mail-subject-person-moved = Verschoben: { $organization }, { $when }
mail-subject-person-canceled = Abgesagt: { $organization }, { $when }
mail-subject-staff-booked = Neuer Termin: { $when }
    .appointment = Neu gebucht ({ $appointment }): { $when }
mail-subject-staff-moved = Verschoben auf { $when }
mail-subject-staff-canceled = Abgesagt: { $when }

mail-hello = Guten Tag { $name },
mail-open-person-booked = Ihr Termin ist gebucht.
    .appointment = { $Appointment }: ist gebucht.
mail-open-person-moved = Ihr Termin wurde verschoben.
    .appointment = { $Appointment }: ist auf eine andere Zeit verschoben.
mail-open-person-canceled = Ihr Termin wurde abgesagt.
    .appointment = { $Appointment }: ist abgesagt.
mail-open-staff-booked = ein neuer Termin wurde bei Ihnen gebucht.
    .appointment = Bei Ihnen neu gebucht: { $appointment }.
mail-open-staff-moved = ein Termin bei Ihnen wurde verschoben.
    .appointment = Bei Ihnen auf eine andere Zeit verschoben: { $appointment }.
mail-open-staff-canceled = ein Termin bei Ihnen wurde abgesagt.
    .appointment = Bei Ihnen abgesagt: { $appointment }.
mail-open-staff-reassigned = ein Termin bei Ihnen wurde verschoben; jemand anders übernimmt ihn.
    .appointment = Bei Ihnen verschoben, und jemand anderes übernimmt: { $appointment }.

mail-when = Wann
mail-before = Bisher
mail-service = Was
    .service = { $Service }
mail-with = Bei
    .staff = { $Staff }
mail-for = Für
    .customer = { $Customer }
mail-where = Wo
    .location = { $Location }
mail-reference = Nummer

mail-at-place = Ort { $place }: { $when }
mail-until-both = Sie können ihn bis { $when } verschieben oder absagen.
mail-until-move = Sie können ihn bis { $when } verschieben.
mail-until-cancel = Sie können ihn bis { $when } absagen.
mail-manage = Ansehen, verschieben oder absagen
mail-see = Termin ansehen
    .appointment = Ansehen: { $appointment }
mail-book-again = Neuen Termin buchen
mail-powered = Powered by Kept

mail-entry-person = { $organization }
mail-entry-staff = { $service }, { $reference }

# Mitteilungen an Mitglieder über ihr Konto.
mail-subject-join = { $organization } auf Kept beitreten
mail-open-join = Sie sind eingeladen, auf Kept mit { $organization } zu arbeiten.
mail-note-join = Der Link gilt einmal, sieben Tage lang. Haben Sie keine Einladung erwartet, lassen Sie ihn liegen: Es geschieht nichts.
mail-link-join = Beitreten
mail-subject-reset = Ein neues Passwort für { $organization }
mail-open-reset = Jemand, wahrscheinlich Sie, hat um ein neues Passwort für Ihr Konto bei { $organization } gebeten.
mail-note-reset = Der Link gilt einmal, zwei Stunden lang. Waren Sie es nicht, lassen Sie ihn liegen: Ihr Passwort bleibt.
mail-link-reset = Neues Passwort setzen
mail-subject-trial = Mail von { $organization } kommt an
mail-open-trial = Das ist die Mail, mit der Sie sehen wollten, ob Mail von { $organization } ankommt. Sie kommt an.
mail-note-trial = Sehen Sie nach, ob der Absender der ist, den Ihre Kundschaft sehen soll, und ob dies im Spam gelandet ist.
mail-link-trial = Zurück zu dem, was noch zu tun ist
mail-subject-export = Alles von { $organization } wird exportiert
mail-open-export = Jemand, der { $organization } verwaltet, hat ein Paket mit allem verlangt: Kundschaft, Termine und Einstellungen.
mail-note-export = Wer es war und warum, steht auf der Seite; dort lässt es sich auch entfernen. Sollte das niemand, ändern Sie Ihre Passwörter und sehen Sie nach, wer ein Konto hat.
mail-link-export = Die Pakete ansehen
mail-subject-download = Ein Paket mit allem von { $organization } wurde geholt
mail-open-download = Jemand, der { $organization } verwaltet, hat ein Paket mit allem geholt.
mail-note-download = Wer es war, steht im Register auf der Seite.
mail-link-download = Das Register ansehen
mail-by-phone = Am Telefon
mail-by-video = Per Video
mail-at-customer = Bei der Kundin oder dem Kunden
