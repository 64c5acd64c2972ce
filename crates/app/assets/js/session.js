// Says in time that the session is about to end, and keeps it for whoever is still writing. What is
// written stays where it is, also when the session did end: it can be sent after signing in elsewhere.

const box = document.getElementById("leaving");
const WARN_MS = 120_000;
const LOOK_MS = 5_000;

if (box) {
  const [text, stay, again] = [box.querySelector("p"), box.querySelector("button"), box.querySelector("a")];
  const soon = text.textContent;
  const whole = Number(box.dataset.seconds) * 1_000;
  let ends = Date.now() + whole;
  // Pages in other tabs of the same organization use the same session.
  const tabs = new BroadcastChannel(box.dataset.url);

  const show = () => {
    const left = ends - Date.now();
    const isOver = left <= 0;
    const isSoon = left <= Math.min(WARN_MS, whole / 2);
    stay.hidden = isOver;
    again.hidden = !isOver;
    const words = isOver ? box.dataset.out : soon;
    if (text.textContent !== words) text.textContent = words;
    if (box.hidden === isSoon) box.hidden = !isSoon;
  };

  const lasts = (seconds) => {
    const focused = box.contains(document.activeElement);
    ends = Date.now() + seconds * 1_000;
    show();
    if (focused && box.hidden) document.getElementById("main").focus();
  };

  stay.addEventListener("click", async () => {
    try {
      const answer = await fetch(box.dataset.url, { method: "POST", headers: { "x-kept-part": "stay" } });
      const seconds = answer.ok ? Number(await answer.text()) : 0;
      lasts(seconds);
      if (seconds > 0) tabs.postMessage(seconds);
    } catch {
      // Without a network the session goes on running out, which is what the box says.
      show();
    }
  });

  tabs.addEventListener("message", (event) => lasts(Number(event.data)));
  tabs.postMessage(Number(box.dataset.seconds));
  setInterval(show, LOOK_MS);
  document.addEventListener("visibilitychange", show);
  show();
}
