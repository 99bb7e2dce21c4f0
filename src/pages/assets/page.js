/* page.js - what a page is nicer with; everything works without it. */
"use strict";
(() => {
  const words = document.body.dataset;

  /* ---- a button beside lines to copy ---- */

  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");

  async function copy(block, button) {
    try {
      await navigator.clipboard.writeText(block.querySelector("code").textContent);
      button.textContent = status.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; status.textContent = ""; }, 2000);
    } catch {
      /* Without TLS there is no clipboard: what can be done is to select it. */
      getSelection().selectAllChildren(block.querySelector("code"));
    }
  }

  function addButtons(root) {
    for (const block of root.querySelectorAll("pre.copy:not(:has(button))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "second";
      button.textContent = words.copy;
      button.addEventListener("click", () => copy(block, button));
      block.append(button);
    }
  }

  /* ---- times in the zone of the reader, beside UTC ---- */

  function addLocalTimes(root) {
    for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
      const when = new Date(time.dateTime);
      if (!isNaN(when))
        time.title = `${when.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" })} (${words.local})`;
    }
  }

  /* ---- the code of the first start, which is in no request ---- */

  for (const field of document.querySelectorAll("input[data-from-hash]"))
    field.value = field.value || location.hash.slice(1);

  /* ---- a form whose result is shown as one types ---- */

  const PAUSE = 400, AGAIN = 5000; /* milliseconds: nobody types a letter so slowly; the service is busy */

  function say(place) {
    const said = place.querySelector("[data-said]");
    status.textContent = said ? said.textContent : "";
  }

  function answerTyping(form, place) {
    let timer, request;

    const later = (pause) => { clearTimeout(timer); timer = setTimeout(ask, pause); };

    async function ask() {
      if (!form.checkValidity()) {
        place.last = place.innerHTML = "";
        return;
      }
      const mine = request = new AbortController();
      try {
        const answer = await fetch(`${form.action}/result`, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: mine.signal });
        if (answer.status === 429 || answer.status === 503)
          later(1000 * answer.headers.get("Retry-After") || AGAIN);
        if (!answer.ok)
          return;
        const result = await answer.text();
        if (mine.signal.aborted || result === place.last)
          return;
        place.last = place.innerHTML = result;
        window.enhance(place);
        say(place);
      } catch { /* Outdated, or there is no way to the service: the button is still there. */ }
    }

    /* What is looked up elsewhere only when it is typed to its end. */
    for (const kind of ["input", "change"])
      form.addEventListener(kind, ({ target }) => {
        if ("late" in target.dataset !== (kind === "change"))
          return;
        request?.abort();
        later(PAUSE);
      });
  }

  for (const form of document.querySelectorAll("form[data-result]"))
    answerTyping(form, document.getElementById(form.dataset.result));

  /* For what is added to the page later, too. */
  window.enhance = (root) => { addButtons(root); addLocalTimes(root); };

  document.body.append(status);
  window.enhance(document);

  /* What is printed is printed whole. */
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("main details:not([open])")) {
      part.open = true;
      addEventListener("afterprint", () => { part.open = false; }, { once: true });
    }
  });
})();
