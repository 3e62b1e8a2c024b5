// Drawings that can be touched: a body to tap in place of a list, and a timer for the glass test.
(() => {
  "use strict";
  const rd = window.redDots;

  const boxOf = (root, value) => root.querySelector(`input[type=checkbox][value="${value}"]`);

  rd.enliven = (root) => {
    const choices = root.querySelector("#rd-choices");
    if (!choices) return;
    const draw = () => {
      for (const place of choices.querySelectorAll("[data-value]")) {
        place.classList.toggle("rd-chosen", Boolean(boxOf(choices, place.dataset.value)?.checked));
      }
    };
    choices.addEventListener("click", (event) => {
      const place = event.target.closest("svg [data-value]");
      const box = place && boxOf(choices, place.dataset.value);
      if (!box) return;
      event.preventDefault();
      box.checked = !box.checked;
      draw();
    });
    choices.addEventListener("change", draw);
    draw();
  };

  // The country, in whose number everything is: names come from the browser, in the page's language.
  const numbers = new Map(
    document.body.dataset.numbers.trim().split(" ").map((pair) => pair.split(":")),
  );
  const countries = (root) => {
    for (const select of root.querySelectorAll("select[data-country]")) {
      if (select.length || !window.Intl?.DisplayNames) continue;
      const names = new Intl.DisplayNames([document.documentElement.lang], { type: "region" });
      const sorted = [...numbers.keys()].map((code) => [names.of(code), code]).sort();
      select.add(new Option("", ""));
      for (const [name, code] of sorted) select.add(new Option(name, code));
      select.value = rd.state.country;
      select.parentElement.hidden = false;
    }
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("select[data-country]")) return;
    rd.state.country = event.target.value;
    rd.save();
    location.search = `?language=${document.documentElement.lang}&country=${rd.state.country}`;
  });
  const enlivenChoices = rd.enliven;
  rd.enliven = (root) => {
    enlivenChoices(root);
    countries(document);
  };

  let running = 0;
  rd.acts.timer = (button) => {
    const shown = button.parentElement.querySelector(".rd-timer");
    let left = Number(button.dataset.seconds);
    clearInterval(running);
    const count = () => {
      shown.textContent = left;
      if (left === 0) {
        clearInterval(running);
        shown.textContent = "✓";
        navigator.vibrate?.(200);
      }
      left -= 1;
    };
    count();
    running = setInterval(count, 1000);
  };
})();
