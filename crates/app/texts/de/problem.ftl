# Was schiefging, und was zu tun ist, für Menschen.
problem-request = Wenn Sie uns davon berichten, nennen Sie bitte:
problem-not-found = Hier ist nichts
    .advice = Prüfen Sie die Adresse, oder gehen Sie zurück zur vorigen Seite.
problem-method = Diese Adresse lässt sich so nicht öffnen
    .advice = Gehen Sie zurück zur vorigen Seite und versuchen Sie es von dort noch einmal.
problem-too-large = Das war zu viel auf einmal
    .advice = Gehen Sie zurück und senden Sie weniger Text.
problem-slow = Ihre Anfrage kam nicht rechtzeitig an
    .advice = Prüfen Sie Ihre Verbindung, gehen Sie zurück und senden Sie noch einmal.
problem-foreign = Dieses Formular kam von einer anderen Seite
    .advice = Öffnen Sie unsere Seite selbst und senden Sie das Formular von dort. Es wurde nichts geändert.
problem-busy = Gerade ist sehr viel los
    .advice = Bitte versuchen Sie es gleich noch einmal.
problem-internal = Bei uns ist etwas schiefgegangen
    .advice = Bitte versuchen Sie es noch einmal. Wenn es wieder geschieht, sagen Sie uns Bescheid.
problem-unreadable = Wir konnten diese Anfrage nicht lesen
    .advice = Gehen Sie zurück zur vorigen Seite und versuchen Sie es noch einmal.
