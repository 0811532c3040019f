// Forms of the telephone: a draft with each change, and what is sent goes into the queue first, network or not.
(function () {
  "use strict";
  var form = document.querySelector(".js-phone-form");
  if (!form) return;
  var kind = form.dataset.kind;
  var sheet = Phone.sheet(form, kind);
  var value = sheet.value;
  var drafted = kind === "log" || kind === "visit" || kind === "slip";
  var query = new URLSearchParams(window.location.search);
  var current = { entry: Phone.uuid(), draft: kind + ":open", rev: 0, created: 0 };
  var saved = form.querySelector(".js-saved");
  var touched = false;

  // ---- What is missing is said at its field; nothing leaves the form until it is there ----

  function complain(found) {
    var box = form.querySelector(".js-wrong");
    box.textContent = "";
    Phone.each(".zb-field.err", function (field) {
      field.classList.remove("err");
      Phone.each(".zb-errmsg.js-made", function (text) { text.remove(); }, field);
    }, form);
    if (!found.length) return;
    var sum = Phone.make("div", "zb-errsum");
    sum.appendChild(Phone.make("h2", "", Phone.say("wrong", { n: found.length })));
    var list = Phone.make("ul");
    found.forEach(function (one) {
      var input = document.getElementById("id_" + one.name);
      var link = Phone.make("a", "", one.text);
      link.href = "#id_" + one.name;
      var item = Phone.make("li");
      item.appendChild(link);
      list.appendChild(item);
      var field = input && input.closest(".zb-field");
      if (!field) return;
      field.classList.add("err");
      var text = Phone.make("p", "zb-errmsg js-made", one.text);
      field.insertBefore(text, field.querySelector("label") ? field.querySelector("label").nextSibling : field.firstChild);
    });
    sum.appendChild(list);
    box.appendChild(sum);
    box.focus();
    box.scrollIntoView({ block: "start" });
  }

  // ---- Drafts ----

  var timer = null;
  function isEmpty(kept) {
    var said = ["title", "agreed", "findings", "problem", "place", "dissent", "name", "phone", "households"];
    return !said.some(function (name) { return kept[name]; }) && !sheet.parties().length && !pictures.length;
  }
  function mirror(draft) {
    // Where the page cannot be opened again without a network, the words also lie in the plainest store there is.
    if (Phone.hasWorker) return;
    var open = Object.assign({}, draft, { fields: Object.assign({}, draft.fields) });
    Phone.each("[inputmode=tel]", function (input) { delete open.fields[input.name]; }, form);
    Phone.local(function (box) { box.setItem("phone:" + Phone.account + ":draft:" + draft.id, JSON.stringify(open)); });
  }
  function unmirror(id) { Phone.local(function (box) { box.removeItem("phone:" + Phone.account + ":draft:" + id); }); }
  function mirrored(id) {
    return Phone.local(function (box) { return JSON.parse(box.getItem("phone:" + Phone.account + ":draft:" + id) || "null"); });
  }
  function snapshot(id) {
    var kept = sheet.fields();
    return { id: id, kind: kind, at: Phone.now(), entry: current.entry, rev: current.rev, created: current.created, fields: kept, parties: sheet.parties(), title: kept.title || kept.findings || "" };
  }
  async function keepDraft() {
    if (!drafted || !touched) return;
    var draft = snapshot(current.draft);
    if (isEmpty(draft.fields)) return;
    mirror(draft);
    try {
      await Phone.store.keepDraft(draft);
    } catch (refused) {
      if (Phone.store.isFull(refused)) { say(Phone.words.notKept, true); Phone.tell("full", true); }
      return;
    }
    say(Phone.say("keptShort", { t: Phone.clock(draft.at) }));
    Phone.tell("draft", draft.at);
  }
  function keepSoon() { touched = true; clearTimeout(timer); timer = setTimeout(keepDraft, 250); }
  function say(text, wrong, action, act) {
    if (!saved) return;
    saved.textContent = text;
    saved.classList.toggle("zhu", Boolean(wrong));
    if (!action) return;
    var button = Phone.make("button", "btn btn-txt btn-sm", action);
    button.type = "button";
    button.addEventListener("click", act);
    saved.append(" ", button);
  }
  async function restore(draft) {
    current.entry = draft.entry;
    current.rev = draft.rev || 0;
    current.created = draft.created || 0;
    sheet.fill(draft.fields || {}, draft.parties || []);
    own();
    await showPictures();
  }
  async function startEmpty() {
    await dropPictures();
    await Phone.store.dropDraft(current.draft);
    unmirror(current.draft);
    reset();
  }
  function reset() {
    form.reset();
    sheet.dropParties();
    current = { entry: Phone.uuid(), draft: kind + ":open", rev: 0, created: 0 };
    touched = false;
    pictures = [];
    drawPictures();
    usual();
    own();
    say("");
  }
  async function countDrafts() {
    var shelved = (await Phone.store.drafts()).filter(function (draft) { return !/:open$/.test(draft.id); });
    Phone.each(".js-drafts", function (link) {
      link.hidden = !shelved.length;
      link.textContent = Phone.say("drafts", { n: shelved.length });
    });
  }

  // ---- Photos ----

  var upload = form.querySelector(".js-photos");
  var pictures = [];
  async function showPictures() {
    if (!upload) return;
    pictures = await Phone.store.photosOf(current.entry);
    drawPictures();
  }
  function drawPictures() {
    if (!upload) return;
    var shelf = upload.querySelector(".zb-upl");
    Phone.each(".th", function (tile) { tile.remove(); }, shelf);
    pictures.forEach(function (photo, n) {
      var tile = Phone.make("div", "th");
      var picture = Phone.make("img", "zb-m-shot");
      picture.alt = Phone.say("photo", { n: n + 1 });
      Phone.store.photoBytes(photo.id).then(function (bytes) {
        if (!bytes) return;
        picture.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
        picture.onload = function () { URL.revokeObjectURL(picture.src); };
      }, function () {});
      var drop = Phone.make("button", "x", "×");
      drop.type = "button";
      drop.setAttribute("aria-label", Phone.say("photoDrop", { n: n + 1 }));
      drop.addEventListener("click", async function () { await Phone.store.dropPhoto(photo.id); await showPictures(); });
      tile.append(picture, drop, Phone.make("span", "st", Phone.words.photoWaits));
      shelf.insertBefore(tile, shelf.querySelector(".add"));
    });
    Phone.each(".add", function (label) { label.hidden = pictures.length >= Phone.photos.MOST; }, shelf);
  }
  async function dropPictures() {
    for (var i = 0; i < pictures.length; i++) await Phone.store.dropPhoto(pictures[i].id);
    pictures = [];
    drawPictures();
  }
  function photoTrouble(text) {
    var place = upload.querySelector(".js-photo-wrong");
    place.textContent = text || "";
    place.hidden = !text;
  }
  async function takeIn(files) {
    photoTrouble("");
    touched = true;
    for (var i = 0; i < files.length; i++) {
      if (pictures.length >= Phone.photos.MOST) { photoTrouble(Phone.words.photoMost); break; }
      var left = await Phone.store.room();
      if (left !== null && left < 1024 * 1024) { photoTrouble(Phone.words.full); Phone.tell("full", true); break; }
      try {
        var blob = await Phone.photos.small(files[i]);
        var bytes = await new Response(blob).arrayBuffer();
        await Phone.store.keepPhoto({ id: Phone.uuid(), seq: Phone.now() + i, parent: current.entry, state: "waiting", name: "photo.jpg", type: "image/jpeg" }, bytes);
      } catch (refused) {
        if (Phone.store.isFull(refused)) { photoTrouble(Phone.words.full); Phone.tell("full", true); } else photoTrouble(Phone.words.photoBroken);
        break;
      }
      await showPictures();
    }
    await keepDraft();
    Phone.weigh();
  }

  // ---- Small comforts ----

  function usual() {
    var place = form.elements.region_code;
    if (!place || place.value) return;
    var last = Phone.local(function (box) { return box.getItem("phone:" + Phone.account + ":place"); });
    if (last) place.value = last;
  }
  function own() {
    var part = form.querySelector(".js-of-other");
    if (part) part.hidden = value("raised_by") === "self";
  }
  Phone.on("click", ".js-another", function () {
    var area = form.elements.agreed;
    area.value = area.value.replace(/\s*$/, "") + (area.value.trim() ? "\n" : "");
    area.rows = Math.max(area.rows, area.value.split("\n").length + 1);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    keepSoon();
  });
  Phone.on("click", ".js-party", function () { sheet.addParty(null); keepSoon(); });
  Phone.on("click", ".js-party-drop", function (button) { button.closest(".zb-m-party").remove(); keepSoon(); });
  Phone.on("click", ".js-days", function (button) {
    var day = new Date(Phone.now() + Number(button.dataset.days) * 24 * 3600 * 1000);
    form.elements.promised_on.value = Phone.day(day);
  });
  Phone.on("click", ".js-shelve", async function () {
    touched = true;
    var draft = snapshot(kind + ":" + current.entry);
    try { await Phone.store.keepDraft(draft); } catch (refused) { say(Phone.words.notKept, true); return; }
    await Phone.store.dropDraft(current.draft);
    unmirror(current.draft);
    pictures = []; // they stay with the draft
    reset();
    say(Phone.words.draftKept);
    countDrafts();
  });
  form.addEventListener("input", keepSoon);
  form.addEventListener("change", function (event) {
    if (event.target.matches(".js-photo")) { takeIn(Array.from(event.target.files)).then(function () { event.target.value = ""; }); return; }
    if (event.target.name === "raised_by") own();
    keepSoon();
  });
  window.addEventListener("pagehide", function () { clearTimeout(timer); keepDraft(); });
  document.addEventListener("visibilitychange", function () { if (document.hidden) { clearTimeout(timer); keepDraft(); } });

  // ---- Into the queue ----

  var sending = false;
  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    if (sending) return;
    var found = sheet.missing();
    complain(found);
    if (found.length) return;
    sending = true;
    clearTimeout(timer);
    var at = current.created || Phone.now();
    var payload = sheet.payload(current.entry, new Date(at).toISOString());
    var old = await Phone.store.entry(current.entry).catch(function () { return null; });
    var place = old ? old.seq : await Phone.store.behind().catch(Phone.now);
    var entry = {
      id: current.entry, seq: place, kind: kind, state: "waiting", tries: 0, next: 0, at: Phone.now(), created: at,
      rev: old ? (old.rev || 0) + 1 : current.rev, path: form.dataset.path, subject: form.dataset.subject || "",
      title: payload.title || form.dataset.title || (payload.findings || [""])[0], payload: payload, fields: sheet.fields(), parties: sheet.parties(), answer: null,
    };
    try {
      await Phone.store.keep(entry);
    } catch (refused) {
      sending = false;
      await keepDraft();
      say(Phone.words.notKept, true);
      Phone.tell("full", true);
      return;
    }
    if (payload.region_code) Phone.local(function (box) { box.setItem("phone:" + Phone.account + ":place", payload.region_code); });
    if (drafted) { await Phone.store.dropDraft(current.draft); unmirror(current.draft); }
    touched = false;
    // With a worker the next page opens without a network too; else this page has to stay.
    if (Phone.hasWorker && navigator.serviceWorker.controller) { window.location.assign(Phone.words.home); return; }
    sending = false;
    if (drafted) reset();
    Phone.tell("changed");
    Phone.sync.run(true);
  });

  // ---- Beginning ----

  Phone.hear("open", async function () {
    Phone.each(".js-party, .js-another, .js-shelve", function (button) { button.hidden = false; }, form);
    var type = await Phone.store.kind();
    if (upload) {
      upload.hidden = false;
      if (type === "plain") { upload.querySelector(".zb-upl").hidden = true; photoTrouble(Phone.words.noPhotos); }
    }
    own();
    usual();
    if (query.get("entry")) {
      var entry = await Phone.store.entry(query.get("entry"));
      if (entry && !entry.locked && ["waiting", "refused", "note"].indexOf(entry.state) >= 0) {
        await restore(Object.assign({}, entry, { entry: entry.id }));
        current.draft = kind + ":" + entry.id;
      }
    } else if (drafted) {
      var id = query.get("draft") || kind + ":open";
      var draft = (await Phone.store.draft(id)) || mirrored(id);
      if (draft && !draft.locked && draft.fields) {
        current.draft = id;
        await restore(draft);
        touched = true;
        say(Phone.say("restored", { t: Phone.clock(draft.at) }), false, Phone.words.fresh, startEmpty);
        Phone.tell("draft", draft.at);
      }
    }
    countDrafts();
    form.dataset.ready = "yes";
  });
})();
