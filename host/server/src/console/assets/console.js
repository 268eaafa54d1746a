// What pages do more where scripts run. Every page works without it.
"use strict";

// On a narrow screen the menu begins closed.
const menu = document.querySelector("details.menu");
if (menu && matchMedia("(max-width: 56rem)").matches) menu.open = false;

// A button copies the text that it stands beside.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      text.select();
      document.execCommand("copy");
    }
    button.classList.add("primary");
    setTimeout(() => button.classList.remove("primary"), 1500);
  });
}

// All lines of a list are picked by one box.
for (const all of document.querySelectorAll("[data-picks]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const one of document.getElementsByName(all.dataset.picks)) one.checked = all.checked;
  });
}

// A file is read into the field beside it.
for (const file of document.querySelectorAll("[data-reads-into]")) {
  file.closest("[hidden]")?.removeAttribute("hidden");
  file.addEventListener("change", async () => {
    if (file.files[0]) document.getElementById(file.dataset.readsInto).value = await file.files[0].text();
  });
}

// Nothing is sent twice by a second press.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  const button = event.submitter;
  setTimeout(() => { if (button) button.disabled = true; });
  setTimeout(() => { if (button) button.disabled = false; }, 8000);
});

// A page that follows something is drawn again when it changes, unless somebody is typing in it.
const main = document.querySelector("main[data-follow]");
if (main && window.EventSource) {
  const events = new EventSource(location.pathname + location.search);
  let first = true;
  let waiting = false;
  const draw = async () => {
    waiting = false;
    if (main.contains(document.activeElement) && /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return events.close();
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const live of main.querySelectorAll("[data-live]")) {
      const fresh = next.querySelector(`[data-live="${live.dataset.live}"]`);
      if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
    }
  };
  events.addEventListener("answer", () => {
    if (first) { first = false; return; }
    if (!waiting) { waiting = true; setTimeout(draw, 300); }
  });
  events.addEventListener("problem", () => events.close());
  addEventListener("pagehide", () => events.close());
}
