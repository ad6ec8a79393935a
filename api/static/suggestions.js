// Suggestions under a search box: a combobox with a listbox by ARIA 1.2. Without this file the box is a plain form.
(() => {
  const PAUSE = 120; // ms without typing before anything is asked

  class Suggestions {
    constructor(form) {
      this.form = form;
      this.box = form.querySelector("[data-search]");
      this.words = form.dataset;
      this.items = [];
      this.active = -1; // -1: what was typed
      this.turn = 0; // rises with everything that makes an answer on its way stale
      this.composing = false;
      this.make();
      this.listen();
    }

    make() {
      const { box } = this;
      this.list = document.createElement("ul");
      this.list.id = `${box.id}-suggestions`;
      this.list.className = "suggest";
      this.list.hidden = true;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.words.label);
      this.said = document.createElement("p");
      this.said.className = "vh";
      this.said.setAttribute("role", "status");
      this.form.append(this.list, this.said);
      box.setAttribute("role", "combobox");
      box.setAttribute("aria-autocomplete", "list");
      box.setAttribute("aria-expanded", "false");
      box.setAttribute("aria-controls", this.list.id);
    }

    listen() {
      const { box, list } = this;
      box.addEventListener("compositionstart", () => { this.composing = true; this.close(); });
      box.addEventListener("compositionend", () => { this.composing = false; this.later(); });
      box.addEventListener("input", (event) => { if (!this.composing && !event.isComposing) this.later(); });
      box.addEventListener("keydown", (event) => this.press(event));
      box.addEventListener("blur", () => this.close());
      this.form.addEventListener("submit", () => this.close());
      list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take([...list.children].indexOf(option));
      });
    }

    get isOpen() {
      return !this.list.hidden;
    }

    press(event) {
      if (this.composing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (this.isOpen) this.move(event.key === "ArrowDown" ? 1 : -1);
        else this.ask();
      } else if (event.key === "Enter" && this.isOpen && this.active >= 0) {
        event.preventDefault();
        this.take(this.active);
      } else if (event.key === "Escape" && this.isOpen) {
        event.preventDefault(); // the browser's own Escape empties the box
        this.close();
      } else if (event.key === "Tab") {
        this.close();
      } else if (event.key === "Home" || event.key === "End" || event.key === "ArrowLeft" || event.key === "ArrowRight") {
        this.mark(-1);
      }
    }

    // Once round: past the last, and before the first, is what was typed.
    move(step) {
      const places = this.items.length + 1;
      this.mark(((this.active + 1 + step + places) % places) - 1);
    }

    mark(place) {
      this.active = place;
      [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      const option = this.list.children[place];
      if (option) {
        this.box.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      } else {
        this.box.removeAttribute("aria-activedescendant");
      }
    }

    later() {
      this.drop();
      if (this.box.value.trim() === "") {
        this.close();
        return;
      }
      this.timer = setTimeout(() => this.ask(), PAUSE);
    }

    // Whatever is on its way is not wanted any more.
    drop() {
      clearTimeout(this.timer);
      this.turn += 1;
      this.request?.abort();
    }

    async ask() {
      this.drop();
      const typed = this.box.value.trim();
      if (typed === "") return;
      const mine = this.turn;
      this.request = new AbortController();
      const language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
      const found = await this.found(`${this.words.suggestions}?${new URLSearchParams({ q: typed, lang: language })}`);
      if (mine !== this.turn || this.composing || document.activeElement !== this.box) return;
      if (found) this.show(found);
      else this.close();
    }

    // Suggestions are a help: where they cannot be had (null), nothing is shown, and nothing said that nobody knows.
    async found(address) {
      try {
        const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
        return answer.ok ? (await answer.json()).items : null;
      } catch {
        return null;
      }
    }

    show(items) {
      this.items = items;
      this.list.replaceChildren(...items.map((item, at) => this.option(item, at)));
      this.mark(-1);
      this.open(items.length > 0);
      this.say(items.length);
    }

    option({ text, kind_label: kind }, at) {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${at}`;
      option.setAttribute("role", "option");
      const name = document.createElement("bdi");
      name.textContent = text;
      if (/\p{Script=Han}/u.test(text)) name.lang = "zh-Hans"; // names are shown in simplified characters
      const told = document.createElement("span");
      told.textContent = kind;
      option.append(name, " ", told);
      return option;
    }

    say(count) {
      const words = count === 0 ? this.words.none : count === 1 ? this.words.one : this.words.many;
      this.said.textContent = words.replace("{n}", String(count));
    }

    open(open) {
      this.list.hidden = !open;
      this.box.setAttribute("aria-expanded", String(open));
    }

    close() {
      this.drop();
      this.mark(-1);
      this.open(false);
      this.said.textContent = "";
    }

    take(place) {
      this.box.value = this.items[place].query;
      this.close();
      this.form.requestSubmit();
    }
  }

  for (const form of document.querySelectorAll("form[data-suggestions]")) new Suggestions(form);
})();
