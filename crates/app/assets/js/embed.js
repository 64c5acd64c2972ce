// What a page within a page of somebody else's tells it: that it is there, how tall it is, which
// time was chosen, what was booked. Only to the sites that the organization lets show it, and only
// once such a site has asked.
const root = document.documentElement;
const hosts = root.dataset.hosts.split(" ");
const body = document.body;
let host = null;

const tell = (type, more) => {
  if (host) {
    parent.postMessage({ kept: 1, type, ...more }, host);
  }
};
const tellHeight = () => tell("height", { height: Math.ceil(body.getBoundingClientRect().height) });

const begin = (origin) => {
  host = origin;
  tell("ready");
  tellHeight();
  new ResizeObserver(tellHeight).observe(body);
  const booked = document.querySelector("[data-booked]");
  if (booked) {
    tell("booked", { id: booked.dataset.booked, start: booked.dataset.start });
  }
};

if (parent !== window) {
  addEventListener("message", ({ data, origin, source }) => {
    const asked = data?.kept === 1 && data.type === "hello" && source === parent;
    if (asked && !host && (hosts.includes(origin) || origin === location.origin)) {
      begin(origin);
    }
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name === "at" && target.value) {
      tell("slot", { start: target.value });
    }
  });
}
