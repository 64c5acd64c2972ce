/* Kept: booking within another site's page. Loaded by
   <script async src="https://.../embed/v1.js"></script>, it turns each <div data-book="org/service">
   into a frame and opens each <a data-book="org/service"> in a dialog. Without it a link stays a
   link. It sets no cookie, keeps nothing, and asks nobody but the address it came from. */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script) return;
  var home = new URL(script.src).origin;
  var frames = [];
  var told = Object.create(null);

  function address(at) {
    var url = new URL("/" + at.dataset.book, home);
    if (url.origin !== home) return null;
    url.searchParams.set("embed", "1");
    if (at.dataset.lang) url.searchParams.set("lang", at.dataset.lang);
    if (at.dataset.theme) url.searchParams.set("theme", at.dataset.theme);
    return url.href;
  }

  function frame(at, parent) {
    var url = address(at);
    if (!url) return;
    var el = document.createElement("iframe");
    el.title = at.dataset.title || at.textContent.trim() || "Kept";
    el.width = "100%";
    el.height = "640";
    el.setAttribute("frameborder", "0");
    // Set by script, which a policy for styles does not concern.
    el.style.border = "0";
    el.style.colorScheme = "auto";
    // Each page in the frame is asked anew: it speaks only to who has asked.
    el.addEventListener("load", function () {
      el.contentWindow.postMessage({ kept: 1, type: "hello" }, home);
    });
    frames.push({ el: el, at: at, seen: 0 });
    el.src = url;
    parent.append(el);
  }

  function open(at) {
    var dialog = document.createElement("dialog");
    var close = document.createElement("button");
    close.type = "button";
    close.textContent = "\u00d7";
    close.setAttribute("aria-label", (at.dataset.lang || document.documentElement.lang).slice(0, 2) === "de" ? "Schlie\u00dfen" : "Close");
    close.style.cssText = "display:block;margin:0 0 4px auto;min-width:44px;min-height:44px;font-size:24px";
    dialog.style.cssText = "width:min(40rem,96vw);max-height:94vh;box-sizing:border-box;padding:8px";
    close.onclick = function () { dialog.close(); };
    dialog.addEventListener("close", function () {
      frames = frames.filter(function (one) { return !dialog.contains(one.el); });
      dialog.remove();
      at.focus();
    });
    dialog.append(close);
    frame(at, dialog);
    document.body.append(dialog);
    dialog.showModal();
  }

  function begin(at) {
    if (at.kept) return;
    at.kept = true;
    var link = at.tagName === "A";
    var mode = at.dataset.mode || (link ? "dialog" : "inline");
    if (mode === "inline" && !link) {
      var label = at.textContent.trim();
      if (label && !at.dataset.title) at.dataset.title = label;
      at.textContent = "";
      frame(at, at);
    } else if (mode === "dialog") {
      var button = at;
      if (!link) {
        button = document.createElement("button");
        button.type = "button";
        button.textContent = at.textContent.trim() || "Kept";
        at.textContent = "";
        for (var name in at.dataset) button.dataset[name] = at.dataset[name];
        button.kept = true;
        at.append(button);
      }
      button.addEventListener("click", function (event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        open(button);
      });
    }
  }

  addEventListener("message", function (event) {
    var data = event.data;
    var from = frames.find(function (one) { return one.el.contentWindow === event.source; });
    if (event.origin !== home || !from || !data || data.kept !== 1) return;
    var detail;
    if (data.type === "height" && data.height > 0) {
      from.el.height = String(Math.min(data.height, 9999));
      detail = { height: data.height };
    } else if (data.type === "slot") {
      detail = { start: String(data.start) };
    } else if (data.type === "booked" && !told[data.id]) {
      told[data.id] = true;
      detail = { id: String(data.id), start: String(data.start) };
    } else if (data.type === "ready") {
      // A next step begins at its top.
      if (from.seen++) from.el.scrollIntoView({ block: "nearest" });
      else detail = {};
    }
    if (detail) from.at.dispatchEvent(new CustomEvent("book:" + data.type, { bubbles: true, detail: detail }));
  });

  function all() {
    document.querySelectorAll("[data-book]").forEach(begin);
  }
  all();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
})();
