// Event replay: what is touched before the page's script has come is kept, and done once it is there.
(() => {
  "use strict";
  let first = null; // later presses are the same wish, less patient
  const keep = ({ type, target }) => {
    const element = target.closest(type === "change" ? ".rd-file" : "[data-act]");
    if (!element || first) return;
    first = { type, element };
    (element.closest("label") ?? element).setAttribute("aria-busy", "true");
  };
  document.addEventListener("click", keep);
  document.addEventListener("change", keep);

  // From here on the page's own script hears everything itself.
  window.redDotsReplay = () => {
    document.removeEventListener("click", keep);
    document.removeEventListener("change", keep);
    if (!first) return;
    const { type, element } = first;
    (element.closest("label") ?? element).removeAttribute("aria-busy");
    if (element.isConnected) element.dispatchEvent(new Event(type, { bubbles: true }));
  };

  // The script did not come at all: said where the page says such things.
  const missing = ({ target }) => {
    if (target.id !== "rd-script") return;
    const show = () => {
      const texts = document.getElementById("rd-messages").content;
      const place = document.getElementById("rd-message");
      const text = (kind) => texts.querySelector(`[data-message=${kind}]`);
      const acts = Object.assign(document.createElement("p"), { className: "rd-message-acts" });
      const again = Object.assign(document.createElement("a"), { className: "rd-button rd-secondary", href: "" });
      again.textContent = text("retry").textContent;
      acts.innerHTML = text("call").innerHTML;
      acts.append(again);
      place.innerHTML = text(navigator.onLine ? "restarting" : "offline").innerHTML;
      place.append(acts);
      place.hidden = false;
      for (const waiting of document.querySelectorAll("[aria-busy]")) waiting.removeAttribute("aria-busy");
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
    else show();
  };
  document.addEventListener("error", missing, true);
})();
