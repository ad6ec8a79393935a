// Why records are one comes into the place of the link that asks for it. Without this file the link leads to a page of its own.
(() => {
  const PLACE = "#why";

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-reasons]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    htmx.ajax("GET", link.getAttribute("href"), { source: link, target: PLACE, select: PLACE, swap: "outerHTML" })
      .then(() => document.querySelector(`${PLACE} .lead`)?.focus());
  });

  // What went wrong has a page of its own: it is shown as if the link had been followed.
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  }
})();
