// Sending what waits: text first and in order, then photos one at a time. Each record carries its own key, so that
// sending it again, however often, does nothing twice. What the server refuses stays here with its answer.
(function () {
  "use strict";
  var PAUSES = [0, 5, 15, 60, 300, 900]; // seconds before the next try
  var DAY = 24 * 3600 * 1000;
  var LONGEST = 3600 * 1000;
  var busy = false;
  var again = false;
  var timer = null;
  var state = { way: "idle", at: 0, n: 0, m: 0 };

  function become(way, facts) {
    state = Object.assign({ way: way, at: Phone.now(), n: 0, m: 0 }, facts || {});
    Phone.tell("state", state);
  }
  function pause(tries) { return PAUSES[Math.min(tries, PAUSES.length - 1)] * 1000; }

  function ask(path, options, patience) {
    var stop = window.AbortController ? new AbortController() : null;
    var clock = setTimeout(function () { if (stop) stop.abort(); }, patience || 30000);
    var asked = Object.assign({ credentials: "same-origin", cache: "no-store", redirect: "manual" }, options);
    if (stop) asked.signal = stop.signal;
    return fetch(path, asked).then(
      function (answer) { clearTimeout(clock); return answer; },
      function (failed) { clearTimeout(clock); throw failed; }
    );
  }
  function json(answer) { return answer.json().catch(function () { return {}; }); }

  // Who is signed in? Nothing is sent under another one's name. The token belongs to this sign-in.
  async function greet() {
    var answer = await ask(Phone.words.hello, { headers: { Accept: "application/json" } }, 15000);
    if (answer.status === 401 || answer.type === "opaqueredirect") return { way: "signed_out" };
    if (!answer.ok) throw new Error("hello " + answer.status);
    var facts = await json(answer);
    if (facts.account !== Phone.account) return { way: "other" };
    await Phone.vault.receive(facts.key);
    return { way: "ready", token: facts.token };
  }

  function headers(token, key) {
    return { Accept: "application/json", "X-CSRFToken": token, "Idempotency-Key": key, "X-Phone-Version": Phone.understood, "X-Phone-Clock": new Date(Phone.now()).toISOString() };
  }

  // ---- One record ----

  // What came of it: "done", "refused", "later" (ask again), or what stops the whole round.
  function judge(status, body) {
    if (status >= 200 && status < 300) return "done";
    if (status === 401 || (status === 403 && body.code === "not_signed_in")) return "signed_out";
    if (status === 403 && body.code === "csrf_failed") return "signed_out";
    if (status === 409 && body.code === "client_version") return "outdated";
    if (status === 409 && body.code === "in_flight") return "later";
    if (status === 408 || status === 429 || status >= 500 || status === 0) return "later";
    return "refused";
  }
  function plain(text) { return String(text || "").normalize("NFKC").replace(/\s+/g, ""); }
  function isSame(entry, body) {
    if (!body.title || !entry.payload.title) return true;
    return plain(body.title) === plain(entry.payload.title);
  }
  function digest(body) {
    var kept = {};
    ["uuid", "state", "title", "place", "decision_note", "code", "detail", "fields", "current"].forEach(function (field) {
      if (body[field] !== undefined) kept[field] = body[field];
    });
    if (body.consensus_points) kept.agreed = body.consensus_points.map(function (point) { return point.text; });
    return kept;
  }

  async function send(entry, token) {
    await Phone.store.keep(Object.assign(entry, { state: "sending", tries: (entry.tries || 0) + 1 }));
    var answer;
    try {
      answer = await ask(entry.path, {
        method: "POST",
        headers: Object.assign(headers(token, entry.id + ":" + entry.rev), { "Content-Type": "application/json" }),
        body: JSON.stringify(entry.payload),
      });
    } catch (silent) { // perhaps it arrived, perhaps not: the same key asks again
      await Phone.store.keep(Object.assign(entry, { state: "unsure", next: Phone.now() + pause(entry.tries) }));
      return "offline";
    }
    var status = answer.type === "opaqueredirect" ? 401 : answer.status;
    var body = await json(answer);
    var came = judge(status, body);
    if (came === "done" && !isSame(entry, body)) {
      await Phone.store.keep(Object.assign(entry, { state: "refused", answer: { status: 409, code: "differs", detail: Phone.words.differs, server: digest(body) } }));
      return "refused";
    }
    if (came === "done") {
      await Phone.store.keep(Object.assign(entry, {
        state: "done", at: Phone.now(), answer: digest(body), fields: null, parties: null,
        payload: entry.kind === "roll" ? entry.payload : { title: entry.title }, // the page on the spot still shows it
      }));
    } else if (came === "refused") {
      var found = Object.assign({ status: status }, digest(body));
      if (status === 409 && entry.subject) found.server = await present(entry);
      // Somebody else was faster with the same: what was wanted is there.
      if (entry.verb === "open" && found.server && found.server.state === "in_progress") {
        await Phone.store.keep(Object.assign(entry, { state: "done", at: Phone.now(), answer: found.server }));
        return "done";
      }
      await Phone.store.keep(Object.assign(entry, { state: "refused", answer: found }));
    } else {
      // The first copy is still being worked on: its answer is there in a moment.
      var rest = body.code === "in_flight" ? 2000 : Number(answer.headers.get("Retry-After")) * 1000 || pause(entry.tries);
      await Phone.store.keep(Object.assign(entry, { state: came === "later" ? "unsure" : "waiting", next: came === "later" ? Phone.now() + rest : 0 }));
    }
    return came;
  }
  // How the thing stands on the server, to be laid beside what stands here.
  async function present(entry) {
    var noun = entry.kind === "claim" ? "topics" : "sessions";
    try {
      var answer = await ask("/api/v1/" + noun + "/" + entry.subject + "/", { headers: { Accept: "application/json" } });
      return answer.ok ? digest(await json(answer)) : {};
    } catch (silent) { return {}; }
  }

  // ---- Its photos ----

  var PHOTOS = { log: "/api/v1/sessions/", visit: "/api/v1/visits/" };
  async function sendPhoto(entry, photo, token) {
    if (photo.locked) return "later";
    var bytes = await Phone.store.photoBytes(photo.id);
    if (!bytes) { await Phone.store.dropPhoto(photo.id); return "done"; }
    var form = new FormData();
    form.append("file", new Blob([bytes], { type: photo.type || "image/jpeg" }), photo.name || "photo.jpg");
    if (photo.caption) form.append("caption", photo.caption);
    form.append("client_id", photo.id);
    await Phone.store.markPhoto(photo.id, { state: "sending", tries: (photo.tries || 0) + 1 });
    var answer;
    try {
      answer = await ask(PHOTOS[entry.kind] + entry.answer.uuid + "/add_photo/", { method: "POST", headers: headers(token, photo.id), body: form }, 120000);
    } catch (silent) {
      await Phone.store.markPhoto(photo.id, { state: "unsure" });
      return "offline";
    }
    var body = await json(answer);
    var came = judge(answer.type === "opaqueredirect" ? 401 : answer.status, body);
    if (came === "done") await Phone.store.dropPhoto(photo.id);
    else if (came === "refused") {
      await Phone.store.markPhoto(photo.id, { state: "refused" });
      await Phone.store.keep(Object.assign(entry, { photoAnswer: Object.assign({ status: answer.status }, digest(body)) }));
    } else await Phone.store.markPhoto(photo.id, { state: "unsure" });
    return came;
  }

  // ---- One round ----

  // Asleep until its next try; a sleep of hours comes from a clock that was put back, and is none.
  function sleeps(entry) {
    var left = (entry.next || 0) - Phone.now();
    return left > 0 && left < LONGEST;
  }
  function waits(entry) { return ["waiting", "sending", "unsure"].indexOf(entry.state) >= 0; }
  // What is due now. Marks of one session go in the order in which they were made: none overtakes one that must wait.
  function dueOf(entries, forced) {
    var held = {};
    return entries.filter(function (entry) {
      if (!waits(entry) || entry.locked) return false;
      var is = (forced || !sleeps(entry)) && !(entry.kind === "roll" && held[entry.subject]);
      if (!is && entry.kind === "roll") held[entry.subject] = true;
      return is;
    });
  }
  function openPhotos(photos, entries) {
    var sent = {};
    entries.forEach(function (entry) { if (entry.state === "done" && entry.answer && entry.answer.uuid) sent[entry.id] = entry; });
    return photos.filter(function (photo) { return sent[photo.parent] && photo.state !== "refused"; })
      .map(function (photo) { return { photo: photo, entry: sent[photo.parent] }; });
  }
  async function tidy(entries, photos) {
    var holding = {};
    photos.forEach(function (photo) { holding[photo.parent] = true; });
    for (var i = 0; i < entries.length; i++) {
      if (entries[i].state === "done" && !holding[entries[i].id] && Phone.now() - entries[i].at > DAY) await Phone.store.dropEntry(entries[i].id);
    }
  }

  async function round(forced) {
    var entries = await Phone.store.entries();
    var photos = await Phone.store.photosOf();
    await tidy(entries, photos);
    var due = entries.filter(function (entry) { return waits(entry) && (forced || !sleeps(entry)); }); // locked ones too: greeting opens them
    var pictures = openPhotos(photos, entries);
    if (!due.length && !pictures.length && !forced) return plan(entries);
    if (navigator.onLine === false) { become("offline"); return null; }
    var met;
    try { met = await greet(); } catch (silent) { become("offline"); return later(); }
    if (met.way !== "ready") { become(met.way); return null; }
    await reseal();
    due = dueOf(await Phone.store.entries(), forced);
    var all = due.length;
    for (var i = 0; i < due.length; i++) {
      become("sending", { n: i + 1, m: all });
      var came = await send(due[i], met.token);
      if (came === "signed_out" || came === "outdated") { become(came); return null; }
      if (came === "offline") { become("offline"); return later(due[i].tries); }
      if (came === "later") { become("waiting"); return plan(await Phone.store.entries()); }
    }
    pictures = openPhotos(await Phone.store.photosOf(), await Phone.store.entries());
    for (var p = 0; p < pictures.length; p++) {
      become("sending", { n: p + 1, m: pictures.length });
      var sent = await sendPhoto(pictures[p].entry, pictures[p].photo, met.token);
      if (sent === "signed_out" || sent === "outdated") { become(sent); return null; }
      if (sent === "offline" || sent === "later") { become(sent === "offline" ? "offline" : "waiting"); return later(pictures[p].photo.tries || 1); }
    }
    if (all || pictures.length) await Phone.store.note("done", Phone.now());
    become("idle");
    return plan(await Phone.store.entries());
  }
  // Records that were written while the key was away are closed now.
  async function reseal() {
    if (!Phone.vault.locks) return;
    var base = await Phone.store.ready();
    for (var store of ["queue", "drafts"]) {
      var rows = await base.all(store);
      for (var row of rows) {
        if (row.box && "open" in row.box) await base.put(store, Object.assign(row, { box: await Phone.vault.close(row.box.open) }));
      }
    }
  }
  function plan(entries) {
    var next = entries.filter(waits).map(function (entry) { return entry.next || 0; });
    if (next.length) wait(Math.min(PAUSES[PAUSES.length - 1] * 1000, Math.max(1000, Math.min.apply(null, next) - Phone.now())));
  }
  function later(tries) { wait(Math.max(5000, pause(tries || 1))); }
  function wait(time) {
    clearTimeout(timer);
    timer = setTimeout(function () { run(false); }, time);
  }

  // One tab at a time; the server would hold against two, but one is enough.
  function alone(act) {
    if (!navigator.locks) return act();
    return navigator.locks.request("phone-" + Phone.account, { ifAvailable: true }, function (lock) {
      if (lock) return act();
      wait(2000); // another tab, or a page that is just closing, is at it
    });
  }
  async function run(forced) {
    if (busy) { again = again || forced; return; }
    busy = true;
    try { await alone(function () { return round(forced); }); }
    catch (failed) { become("waiting"); later(); if (window.console) window.console.warn("phone: " + failed.message); }
    finally {
      busy = false;
      if (again) { again = false; run(true); }
    }
  }

  Phone.sync = {
    run: run,
    state: function () { return state; },
    waits: waits,
    // How many records wait, and how many need a look; a record whose photos wait, waits.
    count: async function () {
      var entries = await Phone.store.entries();
      var photos = openPhotos(await Phone.store.photosOf(), entries);
      var holders = {};
      photos.forEach(function (one) { holders[one.entry.id] = true; });
      return {
        waiting: entries.filter(waits).length + Object.keys(holders).length,
        refused: entries.filter(function (entry) { return entry.state === "refused" || entry.photoAnswer; }).length,
        notes: entries.filter(function (entry) { return entry.state === "note"; }).length,
        drafts: (await Phone.store.drafts()).length,
      };
    },
  };
})();
