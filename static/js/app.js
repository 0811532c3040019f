// What pages gain from scripts; every page also works without this file.
// Words come from the page (<template id="words">), so that this file speaks no language.
(function () {
  "use strict";

  var doc = document;
  var words = (doc.getElementById("words") || { dataset: {} }).dataset;
  doc.documentElement.classList.add("js");

  function each(selector, act, root) {
    Array.prototype.forEach.call((root || doc).querySelectorAll(selector), act);
  }
  function on(event, selector, act) {
    doc.addEventListener(event, function (happened) {
      var found = happened.target.closest && happened.target.closest(selector);
      if (found) act(found, happened);
    });
  }
  function store(act) {
    try { return act(window.localStorage); } catch (refused) { return null; }
  }

  // ---- Messages ----

  function toast(text) {
    var shelf = doc.getElementById("toasts");
    var pattern = doc.getElementById("toast");
    if (!shelf || !pattern || !text || shelf.textContent.indexOf(text) >= 0) return;
    var card = pattern.content.firstElementChild.cloneNode(true);
    card.querySelector("span").textContent = text;
    shelf.appendChild(card);
    fade(card);
  }
  function fade(card) {
    var timer = null;
    function start() { stop(); timer = setTimeout(function () { card.remove(); }, 8000); }
    function stop() { clearTimeout(timer); }
    card.addEventListener("mouseenter", stop);
    card.addEventListener("mouseleave", start);
    card.addEventListener("focusin", stop);
    card.addEventListener("focusout", start);
    start();
  }
  on("click", ".js-dismiss", function (button) { button.closest(".zb-toast").remove(); });
  doc.addEventListener("zb:toast", function (event) { toast(event.detail.value || event.detail); });

  // ---- Focus and menus ----

  function focusTrouble(root) {
    var box = (root || doc).querySelector(".js-focus");
    if (box) box.focus();
  }
  on("click", ".zb-errsum a", function (link, event) {
    var target = doc.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    var input = target.matches("fieldset") ? target.querySelector("input, select, textarea") || target : target;
    input.focus();
    target.scrollIntoView({ block: "center" });
  });
  doc.addEventListener("click", function (event) {
    each("details.js-menu[open]", function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  doc.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each("details.js-menu[open]", function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
    each(".zb-region-list", function (list) { list.textContent = ""; });
  });
  on("click", ".js-print", function () { window.print(); });

  // ---- Submitting: asked once, sent once ----

  var asked = null;
  var shelved = []; // buttons that are busy, with what they said before
  on("click", "[data-confirm]", function (button, event) {
    if (asked === button) { asked = null; return; }
    var dialog = doc.getElementById("confirm");
    event.preventDefault();
    if (!dialog || !dialog.showModal) {
      if (window.confirm(button.dataset.confirm)) { asked = button; button.click(); }
      return;
    }
    doc.getElementById("confirm-title").textContent = button.dataset.confirm;
    doc.getElementById("confirm-text").textContent = button.dataset.confirmText || "";
    doc.getElementById("confirm-yes").textContent = button.dataset.confirmYes || button.textContent.trim();
    if (button.dataset.confirmNo) doc.getElementById("confirm-no").textContent = button.dataset.confirmNo;
    dialog.returnValue = "no";
    dialog.onclose = function () {
      if (dialog.returnValue !== "yes") { button.focus(); return; }
      asked = button;
      button.click();
    };
    dialog.showModal();
  });
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    var pressed = event.submitter || form.querySelector("button:not([type=button])");
    // After this turn of the loop, so that the name of the pressed button is still sent.
    setTimeout(function () { busy(form, pressed); }, 0);
  });
  function busy(form, pressed) {
    each("button:not([type=button])", function (button) { button.disabled = true; }, form);
    if (!pressed || !pressed.classList.contains("btn")) return;
    var text = doc.createDocumentFragment();
    while (pressed.firstChild) text.appendChild(pressed.firstChild);
    shelved.push([pressed, text]);
    pressed.setAttribute("aria-busy", "true");
    pressed.textContent = words.busy || text.textContent;
    var wheel = doc.createElement("span");
    wheel.className = "zb-spin";
    wheel.setAttribute("aria-hidden", "true");
    pressed.insertBefore(wheel, pressed.firstChild);
  }
  function idle() {
    each("form[data-sending]", function (form) {
      delete form.dataset.sending;
      each("button:disabled", function (button) {
        button.disabled = false;
        button.removeAttribute("aria-busy");
      }, form);
    });
    shelved.splice(0).forEach(function (pair) {
      pair[0].textContent = "";
      pair[0].appendChild(pair[1]);
    });
  }
  window.addEventListener("pageshow", idle);

  // ---- Drafts: what is typed stays on this computer until the server has it ----

  var DRAFT = "zb:draft:" + (doc.body.dataset.account || "") + ":";
  var SENT = "zb:sent";
  var WEEK = 7 * 24 * 3600 * 1000;
  var SECRET = "[type=password],[type=hidden],[type=file],[type=tel],[inputmode=tel],[data-private],[name=csrfmiddlewaretoken]";

  function typed(form) {
    var kept = {};
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || input.disabled || input.matches("button," + SECRET)) return;
      var value = null;
      if (input.type === "checkbox" || input.type === "radio") { if (input.checked) value = input.value; }
      else if (input.type === "select-multiple") value = Array.prototype.filter.call(input.options, function (o) { return o.selected; }).map(function (o) { return o.value; });
      else value = input.value;
      if (value !== null && value.length) kept[input.name] = (kept[input.name] || []).concat(value);
    });
    return kept;
  }
  function put(form, kept) {
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || input.matches("button," + SECRET)) return;
      var values = kept[input.name] || [];
      if (input.type === "checkbox" || input.type === "radio") input.checked = values.indexOf(input.value) >= 0;
      else if (input.type === "select-multiple") Array.prototype.forEach.call(input.options, function (o) { o.selected = values.indexOf(o.value) >= 0; });
      else if (values.length) input.value = values[0];
      input.dispatchEvent(new Event("input", { bubbles: false }));
    });
  }
  function note(form, text, action, act) {
    var place = form.querySelector(".js-saved");
    if (!place) return;
    place.textContent = text;
    if (!action) return;
    var button = doc.createElement("button");
    button.type = "button";
    button.className = "btn btn-txt btn-sm";
    button.textContent = action;
    button.addEventListener("click", act);
    place.append(" ", button);
  }
  function clock(when) {
    var time = new Date(when);
    return ("0" + time.getHours()).slice(-2) + ":" + ("0" + time.getMinutes()).slice(-2);
  }
  // A line of the record whose words have been noted: who spoke and of which kind is nothing to keep.
  function saysNothing(form) {
    var box = form.classList.contains("js-line") && form.querySelector("textarea");
    return Boolean(box) && !box.value;
  }
  function watch(form) {
    if (form.dataset.watched) return;
    form.dataset.watched = "yes";
    var key = DRAFT + form.dataset.draft;
    var empty = JSON.stringify(typed(form));
    var timer = null;
    var old = store(function (box) { return JSON.parse(box.getItem(key) || "null"); });
    var answered = form.querySelector(".zb-errsum, .zb-note.zhu"); // the server has given everything back already
    if (old && old.at && Date.now() - old.at > WEEK) { store(function (box) { box.removeItem(key); }); old = null; }
    if (old && old.kept && !answered && JSON.stringify(old.kept) !== empty) {
      put(form, old.kept);
      note(form, words.restored + " " + clock(old.at), words.discard, function () {
        store(function (box) { box.removeItem(key); });
        form.reset();
        note(form, "");
      });
    }
    function keepSoon() {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var kept = typed(form);
        if (saysNothing(form)) { store(function (box) { box.removeItem(key); }); return; }
        if (JSON.stringify(kept) === empty) return;
        var at = Date.now();
        if (store(function (box) { box.setItem(key, JSON.stringify({ at: at, kept: kept })); return true; })) note(form, clock(at) + " " + words.kept);
      }, 400);
    }
    form.addEventListener("input", keepSoon);
    form.addEventListener("change", keepSoon);
    form.addEventListener("submit", function () {
      store(function (box) {
        box.setItem(key, JSON.stringify({ at: Date.now(), kept: typed(form) }));
        window.sessionStorage.setItem(SENT, key);
      });
    });
  }
  function settle() {
    // A draft that was sent is dropped once another page than the form, a sign-in or an error came back.
    store(function () {
      var key = window.sessionStorage.getItem(SENT);
      if (!key || doc.body.dataset.page === "trouble" || doc.querySelector("main input[type=password]")) return;
      window.sessionStorage.removeItem(SENT);
      var same = Array.prototype.some.call(doc.querySelectorAll("form[data-draft]"), function (form) {
        return DRAFT + form.dataset.draft === key && form.querySelector(".zb-errsum, .zb-note.zhu");
      });
      if (!same) window.localStorage.removeItem(key);
    });
  }
  on("submit", ".js-leave", function () {
    store(function (box) {
      Object.keys(box).forEach(function (key) { if (key.indexOf(DRAFT) === 0) box.removeItem(key); });
      if (window.indexedDB) window.indexedDB.deleteDatabase("zb-desk"); // what the recorder's desk keeps twice
    });
  });

  // ---- Counters, places ----

  function count(area) {
    var row = area.closest(".zb-field");
    var place = row && row.querySelector(".js-counter");
    if (!place) return;
    var length = Array.from(area.value.replace(/\r\n/g, "\n")).length;
    place.textContent = words.typed.replace("[n]", length).replace("[m]", area.dataset.limit);
    place.classList.toggle("zhu", length > Number(area.dataset.limit));
  }
  on("input", "textarea[data-limit]", count);
  doc.addEventListener("zb:filled", function (event) { each("textarea[data-limit]", count, event.target); });
  on("click", ".js-place", function (button) {
    var box = button.closest(".js-region");
    var input = box.querySelector("input[type=text]");
    input.value = button.dataset.code;
    box.querySelector(".picked").textContent = button.dataset.path;
    box.querySelector(".zb-region-list").textContent = "";
    input.dispatchEvent(new Event("change", { bubbles: true })); // not "input": that would search again
    input.focus();
  });
  on("change", ".js-region select", function (select) {
    var box = select.closest(".js-region");
    if (!select.value) return;
    box.querySelector("input[type=text]").value = select.value;
    box.querySelector(".picked").textContent = select.options[select.selectedIndex].textContent;
  });
  on("change", ".js-filters select", function (select) {
    if (select.form.requestSubmit) select.form.requestSubmit(); else select.form.submit();
  });

  // ---- Ledgers: J K to move, X to tick, Enter to open, / to search ----

  function rowsOf(table) { return table.querySelectorAll("tbody tr[data-href]"); }
  function choose(table, step) {
    var rows = Array.prototype.slice.call(rowsOf(table));
    if (!rows.length) return;
    var now = rows.findIndex(function (row) { return row.classList.contains("on"); });
    var next = Math.max(0, Math.min(rows.length - 1, now < 0 ? 0 : now + step));
    rows.forEach(function (row) { row.classList.remove("on"); });
    rows[next].classList.add("on");
    var link = rows[next].querySelector("a[href]");
    if (link) link.focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
    rows[next].dispatchEvent(new Event("zb:select", { bubbles: true }));
  }
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (event.key === "/") {
      var search = doc.querySelector(".js-filters input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    var table = doc.querySelector("table.js-ledger");
    if (!table) return;
    var row = table.querySelector("tr.on");
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); choose(table, key === "j" ? 1 : -1); }
    else if (key === "x" && row) {
      var tick = row.querySelector("input[type=checkbox]");
      if (tick) { tick.checked = !tick.checked; tick.dispatchEvent(new Event("change", { bubbles: true })); }
    } else if (key === "enter" && row && event.target.closest("a, button") === null) {
      window.location.assign(row.dataset.href);
    }
  });
  on("change", "table.js-ledger input[type=checkbox]", function (tick) {
    var table = tick.closest("table");
    if (tick.classList.contains("js-all")) each("tbody input[type=checkbox]", function (one) { one.checked = tick.checked; }, table);
    var ticks = table.querySelectorAll("tbody input[type=checkbox]");
    var chosen = Array.prototype.filter.call(ticks, function (one) { return one.checked; }).length;
    var all = table.querySelector(".js-all");
    if (all) { all.checked = chosen > 0 && chosen === ticks.length; all.indeterminate = chosen > 0 && chosen < ticks.length; }
    each(".js-bulk", function (bar) {
      bar.hidden = chosen === 0;
      each(".js-chosen", function (place) { place.textContent = words.chosen.replace("[n]", chosen); }, bar);
    });
  });

  // ---- htmx ----

  doc.addEventListener("htmx:sendError", function () { idle(); toast(words.offline); });
  doc.addEventListener("htmx:responseError", function (event) {
    idle();
    toast(event.detail.xhr.status === 401 ? words.again : words.failed);
  });
  doc.addEventListener("htmx:afterSettle", function (event) { dress(event.target); focusTrouble(event.target); });

  function dress(root) {
    each("form[data-draft]", watch, root);
    each("textarea[data-limit]", count, root);
  }
  each(".zb-toast", fade);
  settle();
  dress(doc);
  focusTrouble();
})();
