// From where distances are counted. The position is asked of the browser only when the reader presses, and rounded to 100 m before it is sent.
(() => {
  const DECIMALS = 3;

  for (const hidden of document.querySelectorAll("[data-only-script]")) hidden.hidden = !navigator.geolocation;

  const send = (form, { latitude, longitude }) => {
    form.elements.near.value = `${latitude.toFixed(DECIMALS)},${longitude.toFixed(DECIMALS)}`;
    form.submit();
  };

  const denied = () => {
    const said = document.getElementById("near-said");
    said.replaceChildren(document.getElementById("near-denied").content.cloneNode(true));
  };

  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-locate]");
    if (!asked || !navigator.geolocation || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const form = document.getElementById(asked.dataset.locate);
    navigator.geolocation.getCurrentPosition(({ coords }) => send(form, coords), denied, { timeout: 10_000, maximumAge: 300_000 });
  });
})();
