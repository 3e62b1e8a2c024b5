// State of one person, kept in this tab's own storage: answers, and the photos where they fit.
window.redDots = {};
(() => {
  "use strict";
  const rd = window.redDots;
  const KEY = "red-dots";
  const MOST_CHARACTERS = 4_000_000; // of photos; browsers give a tab about five million
  const html = document.documentElement;

  const region = () => {
    try {
      return new Intl.Locale(navigator.language).region ?? "";
    } catch {
      return "";
    }
  };
  const fresh = () => ({ version: 1, language: html.lang, country: html.dataset.country || region() });

  rd.state = fresh();
  rd.earlier = null; // what was kept, when somebody looks again: its date, photos and counts
  // By a photo's id: blob (what is sent), url (what is shown), whole (to crop from).
  rd.pictures = new Map();

  rd.dataUrl = (blob) =>
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  rd.blobOf = (url) => {
    const [head, data] = url.split(",");
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type: head.slice(5).split(";")[0] });
  };

  const write = (kept) => {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept));
      return true;
    } catch {
      return false; // full, or switched off
    }
  };

  rd.save = async () => {
    const kept = { state: rd.state, earlier: rd.earlier, pictures: {} };
    if (!write(kept)) write({ state: rd.state });
    let room = MOST_CHARACTERS;
    for (const { id } of rd.state.photos ?? []) {
      const picture = rd.pictures.get(id);
      if (!picture?.blob) continue;
      picture.stored ??= await rd.dataUrl(picture.blob);
      if ((room -= picture.stored.length) > 0) kept.pictures[id] = picture.stored;
    }
    if (Object.keys(kept.pictures).length) write(kept);
  };

  rd.restore = () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return false;
    }
    if (!kept?.state) return false;
    rd.state = { ...kept.state, language: html.lang };
    const asked = new URLSearchParams(location.search).get("country");
    if (asked) rd.state.country = html.dataset.country;
    rd.earlier = kept.earlier ?? null;
    for (const [id, stored] of Object.entries(kept.pictures ?? {})) {
      const blob = rd.blobOf(stored);
      rd.pictures.set(id, { blob, whole: blob, stored, url: URL.createObjectURL(blob) });
    }
    return true;
  };

  rd.clear = () => {
    rd.state = { ...fresh(), country: rd.state.country };
    rd.earlier = null;
    rd.pictures = new Map();
    sessionStorage.removeItem(KEY);
  };
  rd.hasProgress = () => {
    const { step, answers, photos } = rd.state;
    return Boolean(
      (step && step !== "photo") || photos?.length || Object.keys(answers ?? {}).length,
    );
  };
})();
