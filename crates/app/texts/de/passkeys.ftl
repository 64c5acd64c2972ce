# Passkeys.
passkeys = Passkeys
passkeys-lead = Mit einem Passkey melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an. Er ersetzt Passwort und Code, und keine falsche Seite kann ihn stehlen.
passkeys-count = { $count ->
    [0] Sie haben noch keinen.
    [one] Sie haben einen.
   *[other] Sie haben { $count }.
}
passkeys-change = Passkeys hinzufügen oder ändern
passkeys-none = Sie haben noch keinen Passkey. Fügen Sie unten einen hinzu, auf jedem Gerät, mit dem Sie sich anmelden.
passkey-add = Passkey hinzufügen
passkey-name = Name des Passkeys
passkey-new-name = Neuer Name
passkey-name-hint = Damit Sie ihn wiedererkennen: das Gerät, oder wo er liegt.
passkey-name-wrong = Schreiben Sie einen Namen mit höchstens 60 Zeichen.
passkey-rename = Umbenennen
passkey-remove = Entfernen
passkey-times = seit { $made }, zuletzt benutzt { $used }
passkey-unused = seit { $made }, noch nicht benutzt
passkey-copied = kann auf mehreren Geräten sein
passkey-one-device = nur auf einem Gerät
passkey-too-many = Mehr Passkeys kann es nicht geben. Entfernen Sie einen, den Sie nicht benutzen.
passkey-last-way = Dieser Passkey ist Ihr einziger Weg, sich anzumelden. Fügen Sie erst einen anderen hinzu.
passkey-not-added = Der Passkey wurde nicht hinzugefügt: Es dauerte länger als fünf Minuten, oder das Gerät hat etwas anderes geantwortet. Versuchen Sie es noch einmal.
passkey-not-made = Es wurde kein Passkey angelegt. Vielleicht haben Sie abgebrochen, oder dieses Gerät hat schon einen für Sie.
passkey-not-used = Der Passkey wurde nicht benutzt. Versuchen Sie es noch einmal, oder gehen Sie einen anderen Weg.
passkey-wrong = Dieser Passkey öffnet hier kein Konto. Versuchen Sie einen anderen, oder melden Sie sich mit Ihrem Passwort an.
passkey-sign-in = Mit Passkey anmelden
passkey-use = Passkey benutzen
passkey-needed = Ihre Rolle verlangt mehr als ein Passwort. Benutzen Sie Ihren Passkey.
passkey-lost = Haben Sie Ihren Passkey verloren, bitten Sie die Leitung oder Verwaltung, Ihren zweiten Faktor auszuschalten.
passkey-without-scripts = Passkeys brauchen JavaScript. Passwörter und Codes gehen ohne.
done-passkey-added = Der Passkey ist hinzugefügt. Wählen Sie ihn bei der nächsten Anmeldung.
done-passkey-removed = Der Passkey ist hier entfernt; andere Browser sind abgemeldet. Entfernen Sie ihn auch aus Ihrem Gerät.
