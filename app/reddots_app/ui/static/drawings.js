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
