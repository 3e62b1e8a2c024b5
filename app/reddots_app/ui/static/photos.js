// Sending photos: smaller first, with a bar that moves, then the queue, then what was found.
(() => {
  "use strict";
  const rd = window.redDots;
  const body = document.body;
  const newId = () => crypto.getRandomValues(new Uint32Array(2)).join("-");

  const progress = (kind, share = null, count = 0) => {
    const place = document.getElementById("rd-progress");
    if (!place) return;
    place.hidden = !kind;
    if (!kind) return;
    place.querySelector("p").textContent = rd.text(kind).replace("{count}", count);
    const bar = place.querySelector("progress");
    if (share === null) bar.removeAttribute("value");
    else bar.value = 100 * share;
  };

  const upload = (blob, name) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("files", blob, name);
      request.open("POST", "/gradio_api/upload");
      request.upload.onprogress = (event) => progress("sending", event.loaded / event.total);
      request.upload.onload = () => progress("analysing");
      request.onload = () => {
        if (request.status === 200) resolve(JSON.parse(request.responseText)[0]);
        else reject(new rd.CallError(request.status));
      };
      request.onerror = () => reject(new rd.CallError(0));
      request.send(form);
    });

  // Reads the queue's messages, one “data:” line each, until the photo's turn is over.
  const outcome = async (session) => {
    const answer = await fetch(`/gradio_api/queue/data?session_hash=${session}`).catch(() => null);
    if (!answer?.ok) throw new rd.CallError(answer?.status ?? 0);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read().catch(() => ({ done: true }));
      if (done) throw new rd.CallError(0);
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      for (const line of lines.filter((text) => text.startsWith("data:"))) {
        const message = JSON.parse(line.slice(5));
        if (message.msg === "estimation" && message.rank > 0) progress("waiting", null, message.rank);
        if (message.msg === "process_starts") progress("analysing");
        if (message.msg !== "process_completed") continue;
        if (!message.success) throw new rd.CallError(500);
        return message.output.data[0];
      }
    }
  };

  const analyse = async (blob, name, withCopy) => {
    progress("sending", 0);
    const path = await upload(blob, name);
    const session = newId();
    const event = { path, with_copy: withCopy };
    const call = { data: [event], fn_index: Number(body.dataset.photo), session_hash: session };
    await rd.post("/gradio_api/queue/join", call);
    return outcome(session);
  };

  const side = () => Number(document.querySelector("[data-short-side]")?.dataset.shortSide ?? 1500);

  // Sends one file, or the part of a photo that is there already under `id`.
  const take = async (file, { id = newId(), cropped = false, whole = null } = {}) => {
    const { pictures } = rd;
    progress("shrinking");
    const smaller = await rd.shrink(file, side());
    const sent = smaller ?? file;
    if (sent.size > Number(body.dataset.megabytes) * 1_048_576) throw new rd.CallError(413);
    const found = await analyse(sent, smaller ? "photo.jpg" : file.name || "photo", !smaller);
    await rd.idle();
    if (rd.pictures !== pictures) return; // “Start again” was pressed meanwhile
    if (found.missing) {
      rd.showMessage("no_model");
      return;
    }
    const copy = found.copy ? rd.blobOf(`data:image/jpeg;base64,${found.copy}`) : null;
    const blob = smaller ?? copy;
    const picture = { blob, whole: whole ?? (smaller ? file : copy) };
    if (blob) picture.url = URL.createObjectURL(blob);
    rd.pictures.set(id, picture);
    const entry = { id, result: found.result, cropped };
    if (rd.state.judged === id) rd.state.judged = ""; // its spots are others now
    const photos = rd.state.photos ?? [];
    rd.state.photos = photos.some((photo) => photo.id === id)
      ? photos.map((photo) => (photo.id === id ? entry : photo))
      : [...photos, entry];
  };

  const guarded = async (work, again) => {
    let failed = null;
    const say = () => rd.showMessage(failed, failed === "too_large" ? null : again);
    try {
      await work();
    } catch (error) {
      if (!error.kind) throw error;
      failed = error.kind;
      say();
    } finally {
      progress(null);
    }
    await rd.idle();
    if ((rd.state.step ?? "photo") === "photo") {
      await rd.answer({ act: "show" });
      if (failed) say(); // an answer that comes takes the message away
    }
    rd.see("#rd-photos");
  };

  rd.addPhotos = (files) => {
    const most = Number(document.querySelector("[data-most]").dataset.most);
    const unique = [...new Map(files.map((f) => [`${f.name} ${f.size} ${f.lastModified}`, f])).values()];
    const room = most - (rd.state.photos?.length ?? 0);
    const left = unique.slice(0, room);
    const { pictures } = rd;
    const work = async () => {
      while (left.length && rd.pictures === pictures) {
        await take(left[0]);
        left.shift();
      }
      if (unique.length > room) rd.showMessage("too_many");
    };
    return guarded(work, () => rd.addPhotos(left));
  };

  rd.usePart = (id, part) => {
    const { whole } = rd.pictures.get(id);
    return guarded(() => take(part ?? whole, { id, cropped: Boolean(part), whole }));
  };

  rd.removePhoto = async (id) => {
    await rd.idle();
    rd.state.photos = (rd.state.photos ?? []).filter((photo) => photo.id !== id);
    rd.pictures.delete(id);
    return rd.answer({ act: "show" });
  };

  rd.markCircles = (root) => {
    const shown = !body.classList.contains("rd-no-circles");
    for (const button of root.querySelectorAll("[data-act=circles]")) button.setAttribute("aria-pressed", shown);
  };

  // Puts the photos of this browser where the server's HTML names them, with the spots circled.
  rd.fillPictures = (root) => {
    rd.markCircles(root);
    for (const place of root.querySelectorAll("[data-picture]")) {
      const picture = rd.pictures.get(place.dataset.picture);
      place.replaceChildren();
      if (!picture?.url) continue;
      const image = new Image();
      image.src = picture.url;
      const marks = place.dataset.marks ? place.dataset.marks.split(";").map((m) => m.split(" ").map(Number)) : [];
      const found = marks.length ? `, ${rd.text("circle").replace("{count}", marks.length)}` : "";
      image.alt = place.dataset.alt + found;
      place.append(image);
      if (marks.length) image.addEventListener("load", () => circle(place, image, marks), { once: true });
    }
  };
  // The lines are as thin in a small picture as in a large one (page.css), and each circle is wide
  // enough on the screen to stay open. All dark edges lie below all lines.
  const LEAST_RADIUS = 4; // CSS pixels
  const circle = (place, image, marks) => {
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const shorter = Math.min(width, height);
    const least = place.clientWidth ? (LEAST_RADIUS * width) / place.clientWidth : 0;
    const drawn = marks.map(([x, y, diameter]) => {
      const radius = Math.max((diameter * shorter) / 2 + shorter / 75, least);
      return `<circle cx="${x * width}" cy="${y * height}" r="${radius}"/>`;
    });
    const circles = drawn.join("");
    place.insertAdjacentHTML(
      "beforeend",
      `<svg class="rd-circles" viewBox="0 0 ${width} ${height}" aria-hidden="true"><g class="rd-circle-edges">${circles}</g><g>${circles}</g></svg>`,
    );
  };
})();
