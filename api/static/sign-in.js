// Shows what is being typed into a secret field while its box is ticked.
(() => {
  for (const hidden of document.querySelectorAll("[data-only-script]")) hidden.hidden = false;

  for (const box of document.querySelectorAll("[data-shows]")) {
    box.addEventListener("change", () => {
      document.getElementById(box.dataset.shows).type = box.checked ? "text" : "password";
    });
  }
})();
