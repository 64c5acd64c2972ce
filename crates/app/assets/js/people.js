// The list follows what is typed. Without this file the button does the same.
import { fetchPart } from "/assets/desk.js";

const form = document.getElementById("people-search");
const field = form?.querySelector("[data-search]");
const WAIT_MS = 80;

let asking = null;
let timer = 0;
let shown = field?.value;

const ask = async (typed) => {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const found = document.getElementById("people-found");
  found.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ q: typed });
    const part = await fetchPart(form.action, "people-found", mine.signal, body);
    if (asking !== mine) return;
    // Signed out meanwhile, or the server is gone: the form itself tells what is the matter.
    if (!part) form.submit();
    else {
      found.replaceWith(part);
      shown = typed;
    }
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
};

const follow = () => {
  clearTimeout(timer);
  const typed = field.value;
  if (typed !== shown) timer = setTimeout(() => ask(typed), WAIT_MS);
};

field?.addEventListener("input", follow);
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  ask(field.value);
});
