// What lies on this telephone, record by record: what waits, what was refused and why, drafts, what went out today.
(function () {
  "use strict";
  var place = document.querySelector(".js-queue");
  var words = Phone.words;
  if (!place) { if (Phone.begin) Phone.begin(); return; }
  var button = Phone.cards.button;

  function draftCard(draft) {
    var item = Phone.make("div", "zb-m-item");
    item.appendChild(Phone.make("div", "t", draft.title || Phone.hand.kind(draft)));
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
    put(place, Phone.cards.all(open, of));
    if (!open.length) {
      var none = Phone.make("div", "zb-empty");
      none.append(Phone.make("b", "", words.empty), Phone.make("span", "", words.emptyText));
      place.appendChild(none);
    }
    document.querySelector(".js-send").hidden = !open.some(function (entry) { return Phone.sync.waits(entry) || of(entry).length; });
    document.querySelector(".js-file-part").hidden = !open.some(function (entry) { return !entry.locked; });
    var done = document.querySelector(".js-done-list");
    document.querySelector(".js-done-part").hidden = !finished.length;
    put(done, Phone.cards.all(finished.reverse(), function () { return []; }));
    var drafts = (await Phone.store.drafts()).filter(function (draft) { return draft.fields; });
    document.querySelector(".js-drafts-part").hidden = !drafts.length;
    put(document.querySelector(".js-draft-list"), drafts.map(draftCard));
    document.querySelector(".js-others").hidden = !(await Phone.kept.others()).length;
    place.dataset.ready = "yes";
  }
  Phone.on("click", ".js-send", function () { Phone.sync.run(true); });
  Phone.on("click", ".js-file", async function () {
    var entries = (await Phone.store.entries()).filter(function (entry) { return entry.state !== "done" && !entry.locked; });
    Phone.hand.file(entries, await Phone.store.photosOf());
  });
  Phone.hear("open", draw);
  Phone.hear("changed", draw);
  Phone.hear("state", draw);
  Phone.begin();
})();
