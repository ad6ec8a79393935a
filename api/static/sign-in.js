// Shows what is being typed into secret fields while their box is ticked.
(() => {
  for (const hidden of document.querySelectorAll("[data-only-script]")) hidden.hidden = false;

  for (const box of document.querySelectorAll("[data-shows]")) {
    box.addEventListener("change", () => {
      for (const id of box.dataset.shows.split(" ")) document.getElementById(id).type = box.checked ? "text" : "password";
    });
  }
})();
