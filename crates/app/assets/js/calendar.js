// What the calendar can do better when scripts run: move, resize and create in place, by pointer and
// by keyboard. Without it all are plain pages.
import { announce } from "/assets/desk.js";
import {
  ROW_MINUTES,
  catchUp,
  clock,
  dialogOf,
  hold,
  openSheet,
  root,
  said,
  send,
} from "/assets/calendar-page.js";

const SNAP_ROWS = 3;

// --- Moving and resizing ----------------------------------------------------------------------

const wide = matchMedia("(min-width: 48.01rem)");
const rows = () => Number(root().dataset.hours) * 12;
const days = () => [...root().querySelectorAll(".cal-day")];
const number = (item, name) => Number(getComputedStyle(item).getPropertyValue(name)) || 0;
const placeOf = (item) => ({
  day: days().indexOf(item.closest(".cal-day")),
  row: number(item, "--h") * 12 + number(item, "--m"),
  length: number(item, "--k") * 12 + number(item, "--j"),
});

const put = ({ day, row, length }) => {
  const item = hold.moving.item;
  const limit = rows();
  length = Math.max(1, Math.min(limit, length));
  row = Math.max(0, Math.min(limit - length, row));
  const all = days();
  day = Math.max(0, Math.min(all.length - 1, day));
  hold.moving.at = { day, row, length };
  const set = { h: Math.floor(row / 12), m: row % 12, k: Math.floor(length / 12), j: length % 12 };
  for (const [name, value] of Object.entries(set)) item.style.setProperty(`--${name}`, value);
  const list = all[day].querySelector(".cal-list");
  if (item.parentNode !== list) {
    const focused = document.activeElement === hold.moving.link;
    list.append(item);
    if (focused) hold.moving.link.focus();
  }
  const time = `${clock(row)}–${clock(row + length)}`;
  hold.moving.link.querySelector("time").textContent = time;
  announce(said("At", { day: all[day].querySelector("h2").textContent.trim(), time }));
};

const begin = (link, resize) => {
  const item = link.closest("li");
  hold.moving = { link, item, resize, from: placeOf(item), text: link.querySelector("time").textContent };
  hold.moving.home = { parent: item.parentNode, next: item.nextSibling };
  hold.moving.at = hold.moving.from;
  item.dataset.moving = "";
};

const leave = () => {
  const { item, link, home, text } = hold.moving;
  for (const name of ["h", "m", "k", "j"]) item.style.removeProperty(`--${name}`);
  home.parent.insertBefore(item, home.next);
  link.querySelector("time").textContent = text;
  delete item.dataset.moving;
  hold.moving = null;
  link.focus();
};

const end = async (keep) => {
  const { link, from, at } = hold.moving;
  const changed = at.day !== from.day || at.row !== from.row || at.length !== from.length;
  if (!keep || !changed) {
    leave();
    announce(said("Back"));
    catchUp();
    return;
  }
  const all = days();
  const body = new URLSearchParams({ back: root().dataset.path });
  if (at.day !== from.day || at.row !== from.row) {
    body.set("date", all[at.day].dataset.date);
    body.set("time", clock(at.row));
  }
  if (at.length !== from.length) body.set("minutes", at.length * ROW_MINUTES);
  if (at.day !== from.day && all[at.day].dataset.who) {
    body.set("from", all[from.day].dataset.who);
    body.set("to", all[at.day].dataset.who);
  }
  if (document.getElementById("cal-tell")?.checked) body.set("tell", "yes");
  const action = `${root().dataset.change}/appointments/${link.id}/move`;
  const sent = send(action, body);
  // The calendar that comes back shows where it is now; what refuses shows where it was.
  const held = hold.moving;
  hold.moving = null;
  delete held.item.dataset.moving;
  await sent;
  if (held.item.isConnected) {
    hold.moving = held;
    leave();
  }
};

document.addEventListener("pointerdown", (event) => {
  const link = event.target.closest?.(".cal-list .cal-a[id]");
  if (!link || event.button || !root().dataset.change || !wide.matches || hold.moving) return;
  const list = link.closest(".cal-list");
  const pixels = list.clientHeight / rows();
  const edge = link.getBoundingClientRect().bottom - event.clientY < 8;
  const [x0, y0] = [event.clientX, event.clientY];
  let dragging = false;
  const move = (now) => {
    if (!dragging) {
      if (Math.hypot(now.clientX - x0, now.clientY - y0) < 5) return;
      dragging = true;
      begin(link, edge);
    }
    now.preventDefault();
    const snap = now.shiftKey ? 1 : SNAP_ROWS;
    const by = (now.clientY - y0) / pixels;
    const { day, row, length } = hold.moving.from;
    if (edge) {
      put({ day, row, length: Math.max(1, Math.round((row + length + by) / snap) * snap - row) });
      return;
    }
    const over = days().findIndex((column) => {
      const box = column.getBoundingClientRect();
      return now.clientX >= box.left && now.clientX < box.right;
    });
    put({ day: over < 0 ? hold.moving.at.day : over, row: Math.round((row + by) / snap) * snap, length });
  };
  const stop = (keep) => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", up);
    removeEventListener("pointercancel", off);
    if (!dragging) return;
    // The click that follows a drag opens nothing.
    const swallow = (click) => {
      click.preventDefault();
      click.stopPropagation();
    };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
    end(keep);
  };
  const up = () => stop(true);
  const off = () => stop(false);
  addEventListener("pointermove", move);
  addEventListener("pointerup", up);
  addEventListener("pointercancel", off);
});
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.(".cal-list .cal-a")) event.preventDefault();
});

// A click on a gap books there.
document.addEventListener("click", (event) => {
  const gap = event.target;
  if (event.button || !gap.matches?.(".cal-list") || !root().dataset.change || !wide.matches) return;
  const box = gap.getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  const row = Math.floor((part * rows()) / SNAP_ROWS) * SNAP_ROWS;
  const day = gap.closest(".cal-day").dataset;
  const query = new URLSearchParams({ date: day.date, time: clock(row), back: root().dataset.path });
  if (day.who) query.set("who", day.who);
  openSheet(`${root().dataset.change}/new?${query}`);
});

// --- Keys -------------------------------------------------------------------------------------

const steer = (event) => {
  const step = event.shiftKey ? 1 : SNAP_ROWS;
  const turn = getComputedStyle(hold.moving.link).direction === "rtl" ? -1 : 1;
  const { day, row, length } = hold.moving.at;
  const along = { ArrowUp: -step, ArrowDown: step }[event.key];
  const across = { ArrowLeft: -turn, ArrowRight: turn }[event.key];
  if (along && hold.moving.resize) put({ day, row, length: length + along });
  else if (along) put({ day, row: row + along, length });
  else if (across && !hold.moving.resize) put({ day: day + across, row, length });
  else if (event.key === "Enter" || event.key === "Escape") end(event.key === "Enter");
  else return;
  event.preventDefault();
};

const showKeys = () => {
  const dialog = dialogOf("keys", "cal-dialog cal-keys");
  const text = document.createElement("pre");
  text.textContent = said("Keys");
  dialog.lastElementChild.replaceChildren(text);
  dialog.setAttribute("aria-label", said("Keys").split("\n")[0]);
  dialog.showModal();
};

const globals = {
  n: () => document.getElementById("cal-new")?.click(),
  t: () => document.getElementById("cal-today")?.click(),
  "?": showKeys,
  "/": () => {
    const search = document.querySelector("input[type=search]");
    if (search) search.focus();
    else location.assign(root().dataset.live.replace(/\/calendar\/live$/, "/people"));
  },
};

document.addEventListener("keydown", (event) => {
  if (hold.moving) {
    steer(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  const link = event.target.closest(".cal-list .cal-a[id]");
  if (link && (event.key === "m" || event.key === "r") && root().dataset.change && wide.matches) {
    event.preventDefault();
    begin(link, event.key === "r");
    announce(said("Moving"));
    return;
  }
  const act = globals[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
