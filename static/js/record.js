// The recorder's desk keeps everything: each key on this computer at once, every three seconds on the server; lines wait
// in a queue until the network is back and are sent in their order, each with a key of its own, so that twice is once;
// what the other recorder writes comes in without touching what is being typed. Words come from the page (#desk).
(function () {
  "use strict";

  var doc = document;
  var desk = doc.getElementById("desk");
  if (!desk || !window.fetch || !window.zbMorph) return;

  var words = desk.dataset;
  var account = doc.body.dataset.account || "";
  var OWN = account + ":rec:" + words.session + ":";
  var DRAFT = "zb:draft:" + OWN; // emptied at signing out, as all drafts are
  var QUEUE = "zb:queue:" + OWN;
  var POLL = 1500, SAVE = 3000, BEAT = 15000, PATIENCE = 8000;
  var MAIN = { add_statement: "text", agree_point: "c-text", keep_dissent: "d-text" };
  var forms = Array.prototype.slice.call(doc.querySelectorAll("form[data-keep]"));
  var token = JSON.parse(doc.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  var offset = 0; // the server's clock less ours
  var state = { down: "", sending: false, locked: false, savedAt: 0, keptAt: 0, over: false };

  function each(selector, act, root) { Array.prototype.forEach.call((root || doc).querySelectorAll(selector), act); }
  function two(n) { return ("0" + n).slice(-2); }
  function clock(when, seconds) {
    var time = new Date(when);
    return two(time.getHours()) + ":" + two(time.getMinutes()) + (seconds ? ":" + two(time.getSeconds()) : "");
  }
  function uuid() {
    var b = new Uint8Array(16);
    window.crypto.getRandomValues(b);
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    var hex = Array.prototype.map.call(b, function (n) { return (n + 256).toString(16).slice(1); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // ---- What this computer keeps ----

  var memory = {}; // where the browser keeps nothing, the page does as long as it stands
  // Chromium writes localStorage to the disk some seconds later; a browser that is killed would lose them. So the same
  // stands in IndexedDB, and after a fall the one that was written last is believed.
  var STAMP = "zb:stamp:" + OWN;
  var base = null;
  var stamped = 0; // a clock that is put back must not make the later look like the earlier
  function mirror(act) {
    var stamp = stamped = Math.max(Date.now(), stamped + 1);
    try { window.localStorage.setItem(STAMP, String(stamp)); } catch (refused) { /* private mode */ }
    if (!base) return;
    try {
      var store = base.transaction("kept", "readwrite").objectStore("kept");
      act(store);
      store.put(stamp, STAMP);
    } catch (gone) { base = null; }
  }
  function own(key) { return key.indexOf(DRAFT) === 0 || key.indexOf(QUEUE) === 0; }
  function believe(keys, values) {
    var at = keys.indexOf(STAMP);
    var here = 0;
    try { here = Number(window.localStorage.getItem(STAMP)) || 0; } catch (refused) { /* private mode */ }
    stamped = Math.max(here, at < 0 ? 0 : values[at]);
    if (at < 0 || values[at] <= here) return;
    try {
      Object.keys(window.localStorage).filter(own).forEach(function (key) { window.localStorage.removeItem(key); });
      window.localStorage.setItem(STAMP, String(values[at]));
    } catch (refused) { /* private mode */ }
    keys.forEach(function (key, place) {
      if (!own(key)) return;
      memory[key] = values[place];
      try { window.localStorage.setItem(key, JSON.stringify(values[place])); } catch (full) { /* the page has it */ }
    });
  }
  function opened(then) {
    var done = false;
    function go() { if (!done) { done = true; then(); } }
    setTimeout(go, 1500);
    try {
      var asked = window.indexedDB.open("zb-desk", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore("kept"); };
      asked.onerror = go;
      asked.onsuccess = function () {
        if (done) { asked.result.close(); return; }
        base = asked.result;
        base.onversionchange = function () { base.close(); base = null; };
        var store = base.transaction("kept").objectStore("kept");
        var keys = store.getAllKeys(), values = store.getAll();
        values.onsuccess = function () { if (!done) believe(keys.result, values.result); go(); };
        values.onerror = go;
      };
    } catch (refused) { go(); }
  }
  function put(key, value) {
    memory[key] = value;
    mirror(function (store) { store.put(value, key); });
    try { window.localStorage.setItem(key, JSON.stringify(value)); return true; }
    catch (full) { if (!base) say("full"); return false; }
  }
  function get(key) {
    try { var text = window.localStorage.getItem(key); if (text !== null) return JSON.parse(text); } catch (refused) { /* below */ }
    return memory[key] === undefined ? null : memory[key];
  }
  function drop(key) {
    delete memory[key];
    mirror(function (store) { store.delete(key); });
    try { window.localStorage.removeItem(key); } catch (refused) { /* private mode */ }
  }
  function keysOf(prefix) {
    var found = {};
    Object.keys(memory).forEach(function (key) { if (key.indexOf(prefix) === 0) found[key] = true; });
    try { Object.keys(window.localStorage).forEach(function (key) { if (key.indexOf(prefix) === 0) found[key] = true; }); } catch (refused) { /* private mode */ }
    return Object.keys(found).sort();
  }

  // ---- What is said about it ----

  var saved = doc.getElementById("saved");
  function show(text, bad) {
    if (!saved || saved.textContent === text) return;
    saved.textContent = text;
    saved.classList.toggle("zhe", Boolean(bad));
  }
  function say(what) {
    if (what) state.note = what;
    var waiting = queue().length;
    var tail = waiting ? "　" + words.waiting.replace("[n]", waiting) : "";
    if (state.note === "full") { show(words.full + tail, true); return; }
    if (state.over) { show(words.over + tail, true); return; }
    if (state.down) { show((state.down === "server" ? words.down : words.offline).replace("[t]", clock(state.keptAt || Date.now())) + tail, true); return; }
    if (dirty()) { show(words.local.replace("[t]", clock(state.keptAt || Date.now())) + tail); return; }
    if (state.savedAt) show(words.server.replace("[t]", clock(state.savedAt, true)) + tail);
    else show(tail.trim());
  }

  // ---- Drafts ----

  function mainOf(form) { return form.querySelector("[name='" + MAIN[form.dataset.keep] + "']"); }
  function fieldsOf(form) {
    var kept = {};
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || input.matches("button,[type=password],[name=csrfmiddlewaretoken],[name=_once],[name$='client_id'],[name=claimed_at]")) return;
      if ((input.type === "radio" || input.type === "checkbox") && !input.checked) return;
      if (input.value) kept[input.name] = input.value;
    });
    return kept;
  }
  function fill(form, kept) {
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || !(input.name in kept)) return;
      if (input.type === "radio" || input.type === "checkbox") input.checked = input.value === kept[input.name];
      else input.value = kept[input.name];
    });
    form.dispatchEvent(new Event("zb:filled", { bubbles: true }));
  }
  function keep(form) {
    var name = form.dataset.keep;
    var box = mainOf(form);
    if (box && !box.value.trim()) drop(DRAFT + name);
    else { state.keptAt = Date.now(); put(DRAFT + name, { at: state.keptAt, kept: fieldsOf(form) }); }
    state.note = "";
    say();
  }
  // As the server has them; asked of the page that it sent.
  var onServer = {};
  try { onServer = JSON.parse(words.kept || "{}"); } catch (broken) { onServer = {}; }
  function plain(fields) {
    var copy = {};
    Object.keys(fields || {}).sort().forEach(function (name) { if (name !== "at") copy[name] = fields[name]; });
    return JSON.stringify(copy);
  }
  function changed() {
    var found = {};
    Object.keys(MAIN).forEach(function (name) {
      var draft = get(DRAFT + name);
      if (plain(draft && draft.kept) !== plain(onServer[name])) found[name] = draft ? Object.assign({ at: draft.at }, draft.kept) : {};
    });
    return found;
  }
  function dirty() { return Object.keys(changed()).length > 0; }

  function restore(form) {
    var name = form.dataset.keep;
    var local = get(DRAFT + name);
    var server = onServer[name];
    var kept = local ? local.kept : server;
    if (!kept || !kept[MAIN[name]]) return;
    fill(form, kept);
    if (!local) put(DRAFT + name, { at: server.at || Date.now(), kept: kept });
    var box = form.closest("details");
    if (box) box.open = true;
    var place = form.querySelector(".js-saved");
    if (!place) return;
    place.textContent = words.found + " " + clock((local || server).at || Date.now()) + " ";
    var empty = doc.createElement("button");
    empty.type = "button"; empty.className = "btn btn-txt btn-sm"; empty.textContent = words.empty;
    empty.addEventListener("click", function () { clear(form); place.textContent = ""; });
    place.appendChild(empty);
  }
  function clear(form) {
    var box = mainOf(form);
    each("textarea, input[type=text], input[type=date], input[inputmode=numeric], input[name='c-statements']", function (input) { if (input.id !== "who") input.value = ""; }, form);
    drop(DRAFT + form.dataset.keep);
    form.dispatchEvent(new Event("zb:filled", { bubbles: true }));
    say();
    return box;
  }
  function begin() {
    forms.forEach(function (form) {
      restore(form);
      form.addEventListener("input", function () { keep(form); });
      form.addEventListener("change", function () { keep(form); });
    });
    list();
    pump();
    setInterval(save, SAVE);
    setTimeout(poll, POLL);
    doc.documentElement.classList.add("zb-desk-ready");
  }

  // ---- The network ----

  function ask(url, options) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = stop && setTimeout(function () { stop.abort(); }, PATIENCE);
    var wanted = Object.assign({ credentials: "same-origin", cache: "no-store", signal: stop ? stop.signal : undefined }, options || {});
    wanted.headers = Object.assign({ "HX-Request": "true", "X-CSRFToken": token }, wanted.headers || {});
    return window.fetch(url, wanted).then(function (response) {
      clearTimeout(timer);
      if (response.status >= 500 && response.status !== 507) throw new Error("server");
      up();
      return response;
    }, function (failed) {
      clearTimeout(timer);
      throw failed;
    });
  }
  function up() {
    if (!state.down) return;
    state.down = "";
    say();
    pump();
  }
  function failed(error) {
    state.down = error && error.message === "server" ? "server" : "network";
    say();
  }

  // ---- What others write ----

  function take(text) {
    var fresh = window.zbMorph.parse(text);
    var list = doc.getElementById("said-list");
    var atEnd = list && list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    each("[id][hx-swap-oob]", function (node) {
      var old = doc.getElementById(node.id);
      if (!old) return;
      var placed = window.zbMorph.morph(old, node);
      if (window.htmx) window.htmx.process(placed);
    }, fresh);
    if (list && atEnd) list.scrollTop = list.scrollHeight;
    var poll = doc.getElementById("poll");
    if (poll && poll.dataset.now) offset = new Date(poll.dataset.now).getTime() - Date.now();
    choices();
    doc.dispatchEvent(new CustomEvent("zb:fresh", { detail: { offset: offset } }));
  }
  // htmx answers small acts (signing in, the clock) with the same parts: they go the same way.
  doc.addEventListener("htmx:oobBeforeSwap", function (event) {
    var node = event.detail.fragment && (event.detail.fragment.nodeType === 1 ? event.detail.fragment : event.detail.fragment.firstElementChild);
    if (!node || !node.id || !event.detail.target || event.detail.target.id !== node.id) return;
    event.detail.shouldSwap = false;
    var placed = window.zbMorph.morph(event.detail.target, node);
    if (window.htmx) window.htmx.process(placed);
    setTimeout(function () { doc.dispatchEvent(new CustomEvent("zb:fresh", { detail: { offset: offset } })); }, 0);
  });
  function choices() {
    // New points may be what a reservation is about, walk-ins may speak.
    var select = doc.querySelector("[name='d-point']");
    if (select) {
      each(".js-agreed", function (row) {
        var known = Array.prototype.some.call(select.options, function (option) { return option.value === row.dataset.line; });
        if (known) return;
        var option = doc.createElement("option");
        option.value = row.dataset.line;
        option.textContent = row.querySelector("b").textContent + ". " + row.querySelector(".js-words").textContent;
        select.appendChild(option);
      });
    }
    var who = doc.querySelector("#add_statement [name='participant']");
    if (who) {
      each("#signin li[data-line]", function (row) {
        var known = Array.prototype.some.call(who.options, function (option) { return option.value === row.dataset.line; });
        if (known) return;
        var option = doc.createElement("option");
        option.value = row.dataset.line;
        option.textContent = row.dataset.name;
        who.appendChild(option);
      });
    }
  }
  function poll() {
    var at = doc.getElementById("poll");
    if (!at || state.locked) { setTimeout(poll, POLL); return; }
    ask(words.parts + "?since=" + encodeURIComponent(at.dataset.stamp || "")).then(function (response) {
      if (response.status === 200) return response.text().then(take);
      if (response.status === 401) signIn();
      if (response.status === 404 || response.status === 403) { state.over = true; say(); }
      return null;
    }).catch(failed).then(function () { setTimeout(poll, POLL); });
  }

  // ---- Lines on their way ----

  var count = 0;
  function queue() { return keysOf(QUEUE); }
  // The place in the queue: later than all that wait, also when the clock of this computer was put back meanwhile.
  function place(at) {
    var newest = queue().reduce(function (last, key) { return Math.max(last, Number(key.slice(QUEUE.length, QUEUE.length + 15)) || 0); }, 0);
    count += 1;
    return ("000000000000000" + Math.max(at, newest + 1)).slice(-15) + ("0000" + count).slice(-4);
  }
  function enqueue(form) {
    var box = mainOf(form);
    if (box && !box.value.trim()) { // nothing to keep: the server says what is lacking
      box.focus();
      ask(form.getAttribute("action"), { method: "POST", body: encode(fieldsOf(form)), headers: { "Content-Type": "application/x-www-form-urlencoded" } }).then(function (response) {
        if (response.status === 401) signIn();
        else if (response.status === 422) response.text().then(function (text) { trouble(form, text); });
      }).catch(failed);
      return;
    }
    var at = Date.now();
    var id = uuid();
    var body = fieldsOf(form);
    body[form.dataset.keep === "agree_point" ? "c-client_id" : form.dataset.keep === "keep_dissent" ? "d-client_id" : "client_id"] = id;
    if (form.dataset.keep === "add_statement") body.claimed_at = new Date(at + offset).toISOString(); // by the server's clock, as far as it was heard
    var who = form.querySelector("[name='participant']");
    var shown = who && who.value ? who.options[who.selectedIndex].textContent : body.by || "";
    var key = QUEUE + place(at) + id;
    put(key, { id: id, form: form.dataset.keep, url: form.getAttribute("action"), body: body, who: shown, text: box ? box.value : "", at: at });
    clear(form);
    each(".js-trouble, .js-saved", function (place) { place.textContent = ""; }, form);
    list();
    if (box) box.focus();
    pump();
  }
  function encode(body) {
    return Object.keys(body).map(function (name) { return encodeURIComponent(name) + "=" + encodeURIComponent(body[name]); }).join("&");
  }
  function pump() {
    if (state.sending || state.locked) return;
    var key = queue().filter(function (one) { var line = get(one); return line && !line.refused; })[0];
    if (!key) { say(); return; }
    var line = get(key);
    state.sending = true;
    ask(line.url, { method: "POST", body: encode(line.body), headers: { "Content-Type": "application/x-www-form-urlencoded" } }).then(function (response) {
      return response.text().then(function (text) { return settle(key, line, response, text); });
    }).then(function (again) {
      state.sending = false;
      list();
      if (again !== "wait") pump();
    }).catch(function (error) {
      state.sending = false;
      failed(error);
      list();
      setTimeout(pump, 3000);
    });
  }
  function settle(key, line, response, text) {
    if (response.status === 200) {
      drop(key);
      state.over = false;
      state.savedAt = Date.now();
      take(text);
      return "next";
    }
    if (response.status === 401) { signIn(); return "wait"; }
    if (response.status === 429) { setTimeout(pump, 5000); return "wait"; }
    if (response.status === 403 && !line.renewed) {
      line.renewed = true;
      put(key, line);
      return renew().then(function (done) {
        if (done === true) return "next";
        signIn();
        return "wait";
      });
    }
    var said = window.zbMorph.parse(text);
    var why = said.querySelector(".zb-errsum li, [role=alert] b, [role=alert], main p");
    if (said.querySelector("[data-code='line_struck']")) { drop(key); return "next"; }
    var form = formOf(line);
    if (response.status === 422 && form && !mainOf(form).value.trim()) { // nothing else is being typed: back into the form
      drop(key);
      back(line);
      trouble(form, text);
      return "next";
    }
    line.refused = (why && why.textContent.trim()) || words.refused;
    put(key, line);
    return "next";
  }
  function list() {
    var place = doc.getElementById("unsent");
    if (!place) return;
    var keys = queue();
    place.textContent = "";
    keys.forEach(function (key) {
      var line = get(key);
      if (!line) return;
      var row = doc.createElement("li");
      row.dataset.id = line.id;
      var time = doc.createElement("time");
      time.textContent = clock(line.at);
      var middle = doc.createElement("div");
      var who = doc.createElement("div");
      who.className = "who";
      var name = doc.createElement("b");
      name.textContent = line.who;
      who.appendChild(name);
      var text = doc.createElement("div");
      text.className = "zb-pre";
      text.textContent = line.text;
      middle.appendChild(who);
      middle.appendChild(text);
      var tag = doc.createElement("span");
      tag.className = "tag" + (line.refused ? " zhu" : "");
      tag.textContent = line.refused ? words.refused + "：" + line.refused : state.down ? words.waiting.replace("[n]", "1") : words.sending;
      if (line.refused) {
        tag.appendChild(act(words.again, function () { drop(key); back(line); list(); }));
        tag.appendChild(act(words.drop, function () { drop(key); list(); say(); }));
      }
      row.appendChild(time); row.appendChild(middle); row.appendChild(tag);
      place.appendChild(row);
    });
    say();
  }
  function act(text, what) {
    var button = doc.createElement("button");
    button.type = "button"; button.className = "btn btn-txt btn-sm"; button.textContent = text;
    button.addEventListener("click", what);
    return button;
  }
  function formOf(line) { return forms.filter(function (one) { return one.dataset.keep === line.form; })[0]; }
  function trouble(form, text) {
    var place = form.querySelector(".js-trouble");
    if (!place) return;
    place.textContent = "";
    Array.prototype.slice.call(window.zbMorph.parse(text).body.childNodes).forEach(function (node) { place.appendChild(doc.importNode(node, true)); });
  }
  function back(line) {
    var form = formOf(line);
    if (!form) return;
    var box = form.closest("details");
    if (box) box.open = true;
    fill(form, line.body);
    keep(form);
    mainOf(form).focus();
  }
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (forms.indexOf(form) < 0) return;
    event.preventDefault();
    enqueue(form);
  }, true);

  // ---- Signed out meanwhile: sign in again on top; nothing is sent in another's name ----

  var again = doc.getElementById("again");
  function signIn() {
    state.locked = true;
    if (!again || again.open) return;
    again.showModal();
    again.querySelector("[name=username]").focus();
  }
  // Tokens are renewed at signing in, also at one in another window.
  function renew() {
    return window.fetch(window.location.href, { credentials: "same-origin", cache: "no-store" }).then(function (response) { return response.text(); }).then(function (text) {
      var page = window.zbMorph.parse(text);
      var found = page.body.getAttribute("hx-headers");
      if (!found || !page.body.dataset.account) return false;
      if (page.body.dataset.account !== account) return "other";
      token = JSON.parse(found)["X-CSRFToken"];
      doc.body.setAttribute("hx-headers", found);
      each("input[name=csrfmiddlewaretoken]", function (input) { input.value = token; });
      return true;
    });
  }
  if (again) {
    again.addEventListener("cancel", function () { later(); });
    again.querySelector(".js-later").addEventListener("click", function () { again.close(); later(); });
    again.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      var form = event.target;
      var why = form.querySelector(".js-why");
      why.textContent = "";
      window.fetch(words.signIn, { credentials: "same-origin", cache: "no-store" }).then(function (r) { return r.text(); }).then(function (text) {
        var found = window.zbMorph.parse(text).querySelector("input[name=csrfmiddlewaretoken]");
        var body = { csrfmiddlewaretoken: found ? found.value : "", username: form.elements.username.value, password: form.elements.password.value, next: window.location.pathname };
        return window.fetch(words.signIn, { method: "POST", credentials: "same-origin", body: encode(body), headers: { "Content-Type": "application/x-www-form-urlencoded" } });
      }).then(function (response) { return response.text(); }).then(function (text) {
        var wrong = window.zbMorph.parse(text).querySelector(".zb-signin .zb-errsum li, .zb-signin .zb-errsum");
        if (wrong) { why.textContent = wrong.textContent.trim(); form.elements.password.value = ""; return null; }
        return renew().then(function (done) {
          if (done === "other") { why.textContent = words.other; return; }
          if (!done) return;
          form.elements.password.value = "";
          again.close();
          state.locked = false;
          pump();
          save();
        });
      }).catch(function () { why.textContent = words.offline.replace("[t]", clock(state.keptAt || Date.now())); });
    });
  }
  function later() { setTimeout(function () { state.locked = false; pump(); }, 20000); }

  // ---- The draft on the server ----

  var lastBeat = 0, lastWaiting = -1, savingNow = false;
  function save(leaving) {
    var drafts = changed();
    var waiting = queue().length;
    if (state.locked || (savingNow && !leaving)) return;
    if (!Object.keys(drafts).length && waiting === lastWaiting && Date.now() - lastBeat < BEAT) return;
    savingNow = true;
    ask(words.desk, { method: "POST", keepalive: Boolean(leaving), body: JSON.stringify({ drafts: drafts, waiting: waiting }), headers: { "Content-Type": "application/json" } }).then(function (response) {
      savingNow = false;
      if (response.status === 401) { signIn(); return; }
      if (response.status === 403) { renew(); return; }
      if (response.status !== 200) return;
      lastBeat = Date.now(); lastWaiting = waiting;
      Object.keys(drafts).forEach(function (name) { onServer[name] = drafts[name]; state.savedAt = Date.now(); });
      say();
    }).catch(function (error) { savingNow = false; failed(error); });
  }
  doc.addEventListener("visibilitychange", function () { if (doc.visibilityState === "hidden") save(true); });
  window.addEventListener("online", function () { pump(); save(); });
  window.addEventListener("offline", function () { failed(); });
  window.addEventListener("storage", function (event) { if (event.key && event.key.indexOf(QUEUE) === 0) list(); });
  window.addEventListener("beforeunload", function (event) {
    if (!queue().length && !dirty()) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // ---- Small acts on lines: buttons that belong to #acts ----

  function send(url, body, then) {
    ask(url, { method: "POST", body: encode(body), headers: { "Content-Type": "application/x-www-form-urlencoded" } }).then(function (response) {
      if (response.status === 401) { signIn(); return null; }
      if (response.status === 403) return renew();
      return response.text().then(function (text) {
        if (response.status === 200) { take(text); if (then) then(); return; }
        var said = window.zbMorph.parse(text).querySelector("[role=alert] b, [role=alert]");
        doc.dispatchEvent(new CustomEvent("zb:toast", { detail: said ? said.textContent.trim() : words.refused }));
      });
    }).catch(failed);
  }
  doc.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button.js-act");
    if (!button) return;
    event.preventDefault();
    var body = {};
    if (button.name) body[button.name] = button.value;
    send(button.getAttribute("formaction"), body, button.classList.contains("js-strike") || /remove/.test(button.getAttribute("formaction")) ? offerUndo : null);
  });
  function offerUndo() {
    var undo = doc.getElementById("undo");
    var shelf = doc.getElementById("toasts");
    var pattern = doc.getElementById("toast");
    if (!undo || !undo.dataset.url || !shelf || !pattern) return;
    each(".js-undo-toast", function (old) { old.remove(); }, shelf);
    var card = pattern.content.firstElementChild.cloneNode(true);
    card.classList.add("js-undo-toast");
    card.querySelector("span").textContent = words.struck + " ";
    var button = act(words.undo, function () { send(undo.dataset.url, {}, function () { delete undo.dataset.url; }); card.remove(); });
    button.classList.add("js-undo");
    card.querySelector("span").appendChild(button);
    shelf.appendChild(card);
    setTimeout(function () { card.remove(); }, 12000);
  }

  // ---- Mending a line: in a box above the page; over a newer version both texts stand in it ----

  var box = doc.getElementById("mend");
  var from = null;
  function mendDraft(form) { return DRAFT + form.dataset.keep; }
  function openMend(html) {
    var place = box.querySelector(".js-body");
    place.textContent = "";
    var page = window.zbMorph.parse(html);
    Array.prototype.slice.call(page.body.childNodes).forEach(function (node) { place.appendChild(doc.importNode(node, true)); });
    if (!box.open) box.showModal();
    var form = place.querySelector("form");
    var alarm = place.querySelector(".js-focus");
    var area = place.querySelector("textarea");
    if (form) {
      var old = get(mendDraft(form));
      if (old && !alarm) fill(form, old.kept);
      form.addEventListener("input", function () {
        var kept = fieldsOf(form);
        delete kept.version;
        put(mendDraft(form), { at: Date.now(), kept: kept });
        var note = form.querySelector(".js-saved");
        if (note) note.textContent = words.local.replace("[t]", clock(Date.now()));
      });
    }
    (alarm || area || place).focus();
  }
  function mend(link) {
    from = link.closest("li, .zb-note");
    ask(link.getAttribute("href")).then(function (response) {
      if (response.status === 401) { signIn(); return null; }
      return response.text().then(openMend);
    }).catch(failed);
  }
  doc.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.js-mend");
    if (link && box && box.showModal && !event.ctrlKey && !event.metaKey) { event.preventDefault(); mend(link); return; }
    var close = event.target.closest && event.target.closest("#mend .js-close");
    if (close) { event.preventDefault(); box.close(); if (from) from.focus(); }
  });
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.classList.contains("js-mending") || !box.contains(form)) return;
    event.preventDefault();
    var body = {};
    Array.prototype.forEach.call(form.elements, function (input) {
      if (!input.name || ((input.type === "radio" || input.type === "checkbox") && !input.checked)) return;
      body[input.name] = input.value;
    });
    delete body._once; delete body.csrfmiddlewaretoken;
    ask(form.getAttribute("action"), { method: "POST", body: encode(body), headers: { "Content-Type": "application/x-www-form-urlencoded" } }).then(function (response) {
      if (response.status === 401) { signIn(); return null; }
      return response.text().then(function (text) {
        if (response.status !== 200) { openMend(text); return; }
        drop(mendDraft(form));
        box.close();
        take(text);
        if (from && doc.getElementById(from.id)) doc.getElementById(from.id).focus();
      });
    }).catch(function (error) {
      failed(error);
      var note = form.querySelector(".js-saved");
      if (note) note.textContent = words.offline.replace("[t]", clock(Date.now()));
    });
  }, true);

  window.zbDesk = { mend: mend, keep: keep, send: send };
  var first = doc.getElementById("poll");
  if (first && first.dataset.now) offset = new Date(first.dataset.now).getTime() - Date.now();
  doc.dispatchEvent(new CustomEvent("zb:fresh", { detail: { offset: offset } }));
  opened(begin);
})();
