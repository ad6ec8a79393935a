// Sends a form of the API's page and shows the answer below it. Without this script the form of a question without a path
// parameter leads to the answer itself.
"use strict";

function valuesOf(field) {
  const values = field.multiple
    ? [...field.selectedOptions].map((option) => option.value)
    : "lines" in field.dataset
      ? field.value.split("\n")
      : [field.value];
  return values.map((text) => text.trim()).filter(Boolean);
}

function addressOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-place=path], [data-place=query]")) {
    for (const value of valuesOf(field)) {
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

// What looks like JSON of a whole field is sent as it is, all else as text.
function valueOf(text) {
  try {
    return /^[[{]/.test(text) ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

function requestOf(form) {
  const request = { method: form.dataset.method, headers: {} };
  const token = form.querySelector("[data-token]");
  if (token) {
    request.headers.Authorization = `Bearer ${token.value.trim()}`;
  }
  for (const field of form.querySelectorAll("[data-place=header]")) {
    request.headers[field.name] = field.value.trim();
  }
  const fields = [...form.querySelectorAll("[data-place=body]")];
  if (fields.length) {
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(Object.fromEntries(fields.map((field) => [field.name, valueOf(field.value.trim())])));
  }
  return request;
}

// What is sent from here is sent once: every sending is a command of its own, unless somebody writes an older key again.
function giveKey(form) {
  for (const field of form.querySelectorAll("[data-place=header][name=Idempotency-Key]")) {
    field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
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
    const response = await fetch(address, requestOf(form));
    const shown = await readable(response);
    line.textContent = `${response.status} · ${Math.round(performance.now() - began)} ms · ${address}`;
    body.textContent = shown;
    giveKey(form);
  } catch {
    line.textContent = panel.dataset.failed;
  }
}

for (const form of document.querySelectorAll("form.try")) {
  giveKey(form);
  form.addEventListener("submit", send);
}
