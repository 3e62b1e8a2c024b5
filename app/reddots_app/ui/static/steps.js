// The steps of the check: showing them, moving on and back, and collecting what was entered.
(() => {
  "use strict";
  const rd = window.redDots;
  const SETTLING_MS = 350; // a double tap must not answer the next question too
  const main = document.getElementById("rd-main");
  const body = document.body;
  const visible = (selector) =>
    [...document.querySelectorAll(selector)].find((element) => element.offsetParent);
  const afterwards = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

  rd.see = (selector) =>
    afterwards(() => {
      const element = visible(selector);
      element?.focus({ preventScroll: true });
      element?.scrollIntoView({ block: "nearest" });
    });

  rd.arrive = () => {
    body.classList.add("rd-settling");
    setTimeout(() => body.classList.remove("rd-settling"), SETTLING_MS);
    afterwards(() => {
      visible("#rd-main .rd-title")?.focus({ preventScroll: true });
      window.scrollTo({ top: 0 });
      if (back() && history.state !== "rd-inside") history.pushState("rd-inside", "");
    });
  };

  rd.show = (html) => {
    const before = main.querySelector("[data-step]")?.dataset.step;
    main.innerHTML = html;
    const step = main.querySelector("[data-step]");
    const level = step?.dataset.level ?? "";
    body.dataset.step = step?.dataset.step ?? "";
    // The banner of an emergency says it with the number, so that nothing says it twice.
    document.getElementById("rd-emergency-line").hidden = Boolean(main.querySelector(".rd-banner.rd-emergency"));
    body.dataset.level = level;
    body.classList.toggle("rd-inside", !step?.querySelector(".rd-hero"));
    rd.fillPictures(main);
    rd.enliven?.(main);
    const alert = main.querySelector(".rd-question [role=alert]");
    if (before === step?.dataset.step && alert) {
      afterwards(() => alert.scrollIntoView({ block: "center" }));
      const open = [...main.querySelectorAll(".rd-row")].find((row) => !row.querySelector(":checked"));
      (open?.querySelector("input") ?? main.querySelector("#rd-number input"))?.focus({ preventScroll: true });
    } else if (before !== "photo" || step?.dataset.step !== "photo") rd.arrive();
  };

  // The browser's own “Back” goes one step back on the page, and leaves it from the first step.
  const back = () =>
    visible("[data-act=crop-back], #rd-back, #rd-close-review, #rd-result-back, #rd-correct");
  window.addEventListener("popstate", () => back()?.click());

  const entered = (form) => {
    const { kind } = form.dataset;
    const values = {};
    if (kind === "number") {
      const field = form.querySelector("#rd-number input");
      const unit = form.querySelector("[name=unit]:checked")?.value ?? "";
      values[field.name] = { number: Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : null, unit };
    } else if (kind === "choices") {
      const question = form.querySelector("#rd-choices").dataset.question;
      values[question] = [...form.querySelectorAll("#rd-choices :checked")].map((box) => box.value);
    } else {
      for (const radio of form.querySelectorAll(".rd-row :checked")) values[radio.name] = radio.value;
    }
    return values;
  };

  // Start again can be taken back until the next touch.
  const restart = async () => {
    await rd.idle();
    const kept = { state: rd.state, earlier: rd.earlier, pictures: rd.pictures };
    rd.clear();
    await rd.answer({ act: "show" });
    rd.showMessage(
      "cleared",
      async () => {
        await rd.idle();
        Object.assign(rd, kept);
        rd.answer({ act: "show" });
      },
      "undo",
    );
  };

  const formOf = (element) => element.closest("form.rd-question");
  const acts = {
    begin: () => rd.answer({ act: "begin" }),
    back: () => rd.answer({ act: "back" }),
    finish: () => rd.answer({ act: "finish" }),
    more: () => rd.answer({ act: "more" }),
    review: () => rd.answer({ act: "review" }),
    close: () => rd.answer({ act: "close" }),
    photos: () => rd.answer({ act: "photos" }),
    restart,
    skip: (button) => {
      const form = formOf(button);
      const values = form.dataset.kind === "checklist" ? entered(form) : {};
      return rd.answer({ act: "skip", values });
    },
    change: (button) => rd.answer({ act: "change", question: button.dataset.question }),
    spots: (button) => rd.answer({ act: "spots", said: button.dataset.said }).then(() => rd.see("#rd-spots")),
    circles: () => {
      body.classList.toggle("rd-no-circles");
      rd.markCircles(document);
    },
    gate: (button) => rd.answer({ act: "gate", gate: button.dataset.gate }),
    crop: (button) => rd.openCrop(button.dataset.photo),
    remove: (button) => rd.removePhoto(button.dataset.photo),
    "crop-use": () => rd.closeCrop("use"),
    "crop-whole": () => rd.closeCrop("whole"),
    "crop-back": () => rd.closeCrop("back"),
  };
  rd.acts = acts;

  document.addEventListener("click", (event) => {
    const option = event.target.closest(".rd-option");
    const button = event.target.closest("[data-act]");
    if (!option && !button) return;
    if (body.classList.contains("rd-settling")) return;
    if (option) rd.answer({ act: "answer", values: { [option.dataset.question]: option.dataset.value } });
    else acts[button.dataset.act]?.(button);
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.matches(".rd-spots-form")) {
      const found = [...new FormData(event.target)];
      const several = new Set([...event.target.querySelectorAll("[type=checkbox]")].map((box) => box.name));
      const values = Object.fromEntries(found.map(([name, value]) => [name, value]));
      for (const name of several) values[name] = found.filter(([other]) => other === name).map(([, value]) => value);
      rd.answer({ act: "spots", said: "yes", values }).then(() => rd.see("#rd-spots"));
      return;
    }
    const form = formOf(event.target);
    if (!form || body.classList.contains("rd-settling")) return;
    rd.answer({ act: "answer", values: entered(form) });
  });

  // A tick by finger or mouse may interrupt at once. The arrow keys only choose: what they chose
  // counts when the row is left.
  let byPointer = false;
  document.addEventListener("pointerdown", () => (byPointer = true), true);
  document.addEventListener("keydown", () => (byPointer = false), true);
  let changed = null;
  const tick = (row) => {
    changed = null;
    rd.answer({ act: "tick", values: entered(formOf(row)) });
  };
  document.addEventListener("change", (event) => {
    const { target } = event;
    if (target.matches(".rd-file")) {
      const files = [...target.files];
      target.value = "";
      if (files.length) rd.addPhotos(files);
    } else if (target.id === "rd-none") {
      none(target);
    } else if (target.closest(".rd-row")) {
      const row = target.closest(".rd-row");
      delete row.dataset.byNone;
      if (byPointer) tick(row);
      else changed = row;
    }
  });
  document.addEventListener("focusout", (event) => {
    if (changed && !changed.contains(event.relatedTarget) && changed.isConnected) tick(changed);
  });

  // Answers the open rows with “no”, for everybody to see; nothing is sent by it.
  const none = (box) => {
    for (const row of formOf(box).querySelectorAll(".rd-row")) {
      if (box.checked && !row.querySelector(":checked")) {
        row.querySelector("[value=no]").checked = true;
        row.dataset.byNone = "1";
      } else if (!box.checked && row.dataset.byNone) {
        row.querySelector("[value=no]").checked = false;
        delete row.dataset.byNone;
      }
    }
  };
})();
