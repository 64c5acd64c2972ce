// What every page of members can do better when scripts run. Everything works without.

// HTML of our own server becomes nodes here alone.
const policy = globalThis.trustedTypes?.createPolicy("kept", { createHTML: (html) => html });
export const parse = (html) =>
  new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");

// The part of another page of ours with that id, or null: `fetchPart("/o/x/calendar", "week")`.
// With a form as `body` it is sent, so that what was typed stands in no address.
export const fetchPart = async (url, id, signal, body) => {
  const method = body ? "POST" : "GET";
  const answer = await fetch(url, { signal, method, body, headers: { "x-kept-part": id } });
  if (answer.status === 401) {
    location.reload();
    return null;
  }
  return document.adoptNode(parse(await answer.text()).getElementById(id));
};

// What was done is said for ten seconds; then the address is as it was, so that a reload does not
// say it again.
const TOAST_MS = 10_000;
const toast = document.getElementById("toast");
let leaving;
export const settleToast = () => {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    if (toast.contains(document.activeElement) || toast.matches(":hover")) settleToast();
    else toast.replaceChildren();
  }, TOAST_MS);
};
if (toast?.firstElementChild) {
  const url = new URL(location.href);
  url.searchParams.delete("done");
  url.searchParams.delete("undo");
  history.replaceState(history.state, "", url);
  settleToast();
}

// Says something to whoever cannot see it.
export const announce = (text) => {
  let line = document.getElementById("announced");
  if (!line) {
    line = document.createElement("p");
    line.id = "announced";
    line.className = "vh";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = text;
};
