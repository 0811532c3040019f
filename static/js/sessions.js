// The desk of the recorder: keys, the clock, and a fresh line after each that was noted. Works on top of app.js;
// without this file every form of the page still works.
(function () {
  "use strict";

  var doc = document;
  var say = doc.getElementById("add_statement");

  function field(form, name) { return form && form.querySelector("[name='" + name + "']"); }
  function open(id) {
    var box = doc.getElementById(id);
    if (box && box.tagName === "DETAILS") box.open = true;
    return box;
  }

  // ---- The clock ----

  function two(n) { return ("0" + n).slice(-2); }
  function tick() {
    var place = doc.querySelector(".js-clock");
    if (!place || !place.dataset.since) return;
    var seconds = Math.max(0, Math.floor((Date.now() - new Date(place.dataset.since).getTime()) / 1000));
    place.textContent = Math.floor(seconds / 3600) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
  }
  tick();
  setInterval(tick, 1000);

  // ---- A line was noted: the form is ready for the next one ----

  function store(act) {
    try { act(); } catch (refused) { /* private mode */ }
  }
  function forget(form) {
    store(function () {
      window.localStorage.removeItem("zb:draft:" + (doc.body.dataset.account || "") + ":" + form.dataset.draft);
    });
  }
  // The next page shown is not the answer to this line: what is kept of it stays until the server has it.
  function unsend() {
    store(function () { window.sessionStorage.removeItem("zb:sent"); });
  }
  function renew(form) {
    var fresh = doc.getElementById("fresh");
    if (!fresh || fresh.dataset.done !== form.id) return;
    var once = form.querySelector(".js-once");
    if (once) once.replaceChildren.apply(once, Array.prototype.map.call(fresh.childNodes, function (node) { return node.cloneNode(true); }));
    var key = form.querySelector("[name$='client_id']");
    if (key) key.value = fresh.dataset.key;
  }
  doc.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (!form.classList || !form.classList.contains("js-line")) return;
    unsend();
    if (!event.detail.xhr || event.detail.xhr.status !== 200) return; // a refusal counts as successful too
    Array.prototype.forEach.call(form.querySelectorAll("textarea, input[type=text], input[type=date], input[inputmode=numeric]"), function (input) {
      input.value = "";
    });
    var trouble = form.querySelector(".js-trouble");
    if (trouble) trouble.textContent = "";
    var saved = form.querySelector(".js-saved");
    if (saved) saved.textContent = "";
    forget(form);
    renew(form);
    var first = form.querySelector("textarea");
    if (first) first.focus();
  });
  // The fields for somebody who is not on the roster show only then.
  function elsewhere() {
    var who = say && field(say, "participant");
    if (!who) return;
    Array.prototype.forEach.call(say.querySelectorAll("[name='by'], [name='category']"), function (input) { input.hidden = who.value !== ""; });
  }
  if (say) { say.addEventListener("change", elsewhere); elsewhere(); }

  // ---- From a statement to a point ----

  function toConsensus() {
    var box = open("add-point");
    var target = box && box.querySelector("textarea");
    var text = say && field(say, "text");
    if (!target) return;
    if (text && text.value && !target.value) target.value = text.value;
    target.focus();
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
  Array.prototype.forEach.call(doc.querySelectorAll(".js-to-consensus"), function (button) {
    button.hidden = false;
    button.addEventListener("click", toConsensus);
  });

  // ---- Who has the floor speaks next ----

  doc.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest(".js-speaks");
    var who = button && say && field(say, "participant");
    if (!who) return;
    who.value = button.dataset.line;
    elsewhere();
    field(say, "text").focus();
  });

  // ---- Keys ----

  function press(selector) {
    var button = doc.querySelector(selector);
    if (button) button.click();
  }
  doc.addEventListener("keydown", function (event) {
    if (!say || event.isComposing) return;
    var key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "enter") {
      var form = event.target.closest && event.target.closest("form.js-line");
      if (form && form.requestSubmit) { event.preventDefault(); form.requestSubmit(); }
    } else if ((event.ctrlKey || event.metaKey) && key === "k") {
      event.preventDefault();
      field(say, "participant").focus();
    } else if (event.altKey && /^[1-4]$/.test(event.key)) {
      var kinds = say.querySelectorAll("[name='kind']");
      if (kinds[event.key - 1]) { event.preventDefault(); kinds[event.key - 1].checked = true; }
    } else if (event.altKey && key === "g") {
      event.preventDefault();
      toConsensus();
    } else if (event.altKey && key === "n") {
      event.preventDefault();
      press(".js-next");
    } else if (event.altKey && key === "q") {
      event.preventDefault();
      var next = doc.querySelector("#signin button[value='present']");
      if (next) next.focus();
    }
  });

  // ---- The newest line stays in sight, unless the reader has scrolled up ----

  var atEnd = true;
  doc.addEventListener("htmx:oobBeforeSwap", function (event) {
    var list = doc.getElementById("said-list");
    if (event.target.id === "said" && list) atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  });
  function follow() {
    var list = doc.getElementById("said-list");
    if (list && atEnd) list.scrollTop = list.scrollHeight;
  }
  doc.addEventListener("htmx:oobAfterSwap", function (event) { if (event.target.id === "said") follow(); });
  follow();
})();
