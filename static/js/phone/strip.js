// The strip below the masthead: always where the data is. And the worker that lets the pages open without a network.
(function () {
  "use strict";
  var strip = document.getElementById("strip");
  if (!strip || !Phone.account) return;
  var full = false;
  var draftAt = 0;

  function show(text, ok, act) {
    strip.hidden = !text;
    if (!text) return;
    var bar = strip.querySelector(".zb-sync");
    bar.classList.toggle("ok", Boolean(ok));
    strip.querySelector(".js-strip-off").hidden = Boolean(ok);
    strip.querySelector(".js-strip-on").hidden = !ok;
    var place = strip.querySelector(".js-strip-text");
    if (place.textContent !== text) place.textContent = text;
    var link = strip.querySelector(".js-strip-act");
    link.hidden = !act;
    if (act) { link.textContent = act.text; link.href = act.href; }
  }

  async function draw() {
    var counts = await Phone.sync.count();
    var state = Phone.sync.state();
    var words = Phone.words;
    var look = { text: words.look, href: words.queue };
    var enter = { text: words.enter, href: words.signIn + "?next=" + encodeURIComponent(words.queue) };
    var left = counts.waiting;
    Phone.each(".js-count", function (place) { place.textContent = left + counts.refused ? " " + (left + counts.refused) : ""; });
    if (state.way === "outdated") return show(Phone.say("outdated", { n: left }), false, look);
    if (state.way === "other") return show(words.other, false, enter);
    if (state.way === "signed_out" && (left || Phone.page !== "home")) return show(Phone.say("signedOut", { n: left }), false, enter);
    if (full) return show(words.full, false, look);
    if (state.way === "sending") return show(Phone.say("sending", { n: state.n, m: state.m }), false);
    if (counts.refused) return show(Phone.say("refused", { n: counts.refused }), false, look);
    var off = state.way === "offline" || navigator.onLine === false;
    if (!Phone.hasWorker && (off || left)) return show(left ? Phone.say("stayN", { n: left }) : words.stay, false, left ? look : null);
    if (off && left) return show(Phone.say("offlineN", { n: left }), false, look);
    if (off && draftAt) return show(Phone.say("kept", { t: Phone.clock(draftAt) }), false);
    if (off) return show(words.offline, false);
    if (left) return show(Phone.say("waiting", { n: left }), false, look);
    if (!Phone.hasWorker) return show(words.stay, false);
    var done = await Phone.store.noted("done");
    return show(done ? Phone.say("done", { t: Phone.clock(done) }) : "", true);
  }
  var soon = null;
  function redraw() { clearTimeout(soon); soon = setTimeout(function () { draw().catch(function () {}); }, 30); }

  Phone.hear("state", redraw);
  Phone.hear("changed", redraw);
  Phone.hear("draft", function (at) { draftAt = at; redraw(); });
  Phone.hear("full", function (is) { full = is; redraw(); });

  // ---- Room on the telephone ----

  var LITTLE = 5 * 1024 * 1024;
  function weigh() { Phone.store.room().then(function (left) { Phone.tell("full", left !== null && left < LITTLE); }); }
  Phone.weigh = weigh;

  // ---- The worker ----

  function enlist() {
    if (!Phone.hasWorker) return;
    navigator.serviceWorker.register("/sw.js", { scope: "/m/", updateViaCache: "none" }).then(function (found) {
      function offer(worker) {
        if (!worker || !navigator.serviceWorker.controller) return;
        document.getElementById("news").hidden = false;
        Phone.on("click", ".js-news-take", function () { worker.postMessage({ does: "take over" }); });
      }
      if (found.waiting) offer(found.waiting);
      found.addEventListener("updatefound", function () {
        var coming = found.installing;
        coming.addEventListener("statechange", function () { if (coming.state === "installed") offer(coming); });
      });
      navigator.serviceWorker.ready.then(fetchMine);
    }, function () { Phone.hasWorker = false; redraw(); });
    var had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", function () {
      if (had && !Phone.leaving) window.location.reload(); // drafts are kept with each key
      had = true;
    });
  }
  // The owner's own pages are fetched ahead, so that they open where there is no network.
  function fetchMine(found) {
    var list = document.querySelector(".js-fetch");
    if (!list || navigator.onLine === false || !found.active) return;
    var pages = Array.prototype.map.call(list.content.querySelectorAll("a"), function (link) { return link.getAttribute("href"); });
    pages.push(window.location.pathname); // the first visit came before the worker
    found.active.postMessage({ does: "fetch", pages: pages, account: Phone.account });
  }

  // ---- Signing out ----

  Phone.on("submit", ".js-phone-leave", async function (form, event) {
    if (form.elements.emptied.value) return;
    event.preventDefault();
    var counts = await Phone.sync.count();
    var left = counts.waiting + counts.refused + counts.notes + counts.drafts;
    if (left && !(await Phone.ask(Phone.say("leaveAsk", { n: left }), Phone.words.leaveText, Phone.words.leaveYes, Phone.words.leaveNo))) return;
    Phone.leaving = true;
    await Phone.clear();
    // Others have left something on this telephone: the server must not have the browser forget everything.
    form.elements.emptied.value = neighbours().length ? "1" : "0";
    form.submit();
  });
  function neighbours() {
    return (Phone.local(function (box) { return JSON.parse(box.getItem("phone-accounts") || "[]"); }) || [])
      .filter(function (one) { return one !== Phone.account; });
  }
  function remember(accounts) { Phone.local(function (box) { box.setItem("phone-accounts", JSON.stringify(accounts)); }); }
  // The worker may be fetching pages ahead: it is told first, and keeps none of them.
  function stopWorker() {
    var worker = Phone.hasWorker && navigator.serviceWorker.controller;
    if (!worker) return Promise.resolve();
    return new Promise(function (done) {
      var line = new MessageChannel();
      line.port1.onmessage = done;
      setTimeout(done, 2000);
      worker.postMessage({ does: "forget", account: Phone.account }, [line.port2]);
    });
  }
  Phone.clear = async function () {
    await stopWorker();
    await Phone.store.empty();
    await Phone.vault.forget();
    if (window.caches) {
      var names = await window.caches.keys();
      var alone = !neighbours().length;
      await Promise.all(names.filter(function (name) { return alone || name === "phone-mine"; }).map(function (name) { return window.caches.delete(name); }));
    }
    if (neighbours().length) remember(neighbours());
    else Phone.local(function (box) { box.removeItem("phone-accounts"); });
    Phone.local(function (box) {
      Object.keys(box).forEach(function (key) { if (key.indexOf("zb:draft:") === 0) box.removeItem(key); });
    });
  };

  // ---- Beginning ----

  async function begin() {
    enlist();
    remember(neighbours().concat(Phone.account));
    await Phone.store.ready();
    var awake = await Phone.vault.wake();
    Phone.tell("open");
    redraw();
    weigh();
    // Even with nothing to send, the key of this account is renewed while there is a network.
    await Phone.sync.run(!awake || (await Phone.sync.count()).waiting > 0);
    redraw();
  }
  window.addEventListener("online", function () { Phone.sync.run(true); });
  window.addEventListener("offline", redraw);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) Phone.sync.run(false); });
  Phone.begin = begin;
})();
