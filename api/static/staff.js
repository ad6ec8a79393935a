// A receipt prints at the press of a button; the browser's own menu does the same without this.
(() => {
  for (const hidden of document.querySelectorAll("[data-only-script]")) hidden.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
})();
