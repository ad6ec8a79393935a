// The pages work without this file. It lets "/" jump to the search box, keeps empty fields out of addresses and tries again what failed.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const box = document.querySelector("[data-search]");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

document.addEventListener("formdata", ({ formData }) => {
  for (const name of ["within", "year_from", "year_to"]) {
    if (formData.get(name) === "") formData.delete(name);
  }
});

// A page that could not be made is asked for again, unless the reader is typing something else meanwhile.
for (const failed of document.querySelectorAll("[data-retry]")) {
  const box = document.querySelector("[data-search]");
  setTimeout(() => {
    if (!box || box.value === box.defaultValue) location.reload();
  }, Number(failed.dataset.retry) * 1000);
}
