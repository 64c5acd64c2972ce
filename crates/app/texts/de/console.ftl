# Die Seiten derer, die die Installation betreiben.
console = Betrieb
console-organizations = Organisationen
console-jobs = Aufgaben
console-backups = Sicherungen
console-operators = Zugänge
console-summary = Die Installation
console-count = { $count ->
    [one] 1 Organisation
   *[other] { $count } Organisationen
}
console-opened = { $count ->
    [one] 1 öffnete sich
   *[other] { $count } öffneten sich
}
console-failed = { $count ->
    [one] 1 öffnet sich nicht
   *[other] { $count } öffnen sich nicht
}
console-unknown = { $count ->
    [one] 1 seit dem Start nicht geöffnet
   *[other] { $count } seit dem Start nicht geöffnet
}
console-suspended = { $count ->
    [one] 1 pausiert
   *[other] { $count } pausieren
}
console-running = { $count ->
    [0] Keine Aufgabe läuft
    [one] 1 Aufgabe läuft
   *[other] { $count } Aufgaben laufen
}
console-backup-at = Letzte Sicherung { $at }
console-backup-never = Noch keine Sicherung
console-drill-at = Letzte Probe { $at }
console-drill-never = Noch keine Probe
console-search = Name in Adressen
console-search-go = Suchen
console-none = Es gibt noch keine Organisation. Legen Sie die erste an; Sie erhalten einen Link für die Leitung.
console-not-found = Keine Organisation hat das im Namen. Prüfen Sie die Eingabe, oder zeigen Sie alle.
console-show-all = Alle zeigen
console-first-page = Erste Seite
console-next-page = Nächste Seite
console-back = Alle Organisationen
console-slug = Name in Adressen
console-size = Größe
console-placement = Ort
console-in-file = Eine Datei
console-on-server = PostgreSQL: { $name }
console-state = Zustand
console-state-active = Aktiv
console-state-suspended = Pausiert
console-state-held = Angehalten
console-held-advice = Eine Aufgabe der Installation hält sie an; siehe Aufgaben.
console-health = Öffnet sich
console-health-opened = Ja
console-health-failed = Öffnet sich nicht
console-health-unknown = Seit dem Start nicht geöffnet
console-failed-advice = Sie öffnete sich nicht, als zuletzt nach ihr gefragt wurde. „kept doctor“ auf dem Server sagt, warum. Sind die Daten beschädigt, stellen Sie sie aus einer Sicherung wieder her.
console-created = Angelegt
console-id = Kennung
console-reason = Grund
    .hint = Für die Akten der Installation. Schreiben Sie nichts über Kundschaft.
console-reason-wrong = Schreiben Sie 1 bis 300 Zeichen in einer Zeile.
console-suspend-open = Pausieren…
console-suspend = Pausieren
    .about = Ihre Seiten, ihre Schnittstelle und ihre Kalender antworten binnen Sekunden nicht mehr, und für sie geht keine Post hinaus. Nichts geht verloren; sie kann jederzeit weitermachen.
console-suspend-do = Jetzt pausieren
console-resume = Weitermachen lassen
    .about = Ihre Seiten antworten sofort wieder, und fällige Post geht binnen einer Minute hinaus.
done-organization-suspended = Pausiert.
done-organization-resumed = Sie macht weiter.
done-organization-as-it-was = Nichts geändert: Sie steht inzwischen anders.
done-sessions-ended = Überall abgemeldet.
console-new = Organisation anlegen
    .about = Sie erhalten ihren Buchungslink und, einmal, einen Link, der jemanden zur Leitung macht.
console-new-name = Wie heißt sie?
console-new-slug = Ihr Name in Adressen
    .hint = Kleinbuchstaben, Ziffern und Bindestriche.
console-new-zone = Zeitzone
    .hint = Etwa Europe/Berlin. Alle Tage und Stunden gelten in dieser Zone.
console-new-mail_from = Woher ihre Post kommt
    .hint = Eine Adresse. Bleibt das Feld leer, ist es ihr Name in Adressen am Rechnernamen dieser Seite.
console-locale-wrong = Wählen Sie eine der Sprachen.
console-made = Sie ist angelegt
console-own-link = Der Link zur Leitung
    .about = Geben Sie ihn der Person, die die Organisation leiten soll, und niemandem sonst. Er gilt einmal, sieben Tage lang, und wird nur jetzt gezeigt.
console-booking-link = Ihr Buchungslink
console-language = Die Seiten des Betriebs folgen der Sprache des Browsers. Diese Seite in einer anderen:
console-last-backup = Letzte Sicherung
    .about = Eine verschlüsselte Kopie der Daten der Organisationen.
    .none = Es gibt keine. Geht dieser Rechner jetzt verloren, dann auch alles andere. Führen Sie auf dem Server „kept backup“ aus, und tragen Sie einen Zeitplan in die Einstellungen ein.
console-last-key-backup = Letzte Sicherung der Schlüssel
    .about = Eine Kopie der Schlüsselablagen, kurz aufbewahrt: so lange, wie eine gelöschte Person wieder lesbar wäre.
    .none = Es gibt keine. Ohne sie nennt eine Sicherung der Daten keinen Namen. Führen Sie auf dem Server „kept backup“ aus; es kopiert auch die Schlüsselablagen.
console-last-drill = Letzte Probe der Wiederherstellung
    .about = Die neueste Sicherung wurde in einem Ordner zur Probe wiederhergestellt und verglichen.
    .none = Es gibt keine. Noch weiß niemand, ob sich eine Sicherung wiederherstellen lässt. Führen Sie auf dem Server „kept restore --drill“ aus.
console-trouble-at = Die am { $at } begonnene kam nicht ans Ende:
job-none = Noch ist keine Aufgabe gelaufen. Sicherungen, Umzüge, Wiederherstellungen und Proben beginnen mit Befehlen auf dem Server und stehen dann hier.
job-kind = Aufgabe
job-of = Für
job-all = Alle Organisationen
job-started = Begonnen
job-ended = Beendet
job-backup = Sicherung
job-key-backup = Sicherung der Schlüssel
job-drill = Probe der Wiederherstellung
job-restore = Wiederherstellung
job-move = Umzug
job-rotation = Wechsel der Schlüssel
job-root-rotation = Wechsel des Wurzelschlüssels
job-state-running = Läuft
job-state-interrupted = Unterbrochen
job-state-done = Fertig
job-state-failed = Gescheitert
job-interrupted = sie wurde unterbrochen
operator-sign-in = Betrieb: anmelden
operator-sign-in-advice = Das ist für alle, die die Installation betreiben. Zugänge entstehen auf dem Server mit „kept operator add“ oder durch jemanden mit Zugang.
operator-sign-in-wrong = Name und Passwort gehören nicht zusammen. Prüfen Sie beides.
operator-sign-in-often = Von hier kamen zu viele Versuche. Warten Sie eine Viertelstunde, oder erzeugen Sie auf dem Server mit „kept operator link“ einen neuen Link.
operator-name = Name
    .hint = Kleinbuchstaben, Ziffern, Punkte und Bindestriche; keine E-Mail-Adresse.
operator-name-wrong = Verwenden Sie 2 bis 40 Kleinbuchstaben, Ziffern, Punkte und Bindestriche, am Anfang Buchstabe oder Ziffer.
operator-name-taken = Ein anderer Zugang hat diesen Namen.
operator-too-many = Es gibt so viele Zugänge, wie es geben darf.
operator-not-oneself = Sich selbst können Sie nicht sperren: Jemand muss bleiben. Ein anderer Zugang kann es.
operator-seen = Zuletzt gesehen
operator-active = Aktiv
operator-suspended = Gesperrt
operator-invited = Noch ohne Passwort
operator-add = Zugang anlegen
operator-link-title = Ihr Passwort setzen
operator-link-for = Ein Link für { $name }
operator-link-advice = Wer ihn öffnet, setzt das Passwort und ist angemeldet. Er gilt einmal, 24 Stunden lang, und wird nur jetzt gezeigt.
operator-link-new = Neuer Link
operator-link-on-server = Wer ein Passwort gesetzt hat, bekommt einen weiteren Link nur auf dem Server, mit „kept operator link“ und dem Namen: Mit einem von hier könnten Sie sich als diese Person anmelden.
operator-sessions-end = Überall abmelden
operator-acts = Was im Betrieb geschah
    .about = Die letzten 50 Handlungen, auf diesen Seiten und auf dem Server.
operator-acts-none = Noch nichts.
operator-command-line = auf dem Server
act-what = Was
act-whom = Woran
act-who = Wer
act-when = Wann
act-organization-created = Organisation angelegt
act-organization-suspended = Organisation pausiert
act-organization-resumed = Organisation macht weiter
act-operator-added = Zugang angelegt
act-operator-suspended = Zugang gesperrt
act-operator-resumed = Zugang wieder offen
act-link-made = Link erzeugt
act-password-set = Passwort gesetzt
act-signed-in = Angemeldet
act-sessions-ended = Abgemeldet
operator-factor-owed = Zugänge brauchen hier einen zweiten Faktor. Sobald Ihrer eingerichtet ist, öffnen sich die anderen Seiten.
operator-factor-off = Zweiten Faktor ausschalten
operator-code-lost = Wenn Sie Ihre App und Ihre Ersatzcodes verloren haben, schaltet, wer den Server hat, Ihren zweiten Faktor dort aus: mit „kept operator factor-off“ und Ihrem Namen.
operator-factor = Zweiter Faktor
operator-factor-has = An
operator-factor-none = Keiner
act-factor-added = Zweiter Faktor eingeschaltet
act-factor-removed = Zweiter Faktor ausgeschaltet
act-factor-locked = Nach vielen falschen Codes eine Weile nur noch Ersatzcodes
act-recovery-codes-made = Ersatzcodes gemacht
act-recovery-code-used = Ersatzcode benutzt
act-member-factor-removed = Zweiten Faktor eines Mitglieds ausgeschaltet
operator-factor-code = Die sechs Ziffern, die Ihre App jetzt zeigt, oder ein Ersatzcode.
