// What pages do more where scripts run. Every page works without it.
"use strict";

// On a narrow screen the menu begins closed.
const menu = document.querySelector("details.menu");
const narrow = matchMedia("(max-width: 56rem)");
// A window that is made wide has no button that would open it.
const fit = () => { if (menu) menu.open = !narrow.matches; };
fit();
narrow.addEventListener("change", fit);

// Of parts that do not all fit, the one that is open is seen.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

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

// Rules of a mapping stand as rows; the text that is sent follows them, and they follow it.
for (const place of document.querySelectorAll("[data-rows-of]")) {
  const text = document.getElementById(place.dataset.rowsOf);
  const list = place.querySelector("ol");
  const template = document.getElementById("rule-row");
  const wrong = (document.querySelector("[data-wrong-rules]")?.dataset.wrongRules ?? "").split(",");
  let whole = {};
  const kind = (rule) => {
    const names = Object.keys(rule);
    if (names.every((name) => ["copy", "to", "cast"].includes(name)) && "copy" in rule) return "copy";
    if (names.every((name) => ["constant", "to"].includes(name)) && "constant" in rule && "to" in rule) return "constant";
    return "other";
  };
  const write = () => {
    const rules = [...list.children].map((row) => row.rule);
    const lines = (all) => all.length ? `[\n${all.map((one) => `    ${JSON.stringify(one)}`).join(",\n")}\n  ]` : "[]";
    const parts = Object.entries({ ...whole, rules }).map(([name, part]) => `  ${JSON.stringify(name)}: ${Array.isArray(part) ? lines(part) : JSON.stringify(part)}`);
    text.value = `{\n${parts.join(",\n")}\n}`;
  };
  // A text stands without its quotes, unless it would be taken for something else then.
  const plain = (value) => {
    if (typeof value !== "string") return JSON.stringify(value);
    try { JSON.parse(value); return JSON.stringify(value); } catch { return value; }
  };
  const row = (rule, number) => {
    const item = template.content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-rule="${name}"]`);
    const shown = () => {
      const is = part("kind").value;
      item.classList.toggle("is-raw", is === "other");
      item.classList.toggle("is-constant", is === "constant");
      for (const name of ["from", "to", "cast"]) part(name).hidden = is === "other" || (is === "constant" && name === "cast");
      part("raw").hidden = is !== "other";
    };
    const read = () => {
      const [from, to, cast] = ["from", "to", "cast"].map((name) => part(name).value.trim());
      if (part("kind").value === "copy") {
        item.rule = { copy: from, ...(to && to !== from ? { to } : {}), ...(cast ? { cast } : {}) };
      } else if (part("kind").value === "constant") {
        let constant = from;
        try { constant = JSON.parse(from); } catch { /* a text without its quotes */ }
        item.rule = { constant, to };
      } else {
        try { item.rule = JSON.parse(part("raw").value); part("raw").setCustomValidity(""); } catch (error) {
          part("raw").setCustomValidity(error.message);
          part("raw").reportValidity();
          return;
        }
      }
      write();
    };
    item.rule = rule;
    part("kind").value = kind(rule);
    part("from").value = rule.copy ?? ("constant" in rule ? plain(rule.constant) : "");
    part("to").value = rule.to ?? rule.copy ?? "";
    part("cast").value = rule.cast ?? "";
    part("raw").value = JSON.stringify(rule);
    part("kind").addEventListener("change", () => { part("raw").value = JSON.stringify(item.rule); shown(); read(); });
    for (const name of ["from", "to", "cast", "raw"]) part(name).addEventListener("change", read);
    part("remove").addEventListener("click", () => { const next = item.nextElementSibling ?? item.previousElementSibling; item.remove(); write(); (next?.querySelector("select") ?? text).focus(); });
    item.classList.toggle("is-wrong", wrong.includes(String(number)));
    shown();
    return item;
  };
  const draw = () => {
    // What is half typed changes no row; and nothing moves below a pointer that is about to press a button.
    let typed;
    try { typed = JSON.parse(text.value); } catch { return; }
    const isRules = typed && Array.isArray(typed.rules) && typed.rules.every((rule) => rule && typeof rule === "object");
    if (!isRules) return;
    whole = typed;
    place.hidden = false;
    list.replaceChildren(...whole.rules.map(row));
  };
  place.querySelector("[data-add-rule]").addEventListener("click", () => {
    list.append(row({ copy: "/" }));
    write();
    list.lastElementChild.querySelector("[data-rule=from]").focus();
  });
  text.addEventListener("input", draw);
  draw();
  if (!place.hidden && !text.hasAttribute("aria-invalid")) text.closest("details").open = false;
}
