// What happens when a page has been read: answers come back, links keep them, the worker is told.
(() => {
  "use strict";
  const rd = window.redDots;
  const { tab } = document.body.dataset;

  for (const time of document.querySelectorAll("time[data-date]")) {
    const date = new Date(`${time.dateTime}T12:00:00`);
    const { lang } = document.documentElement;
    const own = navigator.languages.find((tag) => tag.startsWith(lang)) ?? lang;
    time.textContent = date.toLocaleDateString(own, { dateStyle: "long" });
  }
  rd.startKept();
  const restored = rd.restore();
  if (tab === "check") {
    if (location.hash === "#again" && rd.earlier) {
      history.replaceState(null, "", location.pathname + location.search);
      rd.answer({ act: "again" });
    } else if (restored && rd.hasProgress()) rd.answer({ act: "show" });
    else rd.enliven(document);
  } else rd.enliven(document);
  window.redDotsReplay();
  navigator.serviceWorker?.register("/service-worker.js").catch(() => null);
})();
