# Zweiter Faktor, Sitzungen und wie Mitglieder sich anmelden.
factor-title = Zweiter Faktor
factor-lead = Mit einem zweiten Faktor braucht die Anmeldung auch einen Code aus einer App auf Ihrem Telefon. Wer Ihr Passwort erfährt, kommt damit nicht weiter.
factor-needed = Ihre Rolle braucht einen zweiten Faktor. Ist er eingerichtet, sind Sie angemeldet.
factor-begin = Zweiten Faktor einrichten
factor-change = Ersatzcodes, oder ausschalten
factor-on = Ein zweiter Faktor ist eingeschaltet: Die Anmeldung braucht auch einen Code aus Ihrer App.
factor-is-on = Der zweite Faktor ist eingeschaltet. Andere Browser sind abgemeldet.
factor-step-scan = Öffnen Sie Ihre Authenticator-App, fügen Sie ein Konto hinzu, und richten Sie die Kamera auf diesen Code.
factor-step-type = Keine Kamera? Tippen Sie diesen Schlüssel in die App; sie macht alle 30 Sekunden einen neuen Code:
factor-step-code = Schreiben Sie dann die sechs Ziffern, die die App zeigt
factor-qr = Code für Ihre Authenticator-App
factor-turn-on = Einschalten
factor-turn-off = Ausschalten
factor-code-wrong = Das ist nicht der Code, den die App jetzt zeigt. Prüfen Sie, ob die Uhr des Telefons richtig geht, und schreiben Sie den neuesten Code.
done-factor-off = Der zweite Faktor ist ausgeschaltet; andere Browser sind abgemeldet.
recovery-title = Ersatzcodes
recovery-advice = Bewahren Sie diese Codes sicher auf, auf Papier oder in einem Passwortmanager. Mit jedem kommen Sie einmal ohne Ihre App hinein. Sie stehen nur jetzt hier.
recovery-kept = Ich habe sie aufbewahrt
recovery-make = Neue Ersatzcodes machen
recovery-left = { $left ->
    [0] Sie haben keine Ersatzcodes mehr. Machen Sie neue, sonst sind Sie ohne Ihre App ausgesperrt.
    [one] Sie haben noch einen Ersatzcode.
   *[other] Sie haben noch { $left } Ersatzcodes.
}
recovery-instead = Ihre App ist nicht zur Hand?
recovery-code = Ersatzcode
recovery-use = Ersatzcode verwenden
code-title = Noch ein Schritt
code = Code aus Ihrer App
code-hint = Die sechs Ziffern, die Ihre Authenticator-App jetzt zeigt.
code-lost = Wenn Sie App und Ersatzcodes verloren haben, bitten Sie Leitung oder Verwaltung, Ihren zweiten Faktor auszuschalten.
code-wrong = { $left ->
    [one] Dieser Code stimmt nicht oder wurde schon verwendet. Sie haben noch einen Versuch.
   *[other] Dieser Code stimmt nicht oder wurde schon verwendet. Sie haben noch { $left } Versuche.
}
code-often = Von hier kamen zu viele Versuche. Warten Sie eine Viertelstunde.
code-locked = Für dieses Konto gab es zu viele falsche Codes. Bis morgen gelten nur Ersatzcodes.
done-sign-in-over = Diese Anmeldung ist beendet. Beginnen Sie noch einmal.
done-sign-in-codes = Es gab zu viele falsche Codes. Beginnen Sie noch einmal.
proof-title = Sind Sie es?
proof-lead = Bevor es weitergeht, zeigen Sie, dass Sie es sind und niemand an Ihrem offenen Bildschirm.
proof-by-code = Oder mit einem Code
proof-wrong = Das stimmt nicht. Prüfen Sie es noch einmal.
proof-often = Es gab zu viele Versuche. Warten Sie eine Viertelstunde.
password-renew = Ein neues Passwort
password-renew-lead = Ihr Passwort muss geändert werden, bevor es weitergeht.
password-same = Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.
sessions = Wo Sie angemeldet sind
session-times = seit { $began }, zuletzt benutzt { $seen }
session-device = { $browser } auf { $platform }
session-device-unknown = Unbekannter Browser
session-this = (dieser Browser)
session-end = Abmelden
sessions-end = Alle anderen abmelden
done-session-ended = Dort abgemeldet.
done-others-ended = Alle anderen Browser sind abgemeldet.
session-ends-soon = In zwei Minuten werden Sie abgemeldet. Was Sie hier schreiben, bleibt stehen.
session-stay = Angemeldet bleiben
session-is-over = Sie sind abgemeldet. Was Sie geschrieben haben, steht noch hier: Melden Sie sich in einem anderen Tab an und schicken Sie es dann ab.
session-sign-in-again = In neuem Tab anmelden
settings-sign-in = Anmeldung
    .about = Wer einen zweiten Faktor braucht, wie lange Sitzungen und Passwörter gelten.
rule-factor-roles = Rollen, die einen zweiten Faktor brauchen
    .hint = Mitglieder mit einer solchen Rolle richten ihn ein, sobald sie die nächste Seite öffnen, vor allem anderen.
rule-own-factor = Sie haben selbst keinen zweiten Faktor und wären draußen. Richten Sie zuerst Ihren ein:
rule-idle-minutes = Abmelden nach Minuten ohne Benutzung
    .hint = { $least } bis { $most } Minuten. Zwei Minuten vorher kommt eine Warnung.
rule-session-hours = Abmelden nach Stunden, benutzt oder nicht
    .hint = { $least } bis { $most } Stunden.
rule-password-days = Passwörter gelten Tage
    .hint = { $least } bis { $most } Tage; bleibt das leer, gelten sie, bis jemand sie ändert, was für die meisten sicherer ist.
rule-out-of-bounds = Schreiben Sie eine ganze Zahl von { $least } bis { $most }.
passwords-expire = Neue Passwörter für alle
    .about = Nach einem Leck wählen alle bei der nächsten Anmeldung ein neues Passwort.
passwords-expire-all = Alle um ein neues Passwort bitten
done-passwords-expired = Alle wählen bei der nächsten Anmeldung ein neues Passwort.
member-factor-off = Zweiten Faktor ausschalten, Passkeys entfernen
member-sign-out = Überall abmelden
member-password = Um neues Passwort bitten
done-member-factor-off = Der zweite Faktor ist ausgeschaltet, Passkeys sind entfernt; das Mitglied ist abgemeldet und bekommt eine Nachricht.
done-member-signed-out = Das Mitglied ist überall abgemeldet und darf sich wieder anmelden.
done-member-password-expired = Die nächste Anmeldung fragt nach einem neuen Passwort; das Mitglied bekommt eine Nachricht.
