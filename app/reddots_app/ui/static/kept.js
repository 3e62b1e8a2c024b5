// Results kept in this browser alone (IndexedDB), on the person's tap, to compare when looking again.
(() => {
  "use strict";
  const rd = window.redDots;
  const STORE = "results";
  const MOST = 20;

  const database = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open("red-dots", 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const ask = async (mode, act) => {
    const opened = await database();
    return new Promise((resolve, reject) => {
      const request = act(opened.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }).finally(() => opened.close());
  };
  const all = () => ask("readonly", (store) => store.getAll()).catch(() => []);

  const counts = () => (rd.state.photos ?? []).map((photo) => photo.result.spots?.count ?? null);

  rd.acts.keep = async (button) => {
    const result = document.querySelector(".rd-result");
    const photos = document.getElementById("rd-keep-photo").checked
      ? await Promise.all((rd.state.photos ?? []).map(({ id }) => rd.pictures.get(id)?.blob).filter(Boolean).map(rd.dataUrl))
      : [];
    const now = Date.now();
    const kept = {
      id: now,
      title: result.querySelector(".rd-title").textContent,
      level: result.dataset.level,
      summary: result.dataset.summary,
      state: { ...rd.state },
      photos,
      counts: counts(),
    };
    await ask("readwrite", (store) => store.put(kept));
    for (const old of (await all()).sort((a, b) => b.id - a.id).slice(MOST)) {
      await ask("readwrite", (store) => store.delete(old.id));
    }
    navigator.storage?.persist?.();
    rd.flash(button, "kept");
    showLink();
  };

  const showLink = async () => {
    const link = document.getElementById("rd-kept-link");
    if (link.hidden && (await all()).length) link.hidden = false;
  };

  const make = (name, text, properties = {}) =>
    Object.assign(document.createElement(name), { textContent: text }, properties);

  const list = async () => {
    const place = document.getElementById("rd-kept");
    if (!place) return;
    const results = (await all()).sort((a, b) => b.id - a.id);
    place.replaceChildren();
    if (!results.length) place.append(make("p", place.dataset.none));
    for (const kept of results) {
      const card = make("section", "", { className: "rd-kept-result" });
      card.append(
        make("h2", `${rd.when(kept.id)} · ${kept.title}`),
        make("p", kept.summary, { className: "rd-summary" }),
      );
      for (const url of kept.photos) card.append(Object.assign(new Image(), { src: url, alt: "" }));
      const again = make("button", place.dataset.again, { type: "button", className: "rd-primary" });
      again.addEventListener("click", () => lookAgain(kept));
      const drop = make("button", place.dataset.delete, { type: "button", className: "rd-secondary" });
      drop.addEventListener("click", async () => {
        await ask("readwrite", (store) => store.delete(kept.id));
        list();
      });
      const row = make("p", "", { className: "rd-pair" });
      row.append(again, drop);
      card.append(row);
      place.append(card);
    }
  };

  // The answers that may have changed are asked again; the photos of then stand beside those of now.
  const lookAgain = (kept) => {
    rd.state = { ...kept.state, language: document.documentElement.lang };
    rd.earlier = { date: kept.id, photos: kept.photos, counts: kept.counts, level: kept.level };
    sessionStorage.setItem("red-dots", JSON.stringify({ state: rd.state, earlier: rd.earlier }));
    location.href = `/?language=${rd.state.language}#again`;
  };

  const fill = rd.fillPictures;
  rd.fillPictures = (root) => {
    fill(root);
    const place = root.querySelector("[data-then]");
    if (!place || !rd.earlier) return;
    const figure = (label, url, count) => {
      const made = document.createElement("figure");
      if (url) made.append(Object.assign(new Image(), { src: url, alt: label }));
      const words = count === null || count === undefined ? "" : `, ${place.dataset.count.replace("{count}", count)}`;
      made.append(make("figcaption", label + words));
      return made;
    };
    // The photo of then lies over that of now, as far as the slider is to the right.
    const swipe = (before, after) => {
      const made = document.createElement("div");
      made.className = "rd-swipe";
      const slider = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 100, value: 50 });
      slider.setAttribute("aria-label", place.dataset.swipe);
      slider.addEventListener("input", () => made.style.setProperty("--cut", `${100 - slider.value}%`));
      const image = (src) => Object.assign(new Image(), { src, alt: "" });
      made.append(image(after), image(before), slider);
      return made;
    };
    const then = `${place.dataset.then} (${rd.when(rd.earlier.date)})`;
    rd.earlier.photos.forEach((url, i) => place.append(figure(then, url, rd.earlier.counts[i])));
    (rd.state.photos ?? []).forEach(({ id, result }) =>
      place.append(figure(place.dataset.now, rd.pictures.get(id)?.url, result.spots?.count)),
    );
    const before = rd.earlier.photos[0];
    const after = rd.pictures.get(rd.state.photos?.[0]?.id)?.url;
    if (before && after) place.append(swipe(before, after));
  };

  rd.startKept = () => {
    showLink();
    list();
  };
})();
