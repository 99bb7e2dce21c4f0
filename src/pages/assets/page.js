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
