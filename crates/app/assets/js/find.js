// Who is found follows what is typed, in a form that is sent later. Without this file the button
// beside the field does the same.
import { fetchPart } from "/assets/desk.js";

const WAIT_MS = 80;

let asking = null;
let timer = 0;

const ask = async (field) => {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const id = field.dataset.find;
  const form = field.form;
  const body = new URLSearchParams(new FormData(form));
  body.delete("person");
  body.set("show", "find");
  try {
    const part = await fetchPart(form.action, id, mine.signal, body);
    // The element stays: what appears in it is read out.
    if (asking === mine && part) document.getElementById(id)?.replaceChildren(...part.childNodes);
  } catch (error) {
    // Whoever is offline still has the button, which says so.
    if (error.name !== "AbortError") asking = null;
  }
};

// Asked of the whole page: the form may be opened in a dialog later.
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-find]");
  if (!field) return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(field), WAIT_MS);
});
document.addEventListener("keydown", (event) => {
  // Enter looks for somebody; it does not book.
  const field = event.target.closest?.("[data-find]");
  if (!field || event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  clearTimeout(timer);
  ask(field);
});
