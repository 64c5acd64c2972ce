# Zugriff auf Freigabe: die Seite der Organisation, und die des Betreibers.
settings-access = Zugriff
    .about = Wer vom Betreiber hereinsehen darf, wie lange, und was dabei geschah.
lending-title = Zugriff
lending-intro = Wer dieses Kept betreibt, kann Ihre Daten nicht lesen. Soll jemand helfen, lassen Sie eine Person herein: in einige Bereiche, aus einem Grund, für ein paar Stunden. Alles, was sie öffnet und tut, steht hier, während es geschieht.
lending-headcount = { $signed ->
    [0] Beim Betreiber hat niemand eine Vertraulichkeitserklärung unterschrieben; niemand kann hereingelassen werden.
    [one] Beim Betreiber hat 1 Person eine Vertraulichkeitserklärung unterschrieben; { $ready ->
        [0] zurzeit kann niemand hereingelassen werden.
        [one] zurzeit kann 1 hereingelassen werden.
       *[other] zurzeit können { $ready } hereingelassen werden.
    }
   *[other] Beim Betreiber haben { $signed } Personen eine Vertraulichkeitserklärung unterschrieben; { $ready ->
        [0] zurzeit kann niemand hereingelassen werden.
        [one] zurzeit kann 1 hereingelassen werden.
       *[other] zurzeit können { $ready } hereingelassen werden.
    }
}
lending-requests = Angefragt
lending-requests-none = Niemand bittet um Zugriff. Geschieht es, finden Sie es hier und in Ihrer Post.
lending-now = Zurzeit hereingelassen
lending-live = Die Organisation selbst
lending-live-none = Vom Betreiber kann niemand etwas von Ihnen sehen. Wenn Sie Hilfe brauchen, geben Sie unten Zugriff frei.
lending-over = Früher
lending-uses = Was geöffnet und getan wurde
lending-uses-none = Noch nichts. Sobald jemand Hereingelassenes eine Seite öffnet, steht es hier.
lending-use = Seite oder Handlung
lending-saw = Geöffnet
lending-acted = Getan
lending-ids = Betrifft
lending-people = { $count ->
    [one] 1 Person mit Namen
   *[other] { $count } Personen mit Namen
}
lending-shown = Mit Namen gezeigt
lending-refused = Abgelehnt: nicht freigegeben
lending-cut = Nur die neuesten stehen hier. Die Datei hat mehr.
lending-file = Alles als Datei
lending-operator = Person beim Betreiber
    .hint = Wer qualifiziert ist und eine Vertraulichkeitserklärung unterschrieben hat.
lending-operator-wrong = Wählen Sie jemanden, der qualifiziert ist und eine Vertraulichkeitserklärung unterschrieben hat.
lending-what = Was
    .hint = Mitglieder, Token, Schlüssel und Exporte werden nie freigegeben. Ohne die Kundschaft bleiben alle Namen, Kontakte und Antworten verdeckt.
lending-why = Warum
lending-where = Wo
lending-reason = Warum
    .hint = Eine Zeile; nennen Sie niemanden aus Ihrer Kundschaft.
lending-ticket = Ticket
lending-until = Bis
lending-ended = Beendet
lending-ended-expired = Zeit abgelaufen
lending-ended-revoked = zurückgenommen
lending-hours = Für wie viele Stunden
lending-hours-hint = Von 1 bis { $most }. Sie können es jederzeit beenden.
lending-for-hours = { $hours ->
    [one] für 1 Stunde
   *[other] für { $hours } Stunden
}
lending-sandbox = Übungskopie
lending-unused = Noch nicht benutzt
lending-its-uses = Was geschah
lending-all-uses = Zeigen, was alle taten
lending-end = Beenden
lending-look = Beantworten
lending-decline = Ablehnen
lending-grant = Zugriff freigeben
lending-grant-do = Hereinlassen
lending-nobody = Niemand vom Betreiber kann hereingelassen werden: niemand ist qualifiziert und hat eine Vertraulichkeitserklärung unterschrieben. Fragen Sie, wer dieses Kept betreibt.
lending-live-one = Ihre Organisation, wie sie ist
lending-sandbox-one = Ihre Übungskopie, in der alle erfunden sind
lending-reason-wrong = Schreiben Sie in einer Zeile warum, in höchstens 300 Zeichen.
lending-ticket-wrong = Nennen Sie das Ticket, in höchstens 60 Zeichen.
lending-hours-wrong = Wählen Sie 1 bis 72 Stunden.
lending-beyond = Sie können nicht mehr gewähren, als Sie selbst sehen und tun dürfen: Bereiche sind für Ihre Rolle gesperrt, oder Daten von Kunden sind vor ihr verborgen.
lending-nothing = Wählen Sie mindestens einen Bereich.
lending-no-sandbox = Es gibt noch keine Übungskopie. Legen Sie erst eine an.
lending-too-many = Es sind zu viele zugleich. Beenden Sie erst einen Zugriff, oder beantworten Sie, was schon angefragt ist.
lending-note = Was daran nicht stimmt
    .hint = Eine Zeile; der Betreiber liest sie. Nennen Sie niemanden aus Ihrer Kundschaft.
lending-note-wrong = Schreiben Sie in einer Zeile, was nicht stimmt, in höchstens 500 Zeichen.
lending-flag = Beanstanden
lending-flagged = Beanstandet
lending-flag-about = Jemand anderes beim Betreiber muss es prüfen und sagen, was daraus wurde. Sie lesen es hier.
lending-outcome = Was daraus wurde
lending-outcome-none = Dazu wurde noch nichts gesagt.
lent-calendar = Kalender
lent-people = Kundschaft
lent-insight = Zahlen
lent-offering = Leistungen, Orte, Team und Zeiten
lent-settings = Einstellungen, Aussehen und Briefe
lent-level-none = Nichts
lent-level-view = Zum Ansehen
lent-level-full = Zum Ansehen und Ändern
lent-to-look-at = { $part } (zum Ansehen)
on-grant = Zugriff auf Freigabe
on-grant-note = { $name } vom Betreiber ist auf Freigabe hier (Ticket { $ticket }), bis { $until }.
on-grant-may = Freigegeben:
on-grant-recorded = Die Organisation sieht jede Seite und jede Handlung, während sie geschieht.
on-grant-leave = Verlassen
sandbox = Übungskopie
sandbox-note = Dies ist eine Übungskopie. Alle darin sind erfunden, und sie verschickt keine Post.
sandbox-about = Eine Kopie Ihrer Einstellungen, Leistungen, Zeiten und Ihres Aussehens, mit erfundenem Team, erfundener Kundschaft und erfundenen Terminen. Sie hat nichts von Ihren Daten und verschickt keine Post. Wer hineingelassen wird, sieht nichts von Ihrer Organisation.
sandbox-none = Es gibt keine Übungskopie. Legen Sie eine an, damit jemand etwas ausprobieren kann, ohne Ihre Daten zu sehen.
sandbox-make = Übungskopie anlegen
sandbox-again = Neu anlegen
sandbox-remove = Entfernen
done-access-granted = Zugriff freigegeben.
done-access-ended = Zugriff beendet.
done-access-declined = Abgelehnt.
done-use-flagged = Beanstandet. Der Betreiber weiß davon.
done-sandbox-made = Die Übungskopie ist fertig.
done-sandbox-removed = Die Übungskopie ist weg.
console-access = Zugriff
access-mine = Ihr Zugriff
access-about = Sie sehen nichts von einer Organisation, bis sie Sie hereinlässt. Bitten Sie auf der Seite der Organisation um Zugriff; ihre Inhaber antworten.
access-mine-none = Keine Organisation hat Sie hereingelassen. Bitten Sie auf der Seite einer Organisation um Zugriff.
access-not-vetted = Sie können nirgends hereingelassen werden: { $why }. Jemand anderes, dessen Zugang nicht von Ihnen kommt und Ihrer nicht von dort, sagt auf der Seite Betreiber, bis wann Sie qualifiziert sind und wann Sie die Vertraulichkeitserklärung unterschrieben haben; oder es geschieht auf dem Server mit „kept operator vet“.
access-why-suspended = Ihr Konto ist ausgesetzt
access-why-unqualified = Ihre Qualifikation fehlt oder ist abgelaufen
access-why-unsigned = Sie haben keine Vertraulichkeitserklärung unterschrieben
access-why-unregistered = Ihre Firma steht in keinem Verzeichnis der Unterauftragnehmer
access-organization = Organisation
access-state-asked = Angefragt
access-state-declined = Abgelehnt
access-state-answered = Freigegeben
access-state-granted = Bis { $until }
access-state-over = Vorbei
access-state-ended = Beendet
access-enter = Eintreten
access-refused = Diese Freigabe öffnet nichts mehr, oder nicht hier.
access-ask = Um Zugriff bitten
access-ask-about = Die Inhaber bekommen eine Mail und antworten. Bis sie zustimmen, sehen Sie nichts.
access-ask-do = Bitten
done-access-asked = Angefragt. Die Inhaber bekommen eine Mail.
done-access-left = Sie haben die Organisation verlassen.
conduct = Beanstandetes
conduct-about = Was Organisationen beanstandet haben. Zu jedem gehört, was daraus wurde; das sagt jemand anderes als die Person, um die es geht.
conduct-none = Keine Organisation hat etwas beanstandet.
conduct-use = Vorgang
conduct-outcome = Was daraus wurde
conduct-settle = Sagen
conduct-open = Noch nichts gesagt
conduct-own = Es geht um Sie: jemand anderes sagt, was daraus wurde.
conduct-one-hand = Ihr Zugang und dieser kommen aus derselben Hand, oder niemand weiß, aus welcher: jemand anderes sagt, was daraus wurde.
conduct-wrong = Schreiben Sie in einer Zeile, was daraus wurde, in höchstens 500 Zeichen.
done-conduct-settled = Behalten. Die Organisation liest es.
vetting = Qualifikation und Erklärung
vetting-kind = Zugehörigkeit
vetting-own = Eigene Person des Betreibers
vetting-partner = Person eines Vertragspartners
vetting-register = Eintrag im Verzeichnis der Unterauftragnehmer
vetting-qualified = Qualifiziert bis
vetting-signed = Vertraulichkeitserklärung unterschrieben am
vetting-none = nicht gesagt
vetting-invited = Hier ist noch kein Passwort gesetzt. Sagen Sie es danach: Wird es über einen Link gesetzt, gilt nicht mehr, was gesagt war.
vetting-one-hand = Ihr Zugang und dieser kommen aus derselben Hand, oder niemand weiß, aus welcher. Jemand anderes sagt es, oder „kept operator vet“ auf dem Server.
vetting-wrong = Schreiben Sie Tage wie 2027-03-31, eine Unterschrift, die nicht erst kommt, und bei Partnern den Eintrag im Verzeichnis.
act-operator-vetted = Qualifikation und Erklärung gesagt
act-access-asked = Um Zugriff gebeten
act-access-entered = Auf Freigabe eingetreten
act-conduct-settled = Zu Beanstandetem gesagt, was daraus wurde
act-networks-cleared = Netze einer Organisation entfernt
act-organization-removed = Organisation entfernt
