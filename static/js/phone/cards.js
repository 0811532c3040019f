// One record as a card: what it says, how it stands, and what can be done about it. What the server refused lies beside
// its answer, and each refusal has a way on: mine, theirs, a note, a copy, a file. Nothing is decided for anybody.
(function () {
  "use strict";
  var words = Phone.words;

  function address(entry) {
    var page = { log: words.log, visit: words.visit, slip: words.slip }[entry.kind];
    if (page) return page + "?entry=" + encodeURIComponent(entry.id);
    if (entry.kind === "claim") return "/m/claims/" + entry.subject + "/";
    return entry.kind === "reply" ? "/m/invitations/" + entry.payload.participant + "/" : "";
  }
  function button(text, act, css) {
    var made = Phone.make("button", "btn " + (css || "btn-line"), text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }
  function rows(side, pairs) {
    var list = Phone.make("dl");
    pairs.forEach(function (pair) { if (pair[1]) list.append(Phone.make("dt", "", pair[0]), Phone.make("dd", "", Array.isArray(pair[1]) ? pair[1].join("\n") : String(pair[1]))); });
    if (list.children.length) side.appendChild(list);
  }
  function mine(entry) {
    var side = Phone.make("div", "zb-m-side");
    side.appendChild(Phone.make("h3", "", words.mine));
    rows(side, Phone.hand.facts(entry));
    return side;
  }
  function stateOf(entry, there) {
    var states = JSON.parse(words.states || "{}");
    return states[(entry.kind === "claim" ? "topic:" : "session:") + there.state] || "";
  }
  // The right is gone, or the CPPCC is none of his any more: no other words help.
  function isEnded(entry) {
    var answer = entry.answer || {};
    return answer.status === 403 || answer.status === 404 || Boolean(answer.fields && answer.fields.host);
  }
  function theirs(entry) {
    var answer = entry.answer || {};
    var side = Phone.make("div", "zb-m-side");
    side.appendChild(Phone.make("h3", "", words.theirs));
    if (isEnded(entry)) {
      side.appendChild(Phone.make("p", "zhu", words.ended));
      return side;
    }
    side.appendChild(Phone.make("p", "zhu", answer.detail || String(answer.status || "")));
    var fields = answer.fields || {};
    Object.keys(fields).forEach(function (name) {
      [].concat(fields[name]).forEach(function (text) { if (text !== answer.detail) side.appendChild(Phone.make("p", "zhu", text)); });
    });
    var there = answer.server || {};
    var marked = answer.current && answer.current.attendance;
    rows(side, [
      [words.fTitle, there.title], [words.fPlace, there.place], [words.fAgreed, there.agreed], [words.fState, stateOf(entry, there)],
      [words.fMark, marked && words["marked" + marked.charAt(0).toUpperCase() + marked.slice(1)]],
    ]);
    return side;
  }

  // ---- Ways on ----

  async function throwAway(entries, title) {
    if (!(await Phone.ask(Phone.say("dropAsk", { w: title }), words.dropText, words.drop, words.dropNo))) return;
    for (var i = 0; i < entries.length; i++) await Phone.store.dropEntry(entries[i].id);
    Phone.tell("changed");
  }
  async function change(entries, changes) {
    for (var i = 0; i < entries.length; i++) {
      var made = typeof changes === "function" ? changes(entries[i]) : changes;
      await Phone.store.keep(Object.assign(entries[i], made));
    }
  }
  async function again(entries, changes) {
    await change(entries, function (entry) {
      return Object.assign({ state: "waiting", next: 0, tries: 0, rev: (entry.rev || 0) + 1, answer: null }, changes ? changes(entry) : {});
    });
    Phone.sync.run(true);
  }
  // Mine as well: under a number of its own it is another record, and its photos go with it.
  async function asItsOwn(entry, photos) {
    var id = Phone.uuid();
    var payload = Object.assign({}, entry.payload, entry.payload.client_id ? { client_id: id } : {});
    await Phone.store.keep(Object.assign({}, entry, { id: id, payload: payload, state: "waiting", tries: 0, next: 0, rev: 0, answer: null }));
    for (var i = 0; i < photos.length; i++) await Phone.store.markPhoto(photos[i].id, { parent: id });
    await Phone.store.dropEntry(entry.id);
    Phone.sync.run(true);
  }
  function without(payload, name) {
    var kept = Object.assign({}, payload);
    delete kept[name];
    return kept;
  }
  // After the close the roster is frozen. What was ticked goes beside the minutes, where it can be taken into the text.
  function besideMinutes(entries) {
    return again(entries, function (entry) {
      if (entry.verb === "comment_minutes") return {};
      var text = Phone.say("late", { t: Phone.clock(entry.created), w: entry.title }).slice(0, 1000);
      return { verb: "comment_minutes", path: "/api/v1/sessions/" + entry.subject + "/comment_minutes/", payload: { text: text } };
    });
  }
  function isFrozen(entry) {
    var answer = entry.answer || {};
    return entry.kind === "roll" && (entry.verb === "comment_minutes" || (answer.code === "wrong_state" && answer.server && answer.server.state === "held"));
  }
  function ways(entry, photos) {
    var answer = entry.answer || {};
    var one = [entry];
    var found = [];
    if (answer.code === "differs") {
      found.push(button(words.keepMine, function () { asItsOwn(entry, photos); }, "btn-ink"));
    } else if (answer.code === "marked_otherwise") {
      found.push(button(words.keepMine, function () {
        again(one, function () { return { payload: Object.assign({}, entry.payload, { was: (answer.current || {}).attendance || "" }) }; });
      }, "btn-ink"));
    } else if (isFrozen(entry)) {
      found.push(button(words.beside, function () { besideMinutes(one); }, "btn-ink"));
    } else if (entry.kind === "roll" && answer.fields && answer.fields.at) {
      found.push(button(words.serverTime, function () { again(one, function () { return { payload: without(entry.payload, "at") }; }); }, "btn-ink"));
    } else if (address(entry) && !isEnded(entry)) {
      var link = Phone.make("a", "btn btn-ink", words.change);
      link.href = address(entry);
      found.push(link);
    } else {
      found.push(button(words.again, function () { again(one); }));
    }
    var theirsIs = answer.code === "differs" || answer.code === "marked_otherwise" || isFrozen(entry) || (answer.server && answer.server.state);
    if (theirsIs) found.push(button(words.keepTheirs, function () { throwAway(one, entry.title || ""); }));
    found.push(button(words.keep, function () { change(one, { state: "note" }); }));
    if (!theirsIs) found.push(button(words.drop, function () { throwAway(one, entry.title || ""); }));
    return found;
  }
  function copier(entry) {
    var made = button(words.copy, async function () {
      made.textContent = (await Phone.hand.copy(Phone.hand.text(entry))) ? words.copied : words.copyNot;
    }, "btn-txt");
    return made;
  }

  // ---- The card ----

  function head(entry, photos) {
    var item = Phone.make("div", "zb-m-item");
    item.dataset.entry = entry.id;
    item.dataset.state = entry.state;
    if (entry.locked) {
      item.appendChild(Phone.make("div", "s", Phone.say("locked", { n: 1 })));
      return item;
    }
    var kind = Phone.hand.kind(entry);
    item.appendChild(Phone.make("div", "t", entry.title || kind));
    var line = [kind, Phone.clock(entry.created || entry.at), words["state" + entry.state.charAt(0).toUpperCase() + entry.state.slice(1)]];
    if (entry.tries && entry.state !== "done") line.push(Phone.say("tried", { n: entry.tries }));
    if (entry.next > Phone.now() && entry.state === "unsure") line.push(Phone.say("retryAt", { t: Phone.clock(entry.next) }));
    if (photos.length) line.push(words.kindPhoto + " " + photos.length + " " + words.photoWaits);
    item.appendChild(Phone.make("div", "s", line.join("　")));
    return item;
  }
  function card(entry, photos) {
    var item = head(entry, photos);
    if (entry.locked) return item;
    if (entry.answer && entry.answer.decision_note) item.appendChild(Phone.make("div", "s zhe", Phone.say("decide", { w: entry.answer.decision_note })));
    var acts = Phone.make("div", "zb-acts");
    if (entry.state === "refused") {
      if (isFrozen(entry)) item.appendChild(Phone.make("p", "s zhe", words.frozen));
      var both = Phone.make("div", "zb-m-both");
      both.append(mine(entry), theirs(entry));
      item.appendChild(both);
      ways(entry, photos).forEach(function (way) { acts.appendChild(way); });
    } else if (entry.state === "note") {
      acts.append(button(words.resend, function () { again([entry]); }), button(words.drop, function () { throwAway([entry], entry.title || ""); }));
    } else if (entry.state === "waiting" && !entry.tries) {
      if (address(entry)) {
        var edit = Phone.make("a", "btn btn-line", words.change);
        edit.href = address(entry);
        acts.appendChild(edit);
      }
      acts.appendChild(button(words.drop, function () { throwAway([entry], entry.title || ""); }));
    }
    if (entry.photoAnswer) photoWays(entry, photos, item, acts);
    if (entry.state !== "done") acts.appendChild(copier(entry));
    if (acts.children.length) item.appendChild(acts);
    return item;
  }
  function photoWays(entry, photos, item, acts) {
    item.appendChild(Phone.make("p", "s zhu", words.kindPhoto + ": " + (entry.photoAnswer.detail || entry.photoAnswer.status)));
    acts.append(button(words.again, async function () {
      for (var i = 0; i < photos.length; i++) await Phone.store.markPhoto(photos[i].id, { state: "waiting" });
      await change([entry], { photoAnswer: null });
      Phone.sync.run(true);
    }), button(words.drop, async function () {
      if (!(await Phone.ask(Phone.say("dropAsk", { w: words.kindPhoto }), words.dropText, words.drop, words.dropNo))) return;
      for (var i = 0; i < photos.length; i++) await Phone.store.dropPhoto(photos[i].id);
      await change([entry], { photoAnswer: null });
    }));
  }

  // ---- Marks of one session on one card: forty ticks are one thing to look at ----

  function rollCard(entries, photosOf) {
    var first = entries[0];
    if (entries.length === 1) return card(first, photosOf(first));
    var item = Phone.make("div", "zb-m-item");
    item.dataset.roll = first.subject;
    item.dataset.state = first.state;
    item.appendChild(Phone.make("div", "t", first.where || ""));
    var state = words["state" + first.state.charAt(0).toUpperCase() + first.state.slice(1)];
    item.appendChild(Phone.make("div", "s", [words.kindRoll, Phone.say("marks", { n: entries.length }), state].join("　")));
    if (first.state === "refused") item.appendChild(Phone.make("p", "s zhu", (first.answer || {}).detail || ""));
    if (isFrozen(first)) item.appendChild(Phone.make("p", "s zhe", words.frozen));
    var list = Phone.make("ul", "zb-m-lines");
    entries.forEach(function (entry) {
      var line = Phone.make("li", "", Phone.clock(entry.created) + "　" + entry.title);
      line.dataset.entry = entry.id;
      list.appendChild(line);
    });
    item.appendChild(list);
    var acts = Phone.make("div", "zb-acts");
    if (first.state === "refused") {
      if (isFrozen(first)) {
        acts.append(button(words.beside, function () { besideMinutes(entries); }, "btn-ink"), button(words.keepTheirs, function () { throwAway(entries, first.where); }));
      } else acts.append(button(words.again, function () { again(entries); }), button(words.drop, function () { throwAway(entries, first.where); }));
      acts.appendChild(button(words.keep, function () { change(entries, { state: "note" }); }));
    } else if (first.state === "note") {
      acts.append(button(words.resend, function () { again(entries); }), button(words.drop, function () { throwAway(entries, first.where); }));
    }
    acts.appendChild(copierOf(entries));
    item.appendChild(acts);
    return item;
  }
  function copierOf(entries) {
    var made = button(words.copy, async function () {
      made.textContent = (await Phone.hand.copy(entries.map(Phone.hand.text).join("\n\n"))) ? words.copied : words.copyNot;
    }, "btn-txt");
    return made;
  }
  // Together what is of one session and stands the same way; who has a word against one mark, sees that one by itself.
  function cards(entries, photosOf) {
    var together = {};
    var order = [];
    entries.forEach(function (entry) {
      var alone = entry.kind !== "roll" || entry.locked || (entry.answer && entry.answer.code === "marked_otherwise");
      var key = alone ? entry.id : [entry.subject, entry.state === "refused" || entry.state === "note" || entry.state === "done" ? entry.state : "waiting", (entry.answer || {}).code || ""].join();
      if (!together[key]) { together[key] = []; order.push(key); }
      together[key].push(entry);
    });
    return order.map(function (key) { return together[key].length > 1 ? rollCard(together[key], photosOf) : card(together[key][0], photosOf(together[key][0])); });
  }

  Phone.cards = { all: cards, one: card, plain: head, mine: mine, button: button, copier: copier, throwAway: throwAway };
})();
