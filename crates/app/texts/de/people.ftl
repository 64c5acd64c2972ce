# Personen: Liste, einzelne Person, Zusammenführen, Felder, viele auf einmal, Listen ein und aus.
people-title = Kunden
people-new = Kunden anlegen
people-edit = Ändern
people-save = Speichern
people-cancel = Abbrechen
people-search = Kunden finden
people-search-go = Suchen
people-search-hint = Der Anfang eines Wortes des Namens, eine E-Mail-Adresse, eine Telefonnummer oder ein Zeichen wie BK-7QX-204.
people-more = Mehr zu Kunden
people-count = { $count ->
    [one] 1 Kunde
   *[other] { $count } Kunden
 }
people-count-found = { $count ->
    [0] Niemand gefunden
    [one] 1 Kunde gefunden
   *[other] { $count } Kunden gefunden
 }
people-count-more = Die ersten { $count }; es gibt mehr
people-none = Noch ist niemand erfasst. Kunden erscheinen hier mit ihrer ersten Buchung; Sie können sie auch anlegen oder eine Liste einlesen.
people-none-found = Niemand heißt so oder ist so zu erreichen. Versuchen Sie weniger Buchstaben oder die letzten Ziffern der Telefonnummer.
people-next = Die nächsten zeigen
people-name = Name
people-email = E-Mail
    .hint = Dorthin gehen Nachrichten zu ihren Terminen.
people-email-more = Weitere E-Mail
    .hint = Um sie wiederzuerkennen.
people-phone = Telefon
    .hint = Mit Landesvorwahl, etwa +49 30 123456.
people-phone-more = Weiteres Telefon
    .hint = Mit Landesvorwahl.
people-zone = Zeitzone
    .hint = Zeiten werden ihnen so geschrieben, wie ihre Uhr sie zeigt: Europe/Berlin.
people-locale = Sprache
people-since = Erfasst
people-required = nötig
people-yes = Ja
people-empty = nichts
people-wrong = Einiges stimmt noch nicht
people-upcoming = Demnächst
people-upcoming-none = Nichts gebucht.
people-past = Früher
people-past-none = Noch nichts.
people-past-cut = Nur die letzten 100 Termine werden gezeigt.
people-appointments-count = { $count ->
    [one] 1 Termin
   *[other] { $count } Termine
 }
people-status-awaiting = Unbestätigt
people-status-confirmed = Bestätigt
people-status-arrived = Da
people-status-in-progress = Läuft
people-status-done = Erledigt
people-status-no-show = Nicht erschienen
people-status-canceled = Abgesagt
people-notes = Notizen
people-note = Neue Notiz
    .hint = Nur, was nötig ist; der Kunde kann verlangen, sie zu lesen.
people-note-add = Notiz anlegen
people-note-remove = Entfernen
people-fault-required = { $label }: bitte ausfüllen.
people-fault-too-long = { $label }: das ist zu lang.
people-fault-malformed = { $label }: das ist nicht zu lesen. Ist ein Tippfehler darin?
people-fault-no-phone = { $label }: das ist keine Telefonnummer. Beginnen Sie mit + und der Landesvorwahl.
people-fault-not-a-choice = { $label }: das steht nicht zur Wahl.
people-fault-unknown = { $label }: das ist nicht bekannt.

people-alike = Mögliche Doppel
people-alike-intro = Einträge mit gleicher Adresse, Nummer oder gleichem Namen. Sehen Sie beide an, bevor Sie sie zusammenführen.
people-alike-none = Keine zwei Einträge gleichen sich.
people-alike-email = gleiche E-Mail
people-alike-phone = gleiches Telefon
people-alike-name = gleicher Name
people-alike-cut = Nur die ersten { $count } werden gezeigt; weitere folgen, wenn diese erledigt sind.
people-merge = Ein und derselbe Kunde?
people-merge-intro = Wählen Sie, was bleibt. Der linke Eintrag übernimmt alles vom anderen.
people-merge-contacts = Adressen und Nummern, die bleiben
people-merge-moves = Termine, Antworten, Notizen und Nachrichten beider bleiben. Sie können das einen Tag lang zurücknehmen.
people-merge-do = Zusammenführen
people-merge-too-many = Höchstens { $most } Adressen und { $most } Nummern können bleiben.

people-fields = Eigene Felder
people-fields-intro = Was Sie von jedem Kunden außer Name und Kontakt festhalten. Sagen Sie, wozu: Der Grund steht überall neben dem Feld.
people-fields-none = Sie halten sonst nichts fest. Weniger ist sicherer; legen Sie ein Feld an, wenn Sie es brauchen.
people-fields-full = Es gibt { $most } Felder, mehr geht nicht. Entfernen Sie zuerst eines.
people-field-new = Feld anlegen
people-field-edit = Feld ändern
people-field-label = Wie es heißt
    .hint = Zum Beispiel: Versicherungsnummer
people-field-reason = Wozu Sie es festhalten
    .hint = Zum Beispiel: Damit die Rechnung an die richtige Stelle geht.
people-field-kind = Was darin steht
    .hint = Das lässt sich später nicht ändern.
people-field-choices = Auswahl
    .hint = Eine in jeder Zeile; nur für Felder mit Auswahl.
people-field-required = Das Team muss es ausfüllen
    .hint = Eingelesene Listen müssen es nicht haben.
people-field-remove = Dieses Feld entfernen
people-field-remove-hint = Was darin steht, geht mit. Sie können das einen Tag lang zurücknehmen.
people-field-too-much = In diesem Feld steht so viel, dass es nicht auf einmal entfernt werden kann. Leeren Sie es zuerst für einen Teil der Kunden.
people-kind-text = Text
people-kind-choice = Eines von mehreren
people-kind-check = Ja oder nichts
people-kind-date = Ein Datum

people-mass = Alle diese ändern
people-mass-about-all = { $count ->
    [one] Alle Kunden: 1
   *[other] Alle Kunden: { $count }
 }
people-mass-about-found = { $count ->
    [one] 1 Kunde, gefunden mit
   *[other] { $count } Kunden, gefunden mit
 }
people-mass-act = Was geschehen soll
people-mass-value = Womit
    .hint = Der Text, die Wahl, ein Datum wie 2026-12-01, eine Sprache oder eine Zeitzone. Nichts, wenn ein Feld geleert wird.
people-mass-set = Ausfüllen: { $label }
people-mass-clear = Leeren: { $label }
people-mass-note = Eine Notiz anlegen
people-mass-locale = Die Sprache setzen
people-mass-zone = Die Zeitzone setzen
people-mass-look = Ansehen, was sich ändern würde
people-mass-preview = { $changes } von { $found } würden sich ändern
people-mass-more = { $count ->
    [one] Und 1 weiterer.
   *[other] Und { $count } weitere.
 }
people-mass-before = Jetzt
people-mass-after = Dann
people-mass-do = Ausführen
people-mass-too-many = Höchstens { $most } Kunden werden auf einmal geändert. Suchen Sie zuerst weniger heraus.

people-export-csv = Als CSV speichern
people-export-xlsx = Als XLSX speichern

people-import = Liste einlesen
people-import-intro = Eine Liste aus einer Tabelle oder einem anderen Programm, als CSV gespeichert, mit den Namen der Spalten in der ersten Zeile. Nichts wird erfasst, bevor Sie gesehen haben, was.
people-import-file = Die Datei
people-import-limits = Höchstens { $mib } MiB, { $rows } Zeilen und { $columns } Spalten.
people-import-kept = Die Liste bleibt { $days } Tage, damit Sie später weitermachen können.
people-import-upload = Hochladen
people-import-open = Schon begonnen
people-import-begun = { $rows } Zeilen, { $when }
people-import-empty = In dieser Datei steht nichts unter einer ersten Zeile.
people-import-not-text = Das ist keine CSV-Datei. Öffnen Sie sie in Ihrem Tabellenprogramm und speichern Sie sie als CSV.
people-import-too-many-rows = Diese Liste hat mehr als { $rows } Zeilen. Teilen Sie sie.
people-import-too-many-columns = Diese Liste hat mehr als { $columns } Spalten. Lassen Sie welche weg.
people-import-columns = Was die Spalten bedeuten
people-import-columns-intro = Aus der ersten Zeile geraten. Ändern Sie, was nicht stimmt.
people-import-heading = Spalte
people-import-samples = Zum Beispiel
people-import-meaning = Enthält
people-import-check = Ansehen, was erfasst würde
people-column-nothing = Nichts, was ich brauche
people-column-name = Den ganzen Namen
people-column-given = Den Vornamen
people-column-family = Den Nachnamen
people-column-email = E-Mail
people-column-phone = Telefon
people-column-zone = Zeitzone
people-column-locale = Sprache
people-column-note = Eine Notiz
people-columns-twice = Zwei Spalten bedeuten dasselbe. Wählen Sie eine davon.
people-columns-no-name = Keine Spalte enthält einen Namen. Sagen Sie, welche es ist.
people-import-found = Was geschehen würde
people-import-state = Was geschehen ist
people-import-rows-unread = { $count ->
    [one] 1 Zeile wurde nicht angesehen
   *[other] { $count } Zeilen wurden nicht angesehen
 }
people-import-rows-faulty = { $count ->
    [one] 1 Zeile hat einen Fehler
   *[other] { $count } Zeilen haben Fehler
 }
people-import-rows-new = { $count ->
    [one] 1 Kunde ist neu
   *[other] { $count } Kunden sind neu
 }
people-import-rows-more = { $count ->
    [one] 1 bekannter Kunde bekommt, was fehlte
   *[other] { $count } bekannte Kunden bekommen, was fehlte
 }
people-import-rows-known = { $count ->
    [one] 1 Kunde ist schon erfasst
   *[other] { $count } Kunden sind schon erfasst
 }
people-import-rows-twice = { $count ->
    [one] 1 Zeile wiederholt eine frühere und bleibt weg
   *[other] { $count } Zeilen wiederholen frühere und bleiben weg
 }
people-import-rows-left-out = { $count ->
    [one] 1 Zeile bleibt weg
   *[other] { $count } Zeilen bleiben weg
 }
people-import-rows-recorded = { $count ->
    [one] 1 Zeile ist erfasst
   *[other] { $count } Zeilen sind erfasst
 }
people-import-rows-taken-back = { $count ->
    [one] 1 Zeile wurde zurückgenommen
   *[other] { $count } Zeilen wurden zurückgenommen
 }
people-import-record = { $count ->
    [one] 1 Kunden erfassen
   *[other] { $count } Kunden erfassen
 }
people-import-faulty = Zeilen mit Fehlern
people-import-faulty-intro = Berichtigen Sie sie hier oder lassen Sie sie weg. Die anderen Zeilen lassen sich ohne sie erfassen.
people-import-faulty-more = { $count ->
    [one] 1 weitere Zeile folgt, wenn diese erledigt sind.
   *[other] { $count } weitere Zeilen folgen, wenn diese erledigt sind.
 }
people-import-row = Zeile { $number }
people-import-leave-out = Diese Zeile weglassen
people-import-correct = Noch einmal ansehen
people-import-remove = Diese Liste entfernen
people-import-remove-hint = Die hochgeladene Liste geht; wer erfasst ist, bleibt.

done-person-added = Erfasst.
done-person-changed = Geändert.
done-note-added = Die Notiz ist angelegt.
done-note-removed = Die Notiz ist entfernt.
done-people-merged = Sie sind jetzt ein Kunde.
done-people-changed = Alle sind geändert.
done-field-added = Das Feld ist angelegt.
done-field-changed = Das Feld ist geändert.
done-field-removed = Das Feld ist entfernt.
done-list-uploaded = Die Liste ist hochgeladen. Noch ist nichts erfasst.
done-list-checked = Angesehen. Noch ist nichts erfasst.
done-list-recorded = Die Liste ist erfasst.
done-list-removed = Die Liste ist entfernt.
