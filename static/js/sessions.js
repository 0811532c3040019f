// The desk of the recorder: keys, clocks, who speaks, and the way from a statement to a point. What is typed is kept by
// record.js; without both files every form of the page still works.
(function () {
  "use strict";

  var doc = document;
  var say = doc.getElementById("add_statement");
  var asked = doc.getElementById("poll");
  var offset = asked && asked.dataset.now ? new Date(asked.dataset.now).getTime() - Date.now() : 0;

  function field(form, name) { return form && form.querySelector("[name='" + name + "']"); }
  function each(selector, act, root) { Array.prototype.forEach.call((root || doc).querySelectorAll(selector), act); }
  function open(id) {
    var box = doc.getElementById(id);
    if (box && box.tagName === "DETAILS") box.open = true;
    if (box) box.dispatchEvent(new CustomEvent("zb-reveal", { bubbles: true })); // on a narrow desk its tab comes forward
    return box;
  }

  // ---- Clocks: the server's time, whatever this computer thinks ----

  function two(n) { return ("0" + n).slice(-2); }
  function now() { return Date.now() + offset; }
  function span(seconds) {
    var all = Math.max(0, Math.floor(seconds));
    var hours = Math.floor(all / 3600);
    return (hours ? hours + ":" : "") + two(Math.floor(all / 60) % 60) + ":" + two(all % 60);
  }
  function text(place, words) { if (place.textContent !== words) place.textContent = words; }
  function tick() {
    each(".js-clock", function (place) {
      if (place.dataset.since) text(place, span((now() - new Date(place.dataset.since).getTime()) / 1000).replace(/^(\d\d:\d\d)$/, "0:$1"));
    });
    each(".js-used", function (place) { if (place.dataset.since) text(place, span((now() - new Date(place.dataset.since).getTime()) / 1000)); });
    each(".js-left", function (place) {
      if (!place.dataset.due) return;
      var left = (new Date(place.dataset.due).getTime() - now()) / 1000;
      text(place, ((left < 0 ? place.dataset.over : place.dataset.left) + " " + span(Math.abs(left))).trim());
      place.classList.toggle("zhu", left < 0);
    });
    each(".js-bar", function (bar) {
      var since = new Date(bar.dataset.since).getTime();
      var share = (now() - since) / (new Date(bar.dataset.due).getTime() - since);
      var fill = bar.querySelector(".fg");
      if (fill && isFinite(share)) fill.setAttribute("width", Math.max(0, Math.min(100, share * 100)).toFixed(1));
      bar.classList.toggle("zhu", share > 1);
    });
  }
  doc.addEventListener("zb:fresh", function (event) { offset = event.detail.offset || 0; tick(); mark(); });
  tick();
  setInterval(tick, 1000);

  // ---- Small forms with htmx (who came, languages): ready for the next one ----

  function renew(form) {
    var fresh = doc.getElementById("fresh");
    if (!fresh || fresh.dataset.done !== form.id) return;
    var once = form.querySelector(".js-once");
    if (once) once.replaceChildren.apply(once, Array.prototype.map.call(fresh.childNodes, function (node) { return node.cloneNode(true); }));
  }
  doc.addEventListener("htmx:afterRequest", function (event) {
    var form = event.detail.elt;
    if (!form.classList || !form.classList.contains("js-line")) return;
    if (!event.detail.xhr || event.detail.xhr.status !== 200) return; // a refusal counts as successful too
    if (form.classList.contains("js-clear")) each("input[type=text], input[inputmode=numeric]", function (input) { input.value = ""; }, form);
    each(".js-trouble", function (trouble) { trouble.textContent = ""; }, form);
    renew(form);
  });

  // ---- Who speaks: typed, then chosen; the fields for somebody who is not on the roster show only then ----

  var who = field(say, "participant");
  var find = doc.getElementById("who");
  var list = doc.getElementById("who-list");
  function elsewhere() {
    if (!who) return;
    each("[name='by'], [name='category']", function (input) { input.hidden = who.value !== ""; }, say);
  }
  function found() {
    var words = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return Array.prototype.filter.call(who.options, function (option, number) {
      if (!option.value) return false;
      var name = number + " " + option.textContent.toLowerCase();
      return words.every(function (word) { return /^\d+$/.test(word) ? String(number) === word || name.indexOf(word, 2) >= 0 : name.indexOf(word) >= 0; });
    }).slice(0, 8);
  }
  function suggest() {
    list.textContent = "";
    var options = find.value.trim() ? found() : [];
    options.forEach(function (option, place) {
      var row = doc.createElement("li");
      row.id = "who-" + place;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", place === 0 ? "true" : "false");
      row.dataset.value = option.value;
      row.textContent = option.index + "　" + option.textContent;
      row.addEventListener("mousedown", function (event) { event.preventDefault(); choose(option.value); });
      list.appendChild(row);
    });
    list.hidden = !options.length;
    find.setAttribute("aria-expanded", options.length ? "true" : "false");
    if (options.length) find.setAttribute("aria-activedescendant", "who-0"); else find.removeAttribute("aria-activedescendant");
  }
  function step(by) {
    var rows = Array.prototype.slice.call(list.children);
    var at = rows.findIndex(function (row) { return row.getAttribute("aria-selected") === "true"; });
    var next = Math.max(0, Math.min(rows.length - 1, at + by));
    rows.forEach(function (row, place) { row.setAttribute("aria-selected", place === next ? "true" : "false"); });
    if (rows[next]) find.setAttribute("aria-activedescendant", rows[next].id);
  }
  function choose(value) {
    who.value = value;
    who.dispatchEvent(new Event("change", { bubbles: true }));
    shut();
    field(say, "text").focus();
  }
  function shut() { find.value = ""; list.textContent = ""; list.hidden = true; find.setAttribute("aria-expanded", "false"); }
  if (say) {
    say.addEventListener("change", elsewhere);
    say.addEventListener("zb:filled", elsewhere);
    elsewhere();
  }
  if (find && who) {
    find.hidden = false;
    find.addEventListener("input", function (event) { event.stopPropagation(); suggest(); });
    find.addEventListener("change", function (event) { event.stopPropagation(); });
    find.addEventListener("blur", function () { setTimeout(shut, 150); });
    find.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        var by = event.key === "ArrowDown" ? 1 : -1;
        event.preventDefault();
        if (list.hidden) { // nothing typed: the next one on the roster
          who.selectedIndex = Math.max(0, Math.min(who.options.length - 1, who.selectedIndex + by));
          who.dispatchEvent(new Event("change", { bubbles: true }));
        } else step(by);
      }
      else if (event.key === "Enter" && !event.ctrlKey) {
        event.preventDefault();
        var row = list.querySelector("[aria-selected='true']");
        if (row) { choose(row.dataset.value); return; }
        if (find.value.trim()) { // nobody of the roster: his words stand in the field for others
          who.value = "";
          field(say, "by").value = find.value.trim();
          elsewhere();
          shut();
          field(say, "category").focus();
        }
      } else if (event.key === "Escape") { shut(); field(say, "text").focus(); }
    });
  }

  // ---- A line chosen by keyboard; from a statement to a point ----

  var chosen = null;
  function lines() { return Array.prototype.slice.call(doc.querySelectorAll("#said-list .js-said")); }
  function mark() {
    lines().forEach(function (row) { row.classList.toggle("on", row.dataset.line === chosen); });
  }
  function pick(by) {
    var rows = lines();
    if (!rows.length) return;
    var at = rows.findIndex(function (row) { return row.dataset.line === chosen; });
    var next = at < 0 ? rows.length - 1 : Math.max(0, Math.min(rows.length - 1, at + by));
    chosen = rows[next].dataset.line;
    mark();
    rows[next].scrollIntoView({ block: "nearest" });
  }
  function row() { return chosen ? doc.getElementById("s-" + chosen) : null; }
  function toConsensus(line) {
    var box = open("add-point");
    var form = doc.getElementById("agree_point");
    var target = form && form.querySelector("textarea");
    if (!box || !target) return;
    var spoken = line && line.querySelector(".zb-pre");
    var text = say && field(say, "text");
    var words = spoken ? spoken.textContent : text ? text.value : "";
    if (words && (!target.value || line)) target.value = target.value && target.value !== words ? target.value : words.slice(0, 500);
    if (line) {
      var sources = field(form, "c-statements");
      var known = sources.value ? sources.value.split(",") : [];
      if (known.indexOf(line.dataset.line) < 0) known.push(line.dataset.line);
      sources.value = known.join(",");
      chosen = null;
      mark();
    }
    sourcesShown();
    target.focus();
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function sourcesShown() {
    var form = doc.getElementById("agree_point");
    var place = form && form.querySelector(".js-from");
    var sources = form && field(form, "c-statements");
    var desk = doc.getElementById("desk");
    if (!place || !sources || !desk) return;
    var names = sources.value.split(",").filter(Boolean).map(function (uuid) {
      var said = doc.querySelector("#s-" + uuid + " .who b");
      return said ? said.textContent : "";
    }).filter(Boolean);
    place.hidden = !names.length;
    place.textContent = names.length ? desk.dataset.from + " " + names.join("、") + " " : "";
    if (!names.length) return;
    var button = doc.createElement("button");
    button.type = "button"; button.className = "btn btn-txt btn-sm"; button.textContent = desk.dataset.nofrom;
    button.addEventListener("click", function () { sources.value = ""; sourcesShown(); form.dispatchEvent(new Event("input", { bubbles: true })); });
    place.appendChild(button);
  }
  doc.addEventListener("zb:filled", sourcesShown);
  sourcesShown();
  each(".js-to-consensus", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { toConsensus(row()); });
  });
  doc.addEventListener("click", function (event) {
    if (!event.target.closest) return;
    var link = event.target.closest(".js-point");
    if (link && say) { event.preventDefault(); toConsensus(link.closest("li")); return; }
    var button = event.target.closest(".js-speaks");
    if (!button || !who) return;
    who.value = button.dataset.line;
    who.dispatchEvent(new Event("change", { bubbles: true }));
    field(say, "text").focus();
  });

  // ---- Keys ----

  function press(selector, root) {
    var button = (root || doc).querySelector(selector);
    if (button) button.click();
    return Boolean(button);
  }
  function giveFloor() {
    var desk = window.zbDesk;
    if (!desk || !who || !who.value) return;
    var address = window.location.pathname.replace(/record\/$/, "record/queue/" + who.value + "/");
    desk.send(address, { "do": "speak" });
  }
  function kind(number) {
    var kinds = say.querySelectorAll("[name='kind']");
    if (!kinds[number - 1]) return;
    kinds[number - 1].checked = true;
    kinds[number - 1].dispatchEvent(new Event("change", { bubbles: true }));
  }
  var ALT = {
    g: function () { toConsensus(row()); },
    n: function () { press(".js-next"); },
    m: function () { press(".js-extend"); },
    b: function () { press(".js-prev"); },
    s: giveFloor,
    f: function () { press(".js-free"); },
    r: function () { press(".js-read"); },
    c: function () { if (row()) press(".js-mend", row()); },
    x: function () { if (row()) press(".js-strike", row()); },
    z: function () { if (!press(".js-undo")) press("#struck button"); },
    d: function () { var box = open("add-dissent"); if (box) box.querySelector("textarea").focus(); },
    q: function () { var next = doc.querySelector("#signin button[value='present']"); if (next) next.focus(); },
    arrowup: function () { pick(-1); },
    arrowdown: function () { pick(1); }
  };
  doc.addEventListener("keydown", function (event) {
    if (!say || event.isComposing) return;
    var key = event.key.toLowerCase();
    var inBox = event.target.closest && event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    var inDialog = event.target.closest && event.target.closest("dialog");
    if ((event.ctrlKey || event.metaKey) && key === "enter") {
      var form = event.target.closest && event.target.closest("form.js-line, form.js-mending");
      if (form && form.requestSubmit) { event.preventDefault(); form.requestSubmit(); }
    } else if (inDialog) {
      return;
    } else if ((event.ctrlKey || event.metaKey) && key === "k") {
      event.preventDefault();
      (find || who).focus();
    } else if (event.altKey && /^[1-4]$/.test(event.key)) {
      event.preventDefault();
      kind(event.key);
    } else if (event.altKey && !event.ctrlKey && ALT[key]) {
      event.preventDefault();
      ALT[key]();
    } else if (!inBox && !event.ctrlKey && !event.metaKey && !event.altKey && /^[1-4]$/.test(event.key)) {
      event.preventDefault();
      kind(event.key);
    }
  });

  // ---- From the page of closing: the place that is named is opened and gets the focus ----

  function arrive() {
    var place = window.location.hash && doc.getElementById(window.location.hash.slice(1));
    if (!place) return;
    if (place.tagName === "DETAILS") place.open = true;
    var box = place.matches("form, details") ? place.querySelector("textarea, input:not([type=hidden])") : null;
    (box || place).focus({ preventScroll: true });
    place.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", arrive);
  arrive();

  var said = doc.getElementById("said-list");
  if (said && !window.location.hash) said.scrollTop = said.scrollHeight;
})();
