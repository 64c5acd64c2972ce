// What a page can do better when scripts run. Everything works without.
const language = document.documentElement.lang;

// The chosen time, beside the button.
const chosen = document.querySelector("[data-chosen]");
const showChoice = () => {
  const radio = document.querySelector('input[name="at"]:checked');
  chosen.textContent = radio?.dataset.choice ?? "";
  chosen.hidden = chosen.textContent === "";
};
if (chosen) {
  document.addEventListener("change", showChoice);
  // Also after the browser has put an earlier choice back.
  addEventListener("pageshow", showChoice);
  showChoice();
}

// The device's own zone, where its clock shows another time.
const line = document.querySelector("[data-zone]");
const offer = line?.querySelector("[data-zone-offer]");
if (offer && !new URLSearchParams(location.search).has("zone")) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const clock = (timeZone) =>
    new Date(line.dataset.at).toLocaleString("en", { timeZone, timeZoneName: "longOffset" });
  const offset = (timeZone) => clock(timeZone).split("GMT")[1];
  if (own && offset(own) !== offset(line.dataset.zone)) {
    const url = new URL(offer.dataset.zoneOffer, location.href);
    url.searchParams.set("zone", own);
    const link = offer.querySelector("a");
    link.href = url.href;
    link.textContent = own.replaceAll("_", " ");
    offer.hidden = false;
  }
}

// How long a time is still kept.
const kept = document.querySelector("[data-kept-until]");
const MOST_MINUTES = 30;
const left = kept?.querySelector("[data-left]");
if (left) {
  const until = Date.parse(kept.dataset.keptUntil);
  const minutes = new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "short" });
  const tick = () => {
    const remaining = Math.ceil((until - Date.now()) / 60_000);
    // A device with another time of day would only mislead.
    if (remaining > MOST_MINUTES) {
      return;
    }
    left.textContent = `(${minutes.format(Math.max(remaining, 0))})`;
    left.hidden = false;
    if (remaining > 0) {
      setTimeout(tick, 5_000);
    }
  };
  tick();
}
