// What the browser must do itself: language mark, names of groups, focus, one tap one answer, the
// way back, printing.
window.redDots = (() => {
  "use strict";
  const SETTLING_MS = 350; // a double tap must not answer the next question too
  const TAB_KEYS = { ArrowRight: 1, ArrowLeft: -1 };
  let groups = 0;

  const visible = (selector) =>
    [...document.querySelectorAll(selector)].find((element) => element.offsetParent);

  // Gradio's groups have no name, and each of its radio buttons is a group of its own.
  const name = (group) => {
    const id = (group.dataset.named ||= `rd-group-${(groups += 1)}`);
    const label = group.querySelector("[data-testid=block-info]");
    if (label && label.id !== id) {
      label.id = id;
      group.setAttribute("aria-labelledby", id);
    }
    for (const radio of group.querySelectorAll("input[type=radio]")) {
      if (radio.name === id) continue;
      group.setAttribute("role", "radiogroup");
      radio.name = id;
    }
  };

  const mark = () => {
    const header = document.querySelector(".rd-header");
    if (!header) return;
    if (document.documentElement.lang !== header.dataset.language) {
      document.documentElement.lang = header.dataset.language;
    }
    for (const message of document.querySelectorAll(".toast-message-text")) {
      const { tooLarge, busy } = header.dataset; // Gradio's own words are English and for engineers
      if (message.textContent !== tooLarge && message.textContent !== busy) {
        message.textContent = /HTTP|size/i.test(message.textContent) ? tooLarge : busy;
      }
    }
    for (const input of document.querySelectorAll("input[type=file]")) {
      if (!input.accept) input.accept = "image/*,.heic,.heif,.avif";
    }
    document.querySelectorAll("fieldset").forEach(name);
    document.querySelector("#rd-language")?.setAttribute("aria-label", header.dataset.switch);
  };

  const settle = () => {
    document.body.classList.add("rd-settling");
    setTimeout(() => document.body.classList.remove("rd-settling"), SETTLING_MS);
  };

  const afterwards = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

  const arrive = (onlyAtResult) => {
    if (onlyAtResult && document.querySelector(".rd-question")) return;
    settle();
    afterwards(() => {
      visible(".rd-title")?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
      expectBack();
    });
  };

  // To what was asked for further down the page, without losing the place.
  const see = (selector) =>
    afterwards(() => {
      const element = visible(selector);
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: "nearest" });
    });

  const seePhotos = () => (document.querySelector(".rd-stage") ? arrive() : see(".rd-photos"));

  // The browser's own “Back” goes one step back on the page, and leaves it from the first step.
  const back = () => visible("#rd-back, #rd-result-back, #rd-correct, [data-act=whole]");
  const expectBack = () => {
    if (back() && history.state !== "rd-inside") history.pushState("rd-inside", "");
  };
  window.addEventListener("popstate", () => back()?.click());

  // Also for the browser's own “Print”, which asks no button.
  let opened = [];
  const beforePrint = () => {
    const withPhoto = document.querySelector("#rd-print-photo input")?.checked;
    document.body.classList.toggle("rd-print-photo", Boolean(withPhoto));
    for (const place of document.querySelectorAll(".rd-date")) {
      place.textContent = new Date().toLocaleString(document.documentElement.lang);
    }
    const closed = [...document.querySelectorAll(".rd-for-doctor:not([open])")];
    closed.forEach((d) => (d.open = true));
    opened = [...opened, ...closed];
  };
  const afterPrint = () => {
    opened.forEach((d) => (d.open = false));
    opened = [];
  };
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);
  const print = () => {
    beforePrint();
    window.print();
    afterPrint();
  };

  // Tells Gradio which of the buttons inside a piece of HTML was pressed.
  const listen = (element, trigger) =>
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button) return;
      const { act, photo } = button.dataset;
      const cut = act === "cut" ? window.redDots.cutIn(element) : null;
      trigger("click", { act, photo: photo === undefined ? null : Number(photo), cut });
    });

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("[role=tab]");
    const way = TAB_KEYS[event.key];
    if (!tab || !way) return;
    const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
    tabs[(tabs.indexOf(tab) + way + tabs.length) % tabs.length].focus();
    event.preventDefault();
  });

  new MutationObserver(mark).observe(document.documentElement, { childList: true, subtree: true });
  return { arrive, listen, print, see, seePhotos };
})();
