// The list of results is replaced as conditions change. Without this file the form of the filters does the same, one press later.
(() => {
  const WAIT = 400; // ms before the reader is told that we are looking
  const PAUSE = 300; // ms without a further key, as each key moves a thumb by one year
  const PLACE = "#results";
  const asking = document.getElementById("asking");
  const opened = new Map();
  const missed = new Map();
  let telling = 0;
  let dragging = 0;

  const filters = () => document.getElementById("filters");
  const page = document.documentElement;
  const sheetIsOpen = () => getComputedStyle(document.getElementById("list")).display === "none";
  const isBusy = () => document.querySelector(PLACE).hasAttribute("aria-busy");

  const load = async (address, ways) => {
    const list = document.querySelector(PLACE);
    list.setAttribute("aria-busy", "true");
    for (const one of list.querySelectorAll("details[id]")) opened.set(one.id, one.open);
    clearTimeout(telling);
    telling = setTimeout(() => say(asking.dataset.text, true), WAIT);
    try {
      await htmx.ajax("GET", address, { ...ways, swap: "outerHTML" });
    } finally {
      clearTimeout(telling);
      say("", false);
      document.querySelector(PLACE).removeAttribute("aria-busy");
    }
  };

  // What is seen by those who look, and heard by those who listen.
  const say = (text, seen) => {
    asking.classList.toggle("vh", !seen);
    asking.textContent = text;
  };

  // The sheet of phones stays open meanwhile, where it is: its counts and its button follow every change.
  const ask = async () => {
    const form = filters(), focused = document.activeElement?.id, top = scrollY;
    page.classList.toggle("filtering", sheetIsOpen());
    await load(form.getAttribute("action"), { source: form, target: PLACE, select: PLACE, selectOOB: "#tools", push: "true" });
    prepare();
    if (focused?.startsWith("thumb-")) document.getElementById(focused)?.focus({ preventScroll: true });
    if (sheetIsOpen()) {
      history.replaceState(history.state, "", `${location.pathname}${location.search}#filters`);
      scrollTo({ top, behavior: "instant" });
    }
    say(document.querySelector(".found h1").textContent, false);
    if (missed.size) askForMissed();
  };

  // One thing is asked at a time; what changes while the list is on its way is changed in the new one, and asked when that has come.
  const askFor = (...controls) => {
    if (!isBusy()) return ask();
    for (const control of controls) missed.set(control.id, control);
  };

  const askForMissed = () => {
    for (const [id, { checked, value }] of missed) {
      const control = document.getElementById(id);
      if (control) Object.assign(control, control.type === "checkbox" || control.type === "radio" ? { checked } : { value });
    }
    missed.clear();
    ask();
  };

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.id === "filters" && event.target.name) askFor(event.target);
  });

  // What the button would ask for stands behind the sheet already.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#filters .apply button") || isBusy() || !sheetIsOpen()) return;
    event.preventDefault();
    location.hash = "list";
    scrollTo({ top: 0, behavior: "instant" });
  });
  addEventListener("hashchange", () => page.classList.toggle("filtering", location.hash === "#filters" && page.classList.contains("filtering")));

  // A bar is a link to its years; here it writes them into the two fields, so that the sheet and the place on the page stay what they are.
  document.addEventListener("click", (event) => {
    const bar = event.target.closest(".hist a");
    if (!bar || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const years = new URL(bar.href).searchParams;
    const fields = ["year_from", "year_to"].map((name) => filters().elements[name]);
    for (const field of fields) field.value = years.get(field.name) ?? "";
    askFor(...fields);
  });

  // Reasons come into the place of the link that asks for them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-why]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { id } = link.parentElement;
    const place = `#${CSS.escape(id)}`;
    load(link.getAttribute("href").split("#")[0], { source: link, target: place, select: place })
      .then(() => document.getElementById(id).querySelector("summary")?.focus());
  });

  // What went wrong has a page of its own: it is shown as if the form had been sent.
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failed, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  }

  // What was opened stays open, a parent of which only a part is chosen says so, long lists can be searched, years be dragged.
  const prepare = () => {
    for (const button of document.querySelectorAll("[data-counted]")) button.textContent = button.dataset.counted;
    for (const one of document.querySelectorAll(".facets details[id]")) {
      if (opened.get(one.id)) one.open = true;
    }
    for (const box of document.querySelectorAll("input.partly")) box.indeterminate = true;
    for (const find of document.querySelectorAll(".find")) find.hidden = false;
    for (const histogram of document.querySelectorAll(".histogram")) addThumbs(histogram);
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const item of event.target.closest("details").querySelectorAll("li")) {
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
  });

  const addThumbs = (histogram) => {
    const form = filters();
    const first = Number(histogram.dataset.first), last = Number(histogram.dataset.last);
    const fields = [form.elements.year_from, form.elements.year_to];
    const ends = [first, last];
    const track = document.createElement("div");
    track.className = "thumbs";
    const thumbs = ["from", "to"].map((end, index) => {
      const thumb = document.createElement("input");
      Object.assign(thumb, { type: "range", id: `thumb-${end}`, min: first, max: last, step: 1 });
      thumb.setAttribute("aria-label", histogram.dataset[end]);
      const typed = Number.parseInt(fields[index].value, 10);
      thumb.value = Number.isNaN(typed) ? ends[index] : typed;
      return thumb;
    });
    const show = () => {
      const [low, high] = thumbs.map((thumb) => Number(thumb.value));
      for (const bar of histogram.querySelectorAll(".hist li")) {
        bar.classList.toggle("on", Number(bar.dataset.last) >= low && Number(bar.dataset.first) <= high);
      }
    };
    thumbs.forEach((thumb, index) => {
      thumb.addEventListener("input", () => {
        const other = Number(thumbs[1 - index].value);
        const held = index === 0 ? Math.min(thumb.value, other) : Math.max(thumb.value, other);
        thumb.value = held;
        fields[index].value = held === ends[index] ? "" : held;
        show();
      });
      thumb.addEventListener("change", () => {
        clearTimeout(dragging);
        dragging = setTimeout(() => askFor(...fields), PAUSE);
      });
    });
    track.append(...thumbs);
    histogram.querySelector(".hist").after(track);
  };

  page.classList.add("live");
  prepare();
})();
