// The pages work without this file. It lets "/" jump to the search box and keeps empty years out of addresses.
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
  for (const name of ["year_from", "year_to"]) {
    if (formData.get(name) === "") formData.delete(name);
  }
});
