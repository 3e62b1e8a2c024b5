// Taking the result along, all made on this device: share or copy, print or PDF, calendar, aloud.
(() => {
  "use strict";
  const rd = window.redDots;
  const { acts } = rd;
  const LATER_MS = 2 * 60 * 60 * 1000;
  const html = document.documentElement;
  const result = () => document.querySelector(".rd-result");

  let coded = null;

  const flash = (button, kind) => {
    const before = button.textContent;
    button.textContent = rd.text(kind);
    setTimeout(() => (button.textContent = before), 3000);
  };
  rd.flash = flash;

  acts.share = async (button) => {
    const text = result().dataset.summary;
    if (navigator.share) {
      await navigator.share({ title: document.title, text }).catch(() => null);
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy"); // where there is no HTTPS
      area.remove();
    }
    flash(button, "copied");
  };

  // Also for the browser's own “Print”, which asks no button.
  const beforePrint = () => {
    document.body.classList.toggle("rd-print-photo", Boolean(document.getElementById("rd-print-photo")?.checked));
    for (const place of document.querySelectorAll(".rd-date")) {
      place.textContent = rd.when();
    }
  };
  window.addEventListener("beforeprint", beforePrint);
  // The code for the doctor's computer: made when the result is there, so that any way of printing
  // has it. A document too large for any code is said on the sheet; without a net there is no code.
  rd.fetchCode = async (place) => {
    const found = await rd.call("code", rd.state).catch(() => null);
    if (found?.svg) place.innerHTML = found.svg;
    else if (found) place.textContent = place.dataset.tooLarge;
  };
  acts.print = async () => {
    await coded;
    beforePrint();
    window.print();
  };

  const stamp = (date) => date.toISOString().replace(/[-:]|\.\d+/g, "");
  acts.calendar = () => {
    const start = new Date(Date.now() + LATER_MS);
    const end = new Date(start.getTime() + 10 * 60 * 1000);
    const lines = [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//Red Dots//EN",
      "BEGIN:VEVENT",
      `UID:${crypto.getRandomValues(new Uint32Array(2)).join("-")}@red-dots`,
      `DTSTAMP:${stamp(new Date())}`,
      `DTSTART:${stamp(start)}`,
      `DTEND:${stamp(end)}`,
      `SUMMARY:${rd.text("calendar").replace(/[,;]/g, "\\$&")}`,
      `URL:${location.origin}/kept`,
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      "DESCRIPTION:Red Dots",
      "TRIGGER:PT0M",
      "END:VALARM",
      "END:VEVENT",
      "END:VCALENDAR",
    ];
    const url = URL.createObjectURL(new Blob([lines.join("\r\n")], { type: "text/calendar" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: "red-dots.ics" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  const speech = window.speechSynthesis;
  const enliven = rd.enliven;
  rd.enliven = (root) => {
    enliven(root);
    speech?.cancel();
    const place = root.querySelector("#rd-qr");
    if (place) coded = rd.fetchCode(place);
    const read = root.querySelector("#rd-read");
    if (read && speech) read.hidden = false;
  };
  acts.read = (button) => {
    if (speech.speaking) {
      speech.cancel();
      return;
    }
    const said = new SpeechSynthesisUtterance(result().dataset.summary);
    said.lang = html.lang;
    const before = button.textContent;
    button.textContent = rd.text("stop");
    said.onend = said.onerror = () => (button.textContent = before);
    speech.speak(said);
  };
})();
