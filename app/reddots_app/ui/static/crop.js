// Crop tool (zoom): a frame that a tap puts anywhere, also inside itself, and a live preview of the part.
// A frame is its centre (x, y) as shares of width and height, and its side as one of the shorter.
(() => {
  "use strict";
  const rd = window.redDots;
  const STEP = 0.02; // of the photo, by an arrow key
  const GROWTH = 1.25; // by “wider”
  const LEAST = 0.08;
  const FIRST = 0.5;
  const PREVIEW_PIXELS = 240;
  const QUIET_MS = 500; // a screen reader is told where the frame stands once it has come to rest
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let open = null;
  let telling = 0;

  const between = (value, low, high) => Math.min(Math.max(value, low), high);

  // The frame in pixels of the bitmap.
  const box = () => {
    const { bitmap, frame } = open;
    const length = frame.size * Math.min(bitmap.width, bitmap.height);
    const left = frame.x * bitmap.width - length / 2;
    const top = frame.y * bitmap.height - length / 2;
    return [left, top, length, length];
  };

  const draw = () => {
    const { bitmap, frame, root } = open;
    const length = frame.size * Math.min(bitmap.width, bitmap.height);
    const [halfX, halfY] = [length / bitmap.width / 2, length / bitmap.height / 2];
    frame.x = between(frame.x, halfX, 1 - halfX);
    frame.y = between(frame.y, halfY, 1 - halfY);
    const stage = root.querySelector(".rd-stage");
    const shares = [frame.x - halfX, frame.y - halfY, 2 * halfX, 2 * halfY];
    ["--left", "--top", "--width", "--height"].forEach((name, i) =>
      stage.style.setProperty(name, `${100 * shares[i]}%`),
    );
    stage.dataset.frame = [frame.x, frame.y, frame.size].map((n) => n.toFixed(3)).join(" ");
    const preview = root.querySelector(".rd-preview");
    preview.getContext("2d").drawImage(bitmap, ...box(), 0, 0, PREVIEW_PIXELS, PREVIEW_PIXELS);
    clearTimeout(telling);
    telling = setTimeout(() => {
      const percents = { left: shares[0], top: shares[1], size: shares[2] };
      const said = Object.entries(percents).reduce(
        (text, [name, share]) => text.replace(`{${name}}`, Math.round(100 * share)),
        root.dataset.said,
      );
      root.querySelector(".rd-said").textContent = said;
    }, QUIET_MS);
  };
  const move = (x, y) => {
    Object.assign(open.frame, { x, y });
    draw();
  };
  const grow = (times) => {
    open.frame.size = between(open.frame.size * times, LEAST, 1);
    draw();
  };
  const at = (event) => {
    const shown = open.root.querySelector(".rd-stage").getBoundingClientRect();
    return [(event.clientX - shown.left) / shown.width, (event.clientY - shown.top) / shown.height];
  };

  rd.openCrop = async (id) => {
    const { whole } = rd.pictures.get(id);
    const bitmap = whole && (await rd.bitmapOf(whole));
    if (!bitmap) return;
    const main = document.getElementById("rd-main");
    const before = [...main.childNodes];
    const root = document.getElementById("rd-crop").content.firstElementChild.cloneNode(true);
    main.replaceChildren(root);
    // On a phone a wide photo gets the whole width, and the preview stands below it.
    root.querySelector(".rd-crop-row").classList.toggle("rd-wide", bitmap.width > bitmap.height);
    const remembered = rd.pictures.get(id).frame;
    open = { id, bitmap, root, before, frame: remembered ? { ...remembered } : { x: 0.5, y: 0.5, size: FIRST } };
    const image = root.querySelector(".rd-stage img");
    image.src = URL.createObjectURL(whole);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    const preview = root.querySelector(".rd-preview");
    preview.width = preview.height = PREVIEW_PIXELS;
    listen(root);
    draw();
    rd.arrive();
  };

  rd.closeCrop = async (how) => {
    if (!open) return;
    const { id, bitmap, before, frame } = open;
    const side = Math.min(bitmap.width, bitmap.height);
    const part = how === "use" ? await rd.jpegOf(bitmap, side, box()) : null;
    bitmap.close();
    open = null;
    document.getElementById("rd-main").replaceChildren(...before);
    if (how === "back") return;
    await rd.usePart(id, part);
    const picture = rd.pictures.get(id);
    if (picture && part) picture.frame = frame;
  };

  const listen = (root) => {
    const stage = root.querySelector(".rd-stage");
    let held = null;
    stage.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      stage.setPointerCapture(event.pointerId);
      held = { from: at(event), frame: { ...open.frame }, moved: false };
    });
    stage.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [x, y] = at(event);
      const [byX, byY] = [x - held.from[0], y - held.from[1]];
      held.moved ||= Math.hypot(byX, byY) > STEP;
      if (held.moved) move(held.frame.x + byX, held.frame.y + byY);
    });
    stage.addEventListener("pointerup", (event) => {
      if (held && !held.moved) move(...at(event));
      held = null;
    });
    stage.addEventListener("pointercancel", () => (held = null));
    root.addEventListener("click", (event) => {
      const size = event.target.closest("[data-size]");
      if (size) grow(size.dataset.size === "wider" ? GROWTH : 1 / GROWTH);
    });
    root.querySelector(".rd-frame").addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [x, y] = (ARROWS[event.key] ?? [0, 0]).map((way) => way * STEP);
      if (x || y) move(open.frame.x + x, open.frame.y + y);
      else if (event.key === "+" || event.key === "=") grow(GROWTH);
      else if (event.key === "-") grow(1 / GROWTH);
      else return;
      event.preventDefault();
    });
  };
})();
