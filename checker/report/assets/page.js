// Choosing a way out shows it wherever its claims and quantities stand. Without this script the page is complete.
"use strict";
(() => {
  document.documentElement.classList.add("js");

  const make = (tag, properties, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const live = make("p", { className: "hidden" });
  live.setAttribute("role", "status");
  const told = make("p", {});
  const reset = make("button", { type: "button", textContent: "Leave everything as it stands" });
  const bar = make("aside", { className: "bar", hidden: true }, told, reset);
  bar.setAttribute("aria-label", "What is given up");
  document.body.append(live, bar);

  const scenarios = [...document.querySelectorAll(".scenario")];

  // A mark in words behind the element that a claim is named in, so that colour and strokes are not all there is.
  const mark = (node, on) => {
    node.classList.toggle("given-up", on);
    if (node instanceof SVGElement) {
      const title = node.querySelector("title");
      if (!title) return;
      if (title.dataset.plain === undefined) title.dataset.plain = title.textContent;
      title.textContent = (on ? "given up: " : "") + title.dataset.plain;
      return;
    }
    const old = node.querySelector(".given-up-mark");
    if (on && !old) {
      const name = node.querySelector(".claim") || node;
      name.after(make("span", { className: "given-up-mark" }, " ", make("span", { textContent: "given up" })));
    } else if (!on && old) {
      old.remove();
    }
  };

  const settle = (node, on) => {
    node.classList.toggle("settled", on);
    const old = node.querySelector(":scope > .settled-mark");
    if (on && !old) {
      const text = make(node.matches("article") ? "p" : "span", { className: "settled-mark", textContent: "Settled by what is given up." });
      const heading = node.querySelector("h3, h4");
      if (heading) heading.after(text);
      else node.append(" ", text);
    } else if (!on && old) {
      old.remove();
    }
  };

  const update = (scenario) => {
    const chosen = [...scenario.querySelectorAll(".way input:checked")].map((input) => input.closest(".way"));
    const ways = chosen.filter((way) => way.dataset.gives);
    for (const way of scenario.querySelectorAll(".way")) way.classList.toggle("chosen", ways.includes(way));
    const gives = new Set(ways.flatMap((way) => way.dataset.gives.split(" ")));
    const settles = new Set(ways.flatMap((way) => way.dataset.settles.split(" ")));
    for (const node of scenario.querySelectorAll("[data-claim]")) mark(node, gives.has(node.dataset.claim));
    for (const node of scenario.querySelectorAll("[data-contradiction]")) {
      settle(node, settles.has(node.dataset.contradiction));
    }
    const values = new Map();
    for (const way of ways) for (const value of way.querySelectorAll("[data-then]")) values.set(value.dataset.then, value);
    for (const slot of scenario.querySelectorAll("[data-quantity]")) {
      const value = values.get(slot.dataset.quantity);
      slot.hidden = !value;
      slot.replaceChildren();
      if (!value) continue;
      const copy = [...value.childNodes].map((node) => node.cloneNode(true));
      slot.append("Then ", make("b", { textContent: value.previousElementSibling.querySelector("span").textContent }), " ", ...copy);
    }
    const number = scenario.querySelectorAll("[data-contradiction].settled").length;
    const then = ways.flatMap((way) => [...way.querySelectorAll("[data-words]")].map((one) => one.dataset.words));
    const names = ways.map((way) => way.dataset.words).join("; ");
    const settled = `${number === 1 ? "1 contradiction is" : `${number} contradictions are`} settled`;
    const text = ways.length
      ? `Given up: ${names}. ${then.length ? `Then ${then.slice(0, 6).join("; ")}${then.length > 6 ? " …" : ""}. ` : ""}${settled}.`
      : "";
    return text;
  };

  const show = () => {
    const text = scenarios.map(update).filter(Boolean).join(" ");
    live.textContent = text || "Nothing is given up.";
    told.textContent = text;
    bar.hidden = !text;
    document.documentElement.classList.toggle("choosing", Boolean(text));
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches(".way input")) show();
  });
  reset.addEventListener("click", () => {
    const first = document.querySelector(".way:not(.none) input:checked");
    for (const input of document.querySelectorAll(".way.none input")) input.checked = true;
    show();
    const none = first && first.closest("fieldset").querySelector(".way.none input");
    if (none) none.focus();
  });

  // What is wider than its box is a stop for the keyboard, and only that.
  const boxes = () => {
    for (const box of document.querySelectorAll(".formula, .scroll")) {
      const wide = box.scrollWidth > box.clientWidth + 1;
      if (wide) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
      if (wide && !box.hasAttribute("role")) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", "formula");
      }
    }
  };
  addEventListener("resize", boxes);
  boxes();

  // The browser may have kept a choice from before.
  if (document.querySelector(".way:not(.none) input:checked")) show();
})();
