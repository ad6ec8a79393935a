// The desk works without this file, one scan a page. With it the field is emptied as soon as it is read, scans queue, each with a key of its
// own under which it is sent again until it is answered, and each has its line in the log from the moment in which it was read.
(() => {
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const MOST_LINES = 20;
  const UNDOABLE = "tr[data-event]:not([data-event=''])";
  const WAITS = [1, 2, 4, 8]; // seconds before a scan that was not answered is sent again; then always the last
  const BUSY = [408, 409, 425, 429, 502, 503, 504]; // what may be answered otherwise a little later, however often
  const TRIES = 3; // of what is answered by neither the desk nor one of these
  const BY_HAND = 1000; // milliseconds after a scan from which an empty line is somebody's wish
  const PATIENCE = 15000; // milliseconds until an answer is given up
  const CARD = /^\s*(9156[\d\s-]{12,}|UC1-.*)$/i; // of ours; other cards the server knows
  const byId = (id) => document.getElementById(id);
  const [form, field, outcome, reader, log, trouble, nextCard] = ["scan", "code", "outcome", "reader", "log", "trouble", "next-card"].map(byId);
  const queue = [];
  const served = { session: form.elements.session.value, needed: Boolean(document.querySelector("[name=needed]")), neededBy: "" };
  // needed: a card was not taken; neededBy: the number of which it was asked whether it is one, else ""
  const [play, questions] = [window.deskSound, window.deskQuestions];
  const offline = window.offlineDesk; // keeps scans while there is no line; not in every browser
  let parted = false;
  let scannedAt = 0;
  let working = false;
  let signedOut = false;
  let moved = ""; // whoever signed in stands at another desk by now: in words
  let before = null; // the panel of the reader as it was when the line broke
  let failures = 0;

  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const mode = () => form.elements.mode.value;
  const isCard = (one) => CARD.test(one.code) || one.fields.taken_as === "card";
  const now = () => new Date().toLocaleTimeString("zh-Hans", { hour12: false, timeZone: desk.dataset.zone });

  // Lines ------------------------------------------------------------------------------------------------
  function lineFrom(id, words, one) {
    const row = byId(id).content.querySelector("tr").cloneNode(true);
    row.cells[0].textContent = now();
    row.cells[1].firstElementChild.append(words);
    row.cells[3].textContent = isCard(one) ? "" : one.code;
    return row;
  }

  function addLine(one) {
    const row = lineFrom("pending-line", desk.dataset.pending, one);
    row.dataset.pending = "";
    log.prepend(row);
    const last = log.querySelector(UNDOABLE); // what F8 takes back stays, however much has come after it
    while (log.rows.length > Math.max(MOST_LINES, queue.length + 1)) {
      const oldest = log.rows[log.rows.length - 1];
      (oldest === last ? log.rows[log.rows.length - 2] : oldest).remove();
    }
    return row;
  }

  // Sending ----------------------------------------------------------------------------------------------
  // ``scanned``: not a button; ``silent``: without a line in the log; ``question``: this answers one behind which
  // something else was scanned.
  function add(fields, code = "", { silent = false, scanned = false, question = null } = {}) {
    const one = { fields, code, scanned, question, key: newKey(), at: Date.now(), row: null, body: null };
    if (!silent) one.row = addLine(one);
    queue.push(one);
    report();
    work();
  }

  // What a scan is about is settled when its turn comes, as the card before it may still be on its way, and stays so when it is sent again.
  function bodyOf(one) {
    const body = new URLSearchParams(one.fields);
    if (!body.has("session")) body.set("session", served.session);
    if (served.needed && one.scanned) body.set("needed", "1");
    if (body.get("do") === "undo") {
      body.set("event", log.querySelector(UNDOABLE)?.dataset.event || body.get("event") || "-");
    }
    body.set("at", form.elements.at.value);
    body.set("key", one.key);
    return body;
  }

  async function send(one) {
    one.body ??= bodyOf(one);
    one.body.set("csrf_token", form.elements.csrf_token.value);
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), PATIENCE);
    try {
      const answer = await fetch(form.action, { method: "POST", body: one.body, headers: { "X-Desk": "1" }, signal: waiting.signal });
      if (answer.headers.get("X-Desk") === "elsewhere") {
        moved = await answer.text();
        return null;
      }
      if (answer.headers.get("X-Desk") === "answered") return new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.status === 401 || answer.status === 403) signedOut = true;
      else if (!BUSY.includes(answer.status)) one.failed = (one.failed ?? 0) + 1;
    } catch (error) {
      if (!(error instanceof TypeError || error.name === "AbortError")) throw error;
    } finally {
      clearTimeout(timer);
    }
    return null;
  }

  async function work() {
    if (working) return;
    working = true;
    while (queue.length && !signedOut && !moved) {
      if (await withoutLine()) continue;
      const answer = await send(queue[0]);
      if (answer) {
        failures = 0;
        take(queue.shift(), answer);
      } else if (!signedOut && !moved) {
        if (queue[0].failed >= TRIES) {
          giveUp(queue.shift());
          continue;
        }
        failures += 1;
        report();
        if (offline?.ready() && !(await offline.look())) continue;
        await new Promise((again) => setTimeout(again, 1000 * WAITS[Math.min(failures, WAITS.length) - 1]));
      }
      report();
    }
    working = false;
  }

  // Without a line scans are kept on the device; what else was asked has to wait until there is one. Whoever was served by card then is served
  // again before the next item goes to the server, for which they are nobody yet.
  async function withoutLine() {
    if (!offline?.ready()) return false;
    if (offline.lost()) {
      parted = true;
      failures = 0;
      await keep(queue.shift());
      report();
      return true;
    }
    if (!parted) return false;
    parted = false;
    await offline.upload();
    const card = offline.card();
    if (card && queue[0]?.code !== card) {
      const fields = { code: card, taken_as: "card", mode: "auto", session: served.session, needed: "1" };
      queue.unshift({ fields, code: "", again: true, key: newKey(), row: null, body: null });
    }
    if (!card) reader.replaceChildren(...(served.session && before ? before : [part(served.needed ? "card-needed" : "nobody")]));
    before = null;
    return true;
  }

  const part = (id) => byId(id).content.cloneNode(true);

  // Without a line the panel tells who is served, as far as the page knows, and how much waits; with one again it is the server's.
  async function lineChanged() {
    report();
    if (!offline.ready()) return;
    if (offline.lost()) return showAlone();
    if (!parted || working || offline.signedOut()) return;
    working = true;
    await withoutLine();
    working = false;
    await work();
  }

  function showAlone() {
    parted = true;
    if (!reader.querySelector("[data-offline]")) before = [...reader.childNodes];
    const [card, waits] = [offline.card(), offline.pending()];
    const whose = /^UC1-/i.test(card) ? desk.dataset.byPhone : desk.dataset.served.replace("{digits}", card.slice(-4));
    reader.replaceChildren(part("reader-offline"));
    reader.querySelector("h2").textContent = served.needed ? desk.dataset.needed : card ? whose : desk.dataset.nobody;
    reader.querySelector(".meter span").textContent = waits === 1 ? desk.dataset.waitingOne : desk.dataset.waitingMany.replace("{n}", waits);
  }

  async function keep(one) {
    if (one.again) return; // nobody's scan: the card of whoever was served when the line was back for a moment
    if (one.fields.do === "end") offline.serve("");
    const { mode: how, library } = one.fields;
    const isScan = one.code && !one.fields.do && !one.question;
    const about = { mode: how, isCard: isCard(one), library, at: one.at, id: one.key, served: served.session, needed: served.needed };
    const told = isScan ? await offline.scan({ code: one.code, ...about }) : offline.cannot();
    if (one.question) questions.setAside(one.question);
    if (told.reader || told.misread || one.fields.do === "end") {
      served.session = "";
      served.needed = Boolean(told.misread);
    }
    showAlone();
    const said = document.createElement("section");
    said.className = `outcome ${told.tone}`;
    said.append(document.createElement("p"));
    said.firstElementChild.className = "do";
    said.firstElementChild.textContent = told.words;
    show(said);
    const row = lineFrom(told.tone === "stop" ? "held-up-line" : "pending-line", told.words, one);
    row.dataset.kept = told.id ?? one.key;
    one.row?.replaceWith(row);
    play(told.tone);
  }

  // Answers ----------------------------------------------------------------------------------------------
  function take(one, answer) {
    const answered = (name) => answer.querySelector(`[data-part="${name}"]`);
    const told = answered("outcome").firstElementChild;
    const row = answered("line")?.rows[0];
    if (one.row && row) one.row.replaceWith(row);
    else one.row?.remove();
    if (told.dataset.undone) strike(one.body.get("event"));
    if ("asks" in told.dataset && one.body.get("session")) told.dataset.whose = reader.querySelector("h2").textContent;
    show(told);
    play(told.dataset.sound);
    const whose = one.fields.session; // of a question: who was served when it was asked, and need not be the one who is served now
    const settles = served.needed && served.neededBy && served.neededBy === one.question?.dataset.asks;
    if (one.question && !settles && whose !== served.session && ["", whose].includes(told.dataset.session)) {
      if (whose) questions.tellWhose(told, one.question.dataset.whose);
      if (whose) row?.cells[1].append(` ${one.question.dataset.whose}`);
      return;
    }
    if (!told.dataset.session) offline?.serve("");
    else if (one.code && told.dataset.session !== served.session) offline?.serve(one.code);
    const { do: deed, taken_as: as, library, issuer } = one.fields;
    const stays = served.needed && !told.dataset.session && deed !== "end" && !(as || library || issuer);
    served.needed = "cardNeeded" in told.dataset || stays;
    if ("holdsUp" in told.dataset) served.neededBy = told.dataset.asks ?? "";
    served.session = told.dataset.session;
    for (const other of document.querySelectorAll("#scan [name=session], #undo [name=session]")) other.value = served.session;
    reader.replaceChildren(...(stays ? [part("card-needed")] : answered("reader").childNodes));
    if ("holdsUp" in told.dataset) holdUp();
    keepPlace();
  }

  // What was taken back stands in no line, nor does the second scan of it.
  function strike(event) {
    for (const row of [...log.rows]) if (row.dataset.about === event) row.remove();
  }

  function show(told) {
    const before = outcome.querySelector("[data-asks]");
    outcome.replaceChildren(told);
    if (before) questions.setAside(before);
  }

  // It may have been a card: nobody is served any more.
  function giveUp(one) {
    failures = 0;
    if (one.row) one.row.replaceWith(lineFrom("held-up-line", desk.dataset.failed, one));
    served.needed ||= Boolean(served.session) || isCard(one);
    served.session = "";
    reader.replaceChildren(part(served.needed ? "card-needed" : "nobody"));
    show(part("failed-outcome"));
    holdUp();
    keepPlace();
    report();
    play("stop");
  }

  // Nobody is served, so what was scanned in the belief that somebody was is not done: it would be taken for a return.
  function holdUp() {
    const card = queue.findIndex(isCard);
    const before = queue.splice(0, card < 0 ? queue.length : card);
    const isHeldUp = (one) => one.fields.mode === "auto" && !one.question;
    queue.unshift(...before.filter((one) => !isHeldUp(one)));
    for (const one of before.filter(isHeldUp)) one.row?.replaceWith(lineFrom("held-up-line", desk.dataset.heldUp, one));
  }

  function keepPlace() {
    const address = new URL(form.action);
    if (served.session) address.searchParams.set("session", served.session);
    if (mode() !== "auto") address.searchParams.set("mode", mode());
    history.replaceState(null, "", address);
  }

  function report() {
    const waiting = queue.length === 1 ? desk.dataset.waitingOne : desk.dataset.waitingMany.replace("{n}", queue.length);
    const words = signedOut ? desk.dataset.signedOut : moved ? moved : failures && !offline?.lost() ? desk.dataset.offline.replace("{waiting}", waiting) : "";
    trouble.hidden = !words;
    trouble.querySelector("b").textContent = words;
    trouble.querySelector(".sign-in").hidden = !signedOut;
    trouble.querySelector(".moved").hidden = !moved;
    byId("line").textContent = offline?.lost() ? desk.dataset.cut : words ? "" : desk.dataset.sent;
  }

  async function goOn() {
    const page = new DOMParser().parseFromString(await (await fetch(form.action)).text(), "text/html");
    const token = page.querySelector("#scan [name=csrf_token]");
    if (!token) return;
    for (const other of document.querySelectorAll("[name=csrf_token]")) other.value = token.value;
    signedOut = false;
    moved = "";
    report();
    field.focus();
    work();
  }

  for (const button of trouble.querySelectorAll("[data-go-on]")) button.addEventListener("click", goOn);

  addEventListener("beforeunload", (event) => {
    if (queue.some((one) => !one.again) || questions.isOpen()) event.preventDefault();
  });

  // Input ------------------------------------------------------------------------------------------------
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = field.value.trim();
    field.value = "";
    field.focus();
    if (code) {
      scannedAt = Date.now();
      add({ code, mode: mode(), ...(isNextCard() ? { taken_as: "card" } : {}) }, code, { scanned: true });
      sayNextCard(false);
    } else if (Date.now() - scannedAt > BY_HAND) noCard(); // some scanners end a line twice
  });

  document.addEventListener("submit", (event) => {
    const deed = event.target.closest("form[data-deed]");
    if (!deed) return;
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(deed));
    const codes = new FormData(deed).getAll("codes");
    delete fields.csrf_token;
    delete fields.key;
    if (fields.do === "undo") delete fields.session;
    const told = codes.length ? [...Object.entries(fields).filter(([name]) => name !== "codes"), ...codes.map((code) => ["codes", code])] : fields;
    const question = deed.closest("[data-asks]");
    const isLate = question && (questions.holds(question) || queue.length > 0);
    if (isLate) questions.takeUp(question);
    else question?.removeAttribute("data-asks");
    add(told, fields.code || "", { silent: fields.do === "end", question: isLate ? question : null });
    field.focus();
  });

  for (const choice of document.querySelectorAll("[name=mode][type=radio]")) {
    choice.addEventListener("change", () => {
      sayNextCard(false);
      noCard();
      keepPlace();
      field.focus();
    });
  }

  // Somebody has seen that a card was not taken, and goes on without one.
  function noCard() {
    if (served.needed) add({ do: "end", session: "", mode: mode() }, "", { silent: true });
  }

  // Of cards that do not look like ours: a number that the catalogue does not know would be a book given back.
  const isNextCard = () => nextCard.getAttribute("aria-pressed") === "true";
  const sayNextCard = (whether) => nextCard.setAttribute("aria-pressed", String(whether));
  nextCard.hidden = false;
  nextCard.addEventListener("click", () => {
    sayNextCard(!isNextCard());
    field.focus();
  });

  const isTyping = (element) => element.closest("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const elsewhere = event.target !== field && isTyping(event.target);
    if (event.key === "Escape") sayNextCard(false);
    if (event.key === "Escape" && elsewhere) {
      field.focus();
      return;
    }
    const target = event.key.length > 1 && document.querySelector(`[data-key="${event.key}"]`);
    if (target) {
      event.preventDefault();
      target.click();
    } else if (event.key.length === 1 && !elsewhere && !(event.key === " " && event.target !== document.body)) {
      field.focus(); // the character goes where the focus is when it is typed, which is here
    }
  });

  // Receipt ----------------------------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-receipt]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const receipt = page.querySelector("[data-part=receipt]");
    if (!receipt) return;
    byId("receipt").replaceChildren(receipt);
    print();
    field.focus();
  });

  document.addEventListener("offline-line", lineChanged);
  document.addEventListener("offline-uploaded", ({ detail: verdicts }) => {
    for (const { id, instruction } of verdicts) {
      for (const row of log.querySelectorAll(`[data-kept="${CSS.escape(id)}"]`)) row.cells[1].firstElementChild.lastChild.textContent = instruction;
    }
  });
  report();
  keepPlace();
  field.focus();
})();
