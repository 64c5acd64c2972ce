// Shows what the server says of the calendar: changes of others as they happen, a sheet at the side
// instead of a page.
import { announce, parse, settleToast } from "/assets/desk.js";

export const ROW_MINUTES = 5;
const AGAIN_MS = 30_000;
const STALE_MS = 300_000;

export const root = () => document.getElementById("cal");
export const said = (name, values = {}) =>
  Object.entries(values).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value),
    root().dataset[`say${name}`] ?? "",
  );
const two = (number) => String(number).padStart(2, "0");
export const clock = (row) => {
  const minutes = (Number(root().dataset.from) * 12 + row) * ROW_MINUTES;
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};

// --- Showing what the server says -------------------------------------------------------------

// Whoever is moving something is not interrupted.
export const hold = { moving: null };
let waiting = false;

const swap = (page) => {
  const fresh = page.getElementById("cal");
  if (!fresh) return false;
  const focused = document.activeElement?.id;
  const old = root();
  const [x, y] = [old.querySelector(".cal-scroll")?.scrollLeft, scrollY];
  old.replaceWith(document.adoptNode(fresh));
  const box = root().querySelector(".cal-scroll");
  if (box && x) box.scrollLeft = x;
  scrollTo(scrollX, y);
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  return true;
};

const toasted = (page) => {
  const fresh = page.getElementById("toast");
  if (fresh?.firstElementChild) {
    document.getElementById("toast").replaceChildren(...document.adoptNode(fresh).childNodes);
    settleToast();
  }
};

const get = async (url, options) => {
  const answer = await fetch(url, options);
  if (answer.status === 401 || answer.url.includes("/sign-in")) {
    location.reload();
    return null;
  }
  return { page: parse(await answer.text()), ok: answer.ok };
};

export const refresh = async () => {
  if (hold.moving) {
    waiting = true;
    return;
  }
  waiting = false;
  try {
    const got = await get(root().dataset.here);
    if (got?.ok && !hold.moving) swap(got.page);
  } catch {
    announce(said("Offline"));
  }
};

let stream;
const listen = () => {
  stream?.close();
  stream = new EventSource(root().dataset.live);
  stream.onmessage = (event) => {
    if (event.data !== root().dataset.revision) refresh();
  };
  stream.onerror = () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_MS);
  };
};
document.addEventListener("visibilitychange", () => {
  if (document.hidden) stream?.close();
  else listen();
});
addEventListener("pagehide", () => stream?.close());
setInterval(() => document.hidden || refresh(), STALE_MS);

// --- A sheet at the side ----------------------------------------------------------------------

export const dialogOf = (name, className) => {
  let dialog = document.getElementById(name);
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = name;
    dialog.className = className;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "cal-close quiet";
    close.textContent = said("Close");
    close.addEventListener("click", () => dialog.close());
    dialog.append(close, document.createElement("div"));
    document.body.append(dialog);
  }
  return dialog;
};

const showSheet = (page) => {
  const sheet = page.getElementById("sheet");
  if (!sheet) return false;
  const dialog = dialogOf("side", "cal-dialog");
  dialog.lastElementChild.replaceChildren(document.adoptNode(sheet));
  const heading = sheet.querySelector("h1");
  heading.id = "side-heading";
  dialog.setAttribute("aria-labelledby", heading.id);
  if (!dialog.open) dialog.showModal();
  const first = sheet.querySelector("#refusal, #letter");
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
  return true;
};

export const openSheet = async (url) => {
  try {
    const got = await get(url);
    if (got && !showSheet(got.page)) location.assign(url);
  } catch {
    location.assign(url);
  }
};

// Sends a form; what comes back is the calendar again, or the sheet with what is in the way.
export const send = async (action, body) => {
  try {
    const got = await get(action, { method: "POST", body });
    if (!got) return;
    if (got.page.getElementById("cal") && root()) {
      document.getElementById("side")?.close();
      swap(got.page);
      toasted(got.page);
    } else {
      if (!showSheet(got.page)) location.reload();
    }
  } catch {
    announce(said("Offline"));
    refresh();
  }
};

document.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest?.(".cal-a, #cal-new, .cal-reserve");
  if (link) {
    event.preventDefault();
    openSheet(link.href);
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("#side, #cal, #toast")) return;
  event.preventDefault();
  send(form.action, new URLSearchParams(new FormData(form, event.submitter)));
});

export const catchUp = () => waiting && refresh();

if (root()) listen();
