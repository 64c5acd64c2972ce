// What the pages of look, words and letters do better when scripts run.

// The browser's picker writes the code, and a code moves the picker.
for (const picker of document.querySelectorAll("[data-picks]")) {
  const code = document.getElementById(picker.dataset.picks);
  picker.addEventListener("input", () => {
    code.value = picker.value;
  });
  code.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(code.value)) {
      picker.value = code.value;
    }
  });
}

// A choice shows at once what it makes.
for (const form of document.querySelectorAll("form[data-sends-itself]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

for (const button of document.querySelectorAll("[data-copies]")) {
  const source = document.getElementById(button.dataset.copies);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    source.select();
    await navigator.clipboard.writeText(source.value);
    button.textContent = button.dataset.done;
  });
}

// The letter as it will read, while it is written.
const REST_MS = 300;
const shown = document.querySelector("[data-letter]");
if (shown) {
  const form = document.getElementById(shown.dataset.letter);
  let rest = 0;
  let asked = null;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(shown.dataset.url, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: asked.signal,
      });
      if (answer.ok) {
        const [subject, ...lines] = (await answer.text()).split("\n");
        const title = document.createElement("b");
        title.textContent = subject;
        shown.replaceChildren(title, lines.join("\n"));
      }
    } catch {
      // The next letter that is typed asks again.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(show, REST_MS);
  });
}
