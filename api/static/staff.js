// A receipt prints at the press of a button; the browser's own menu does the same without this. What is wrong with a file leads to its line.
(() => {
  for (const hidden of document.querySelectorAll("[data-only-script]")) hidden.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

  for (const link of document.querySelectorAll("[data-line]")) {
    link.addEventListener("click", (event) => {
      const field = document.querySelector(link.hash);
      const lines = field.value.split("\n");
      const before = lines.slice(0, link.dataset.line - 1);
      const from = before.reduce((length, line) => length + line.length + 1, 0);
      event.preventDefault();
      field.focus();
      field.setSelectionRange(from, from + lines[before.length].length);
      field.scrollTop = (field.scrollHeight / lines.length) * Math.max(before.length - 3, 0);
    });
  }
})();
