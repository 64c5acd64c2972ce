# Das Verzeichnis, das Mitglieder hereinbringt (SCIM).
settings-directory = Verzeichnis
    .about = Mitglieder aus einem Verzeichnis anderswo (SCIM): seine Adresse, und welche Rolle seine Gruppen geben.
directory-title = Verzeichnis
directory-intro = Ein Verzeichnis, etwa jenes, mit dem sich Ihre Leute an ihren Rechnern anmelden, kann Mitglieder selbst hereinbringen, ändern und gehen lassen (SCIM 2.0). Wem die Organisation gehört, bestimmt es nie, und an diesen Mitgliedern ändert es nichts, außer ob sie herein dürfen.
directory-address = Adresse für das Verzeichnis
    .hint = Tragen Sie sie im Verzeichnis ein, zusammen mit einem Token der Art Verzeichnis (SCIM). Eines machen:
directory-groups = Welche Rolle eine Gruppe gibt
    .about = Ein Mitglied hat die Rolle seiner Gruppe; in mehreren Gruppen jene, die am meisten darf. Eine Gruppe ohne Rolle ändert nichts.
directory-no-groups = Das Verzeichnis hat noch keine Gruppen geschickt. Sobald es das tut, stehen sie hier; bis dahin haben seine Mitglieder die Rolle unten.
directory-members = { $count ->
    [one] 1 Mitglied
   *[other] { $count } Mitglieder
}
directory-no-role = Keine Rolle
directory-rules = Mitglieder ohne Gruppe, und wie sie hereinkommen
directory-default = Rolle ohne eine Gruppe mit Rolle
    .hint = Für Mitglieder, die von jetzt an kommen oder eine Gruppe verlassen.
directory-without = Wenn jemand die letzte Gruppe verlässt
directory-without-default = Es gilt die Rolle oben.
directory-without-suspend = Das Mitglied wird gesperrt, bis es wieder in einer Gruppe ist; seine Sitzungen, Tokens und Kalenderadressen enden sofort.
directory-welcome = Wie neue Mitglieder hereinkommen
directory-welcome-letter = Mit einer Mail, über deren Link sie ein Passwort setzen.
directory-welcome-sso = Ohne Mail, über Single Sign-on.
directory-owners = Wem die Organisation gehört, sagt, welche Rolle jede Gruppe gibt.
