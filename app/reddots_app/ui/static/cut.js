// The frame that cuts a part out of a photo: by finger or mouse, by keys, by buttons, by numbers.
// A cut is [left, top, width, height], each a share of the photo's width or height.
(() => {
  "use strict";
  const STEP = 0.02; // of the photo, by an arrow key
  const GROWTH = 1.25; // by “larger”
  const QUIET_MS = 500; // a screen reader is told where the frame stands once it has come to rest
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let dragged = null;
  let telling = 0;

  const between = (value, low, high) => Math.min(Math.max(value, low), high);
  const stageOf = (element) => element.closest(".rd-cut")?.querySelector(".rd-stage");
  const cutOf = (stage) => stage.dataset.cut.split(" ").map(Number);

  const draw = (stage) => {
    const cut = cutOf(stage);
    ["--left", "--top", "--width", "--height"].forEach((name, i) =>
      stage.style.setProperty(name, `${100 * cut[i]}%`),
    );
    const card = stage.closest(".rd-cut");
    const percents = cut.map((share) => Math.round(100 * share));
    for (const input of card.querySelectorAll("[data-number]")) {
      input.value = percents[input.dataset.number];
    }
    clearTimeout(telling);
    telling = setTimeout(() => {
      const names = ["left", "top", "width", "height"];
      const said = names.reduce((text, name, i) => text.replace(`{${name}}`, percents[i]), card.dataset.said);
      card.querySelector(".rd-said").textContent = said;
    }, QUIET_MS);
  };

  const set = (stage, [left, top, width, height]) => {
    const least = Number(stage.dataset.least);
    const w = between(width, least, 1);
    const h = between(height, least, 1);
    stage.dataset.cut = [between(left, 0, 1 - w), between(top, 0, 1 - h), w, h].join(" ");
    draw(stage);
  };

  const move = (stage, [left, top, width, height], x, y) =>
    set(stage, [left + x, top + y, width, height]);

  // The corner opposite stays where it is. Corners are numbered by row from the top left.
  const pull = (stage, [left, top, width, height], corner, x, y) => {
    const least = Number(stage.dataset.least);
    const [right, bottom] = [left + width, top + height];
    const l = corner % 2 ? left : between(left + x, 0, right - least);
    const t = corner > 1 ? top : between(top + y, 0, bottom - least);
    const r = corner % 2 ? between(right + x, left + least, 1) : right;
    const b = corner > 1 ? between(bottom + y, top + least, 1) : bottom;
    set(stage, [l, t, r - l, b - t]);
  };

  const grow = (stage, times) => {
    const [left, top, width, height] = cutOf(stage);
    const [w, h] = [between(width * times, 0, 1), between(height * times, 0, 1)];
    set(stage, [left + (width - w) / 2, top + (height - h) / 2, w, h]);
  };

  const place = (stage, event) => {
    const box = stage.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".rd-corner, .rd-cut-frame");
    if (!handle || event.button) return;
    const stage = stageOf(handle);
    handle.setPointerCapture(event.pointerId);
    dragged = { stage, corner: handle.dataset.corner, from: place(stage, event), cut: cutOf(stage) };
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const { stage, corner, from, cut } = dragged;
    const [x, y] = place(stage, event);
    if (corner === undefined) move(stage, cut, x - from[0], y - from[1]);
    else pull(stage, cut, Number(corner), x - from[0], y - from[1]);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => (dragged = null));
  }

  document.addEventListener("click", (event) => {
    const stage = event.target.closest(".rd-stage");
    if (stage && !event.target.closest(".rd-cut-frame")) {
      const [x, y] = place(stage, event);
      const [, , width, height] = cutOf(stage);
      set(stage, [x - width / 2, y - height / 2, width, height]);
    }
    const size = event.target.closest(".rd-cut [data-size]");
    if (size) grow(stageOf(size), size.dataset.size === "larger" ? GROWTH : 1 / GROWTH);
  });

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".rd-corner, .rd-cut-frame");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const stage = stageOf(handle);
    const [x, y] = (ARROWS[event.key] ?? [0, 0]).map((way) => way * STEP);
    if (x || y) {
      const { corner } = handle.dataset;
      if (corner === undefined) move(stage, cutOf(stage), x, y);
      else pull(stage, cutOf(stage), Number(corner), x, y);
    } else if (event.key === "+" || event.key === "=") grow(stage, GROWTH);
    else if (event.key === "-") grow(stage, 1 / GROWTH);
    else return;
    event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    const input = event.target.closest(".rd-cut [data-number]");
    if (!input) return;
    const stage = stageOf(input);
    const cut = cutOf(stage);
    if (Number.isFinite(input.valueAsNumber)) cut[input.dataset.number] = input.valueAsNumber / 100;
    set(stage, cut);
  });

  new MutationObserver(() => {
    for (const stage of document.querySelectorAll(".rd-stage")) {
      if (!stage.style.getPropertyValue("--left")) draw(stage);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  window.redDots.cutIn = (element) => {
    const stage = element.querySelector(".rd-stage");
    return stage ? cutOf(stage) : null;
  };
})();
