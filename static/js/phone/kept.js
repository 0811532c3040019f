// What accounts have left on this telephone. Of one's own: every word, to copy, to save, to throw away, also when one
// cannot sign in any more. Of another account: that something is there, how much, and since when; never a word of it.
(function () {
  "use strict";
  var words = Phone.words;

  function open(account) {
    return new Promise(function (done) {
      if (!window.indexedDB) { done(null); return; }
      var asked;
      try { asked = window.indexedDB.open("phone-" + account); } catch (refused) { done(null); return; }
      asked.onupgradeneeded = function () { asked.transaction.abort(); }; // there is none: make none
      asked.onerror = function () { done(null); };
      asked.onsuccess = function () { done(asked.result); };
    });
  }
  function rows(base, store) {
    return new Promise(function (done) {
      if (!base.objectStoreNames.contains(store)) { done([]); return; }
      var all = base.transaction(store).objectStore(store).getAll();
      all.onsuccess = function () { done(all.result); };
      all.onerror = function () { done([]); };
    });
  }
  // How much of an account lies here, by number and state alone; what is closed stays closed.
  async function weigh(account) {
    var base = await open(account);
    var found = { account: account, n: 0, photos: 0, since: 0 };
    if (base) {
      var records = (await rows(base, "queue")).filter(function (row) { return row.state !== "done"; }).concat(await rows(base, "drafts"));
      found.n = records.length;
      found.photos = (await rows(base, "photos")).length;
      records.forEach(function (row) { if (row.at && (!found.since || row.at < found.since)) found.since = row.at; });
      base.close();
    }
    Phone.local(function (box) {
      Object.keys(box).forEach(function (key) { if (key.indexOf("phone:" + account + ":queue:") === 0 && JSON.parse(box.getItem(key)).state !== "done") found.n += 1; });
    });
    return found;
  }
  function accounts() { return Phone.local(function (box) { return JSON.parse(box.getItem("phone-accounts") || "[]"); }) || []; }
  async function others() {
    var found = await Promise.all(accounts().filter(function (one) { return one !== Phone.account; }).map(weigh));
    return found.filter(function (one) { return one.n || one.photos; });
  }
  function remove(account) {
    Phone.local(function (box) {
      Object.keys(box).forEach(function (key) { if (key.indexOf("phone:" + account) === 0) box.removeItem(key); });
      box.setItem("phone-accounts", JSON.stringify(accounts().filter(function (one) { return one !== account; })));
    });
    return new Promise(function (done) {
      if (!window.indexedDB) { done(); return; }
      var asked = window.indexedDB.deleteDatabase("phone-" + account);
      asked.onsuccess = asked.onerror = asked.onblocked = function () { done(); };
    });
  }
  Phone.kept = { others: others };

  // ---- The page, open to whoever holds the telephone ----

  var place = document.querySelector(".js-kept");
  if (!place) return;
  var mine = place.querySelector(".js-kept-mine");
  var list = place.querySelector(".js-kept-others");

  // Who is signed in now; "" is nobody, null is no network: then things are as the last one left them.
  function who() {
    return fetch(words.hello, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.ok ? answer.json().then(function (said) { return said.account; }) : ""; }, function () { return null; });
  }
  function otherCard(found) {
    var item = Phone.make("div", "zb-m-item");
    item.dataset.account = found.account;
    item.appendChild(Phone.make("div", "t", Phone.say("othersLeft", { n: found.n, p: found.photos })));
    item.appendChild(Phone.make("div", "s", Phone.say("othersSince", { t: Phone.clock(found.since || Phone.now()) })));
    var acts = Phone.make("div", "zb-acts");
    acts.appendChild(Phone.cards.button(words.drop, async function () {
      if (!(await Phone.ask(Phone.say("othersAsk", { n: found.n }), words.dropText, words.drop, words.dropNo))) return;
      await remove(found.account);
      draw();
    }));
    item.appendChild(acts);
    return item;
  }
  var readable = false;
  var drawing = Promise.resolve();
  function draw() { drawing = drawing.then(redraw, redraw); return drawing; }
  async function redraw() {
    var left = await others();
    list.textContent = "";
    left.forEach(function (found) { list.appendChild(otherCard(found)); });
    place.querySelector(".js-kept-others-part").hidden = !list.children.length;
    var all = Phone.account && readable ? await Phone.store.entries() : [];
    var photos = Phone.account && readable ? await Phone.store.photosOf() : [];
    var drafts = Phone.account && readable ? (await Phone.store.drafts()).filter(function (draft) { return draft.fields || draft.locked; }) : [];
    var entries = all.filter(function (entry) { return entry.state !== "done" || photos.some(function (photo) { return photo.parent === entry.id; }); });
    var open = entries.filter(function (entry) { return !entry.locked; });
    mine.textContent = "";
    entries.forEach(function (entry) {
      var item = Phone.cards.plain(entry, photos.filter(function (photo) { return photo.parent === entry.id; }));
      if (!entry.locked) {
        var both = Phone.make("div", "zb-m-both zb-m-one");
        both.appendChild(Phone.cards.mine(entry));
        item.appendChild(both);
      }
      var acts = Phone.make("div", "zb-acts");
      if (!entry.locked) acts.appendChild(Phone.cards.copier(entry));
      acts.appendChild(Phone.cards.button(words.drop, function () { Phone.cards.throwAway([entry], entry.title || ""); }));
      item.appendChild(acts);
      mine.appendChild(item);
    });
    drafts.forEach(function (draft) {
      var item = Phone.make("div", "zb-m-item");
      item.append(Phone.make("div", "t", draft.locked ? Phone.say("locked", { n: 1 }) : draft.title || words.draft), Phone.make("div", "s", words.draft + "　" + Phone.clock(draft.at)));
      mine.appendChild(item);
    });
    place.querySelector(".js-file-part").hidden = !open.length && !drafts.some(function (draft) { return !draft.locked; });
    place.querySelector(".js-kept-none").hidden = Boolean(entries.length || drafts.length || list.children.length);
    place.dataset.ready = "yes";
  }
  // A draft has what stood in its fields; the file tells of it like of a record.
  function asRecord(draft) {
    var said = Object.assign({}, draft.fields);
    said.participants = (draft.parties || []).map(function (party) { return { name: party.name, count: Number(party.count) || 1 }; });
    if (said.name || said.phone) said.raiser = { name: said.name, phone: said.phone };
    if (!said.participants.length) delete said.participants;
    return { id: draft.id, holds: draft.entry, kind: draft.kind, title: words.draft + " " + (draft.title || ""), payload: said, at: draft.at };
  }
  Phone.on("click", ".js-file", async function () {
    var entries = (await Phone.store.entries()).filter(function (entry) { return !entry.locked && entry.payload && entry.state !== "done"; });
    var drafts = (await Phone.store.drafts()).filter(function (draft) { return !draft.locked && draft.fields; }).map(asRecord);
    Phone.hand.file(entries.concat(drafts), await Phone.store.photosOf());
  });
  Phone.hear("changed", draw);
  (async function () {
    var now = await who();
    readable = now === null || now === "" || now === Phone.account;
    if (now && now !== Phone.account) { // another one is here: nothing of the last one can be opened from now on
      await Phone.vault.leave(now);
      Phone.account = "";
    } else if (Phone.account) {
      await Phone.store.ready();
      await Phone.vault.wake();
    }
    draw();
  })();
})();
