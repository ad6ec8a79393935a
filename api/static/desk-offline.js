// A desk that loses its line goes on scanning. Each scan is sealed with the server's key before it is kept on this device, so that nobody can
// read here what was kept, not even this page; and it is kept until the server has given its verdict. docs/offline.md says against whom.
//
// window.offlineDesk is for desk.js: whether there is a line (look, lost), who is served without one (serve, card), scan() of what was typed,
// record() of a line of the API, how many wait (pending), upload().
(() => {
  const bar = document.getElementById("offline");
  if (!bar || !window.indexedDB || !window.crypto?.subtle || !navigator.serviceWorker || !navigator.locks) return;
  const words = bar.dataset;
  const AT_ONCE = 200; // lines an upload
  const EVERY = 5000; // milliseconds between looks for the line
  const OWN_CARD = /^9156\d{11,}$/; // one of 16 digits is what we issue; other cards are announced, or the server finds them out
  const CODE = /^UC1-/i; // on a phone
  const AGAIN = 10000; // milliseconds in which the same scan is the same
  const utf8 = (text) => new TextEncoder().encode(text);
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const base64 = (raw) => btoa(Array.from(raw, (one) => String.fromCharCode(one)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const state = { lost: false, signedOut: false, sending: false, count: 0, open: 0, sent: 0, card: "", form: "" };
  let line = null; // branch, key and device, as they were told when there was a line
  let last = { code: "", at: 0, id: "" };

  // Store ------------------------------------------------------------------------------------------------
  const database = new Promise((done, fail) => {
    const asked = indexedDB.open("offline-desk", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("settings");
      asked.result.createObjectStore("lines", { autoIncrement: true });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });

  async function within(store, mode, act) {
    const transaction = (await database).transaction(store, mode, { durability: "strict" });
    const asked = act(transaction.objectStore(store));
    await new Promise((done, fail) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
    return asked?.result;
  }

  const count = async () => {
    state.count = await within("lines", "readonly", (lines) => lines.count());
  };

  // Sealing: ephemeral ECDH on P-256, HKDF-SHA-256, AES-256-GCM --------------------------------------------------
  async function seal(told, about) {
    const curve = { name: "ECDH", namedCurve: "P-256" };
    const theirs = await crypto.subtle.importKey("raw", bytes(line.key.public), curve, false, []);
    const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("union-catalog offline line 1") };
    const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const cipher = { name: "AES-GCM", iv: nonce, additionalData: utf8(about) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher, key, utf8(JSON.stringify(told))));
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    return base64([...point, ...nonce, ...sealed]);
  }

  // Scans ------------------------------------------------------------------------------------------------
  // One after the other, so that they are kept in their order however fast they come.
  let turn = Promise.resolve();
  function record(told) {
    const kept = turn.then(async () => {
      const id = told.id || newId();
      const { id: _, ...content } = told;
      const sealed = await seal(content, `${line.branch}\n${line.device}\n${id}`);
      await within("lines", "readwrite", (lines) => lines.add({ id, branch: line.branch, device: line.device, key: line.key.id, sealed }));
      state.count += 1;
      show();
    });
    turn = kept.catch(() => undefined);
    return kept;
  }

  // What a scan is: a card of ours, a code, or what was announced as a card makes somebody the reader; anything else is an item.
  // Answers what to say of it and in which tone, and of a second scan the id of the line that is kept of the first.
  async function scan({ code, mode = "auto", isCard = false, library = "", at = Date.now(), id = "", served = "", needed = false }) {
    const plain = code.replace(/\s/g, "");
    const number = plain.replaceAll("-", "");
    if (CODE.test(plain) || OWN_CARD.test(number) || isCard) {
      if (OWN_CARD.test(number) && !(number.length === 16 && hasGoodDigit(number))) {
        serve(""); // it was somebody's, not that of the reader before
        return { words: words.misread, tone: "stop", misread: true };
      }
      serve(plain);
      return { words: words.reader, tone: "ok", reader: true };
    }
    if (mode === "auto" && needed) return { words: words.held, tone: "stop" };
    if (mode === "auto" && served && !state.card) return { words: words.whose, tone: "stop" };
    const action = mode === "renew" ? "renew" : mode === "auto" && state.card ? "check_out" : "check_in";
    const said = { checkOut: words.checkOut, checkIn: words.checkIn, renew: words.renew };
    const what = { words: said[{ check_out: "checkOut", check_in: "checkIn", renew: "renew" }[action]], tone: "wait" };
    if (last.code === `${action} ${plain}` && at - last.at < AGAIN) return { ...what, id: last.id };
    last = { code: `${action} ${plain}`, at, id };
    const told = { action, item: library ? { barcode: plain, library } : { barcode: plain }, occurred_at: new Date(at).toISOString() };
    if (state.card && action !== "check_in") told.card = state.card;
    try {
      await record(id ? { ...told, id } : told);
      return what;
    } catch {
      return { words: words.unkept, tone: "stop" };
    }
  }

  function serve(card) {
    state.card = card;
    last = { code: "", at: 0, id: "" };
    show();
  }

  // ISO/IEC 7812-1, Luhn.
  function hasGoodDigit(number) {
    const sum = Array.from(number).reverse().reduce((all, digit, place) => {
      const doubled = Number(digit) * (place % 2 ? 2 : 1);
      return all + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
    return sum % 10 === 0;
  }

  // The line ---------------------------------------------------------------------------------------------
  // Whether there is one. Whoever is not signed in is led to the sign-in page, which is no JSON.
  async function look() {
    try {
      const answer = await fetch(words.line, { cache: "no-store", signal: AbortSignal.timeout(EVERY) });
      if (answer.status >= 500) throw new TypeError("no line");
      state.lost = false;
      state.signedOut = !answer.ok || !answer.headers.get("Content-Type").startsWith("application/json");
      if (state.signedOut) return false;
      const told = await answer.json();
      state.form = told.form;
      if (told.branch) {
        line = { branch: told.branch, key: told.key, device: line?.device || newId() };
        await within("settings", "readwrite", (settings) => settings.put(line, "line"));
      }
      return true;
    } catch {
      state.lost = true;
      return false;
    } finally {
      show();
    }
  }

  async function upload() {
    await turn;
    return navigator.locks.request("offline-desk", async () => {
      const verdicts = [];
      while (await waiting()) {
        if (!(await look())) break;
        state.sending = true;
        show();
        const told = await send();
        if (!told) break;
        verdicts.push(...told.lines);
        state.sent += told.lines.length;
        state.open += told.lines.filter((one) => !["recorded", "repeated"].includes(one.verdict)).length;
      }
      state.sending = false;
      show();
      if (verdicts.length) document.dispatchEvent(new CustomEvent("offline-uploaded", { detail: verdicts }));
      return verdicts;
    });
  }

  const waiting = async () => {
    await count();
    return state.count > 0;
  };

  // The oldest lines, of one branch and device; they go when their verdicts are here.
  async function send() {
    const [keys, lines] = await Promise.all([
      within("lines", "readonly", (kept) => kept.getAllKeys(null, AT_ONCE)),
      within("lines", "readonly", (kept) => kept.getAll(null, AT_ONCE)),
    ]);
    const { branch, device } = lines[0];
    const some = lines.map((one, place) => ({ ...one, place: keys[place] })).filter((one) => one.branch === branch && one.device === device);
    const body = { branch, device, sent_at: new Date().toISOString(), lines: some.map(({ id, sealed, key }) => ({ id, sealed, key })) };
    const headers = { "Content-Type": "application/json", "Idempotency-Key": newId(), "X-CSRF-Token": state.form };
    try {
      const answer = await fetch(words.upload, { method: "POST", headers, body: JSON.stringify(body) });
      if (answer.status === 401 || answer.status === 403) state.signedOut = true;
      if (!answer.ok) return null;
      const told = await answer.json();
      await within("lines", "readwrite", (kept) => {
        for (const one of some) kept.delete(one.place);
      });
      return told;
    } catch {
      state.lost = true;
      return null;
    }
  }

  // The bar ----------------------------------------------------------------------------------------------
  const many = (number, one, more) => (number === 1 ? one : more.replace("{n}", number));

  function show() {
    const left = (pattern) => pattern.replace("{waiting}", many(state.count, words.waitingOne, words.waitingMany));
    let told = "";
    if (state.lost) told = left(words.lost);
    else if (state.count) told = left(state.signedOut ? words.signedOut : words.sending);
    else if (state.open) told = words.sentOpen.replace("{open}", many(state.open, words.openOne, words.openMany));
    else if (state.sent) told = words.sent;
    bar.hidden = !told;
    bar.querySelector("b").textContent = told;
    document.getElementById("offline-batches").hidden = state.lost || !state.sent;
    document.dispatchEvent(new CustomEvent("offline-line"));
  }

  async function watch() {
    if ((state.lost || state.count) && !state.sending && (await look()) && state.count) await upload();
    setTimeout(watch, EVERY);
  }

  // The page and its files are kept by the worker, whole and of this version.
  async function keepPage() {
    const registered = await navigator.serviceWorker.register(words.worker, { scope: words.scope, updateViaCache: "none" });
    await navigator.serviceWorker.ready;
    const files = [...document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")].map((one) => new URL(one.src || one.href));
    const keep = files.filter((one) => one.origin === location.origin).map((one) => one.pathname + one.search);
    registered.active?.postMessage({ keep });
  }

  async function begin() {
    line = (await within("settings", "readonly", (settings) => settings.get("line"))) || null;
    await count();
    const there = await look();
    if (there) await keepPage();
    if (there && state.count) await upload();
    watch();
  }

  window.offlineDesk = {
    ready: () => Boolean(line?.branch),
    lost: () => state.lost,
    signedOut: () => state.signedOut,
    look,
    card: () => state.card,
    cannot: () => ({ words: words.cannot, tone: "stop" }),
    serve,
    scan,
    record,
    pending: () => state.count,
    upload,
  };
  addEventListener("online", () => upload());
  begin().catch(() => show());
})();
