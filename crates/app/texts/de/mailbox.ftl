# Das Postfach der Demo.
mailbox-title = Postfach
mailbox-heading = Verschickte Briefe
mailbox-lead = Nichts verlässt diese Demo: Das sind die Briefe, die sie verschickt hätte, die neuesten zuerst.
mailbox-again = Neu laden
mailbox-filter = Wessen Briefe
mailbox-all = Alle
mailbox-empty = Noch keine Briefe. Buchen Sie etwas.
mailbox-from = Von
mailbox-to = An
mailbox-at = Gesendet
mailbox-calendar = Kalendereintrag
