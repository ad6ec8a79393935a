// Sends a form of the API's page and shows the answer below it. Without this script a form without a path parameter
// leads to the answer itself.
"use strict";

function addressOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-place]")) {
    const values = field.multiple
      ? [...field.selectedOptions].map((option) => option.value)
      : "lines" in field.dataset
        ? field.value.split("\n")
        : [field.value];
    for (const value of values.map((text) => text.trim()).filter(Boolean)) {
      if (field.dataset.place === "path") {
        path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      } else {
        query.append(field.name, value);
      }
    }
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

async function readable(response) {
  const text = await response.text();
  const kind = response.headers.get("Content-Type") || "";
  return kind.includes("json") && text ? JSON.stringify(JSON.parse(text), null, 2) : text;
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const panel = form.parentElement.querySelector(".answer");
  const line = panel.querySelector(".line");
  const body = panel.querySelector("pre");
  const address = addressOf(form);
  panel.hidden = false;
  line.textContent = panel.dataset.waiting;
  body.textContent = "";
  const began = performance.now();
  try {
    const response = await fetch(address);
    const shown = await readable(response);
    line.textContent = `${response.status} · ${Math.round(performance.now() - began)} ms · ${address}`;
    body.textContent = shown;
  } catch {
    line.textContent = panel.dataset.failed;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  form.addEventListener("submit", send);
}
