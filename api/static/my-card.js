// Takes a new code before the old one ends, while somebody looks at it; without this file the button loads the page again.
(() => {
  const button = document.querySelector("[data-new-code]");
  const said = document.getElementById("code-said");
  if (!button || !said) return;
  const EARLY = 8000; // milliseconds: time enough to hold the phone under a scanner
  let waiting = 0;
  let asking = false;
  let came = Date.now(); // how long a code lasts is counted from here: the clock of a phone may be wrong

  const box = () => document.getElementById("code");
  const left = () => came + Number(box().dataset.lasts) * 1000 - Date.now();
  const plan = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(renewIfSeen, delay);
  };

  const replace = async () => {
    const answer = await fetch(button.dataset.newCode, { redirect: "error", headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    box().replaceWith(document.adoptNode(page.getElementById("code")));
    came = Date.now();
    said.textContent = "";
  };

  async function renew(wanted) {
    if (asking) return;
    asking = true;
    try {
      await replace();
      plan(left() - EARLY);
    } catch {
      if (wanted) location.assign(button.href); // signed out or off the line: the browser says which
      if (left() <= 0) {
        said.textContent = said.dataset.gone;
        box().classList.add("over");
      }
      plan(5000);
    } finally {
      asking = false;
    }
  }

  function renewIfSeen() {
    if (document.visibilityState === "visible") renew(false);
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    renew(true);
  });
  document.addEventListener("visibilitychange", () => {
    if (left() < EARLY) renewIfSeen();
  });
  plan(left() - EARLY);
})();

// A form that is on its way is not sent twice.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
