# Leistungen, Tag und Uhrzeit, Zeitzonen.
services-title = Termin buchen
    .appointment = Buchen: { $appointment }
services-heading = Was können wir für Sie tun?
services-lead = Wählen Sie, was Sie brauchen. Danach suchen Sie Tag und Uhrzeit aus.
services-none = Zurzeit lässt sich online nichts buchen. Schreiben Sie uns:
    .service = { $Services } lassen sich zurzeit nicht online buchen. Schreiben Sie uns:

times-title = Zeit wählen
times-heading = Wann passt es Ihnen?
step-time = Zeit
step-details = Ihre Angaben
step-done = Fertig
with-any-at = <b>Egal, bei wem</b>, { $place }.
with-at = Bei <b>{ $who }</b>, { $place }.
anyone = Egal, bei wem
choose-person = Bei wem?
    .staff = { $Staff }
choose-place = Wo?
    .location = { $Location }
first-available = Nächster freier Termin:
earlier-at = Früher am Standort
earlier-days = Frühere Tage
later-days = Spätere Tage
show-month = Monat
show-week = Woche
day-free = { $count } frei
day-full = voll
day-closed = zu
day-past = vorbei
day-too-far = noch nicht
times-on = Zeiten am { $day }
part-night = Nachts
part-morning = Vormittag
part-afternoon = Nachmittag
part-evening = Abend
times-in = Zeiten in <b>{ $zone }</b> ({ $offset })
times-there = Der Termin findet in { $zone } statt.
    .appointment = { $Appointment }: findet in { $zone } statt.
time-there = { $time } vor Ort
change-zone = Zeitzone ändern
zone-offer = Ihr Gerät nutzt eine andere Zeitzone:
clocks-change = An diesem Tag wird die Uhr umgestellt. Bitte sehen Sie die Zeiten noch einmal genau an.
hold-promise = { $minutes ->
    [one] Nach „Weiter“ halten wir die Zeit { $minutes } Minute für Sie frei.
   *[other] Nach „Weiter“ halten wir die Zeit { $minutes } Minuten für Sie frei.
}
continue = Weiter
nearest-times = Die nächstgelegenen freien Zeiten
empty-day = An diesem Tag ist nichts frei. Wählen Sie oben einen anderen Tag.
empty-all = { $days ->
    [one] Bis morgen ist nichts frei.
   *[other] In den nächsten { $days } Tagen ist nichts frei.
}
empty-service = Das lässt sich zurzeit nicht online buchen.
trouble-nothing = Wählen Sie eine Uhrzeit
    .advice = Wählen Sie unten eine der Zeiten und gehen Sie dann weiter.
trouble-gone = Diese Zeit wurde gerade vergeben
    .advice = Jemand war etwas schneller. Wählen Sie eine der nächstgelegenen freien Zeiten oder unten eine andere.
trouble-gone-alone = Diese Zeit wurde gerade vergeben
    .advice = Jemand war etwas schneller. Bitte wählen Sie unten eine andere Zeit.

zones-title = Zeitzone
zones-heading = In welcher Zeitzone möchten Sie die Zeiten sehen?
zones-search = Stadt oder Region
zones-go = Suchen
zones-found = Gefunden
zones-nothing = Keine Zeitzone heißt so. Versuchen Sie es mit einer großen Stadt in der Nähe.
zones-suggested = Vorschläge
zones-all = Alle Zeitzonen
area-africa = Afrika
area-america = Amerika
area-antarctica = Antarktis
area-arctic = Arktis
area-asia = Asien
area-atlantic = Atlantik
area-australia = Australien
area-europe = Europa
area-indian = Indischer Ozean
area-pacific = Pazifik

where-phone = Am Telefon: wir rufen Sie an
where-video = Per Video
where-customer = Bei Ihnen
with-how = Bei <b>{ $who }</b>. { $how }.
with-any-how = <b>Egal, bei wem</b>. { $how }.
