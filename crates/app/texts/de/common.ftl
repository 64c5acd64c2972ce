# Der Rahmen jeder Seite.
skip = Zum Inhalt springen
foot = Kein Konto, keine Cookies, nichts von fremden Seiten.
steps = Schritte
back = Zurück
change = Ändern
optional = (freiwillig)
choose-one = Bitte wählen
write-to-us = Schreiben Sie uns:
title-error = Fehler:
