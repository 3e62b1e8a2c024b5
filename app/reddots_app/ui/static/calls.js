// Calls to the server, one after the other, and the messages that stay when one fails.
(() => {
  "use strict";
  const rd = window.redDots;
  const PATIENCE_MS = 30_000;
  const AGAIN_MS = 4_000;
  const body = document.body;
  const place = document.getElementById("rd-message");
  let chain = Promise.resolve();
  let waiting = 0;

  const message = (kind) =>
    document.getElementById("rd-messages").content.querySelector(`[data-message=${kind}]`);
  rd.text = (kind) => message(kind).textContent;

  // A moment as the reader writes it; now without one.
  rd.when = (moment = Date.now()) =>
    new Date(moment).toLocaleString(navigator.language, { dateStyle: "medium", timeStyle: "short" });

  rd.hideMessage = () => {
    clearTimeout(waiting);
    place.hidden = true;
    place.replaceChildren();
  };
  // With `act`, a button that does it: “Try again” or “Undo”.
  rd.showMessage = (kind, act = null, label = "retry") => {
    rd.hideMessage();
    place.dataset.kind = kind;
    place.innerHTML = message(kind).innerHTML;
    const row = document.createElement("p");
    row.className = "rd-message-acts";
    if (["offline", "restarting", "busy", "failed"].includes(kind)) {
      row.insertAdjacentHTML("beforeend", message("call").innerHTML);
    }
    const button = (name, run) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "rd-secondary";
      made.textContent = rd.text(name);
      made.addEventListener("click", () => {
        rd.hideMessage();
        run?.();
      });
      row.append(made);
    };
    if (act) button(label, act);
    button("dismiss");
    place.append(row);
    place.hidden = false;
    if (act && kind === "restarting") waiting = setTimeout(() => tryAgain(act), AGAIN_MS);
  };
  const tryAgain = async (act) => {
    try {
      const answer = await fetch("/health", { cache: "no-store" });
      if (answer.ok) {
        rd.hideMessage();
        act();
        return;
      }
    } catch {
      // still not there
    }
    if (!place.hidden) waiting = setTimeout(() => tryAgain(act), AGAIN_MS);
  };
  window.addEventListener("online", () => {
    if (place.dataset.kind === "offline") place.querySelector("button")?.click();
  });

  rd.kindOf = (status) => {
    if (!navigator.onLine) return "offline";
    if (status === 413) return "too_large";
    if (status === 429 || status === 503) return "busy";
    return status === 0 || status === 502 || status === 504 ? "restarting" : "failed";
  };

  class CallError extends Error {
    constructor(status) {
      super(`status ${status}`);
      this.kind = rd.kindOf(status);
    }
  }
  rd.CallError = CallError;

  rd.post = async (path, content) => {
    let answer;
    try {
      answer = await fetch(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(content),
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
    } catch {
      throw new CallError(0);
    }
    if (!answer.ok) throw new CallError(answer.status);
    return answer.json();
  };

  // Calls a function of the server by its name.
  rd.call = async (name, ...values) => {
    const call = { data: values, fn_index: Number(body.dataset[name]), session_hash: null };
    const answer = await rd.post("/gradio_api/run/predict", call);
    return answer.data[0];
  };

  // Waits until nothing is on its way. An answer that comes takes the place of the whole state, so
  // whoever changes the state here does so only then.
  rd.idle = async () => {
    let last = null;
    while (last !== chain) {
      last = chain;
      await last.catch(() => null);
    }
  };

  // Does what was touched. While something is on its way, nothing else is taken but ticks.
  let busy = false;
  rd.answer = (event) => {
    const quiet = event.act === "tick";
    if (busy && !quiet) return chain;
    busy ||= !quiet;
    chain = chain.catch(() => null).then(async () => {
      body.classList.toggle("rd-busy", busy);
      try {
        const { state, html } = await rd.call("answer", rd.state, event);
        const moved = !quiet || state.step !== rd.state.step;
        rd.state = state;
        if (["offline", "restarting", "busy", "failed"].includes(place.dataset.kind)) rd.hideMessage();
        if (moved) rd.show(html);
        rd.save();
      } catch (error) {
        if (!error.kind) throw error;
        rd.showMessage(error.kind, () => rd.answer(event));
      } finally {
        if (!quiet) busy = false;
        body.classList.remove("rd-busy");
      }
    });
    return chain;
  };
})();
