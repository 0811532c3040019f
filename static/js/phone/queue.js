// What lies on this telephone, record by record: what waits, what was refused and why, drafts, what went out today.
(function () {
  "use strict";
  var place = document.querySelector(".js-queue");
  var words = Phone.words;
  if (!place) { if (Phone.begin) Phone.begin(); return; }

  function address(entry, name) {
    var page = { log: words.log, visit: words.visit, slip: words.slip }[entry.kind];
    if (page) return page + "?" + name + "=" + encodeURIComponent(entry.id);
    return entry.kind === "claim" ? "/m/claims/" + entry.subject + "/" : "/m/invitations/" + entry.payload.participant + "/";
  }
  function button(text, act, css) {
    var made = Phone.make("button", "btn " + (css || "btn-line"), text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function fact(list, label, text) {
    if (!text) return;
    list.append(Phone.make("dt", "", label), Phone.make("dd", "", Array.isArray(text) ? text.join("\n") : text));
  }
  function mine(entry) {
    var side = Phone.make("div", "zb-m-side");
    side.appendChild(Phone.make("h3", "", words.mine));
    var list = Phone.make("dl");
    var said = entry.payload || {};
    fact(list, words.fTitle, said.title || entry.title);
    fact(list, words.fPlace, said.place);
    fact(list, words.fAgreed, said.agreed);
    fact(list, words.fFindings, said.findings);
    fact(list, words.fProblem, said.problem);
    fact(list, words.fPromised, said.promised_on);
    fact(list, words.fReply, said.reply && [words.kindReply + ": " + said.reply, said.reason || ""].filter(Boolean).join("\n"));
    fact(list, words.fWritten, Phone.clock(entry.created || entry.at));
    side.appendChild(list);
    return side;
  }
  function theirs(entry) {
    var answer = entry.answer || {};
    var side = Phone.make("div", "zb-m-side");
    side.appendChild(Phone.make("h3", "", words.theirs));
    side.appendChild(Phone.make("p", "zhu", answer.detail || String(answer.status || "")));
    var fields = answer.fields || {};
    Object.keys(fields).forEach(function (name) {
      [].concat(fields[name]).forEach(function (text) { if (text !== answer.detail) side.appendChild(Phone.make("p", "zhu", text)); });
    });
    var there = answer.server || {};
    var list = Phone.make("dl");
    fact(list, words.fTitle, there.title);
    fact(list, words.fPlace, there.place);
    fact(list, words.fAgreed, there.agreed);
    fact(list, words.fState, (JSON.parse(words.states || "{}")[(entry.kind === "claim" ? "topic:" : "session:") + there.state]) || "");
    if (list.children.length) side.appendChild(list);
    return side;
  }
  async function throwAway(entry) {
    var title = entry.title || "";
    if (!(await Phone.ask(Phone.say("dropAsk", { w: title }), words.dropText, words.drop, words.dropNo))) return;
    await Phone.store.dropEntry(entry.id);
    draw();
  }
  async function become(entry, changes) {
    await Phone.store.keep(Object.assign(entry, changes));
    draw();
  }
  function card(entry, photos) {
    var item = Phone.make("div", "zb-m-item");
    item.dataset.entry = entry.id;
    item.dataset.state = entry.state;
    if (entry.locked) {
      item.appendChild(Phone.make("div", "s", Phone.say("locked", { n: 1 })));
      return item;
    }
    var kind = words["kind" + entry.kind.charAt(0).toUpperCase() + entry.kind.slice(1)];
    item.appendChild(Phone.make("div", "t", entry.title || kind));
    var state = words["state" + entry.state.charAt(0).toUpperCase() + entry.state.slice(1)];
    var line = [kind, Phone.clock(entry.created || entry.at), state];
    if (entry.tries && entry.state !== "done") line.push(Phone.say("tried", { n: entry.tries }));
    if (entry.next > Phone.now() && entry.state === "unsure") line.push(Phone.say("retryAt", { t: Phone.clock(entry.next) }));
    if (photos.length) line.push(words.kindPhoto + " " + photos.length + " " + words.photoWaits);
    item.appendChild(Phone.make("div", "s", line.join("　")));
    if (entry.answer && entry.answer.decision_note) item.appendChild(Phone.make("div", "s zhe", Phone.say("decide", { w: entry.answer.decision_note })));
    var acts = Phone.make("div", "zb-acts");
    if (entry.state === "refused") {
      var both = Phone.make("div", "zb-m-both");
      both.append(mine(entry), theirs(entry));
      item.appendChild(both);
      var change = Phone.make("a", "btn btn-ink", words.change);
      change.href = address(entry, "entry");
      acts.append(change, button(words.keep, function () { become(entry, { state: "note" }); }), button(words.drop, function () { throwAway(entry); }));
    } else if (entry.state === "note") {
      acts.append(button(words.resend, async function () { await become(entry, { state: "waiting", next: 0, rev: (entry.rev || 0) + 1 }); Phone.sync.run(true); }), button(words.drop, function () { throwAway(entry); }));
    } else if (entry.state === "waiting" && !entry.tries) {
      var edit = Phone.make("a", "btn btn-line", words.change);
      edit.href = address(entry, "entry");
      acts.append(edit, button(words.drop, function () { throwAway(entry); }));
    }
    if (entry.photoAnswer) {
      item.appendChild(Phone.make("p", "s zhu", words.kindPhoto + ": " + (entry.photoAnswer.detail || entry.photoAnswer.status)));
      acts.append(button(words.again, async function () {
        for (var i = 0; i < photos.length; i++) await Phone.store.markPhoto(photos[i].id, { state: "waiting" });
        await become(entry, { photoAnswer: null });
        Phone.sync.run(true);
      }), button(words.drop, async function () {
        if (!(await Phone.ask(Phone.say("dropAsk", { w: words.kindPhoto }), words.dropText, words.drop, words.dropNo))) return;
        for (var i = 0; i < photos.length; i++) await Phone.store.dropPhoto(photos[i].id);
        await become(entry, { photoAnswer: null });
      }));
    }
    if (acts.children.length) item.appendChild(acts);
    return item;
  }
  function draftCard(draft) {
    var item = Phone.make("div", "zb-m-item");
    item.appendChild(Phone.make("div", "t", draft.title || words["kind" + draft.kind.charAt(0).toUpperCase() + draft.kind.slice(1)]));
    item.appendChild(Phone.make("div", "s", Phone.clock(draft.at)));
    var acts = Phone.make("div", "zb-acts");
    var open = Phone.make("a", "btn btn-line", words.open);
    open.href = { log: words.log, visit: words.visit, slip: words.slip }[draft.kind] + "?draft=" + encodeURIComponent(draft.id);
    acts.append(open, button(words.drop, async function () {
      if (!(await Phone.ask(Phone.say("dropAsk", { w: draft.title || "" }), words.dropText, words.drop, words.dropNo))) return;
      var photos = await Phone.store.photosOf(draft.entry);
      for (var i = 0; i < photos.length; i++) await Phone.store.dropPhoto(photos[i].id);
      await Phone.store.dropDraft(draft.id);
      draw();
    }));
    item.appendChild(acts);
    return item;
  }
  function put(shelf, cards) {
    shelf.textContent = "";
    cards.forEach(function (one) { shelf.appendChild(one); });
  }

  var drawing = Promise.resolve();
  function draw() { drawing = drawing.then(redraw, redraw); return drawing; }
  async function redraw() {
    var entries = await Phone.store.entries();
    var photos = await Phone.store.photosOf();
    var of = function (entry) { return photos.filter(function (photo) { return photo.parent === entry.id; }); };
    var finished = entries.filter(function (entry) { return entry.state === "done" && !of(entry).length; });
    var open = entries.filter(function (entry) { return finished.indexOf(entry) < 0; });
    put(place, open.map(function (entry) { return card(entry, of(entry)); }));
    if (!open.length) {
      var none = Phone.make("div", "zb-empty");
      none.append(Phone.make("b", "", words.empty), Phone.make("span", "", words.emptyText));
      place.appendChild(none);
    }
    document.querySelector(".js-send").hidden = !open.some(function (entry) { return Phone.sync.waits(entry) || of(entry).length; });
    var done = document.querySelector(".js-done-list");
    document.querySelector(".js-done-part").hidden = !finished.length;
    put(done, finished.reverse().map(function (entry) { return card(entry, []); }));
    var drafts = (await Phone.store.drafts()).filter(function (draft) { return draft.fields; });
    document.querySelector(".js-drafts-part").hidden = !drafts.length;
    put(document.querySelector(".js-draft-list"), drafts.map(draftCard));
    place.dataset.ready = "yes";
  }
  Phone.on("click", ".js-send", function () { Phone.sync.run(true); });
  Phone.hear("open", draw);
  Phone.hear("changed", draw);
  Phone.hear("state", draw);
  Phone.begin();
})();
