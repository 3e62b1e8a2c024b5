// What the browser must do itself: language mark, focus, one tap one answer, printing.
window.redDots = (() => {
  "use strict";
  const SETTLING_MS = 350; // a double tap must not answer the next question too

  const mark = () => {
    const header = document.querySelector(".rd-header");
    if (header && document.documentElement.lang !== header.dataset.language) {
      document.documentElement.lang = header.dataset.language;
    }
    for (const message of header ? document.querySelectorAll(".toast-message-text") : []) {
      const { tooLarge, busy } = header.dataset; // Gradio's own words are English and for engineers
      if (message.textContent !== tooLarge && message.textContent !== busy) {
        message.textContent = /HTTP|size/i.test(message.textContent) ? tooLarge : busy;
      }
    }
    for (const input of document.querySelectorAll("input[type=file]")) {
      if (!input.accept) input.accept = "image/*,.heic,.heif,.avif";
    }
  };

  const arrive = (onlyAtResult) => {
    if (onlyAtResult && document.querySelector(".rd-question")) return;
    document.body.classList.add("rd-settling");
    setTimeout(() => document.body.classList.remove("rd-settling"), SETTLING_MS);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const title = [...document.querySelectorAll(".rd-title")].find((t) => t.offsetParent);
        if (title) title.focus({ preventScroll: true });
        window.scrollTo({ top: 0 });
      }),
    );
  };

  const print = (withPhoto) => {
    document.body.classList.toggle("rd-print-photo", Boolean(withPhoto));
    for (const place of document.querySelectorAll(".rd-date")) {
      place.textContent = new Date().toLocaleString(document.documentElement.lang);
    }
    const closed = [...document.querySelectorAll(".rd-for-doctor:not([open])")];
    closed.forEach((d) => (d.open = true));
    window.print();
    closed.forEach((d) => (d.open = false));
  };

  new MutationObserver(mark).observe(document.documentElement, { childList: true, subtree: true });
  return { arrive, print };
})();
