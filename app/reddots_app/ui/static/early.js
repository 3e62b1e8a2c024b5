// Event replay: what is touched before the page's script has come is kept, and done once it is there.
// In the JavaScript of 2015, so that it also runs in a browser that is too old for the page's script.
(() => {
  "use strict";
  const files = new Map(); // by field, as a second choice takes the place of the first one there
  let press = null; // the last one: who then presses or chooses something else has changed their mind
  let started = false;

  const shownFor = (element) => element.closest("label") || element;
  const calm = (element) => shownFor(element).removeAttribute("aria-busy");
  const keep = ({ type, target }) => {
    const element = target.closest(type === "change" ? ".rd-file" : "[data-act]");
    if (!element) return;
    if (press && press !== element) calm(press);
    press = type === "change" ? null : element;
    if (type === "change") files.set(element, [...(files.get(element) || []), ...element.files]);
    shownFor(element).setAttribute("aria-busy", "true");
  };
  document.addEventListener("click", keep);
  document.addEventListener("change", keep);
  const stop = () => {
    document.removeEventListener("click", keep);
    document.removeEventListener("change", keep);
    for (const waiting of document.querySelectorAll("[aria-busy]")) waiting.removeAttribute("aria-busy");
  };

  // From here on the page's own script hears everything itself.
  window.redDotsReplay = () => {
    started = true;
    stop();
    const again = (element, type) => element.dispatchEvent(new Event(type, { bubbles: true }));
    for (const [field, chosen] of files) {
      const all = new DataTransfer();
      for (const file of chosen) all.items.add(file);
      field.files = all.files;
      again(field, "change");
    }
    if (press && press.isConnected) again(press, "click");
  };

  // The script did not come at all, or did not run: said where the page says such things.
  const failed = ({ target, filename }) => {
    const script = document.getElementById("rd-script");
    if (started || !script || (target !== script && filename !== script.src)) return;
    const cause = target !== script ? "not_started" : navigator.onLine ? "restarting" : "offline";
    const show = () => {
      stop();
      const texts = document.getElementById("rd-messages").content;
      const place = document.getElementById("rd-message");
      const text = (kind) => texts.querySelector(`[data-message=${kind}]`);
      const acts = Object.assign(document.createElement("p"), { className: "rd-message-acts" });
      const again = Object.assign(document.createElement("a"), { className: "rd-button rd-secondary", href: "" });
      again.textContent = text("retry").textContent;
      acts.innerHTML = text("call").innerHTML;
      acts.appendChild(again);
      place.innerHTML = text(cause).innerHTML;
      place.appendChild(acts);
      place.hidden = false;
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
    else show();
  };
  window.addEventListener("error", failed, true); // that of an element does not bubble
})();
