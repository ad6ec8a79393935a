// What a desk asks back and is not answered when something else is told waits below, until it is answered or given up: window.deskQuestions.
(() => {
  const asked = document.getElementById("asked");
  if (!asked) return;
  const waiting = asked.lastElementChild;

  // ``dataset.asks`` is what was scanned, ``dataset.whose`` the reader who was served then.
  function setAside(question) {
    [...waiting.children].find((other) => other.dataset.asks === question.dataset.asks)?.remove(); // scanned and asked again
    if (!question.querySelector("[data-give-up]")) {
      question.querySelector(".chips").append(document.getElementById("give-up").content.cloneNode(true));
      tellWhose(question, question.dataset.whose);
    }
    waiting.prepend(question);
    asked.hidden = false;
  }

  function takeUp(question) {
    question.remove();
    asked.hidden = !waiting.childElementCount;
  }

  // So that nobody takes it for the business of the reader whom the panel shows.
  function tellWhose(told, whose) {
    if (!whose) return;
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = whose;
    told.querySelector(".do").after(note);
  }

  asked.addEventListener("click", (event) => {
    if (!event.target.closest("[data-give-up]")) return;
    takeUp(event.target.closest("[data-asks]"));
    document.getElementById("code").focus();
  });

  window.deskQuestions = { setAside, takeUp, tellWhose, isOpen: () => !asked.hidden, holds: (question) => asked.contains(question) };
})();
